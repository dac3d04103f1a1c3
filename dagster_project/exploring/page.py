"""The profile as one page that stands alone: no script, no address, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from dagster_project.exploring import drawing
from dagster_project.exploring.findings import LATE_FROM_DAYS, MOST_OF_A_KIND, RARELY, worst
from dagster_project.exploring.profile import (
    FEWEST_JUDGED,
    FEWEST_SHOWN,
    Count,
    Link,
    Profile,
    SourceProfile,
    share,
)
from dagster_project.exploring.source_part import source_part
from dagster_project.exploring.tables import alarm, gaps, table
from dagster_project.exploring.wording import duration, percent, plural, short_count

STYLE: Final = Path(__file__).with_name("page.css")
MOST_GAPS: Final = 20
MOST_FINDINGS: Final = 14


def render_page(profile: Profile, banner: str = "") -> str:
    """The whole page; the banner says first what the figures rest on."""
    body = (
        _head(profile, banner),
        _worst(profile),
        _overview(profile),
        _whom(profile),
        _loose_ends(profile),
        *(source_part(source) for source in profile.sources),
        _how_to_read(),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What the sources hold</title><style>{STYLE.read_text('utf-8')}</style></head>"
        f'<body><div class="frame">{_contents(profile)}<main>{"".join(body)}</main></div></body></html>\n'
    )


def _contents(profile: Profile) -> str:
    """Where to find what."""
    sources = "".join(
        f'<li><a href="#{escape(one.source)}">{escape(one.source)}'
        f"<span>{short_count(one.rows)}</span></a></li>"
        for one in profile.sources
    )
    return (
        '<nav aria-label="Contents"><b>Over all sources</b><ol><li><a href="#worst">What is worst</a></li>'
        '<li><a href="#overview">At a glance</a></li>'
        '<li><a href="#whom">Whom the data records badly</a></li>'
        '<li><a href="#loose-ends">Links and identities</a></li>'
        '<li><a href="#reading">How to read this page</a></li></ol>'
        f"<b>Source by source</b><ol>{sources}</ol></nav>"
    )


def _head(profile: Profile, banner: str) -> str:
    nothing = ", ".join(profile.nothing_delivered)
    missing = f"<p>Nothing has been delivered by: {escape(nothing)}.</p>" if nothing else ""
    said = f"<p><b>{escape(banner)}</b></p>" if banner else ""
    proposed = sum(len(source.proposals) for source in profile.sources)
    return (
        '<h1>What the sources hold</h1><p class="lead">How complete, how late, how doubled and how loosely'
        " linked the records are, and whom they record badly: the step before agreeing on what to expect.</p>"
        f'<div class="banner">{said}<p>It rests on {profile.rows:,} rows of'
        f" {plural(len(profile.sources), 'source')}"
        f" in {profile.deliveries:,} deliveries, received {profile.received_from} to"
        f" {profile.received_to}. A record that changed counts once for each version delivered, as the gates"
        " see it.</p><p>No value that identifies a person stands here: of names, addresses, ids and prose"
        f" only counts, lengths and patterns. Groups and values behind which stand fewer than {FEWEST_SHOWN}"
        f" crimes or persons are left out; of fewer than {FEWEST_JUDGED} rows the share is too few to"
        f" say.</p>{missing}</div>"
        f'<p class="quiet">{proposed} expectations are proposed at the ends of the sources, and stand'
        " together in <code>proposed_expectations.yml</code>.</p>"
    )


def _worst(profile: Profile) -> str:
    """What an analyst should know before anything else."""
    found = worst(profile, MOST_FINDINGS)
    rows = [
        [
            (f'<a href="#{escape(one.source)}">{escape(one.source)}</a>', "name"),
            (escape(one.sentence), "told"),
            (f'<span class="tag">{escape(one.kind)}</span>', ""),
        ]
        for one in found
    ]
    told = table([("Source", ""), ("What stands out", ""), ("Kind", "")], rows) if rows else "<p>Nothing.</p>"
    return (
        '<section id="worst"><h2>What is worst</h2><p>By how much it misleads, of one source and kind no more'
        f" than {MOST_OF_A_KIND}; the sections below have everything.</p>{told}</section>"
    )


def _overview(profile: Profile) -> str:
    heads = [
        ("Source", ""), ("Rows", "n"), ("By year", ""), ("Set aside", "n"), ("Cells blank", "n"),
        ("Half recorded in", "n"), ("Nine in ten in", "n"), ("Rows alike", "n"), ("Worst link", "n"),
    ]  # fmt: skip
    span = [count for source in profile.sources for count in source.rows_by_year]
    rows = [_overview_row(source, span) for source in profile.sources]
    return f'<section id="overview"><h2>At a glance</h2>{table(heads, rows)}</section>'


def _overview_row(source: SourceProfile, span: Sequence[Count]) -> list[tuple[str, str]]:
    blank = share(sum(column.missing for column in source.columns), source.rows * len(source.columns))
    lag, copies = source.occurrence, source.duplicates
    years = drawing.every_year(source.rows_by_year, span)
    loosest = max((link.share_unresolved for link in source.links if not link.is_foreign), default=None)
    aside = sum(delivery.rows_quarantined for delivery in source.deliveries)
    return [
        (f'<a href="#{escape(source.source)}">{escape(source.source)}</a>', "name"),
        (f"{source.rows:,}", "n"),
        (drawing.sparkbars(years, f"rows of {source.source} by year"), ""),
        (f"{aside:,}", "n"),
        (percent(blank), "n"),
        (duration(lag.median_days) if lag else "", "n"),
        (
            alarm(duration(lag.ninetieth_days), is_bad=lag.ninetieth_days >= LATE_FROM_DAYS) if lag else "",
            "n",
        ),
        (alarm(f"{copies.rows_alike:,}", is_bad=share(copies.rows_alike, copies.rows) >= RARELY), "n"),
        ("" if loosest is None else alarm(percent(loosest), is_bad=loosest >= RARELY), "n"),
    ]


def _whom(profile: Profile) -> str:
    found = profile.badly_recorded
    if not found:
        told = "<p>No group's cells are blank clearly more often than everybody else's.</p>"
    else:
        told = gaps(found, MOST_GAPS, with_source=True)
    return (
        '<section id="whom"><h2>Whom the data records badly</h2>'
        "<p>Groups in which a column is blank more often than among all others, beyond what chance allows;"
        " the widest gaps first. A gap may have a good reason (no outcome yet, no crime to name): look"
        f" before you blame.</p>{told}</section>"
    )


def _loose_ends(profile: Profile) -> str:
    links = [(source, link) for source in profile.sources for link in source.links]
    links.sort(key=lambda found: -found[1].share_unresolved)
    return (
        '<section id="loose-ends"><h2>Links and identities</h2><h3>References that lead nowhere</h3>'
        "<p>Each reference is looked up among the keys that its name points to. Where none is found at all,"
        " the ids are those of another system.</p>"
        f"{_links(links)}<h3>One person under several ids, several people under one</h3>"
        "<p>People are told apart by the fields named, letter by letter. A misspelling makes another"
        f" person, so the truth holds more of the first and fewer of the second.</p>"
        f"{_identities(profile.sources)}</section>"
    )


def _links(links: Sequence[tuple[SourceProfile, Link]]) -> str:
    heads = [
        ("Source", ""), ("Reference", ""), ("Points to", ""), ("Rows with one", "n"), ("Lead nowhere", "n"),
        ("", ""), ("Share", "n"), ("Worst year", "n"),
    ]  # fmt: skip
    rows = [
        [
            (escape(source.source), ""),
            (escape(link.column), "name"),
            (escape(f"{link.target_source}.{link.target_column}") + _also(link), ""),
            (f"{link.rows:,}", "n"),
            (f"{link.unresolved:,}", "n"),
            (drawing.share_bar(link.share_unresolved, "bar warm"), ""),
            (percent(link.share_unresolved), "n"),
            (f"{percent(link.worst_year_share)} ({link.worst_year})" if link.worst_year_share else "", "n"),
        ]
        for source, link in links
    ]
    return table(heads, rows)


def _also(link: Link) -> str:
    told = f"fits {link.target_source}, not {', '.join(link.also_tried)}" if link.also_tried else ""
    strange = "another system's ids" if link.is_foreign else ""
    return "".join(f' <span class="tag">{escape(words)}</span>' for words in (told, strange) if words)


def _identities(sources: Sequence[SourceProfile]) -> str:
    heads = [
        ("Source", ""), ("Id", ""), ("People by", ""), ("People", "n"), ("Under several ids", "n"), ("", "n"),
        ("Ids", "n"), ("With several people", "n"), ("", "n"),
    ]  # fmt: skip
    rows = [
        [
            (escape(source.source), ""),
            (escape(one.nominal_column), "name"),
            (escape(", ".join(one.fields)), ""),
            (f"{one.people:,}", "n"),
            (f"{one.people_under_several_ids:,}", "n"),
            (percent(share(one.people_under_several_ids, one.people)), "n"),
            (f"{one.ids:,}", "n"),
            (f"{one.ids_with_several_people:,}", "n"),
            (percent(share(one.ids_with_several_people, one.ids)), "n"),
        ]
        for source in sources
        for one in source.identities
    ]
    return table(heads, rows) if rows else "<p>No source names people beside an id.</p>"


def _how_to_read() -> str:
    return (
        '<section id="reading"><h2>How to read this page</h2>'
        "<p><b>Blank</b> means nothing or only spaces. A cell of the heat table is the share of a group's"
        " rows in which the column is blank; a hatched one has too few rows. Years are those of"
        " recording.</p><p><b>Whose</b> sex, age or ethnicity: the row's own where it has one, else that of"
        " the crime's victim; crimes with victims who differ say <i>several</i>. Ages are those at"
        " recording.</p><p><b>When it happened</b> is, of the columns that nearly always lie before the"
        " recording, the one that lies furthest back. Half and nine in ten are exact quantiles.</p>"
        "<p><b>Alike</b> rows agree in every column but their id and the times of recording.</p>"
        "<p><b>What is worst</b> goes by the share of rows or people concerned, times how much each kind"
        " misleads: a default date counts four times a blank cell. Read it as where to look first.</p>"
        "<p><b>Heaps</b> are shown where there are more than twice as many as chance would put there.</p>"
        "<p><b>Patterns</b>, and the letters that ids begin with, are read off some 100,000 rows of a larger"
        " source, chosen by their place in the files. All else is counted to the last row.</p></section>"
        "<footer>Made by <code>throughline explore</code>. The same figures stand in the JSON beside"
        " it.</footer>"
    )
