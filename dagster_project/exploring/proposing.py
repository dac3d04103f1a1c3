"""Expectations to agree on: each follows from what was measured, says so, and leaves room for chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import yaml

from dagster_project.contracts import Column, Contract
from dagster_project.exploring.profile import (
    FEWEST_JUDGED,
    ColumnProfile,
    GroupMissing,
    Heap,
    Link,
    MissingBy,
    Profile,
    Proposal,
    Shape,
    SourceProfile,
    share,
)

ROOM: Final = 1.25
"""A bound lies a quarter above the worst that was seen, and one in a hundred on top."""
MOSTLY_BLANK: Final = 0.6
"""Nothing is promised of a column that may be blank in more of its rows."""
ENOUGH: Final = 200
"""Rows from which a delivery is judged by a share."""
ONE_SHAPE: Final = 0.999
NEVER_AFTER: Final = 0.001
MOST_UNRESOLVED: Final = 0.5
FEWEST_DELIVERIES: Final = 3
ACROSS: Final = "across_sources"


@dataclass(frozen=True)
class _Found:
    """What is proposed, before it is written as a suite writes it."""

    name: str
    evidence: str
    why: str
    asks: dict[str, object]
    severity: str = "warning"
    at_least_rows: int = ENOUGH
    kinds: tuple[str, ...] = ()
    fact: str = ""


def proposals(profile: SourceProfile, contract: Contract) -> tuple[Proposal, ...]:
    """Everything that the profile of one source gives reason to expect."""
    if profile.rows < FEWEST_JUDGED:
        return ()
    found = [
        *_blanks(profile, contract),
        *_orders_of_time(profile),
        *_shapes(profile, contract),
        *_heaps(profile),
        *_delays(profile),
        *_volume(profile),
        *_links(profile),
    ]
    return tuple(_proposal(profile, one) for one in found)


def _proposal(profile: SourceProfile, found: _Found) -> Proposal:
    is_across = "link" in str(found.asks.get("facts", ""))
    entry: dict[str, object] = {"name": found.name}
    entry |= {"source": profile.source} if is_across else {}
    entry |= {"severity": found.severity, "why": found.why, "owner": profile.owner}
    entry |= {"kinds": list(found.kinds)} if found.kinds else {}
    entry |= {"at_least_rows": found.at_least_rows}
    return Proposal(
        source=profile.source,
        suite=ACROSS if is_across else profile.source,
        name=found.name,
        evidence=found.evidence,
        needs_fact=found.fact,
        entry=entry | found.asks,
    )


def to_yaml(profile: Profile) -> str:
    """One document for each suite, in the form of expectations/suites, the evidence above each entry."""
    every = [one for source in profile.sources for one in source.proposals]
    owners = {source.source: source.owner for source in profile.sources}
    suites = [*owners, ACROSS]
    documents = [
        _document(suite, owners.get(suite), [one for one in every if one.suite == suite]) for suite in suites
    ]
    head = (
        "# Proposed by `throughline explore` from what it saw: to be agreed on, not to be obeyed.\n"
        "# One document for each file of expectations/suites; move over what you agree on.\n"
    )
    return head + "".join(document for document in documents if document)


def _document(suite: str, owner: str | None, found: Sequence[Proposal]) -> str:
    if not found:
        return ""
    named = owner or str(found[0].entry["owner"])
    lines = [f"---\nsource: {suite}\nowner: {named}\nexpectations:\n"]
    return "".join([*lines, *(_entry(one) for one in found)])


def _entry(proposal: Proposal) -> str:
    needs = f"  # needs in expectations/facts/{proposal.source}.sql: {proposal.needs_fact}\n"
    told = f"  # {proposal.evidence}\n" + (needs if proposal.needs_fact else "")
    return told + "".join(f"  {line}\n" for line in snippet(proposal).splitlines())


def snippet(proposal: Proposal) -> str:
    """The entry as it would stand in the suite."""
    return yaml.safe_dump([proposal.entry], sort_keys=False, width=100, allow_unicode=True)


# ------------------------------------------------------------------------------------------- what is asked
def _blanks(profile: SourceProfile, contract: Contract) -> Iterator[_Found]:
    """A column is blank no more often than in its worst year or delivery so far."""
    for index, column in enumerate(profile.columns):
        if contract.column(column.name).required:
            continue
        worst, where = _worst(profile, index)
        bound = _above(max(worst, column.share_missing))
        if bound <= MOSTLY_BLANK:
            seen = f"{column.name} is blank in {_percent(column.share_missing)} of {column.rows:,} rows"
            yield _Found(
                name=f"{column.name}_filled",
                evidence=f"{seen}{where}: propose share blank <= {_percent(bound)}",
                why=f"A share blank above {_percent(bound)} was never seen{_so_far(profile)}.",
                asks={
                    "rows": {"expect_column_values_to_not_be_null": {"column": column.name}},
                    "mostly": round(1 - bound, 2),
                },
            )


def _worst(profile: SourceProfile, index: int) -> tuple[float, str]:
    """Over years and deliveries that have enough rows to say."""
    every = [
        (share(group.missing[index], group.rows), by, group)
        for by in (_by_year(profile), profile.missing_by_delivery)
        for group in by.groups
        if group.rows >= FEWEST_JUDGED
    ]
    if not every:
        return 0.0, ""
    worst, by, group = max(every, key=lambda one: one[0])
    return worst, f", at most {_percent(worst)} in any {_unit(by, group)}" if worst else " and in any year"


def _unit(by: MissingBy, group: GroupMissing) -> str:
    return f"year ({group.value})" if by.dimension == "year" else f"delivery ({group.value})"


def _by_year(profile: SourceProfile) -> MissingBy:
    return next(by for by in profile.missing if by.dimension == "year")


def _orders_of_time(profile: SourceProfile) -> Iterator[_Found]:
    """What nearly always lies before its recording, or after when it happened, always should."""
    for lag in profile.lags:
        if lag.rows < ENOUGH or share(lag.rows_after_recording, lag.rows) > NEVER_AFTER:
            continue
        if profile.column(lag.column).data_type != profile.column(lag.recorded).data_type:
            continue
        how_often = "hardly ever" if lag.rows_after_recording else "never"
        yield _Found(
            name=f"{lag.column}_before_{lag.recorded}",
            evidence=f"{lag.column} lies after {lag.recorded} in {lag.rows_after_recording:,}"
            f" of {lag.rows:,} rows",
            why=f"Nothing is recorded before it happens: {lag.column} {how_often} lay after {lag.recorded}"
            f"{_so_far(profile)}.",
            asks={
                "rows": {
                    "expect_column_pair_values_a_to_be_greater_than_b": {
                        "column_A": lag.recorded,
                        "column_B": lag.column,
                        "or_equal": True,
                    }
                },
                "mostly": 0.99,
            },
        )


def _shapes(profile: SourceProfile, contract: Contract) -> Iterator[_Found]:
    """A column whose values all look alike keeps its look."""
    for column in profile.columns:
        pattern = _regex(column, contract.column(column.name))
        if pattern and column.shape:
            yield _Found(
                name=f"{column.name}_well_formed",
                evidence=f"{column.name} looks like {column.shape.patterns[0].label} in"
                f" {_percent(share(column.shape.patterns[0].rows, column.shape.rows_looked_at))} of"
                f" {column.shape.rows_looked_at:,} rows looked at, {_lengths(column.shape)}",
                why=f"All but a few values of {column.name} have had one form; another means that"
                " columns slipped or a system changed.",
                asks={
                    "rows": {
                        "expect_column_values_to_match_regex": {"column": column.name, "regex": pattern}
                    },
                    "mostly": 0.99,
                },
                severity="critical" if column.name in contract.key else "warning",
            )


def _lengths(shape: Shape) -> str:
    low, high = shape.lengths[1], shape.lengths[3]
    return f"{low} characters long" if low == high else f"{low} to {high} characters long"


def _regex(column: ColumnProfile, declared: Column) -> str | None:
    """Letters, then digits, of the lengths seen; the letters themselves only where they identify nobody."""
    shape = column.shape
    if shape is None or not shape.patterns or declared.codes or column.identifies == "person":
        return None
    first = shape.patterns[0]
    if share(first.rows, shape.rows_looked_at) < ONE_SHAPE or first.label not in {"A9", "9"}:
        return None
    prefix = shape.prefix if shape.prefix and first.label == "A9" else None
    low, high = (shape.lengths[1] - len(prefix or ""), shape.lengths[3] - len(prefix or ""))
    if first.label == "A9" and not prefix:
        return "^[A-Z]+[0-9]+$"
    digits = f"{{{low}}}" if low == high else f"{{{low},{high}}}"
    return f"^{prefix or ''}[0-9]{digits}$" if low > 0 else None


def _heaps(profile: SourceProfile) -> Iterator[_Found]:
    """A default date is tolerated as often as it was seen, and no more."""
    for column in profile.columns:
        for heap in column.heaps:
            if heap.what == "on 1 January" and heap.stands_out:
                bound = _above(heap.share)
                fact = f"share_{column.name}_on_1_january"
                yield _Found(
                    name=f"{column.name}_rarely_1_january",
                    evidence=_heap_evidence(column, heap) + f": propose at most {_percent(bound)}",
                    why=f"A date that nobody knows becomes 1 January in {column.name}; more of them means"
                    " that people stopped asking.",
                    asks={"facts": {"column": fact, "max_value": bound}},
                    fact=f"avg((dayofyear({column.name}) = 1)::int) as {fact}",
                )


def _heap_evidence(column: ColumnProfile, heap: Heap) -> str:
    chance = f", chance would put {_percent(heap.by_chance)} there" if heap.by_chance else ""
    return f"{column.name} is {heap.what} in {_percent(heap.share)} of {heap.of:,} rows{chance}"


def _delays(profile: SourceProfile) -> Iterator[_Found]:
    """Nine rows in ten are recorded no later than in the worst year so far, and a quarter on top."""
    lag = profile.occurrence
    years = [year for year in lag.by_year if year.rows >= ENOUGH] if lag else []
    if lag is None or not years:
        return
    worst = max(years, key=lambda year: year.ninetieth_days)
    bound = ceil(worst.ninetieth_days * ROOM * 10) / 10
    fact = f"ninetieth_days_from_{lag.column}_to_{lag.recorded}"
    yield _Found(
        name=f"{lag.column}_recorded_soon",
        evidence=f"nine rows in ten have {lag.recorded} within {lag.ninetieth_days:.1f} days of {lag.column},"
        f" at worst {worst.ninetieth_days:.1f} ({worst.year}): propose at most {bound:g} days",
        why="What is recorded late is missing from every cut-off in between;"
        " a longer delay hides what is recent.",
        asks={"facts": {"column": fact, "max_value": bound}},
        fact=f"quantile_disc(date_diff('hour', {lag.column}, {lag.recorded}), 0.9) / 24 as {fact}",
    )


def _volume(profile: SourceProfile) -> Iterator[_Found]:
    """A regular delivery is about as large as regular deliveries were."""
    sizes = sorted(one.rows_loaded for one in profile.deliveries if one.kind == "regular" and one.rows_loaded)
    if len(sizes) < FEWEST_DELIVERIES or sizes[len(sizes) // 2] < ENOUGH:
        return
    middle = sizes[len(sizes) // 2]
    low, high = floor(sizes[0] / middle / ROOM * 10) / 10, ceil(sizes[-1] / middle * ROOM * 10) / 10
    yield _Found(
        name="volume_as_usual",
        evidence=f"{len(sizes)} regular deliveries held {sizes[0]:,} to {sizes[-1]:,} rows, {middle:,} in the"
        f" middle: propose {low:g} to {high:g} times the usual",
        why="Half a delivery looks like a fall in crime, and two in one like a wave.",
        asks={"facts": {"column": "volume_against_usual", "min_value": low, "max_value": high}},
        kinds=("regular",),
    )


def _links(profile: SourceProfile) -> Iterator[_Found]:
    """References lead nowhere no more often than in the worst year so far."""
    for link in profile.links:
        if link.rows < FEWEST_JUDGED or link.share_unresolved > MOST_UNRESOLVED:
            continue
        bound = _above(max(link.share_unresolved, link.worst_year_share))
        yield _Found(
            name=f"{profile.source}_{link.column}_found",
            evidence=_link_evidence(link) + f": propose at least {_percent(1 - bound)} found",
            why=f"A row whose {link.column} leads nowhere belongs to nobody's timeline.",
            asks={
                "facts": {
                    "link": {"from": link.column, "to": f"{link.target_source}.{link.target_column}"},
                    "min_value": round(1 - bound, 2),
                }
            },
        )


def _link_evidence(link: Link) -> str:
    worst = (
        f", at most {_percent(link.worst_year_share)} in any year ({link.worst_year})"
        if link.worst_year
        else ""
    )
    return (
        f"{link.column} leads to no {link.target_source}.{link.target_column} in"
        f" {_percent(link.share_unresolved)} of {link.rows:,} rows{worst}"
    )


def _above(seen: float) -> float:
    return min(ceil((seen * ROOM + 0.01) * 100 - 1e-9) / 100, 1.0)


def _so_far(profile: SourceProfile) -> str:
    return f" in the years {profile.first_recorded[:4]} to {profile.last_recorded[:4]}"


def _percent(part: float) -> str:
    percent = part * 100
    if part in {0, 1}:
        return f"{percent:.0f}%"
    if percent < 0.01 or percent > 99.99:
        return "<0.01%" if percent < 1 else ">99.99%"
    return f"{percent:.2f}".rstrip("0").rstrip(".") + "%"
