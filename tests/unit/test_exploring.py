"""Exploration: exact figures on rows that a person can check, and never a value that identifies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project.cli import main
from dagster_project.contracts import Column, Contract, DataType, FileLayout, Identifies
from dagster_project.exploring import Profile, explore, render_page, to_json, to_yaml
from dagster_project.exploring.asking import SQL
from dagster_project.exploring.findings import MOST_OF_A_KIND, findings, worst
from dagster_project.exploring.profile import CURVE, MissingBy, SourceProfile
from dagster_project.exploring.wording import cell_percent, duration, percent
from expectations.suites import read_suite

LAYOUT = FileLayout("csv", "none", "utf-8", False, ",", '"', "", "Y", "N", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
CANARY = "Zzyxcanary"
VOID_TAGS = {"meta", "br", "line", "rect", "circle", "path"}


def column(
    name: str,
    data_type: DataType = "varchar",
    identifies: Identifies | None = None,
    codes: tuple[str, ...] = (),
    *,
    required: bool = False,
) -> Column:
    return Column(name, data_type, f"about {name}", required, codes, None, None, None, identifies)


def contract(source: str, columns: tuple[Column, ...], key: tuple[str, ...], recorded_at: str) -> Contract:
    return Contract(
        source=source,
        description=f"One row per row of {source}.",
        owner="records@force.example",
        file=LAYOUT,
        columns=columns,
        key=key,
        recorded_at=recorded_at,
        overwritten_in_place=(),
        warn_after_days=35,
        stale_after_days=63,
        path=Path(f"_{source}__source.yml"),
        sha256="0",
    )


CONTRACTS = {
    "crime_parties": contract(
        "crime_parties",
        (
            column("party_ref", required=True),
            column("crime_ref"),
            column("nominal_ref", identifies="nominal"),
            column("role", codes=("victim", "suspect")),
            column("created_at", "timestamp"),
            column("surname", identifies="person"),
            column("forename", identifies="person"),
            column("date_of_birth", "date", "person"),
            column("sex", identifies="protected", codes=("F", "M")),
        ),
        ("party_ref",),
        "created_at",
    ),
    "crimes": contract(
        "crimes",
        (
            column("crime_ref", required=True),
            column("created_at", "timestamp"),
            column("updated_at", "timestamp"),
            column("committed_from", "timestamp"),
            column("district", codes=("AV", "EF", "HM")),
            column("domestic_flag", "boolean"),
            column("score", "bigint"),
            column("outcome_code", codes=("1", "16")),
            column("officer", identifies="officer"),
            column("mo_text", identifies="prose"),
        ),
        ("crime_ref", "updated_at"),
        "updated_at",
    ),
    "notes": contract(
        "notes", (column("note_ref"), column("created_at", "timestamp")), ("note_ref",), "created_at"
    ),
}

# 120 crimes: 60 in AV, 55 in EF, 5 in HM. The i-th was recorded i hours after it was committed.
CRIMES = """
create view raw.crimes as
select
    printf('CR%03d', i) as crime_ref,
    committed_from + to_hours(i) as created_at,
    committed_from + to_hours(i) as updated_at,
    committed_from,
    case when i < 60 then 'AV' when i < 115 then 'EF' else 'HM' end as district,
    i % 2 = 0 as domestic_flag,
    i % 10 * 10 as score,
    -- blank in every AV crime but a third, in no EF crime; one value only is rare
    case when i < 60 and i % 3 > 0 then '  ' when i = 61 then '{canary}' else '16' end as outcome_code,
    '{canary}' || (i % 2) as officer,
    'seen by {canary}' as mo_text,
    timestamp '2024-01-01' as _received_at,
    'crimes-2024-01-01' as _delivery_id,
    'history' as _delivery_kind,
    'crimes.csv' as _source_file,
    i + 1 as _source_line
from (
    select
        i,
        -- ten on 1 January at midnight, the others in March at half past eleven
        case when i < 10 then timestamp '2023-01-01' else timestamp '2023-03-07 11:30' end as committed_from
    from range(120) as t (i)
)
"""

# A hundred victims: twenty lead to no crime; ten people stand under two ids each.
PARTIES = """
create view raw.crime_parties as
select
    printf('P%03d', i) as party_ref,
    case when i < 80 then printf('CR%03d', i) else printf('CR9%03d', i) end as crime_ref,
    printf('N%03d', i) as nominal_ref,
    'victim' as role,
    timestamp '2023-03-20 12:00:00' as created_at,
    case when i < 20 then '{canary}' else printf('Name%s', chr((65 + i % 26)::int)) end as surname,
    case when i < 20 then chr((65 + i // 2)::int) else printf('{canary}%d', i) end as forename,
    case when i < 50 then date '1990-01-01' else date '2001-05-05' end as date_of_birth,
    case when i % 10 = 0 then null when i < 40 then 'F' else 'M' end as sex,
    timestamp '2024-01-01' as _received_at,
    'crime_parties-2024-01-01' as _delivery_id,
    'history' as _delivery_kind,
    'parties.csv' as _source_file,
    i + 1 as _source_line
from range(100) as t (i)
"""

NOTES = """
create or replace view raw.notes as
select '' as note_ref, * from raw.crimes where false
"""

# The first note comes in two versions; another says the same as it under a key of its own.
COPIES = """
create or replace view raw.notes as
select
    note_ref,
    kind,
    timestamp '2023-01-01' as created_at,
    timestamp '2023-01-02' as _received_at,
    'notes' as _delivery_id,
    'history' as _delivery_kind,
    'notes.csv' as _source_file,
    line as _source_line
from (
    values ('A1', 'x', 1), ('A1', 'x', 2), ('A2', 'y', 3), ('A3', 'x', 4), ('A4', 'z', 5)
) as t (note_ref, kind, line)
"""

MESSAGES_CONTRACT = contract(
    "messages",
    (column("message_ref"), column("created_at", "timestamp"), column("case_ref"), column("app")),
    ("message_ref",),
    "created_at",
)

# Sixty messages about the one crime CR000 in AV, and fifty about a crime each in EF.
MESSAGES = """
create or replace view raw.messages as
select
    printf('M%03d', i) as message_ref,
    timestamp '2023-05-01' as created_at,
    case when i < 60 then 'CR000' else printf('CR%03d', i) end as case_ref,
    case when i < 60 then 'rare' else 'common' end as app,
    timestamp '2024-01-01' as _received_at,
    'messages' as _delivery_id,
    'history' as _delivery_kind,
    'messages.csv' as _source_file,
    i + 1 as _source_line
from range(110) as t (i)
"""

META = """
create schema raw;
create schema meta;
create table meta.deliveries as
select
    source, source || '-2024-01-01' as delivery_id, 'loaded' as status, 'history' as kind,
    timestamp '2024-01-01' as received_at,
    103 as rows_received, 100 as rows_loaded, 2 as rows_quarantined, 1 as rows_repeated
from (values ('crimes'), ('crime_parties')) as t (source);
create table meta.quarantine as
select 'crimes' as source, ['district', 'score'] as columns, 'no code' as reason, '{canary}' as raw_text
from range(2)
"""


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for statement in (META, CRIMES, PARTIES, NOTES):
            connection.execute(statement.replace("{canary}", CANARY))
        yield connection


@pytest.fixture(scope="module")
def profile(connection: duckdb.DuckDBPyConnection) -> Profile:
    return explore(connection, CONTRACTS)


@pytest.fixture(scope="module")
def crimes(profile: Profile) -> SourceProfile:
    return next(one for one in profile.sources if one.source == "crimes")


@pytest.fixture(scope="module")
def parties(profile: Profile) -> SourceProfile:
    return next(one for one in profile.sources if one.source == "crime_parties")


def blank(profile: SourceProfile, dimension: str, name: str) -> dict[str, tuple[int, int]]:
    """Rows of each group, and in how many the column is blank."""
    by: MissingBy = next(one for one in profile.missing if one.dimension == dimension)
    index = [column.name for column in profile.columns].index(name)
    return {group.value: (group.rows, group.missing[index]) for group in by.groups}


# ------------------------------------------------------------------------------------------------- figures
def test_blank_cells_are_counted_by_group(crimes: SourceProfile) -> None:
    assert crimes.column("outcome_code").missing == 40
    assert blank(crimes, "district", "outcome_code") == {"AV": (60, 40), "EF": (55, 0)}
    assert blank(crimes, "year", "outcome_code") == {"2023": (120, 40)}
    assert blank(crimes, "domestic", "outcome_code") == {"domestic": (60, 20), "not domestic": (60, 20)}


def test_a_group_too_small_is_left_out_and_counted(crimes: SourceProfile) -> None:
    by_district = next(one for one in crimes.missing if one.dimension == "district")
    assert by_district.groups_left_out == 1
    district = crimes.column("district")
    assert [value.label for value in district.values] == ["AV", "EF"]
    assert (district.values_left_out, district.rows_left_out) == (1, None)


def test_a_crime_is_described_by_its_victims(crimes: SourceProfile) -> None:
    # 80 crimes have a victim: 36 women, 36 men, 8 whose sex nobody recorded (too few), and 40 lead to nobody
    by_sex = next(one for one in crimes.missing if one.dimension == "sex")
    assert by_sex.whose == "sex of its crime's victim" and by_sex.own_column is None
    assert {group.value: group.rows for group in by_sex.groups} == {"F": 36, "M": 36, "not recorded": 48}


def test_of_a_group_too_small_to_judge_there_are_rows_alone(crimes: SourceProfile) -> None:
    by_sex = next(one for one in crimes.missing if one.dimension == "sex")
    assert [group.missing for group in by_sex.groups] == [(), (), ()]  # 36, 36 and 48 rows


def test_many_rows_about_one_crime_are_one_case(connection: duckdb.DuckDBPyConnection) -> None:
    with connection.cursor() as aside:
        aside.execute(MESSAGES)
        explored = explore(aside, CONTRACTS | {"messages": MESSAGES_CONTRACT})
        aside.execute("drop view raw.messages")
    messages = next(one for one in explored.sources if one.source == "messages")
    by_district = next(one for one in messages.missing if one.dimension == "district")
    assert [(group.value, group.rows, group.cases) for group in by_district.groups] == [("EF", 50, 50)]
    assert by_district.groups_left_out == 1  # AV: sixty messages off one telephone
    app = messages.column("app")
    assert ([value.label for value in app.values], app.values_left_out) == (["common"], 1)


def test_the_ends_of_a_range_are_single_rows_and_told_by_year(crimes: SourceProfile) -> None:
    committed = crimes.column("committed_from").quantiles
    assert (committed[0], committed[4], committed[-1]) == ("2023", "2023-03-07", "2023")


def test_ages_are_those_at_recording(parties: SourceProfile) -> None:
    assert blank(parties, "age_band", "sex") == {"18 to 24": (50, 5), "25 to 34": (50, 5)}


def test_rows_that_lead_to_no_crime_are_told_apart(parties: SourceProfile) -> None:
    by_district = next(one for one in parties.missing if one.dimension == "district")
    assert {group.value: group.rows for group in by_district.groups} == {"AV": 60, "EF": 20}
    assert by_district.rows_not_reached == 20


def test_heaps_are_counted_against_chance(crimes: SourceProfile, parties: SourceProfile) -> None:
    heaps = {heap.what: heap for heap in crimes.column("committed_from").heaps}
    assert heaps["on 1 January"].rows == 10 and heaps["at midnight sharp"].rows == 10
    assert heaps["on the hour sharp"].rows == 10 and heaps["on 1 January"].stands_out
    assert not heaps["on 1 January 1970, a clock's zero"].stands_out
    score = crimes.column("score")
    assert {heap.what: heap.rows for heap in score.heaps} == {
        "exactly 0": 12, "a multiple of 10": 108, "a multiple of 5": 108,
    }  # fmt: skip
    assert score.last_digits == (120, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    born = {heap.what: heap.rows for heap in parties.column("date_of_birth").heaps}
    assert born["on 1 January"] == 50


def test_the_lag_from_happening_to_recording_is_exact(crimes: SourceProfile) -> None:
    lag = crimes.occurrence
    assert lag is not None and lag.column == "committed_from" and lag.recorded == "created_at"
    assert lag.days == tuple((round(120 * quantile) - 1) / 24 for quantile in CURVE)
    assert (lag.median_days, lag.ninetieth_days) == (59 / 24, 107 / 24)
    assert [(one.year, one.rows, one.median_days) for one in lag.by_year] == [(2023, 120, 59 / 24)]


def test_references_that_lead_nowhere_are_counted(parties: SourceProfile) -> None:
    [link] = parties.links
    assert (link.column, link.target_source, link.target_column) == ("crime_ref", "crimes", "crime_ref")
    assert (link.rows, link.unresolved, link.worst_year, link.worst_year_share) == (100, 20, 2023, 0.2)


def test_one_person_under_several_ids_is_counted(parties: SourceProfile) -> None:
    [identity] = parties.identities
    assert identity.fields == ("surname", "forename", "date_of_birth")
    assert (identity.people, identity.people_under_several_ids, identity.ids_of_those) == (90, 10, 20)
    assert (identity.ids, identity.ids_with_several_people) == (100, 0)


def test_the_same_content_under_other_keys_is_counted(connection: duckdb.DuckDBPyConnection) -> None:
    notes = replace(CONTRACTS["notes"], columns=(*CONTRACTS["notes"].columns, column("kind")))
    with connection.cursor() as aside:
        aside.execute(COPIES)
        [source] = explore(aside, {"notes": notes}).sources
        aside.execute(NOTES)
    copies = source.duplicates
    assert (copies.rows, copies.things, copies.rows_alike, copies.contents_alike) == (5, 4, 3, 1)


def test_whom_the_data_records_badly(crimes: SourceProfile) -> None:
    [one] = [found for found in crimes.badly_recorded if found.dimension == "district"]
    assert (one.group, one.column, one.rows, one.missing) == ("AV", "outcome_code", 60, 40)
    assert one.share == pytest.approx(2 / 3) and one.share_of_others == 0


def test_what_is_worst_comes_first_and_is_told_in_a_sentence(profile: Profile) -> None:
    found = worst(profile, 4)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert (found[0].source, found[0].kind) == ("crime_parties", "default dates")
    assert found[0].sentence == "date_of_birth is on 1 January in 50%, 183 times what chance would put there"
    crimes = [one.sentence for one in worst(profile, 99) if one.source == "crimes"]
    assert "outcome_code is blank in 67% for AV (district), in 0% for the others" in crimes


def test_of_one_source_and_kind_a_few_stand_at_the_top(profile: Profile) -> None:
    kinds = [(one.source, one.kind) for one in worst(profile, 99)]
    every = [(one.source, one.kind) for source in profile.sources for one in findings(source)]
    assert max(kinds.count(kind) for kind in kinds) == MOST_OF_A_KIND
    assert set(kinds) == set(every) and len(kinds) < len(every)


def test_what_it_rests_on(profile: Profile, crimes: SourceProfile) -> None:
    assert (profile.rows, profile.deliveries, profile.received_from) == (220, 2, "2024-01-01")
    assert profile.nothing_delivered == ("notes",)
    assert {one.label: one.rows for one in crimes.quarantined_by_column} == {"district": 2, "score": 2}


def test_a_second_look_says_the_same(connection: duckdb.DuckDBPyConnection, profile: Profile) -> None:
    assert to_json(explore(connection, CONTRACTS)) == to_json(profile)


def test_progress_is_told_by_source(connection: duckdb.DuckDBPyConnection) -> None:
    told: list[tuple[str, int, int]] = []
    explore(connection, CONTRACTS, lambda *step: told.append(step))
    assert told[0] == ("exploring crime_parties", 0, 200) and told[-1] == ("explored", 200, 200)


# -------------------------------------------------------------------------------- nothing that identifies
def written(profile: Profile) -> dict[str, str]:
    return {"page": render_page(profile), "json": to_json(profile), "yaml": to_yaml(profile)}


@pytest.mark.parametrize("form", ["page", "json", "yaml"])
def test_no_value_that_identifies_is_written(profile: Profile, form: str) -> None:
    text = written(profile)[form].lower()
    for trace in (CANARY, "NameA", "CR000", "N000", "P000", "1990-01-01", "2001-05-05"):
        assert trace.lower() not in text


def test_of_what_identifies_there_are_counts_and_patterns(parties: SourceProfile) -> None:
    for name in ("surname", "forename", "date_of_birth", "nominal_ref"):
        assert parties.column(name).values == () and parties.column(name).quantiles == ()
    surname = parties.column("surname").shape
    assert surname is not None and surname.prefix is None and surname.lengths == (5, 5, 5, 10, 10)
    assert [(one.label, one.rows) for one in surname.patterns] == [("A", 100)]
    forename = parties.column("forename").shape
    assert forename is not None and [(one.label, one.rows) for one in forename.patterns] == [
        ("A9", 80),
        ("A", 20),
    ]


def test_prose_has_lengths_alone(crimes: SourceProfile) -> None:
    prose = crimes.column("mo_text")
    assert prose.shape is not None and prose.shape.patterns == () and prose.distinct is None
    assert set(prose.shape.lengths) == {len(f"seen by {CANARY}")}


# --------------------------------------------------------------------------------------- proposals and page
def test_proposals_stand_as_a_suite_stands(profile: Profile, tmp_path: Path) -> None:
    names: dict[str, set[str]] = {}
    for document in yaml.safe_load_all(to_yaml(profile)):
        path = tmp_path / f"{document['source']}.yml"
        path.write_text(yaml.safe_dump(document, sort_keys=False))
        names[path.stem] = {one.name for one in read_suite(path).expectations}
    assert "committed_from_before_created_at" not in names["crimes"]  # 120 rows are too few for a rule
    assert {"committed_from_rarely_1_january", "crime_ref_well_formed", "district_filled"} <= names["crimes"]
    assert names["across_sources"] == {"crime_parties_crime_ref_found"}


def test_a_proposal_gives_its_evidence(parties: SourceProfile) -> None:
    told = {one.name: one for one in parties.proposals}
    sex = told["sex_filled"]
    assert sex.evidence == (
        "sex is blank in 10% of 100 rows, at most 10% in any year (2023): propose share blank <= 14%"
    )
    assert sex.entry["mostly"] == 0.86 and sex.entry["owner"] == "records@force.example"
    assert "party_ref_filled" not in told  # the contract says it already
    assert told["crime_parties_crime_ref_found"].entry["facts"] == {
        "link": {"from": "crime_ref", "to": "crimes.crime_ref"}, "min_value": 0.74,
    }  # fmt: skip


class Tags(HTMLParser):
    """Every tag that opens also closes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.jumps: set[str] = set()
        self.levels: list[int] = []
        self.pictures = 0
        self.told = 0
        self.before = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.ids |= {told["id"] or ""} if "id" in told else set()
        if tag in {"h1", "h2", "h3", "h4"}:
            assert int(tag[1]) <= (self.levels[-1] if self.levels else 0) + 1, (
                "a level of headings is skipped"
            )
            self.levels.append(int(tag[1]))
        self.pictures += tag == "svg"
        self.told += (self.before, tag) == ("svg", "title")
        self.before = tag
        self.jumps |= {(told["href"] or "").removeprefix("#")} if "href" in told else set()
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID_TAGS:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_reaches_for_nothing(profile: Profile) -> None:
    page = render_page(profile, "Synthetic <data>")
    tags = Tags()
    tags.feed(page)
    assert tags.open == [] and tags.jumps <= tags.ids and {"crimes", "crime_parties"} <= tags.jumps
    assert tags.levels.count(1) == 1 and tags.pictures == tags.told > 10
    for reach in ("http", "src=", "<link", "@import", "url(", "<script"):
        assert reach not in page
    assert "Synthetic &lt;data&gt;" in page and "Nothing has been delivered by: notes" in page


def test_nothing_at_all_is_a_page_too(connection: duckdb.DuckDBPyConnection) -> None:
    empty = explore(connection, {"notes": CONTRACTS["notes"]})
    assert empty.sources == () and "Nothing has been delivered by: notes" in render_page(empty)
    assert json.loads(to_json(empty))["rows"] == 0 and list(yaml.safe_load_all(to_yaml(empty))) == []


@pytest.mark.parametrize(
    ("days", "told"),
    [(1 / 86_400, "1 s"), (1 / 1440, "1.0 min"), (0.5, "12 h"), (1.5, "1.5 d"), (400, "1.1 y")],
)
def test_durations_are_told_in_the_unit_that_suits(days: float, told: str) -> None:
    assert duration(days) == told


def test_shares_are_nought_or_all_only_when_they_are() -> None:
    assert [percent(part) for part in (0, 0.0001, 0.031, 0.5, 0.9999, 1)] == [
        "0%", "<0.1%", "3.1%", "50%", ">99.9%", "100%",
    ]  # fmt: skip
    assert [cell_percent(part) for part in (0, 0.001, 0.4, 0.999, 1)] == ["", "·", "40", "99", "100"]


# --------------------------------------------------------------------------------------------- the command
@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("dagster_project.contracts.load_contracts", lambda: CONTRACTS)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        for statement in (META, CRIMES, PARTIES, NOTES):
            connection.execute(statement.replace("{canary}", CANARY))
    return tmp_path


def test_the_command_writes_three_files_and_says_where_to_look(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explore", "--home", str(home)]) == 0
    told = capsys.readouterr()
    files = {path.name for path in (home / "explored").iterdir()}
    assert files == {"exploring.html", "profile.json", "proposed_expectations.yml"}
    assert all(str(home / "explored" / name) in told.out for name in files)
    assert "What is worst\n  crime_parties: date_of_birth is on 1 January in 50%" in told.out
    assert "Nothing has been delivered by: notes" in told.out
    assert "exploring crimes: 100 of about 200 rows" in told.err
    for path in (home / "explored").iterdir():
        assert CANARY not in path.read_text("utf-8")
    assert CANARY not in told.out + told.err


def test_writing_again_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    assert main(["explore", "--home", str(home), "--out", str(tmp_path / "a")]) == 0
    assert main(["explore", "--home", str(home), "--out", str(tmp_path / "b")]) == 0
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / x).iterdir()} for x in "ab")
    assert first == second


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "nowhere"
    assert main(["explore", "--home", str(home)]) == 2
    assert "is not there yet; `throughline run` builds it" in capsys.readouterr().err
    assert not home.exists()


def test_deliveries_that_are_gone_are_told_in_a_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = home / "notes.parquet"
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(f"copy (from raw.notes) to '{gone}'")
        connection.execute(f"create or replace view raw.notes as from read_parquet('{gone}')")
    gone.unlink()
    assert main(["explore", "--home", str(home)]) == 2
    assert "names deliveries that cannot be read" in capsys.readouterr().err


def test_every_question_is_asked() -> None:
    code = "".join(path.read_text("utf-8") for path in SQL.parent.glob("*.py"))
    assert [path.name for path in SQL.glob("*.sql") if f'"{path.stem}"' not in code] == []
