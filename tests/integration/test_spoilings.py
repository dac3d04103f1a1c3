"""Each way of spoiling a delivery is caught by the expectation, or the rule of the contract, meant for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import dagster as dg
import pandas as pd
import polars as pl
import pytest

from dagster_project import gating, warehouse
from dagster_project.contracts import load_contracts
from dagster_project.loading import Loaded, load_source
from dagster_project.register import register, results_of
from dagster_project.settings import Settings
from data_samples.force import make_force
from data_samples.options import ForceOptions
from expectations import judge
from expectations.page import render
from expectations.suites import Suite, load_suites
from tests.integration.spoiling_deliveries import Change, spoil

CONTRACTS = load_contracts()
SUITES = load_suites()
HISTORY = "2024-10-07"
LATER = "2024-12-02"

col, lit, when = pl.col, pl.lit, pl.when


def put(**expressions: pl.Expr) -> Change:
    """Change some columns."""
    return lambda frame: frame.with_columns(**expressions)


def keep(which: pl.Expr) -> Change:
    """Keep some rows."""
    return lambda frame: frame.filter(which)


def every(step: int, name: str, changed: pl.Expr) -> Change:
    """Change a column in one row of so many."""
    first = pl.int_range(pl.len()) % step == 0
    return put(**{name: when(first).then(changed).otherwise(col(name))})


def swap(one: str, other: str) -> Change:
    """Two columns, each under the name of the other."""
    return put(**{one: col(other), other: col(one)})


def moved(years: int, *names: str) -> Change:
    """Times that are written as text, by whole years."""

    def year(name: str) -> pl.Expr:
        told = (col(name).str.slice(0, 4).cast(pl.Int64, strict=False) + years).cast(pl.String)
        return (told + col(name).str.slice(4).str.replace("-02-29", "-02-28")).fill_null("")

    return put(**{name: year(name) for name in names})


def times(name: str, factor: int) -> Change:
    """A number that is written as text, in another unit."""
    return put(**{name: (col(name).cast(pl.Int64, strict=False) * factor).cast(pl.String).fill_null("")})


def twice(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, frame])


@dataclass(frozen=True)
class Spoiling:
    """One way of spoiling a delivery, and the expectation that must catch it."""

    source: str
    change: Change
    caught_by: str
    delivery: str = HISTORY


SPOILINGS = {
    # rows of one column
    "crimes named in another form": Spoiling(
        "crimes", put(crime_ref=col("crime_ref").str.replace("CR", "C/")), "crime_ref_has_its_form"
    ),
    "postcodes without their blank": Spoiling(
        "crimes", put(postcode=col("postcode").str.replace(" ", "")), "postcode_has_its_form"
    ),
    "a remark in place of a telephone number": Spoiling(
        "crime_parties", put(phone=lit("see log")), "phone_has_its_form"
    ),
    "a name in place of a staff number": Spoiling(
        "case_notes", put(officer_number=lit("PC Jones")), "officer_number_has_its_form"
    ),
    "letters converted once too often": Spoiling(
        "crime_parties", put(surname=col("surname").str.replace("a", "Ã¡")), "no_letters_lost"
    ),
    "notes cut short": Spoiling(
        "case_notes", put(note_text=col("note_text").str.slice(0, 40)), "length_as_usual"
    ),
    "calls in milliseconds": Spoiling(
        "communications", times("duration_seconds", 1000), "calls_end_the_same_day"
    ),
    "radius in centimetres": Spoiling(
        "locations", put(radius_metres=col("radius_metres") * 100), "satellite_as_good_as_usual"
    ),
    "fixes at nought": Spoiling("locations", put(longitude=lit(0.0), latitude=lit(0.0)), "is_not_at_nought"),
    "north and east swapped in every third": Spoiling(
        "locations", every(3, "longitude", col("latitude")), "few_far_away"
    ),
    # columns against each other
    "address in the place of its postcode": Spoiling(
        "crime_parties", swap("address", "postcode"), "postcode_has_its_form"
    ),
    "wards of other districts": Spoiling(
        "crimes", put(ward_id=col("ward_id").reverse()), "ward_lies_in_its_district"
    ),
    "entered and reported swapped": Spoiling(
        "crimes", swap("created_at", "reported_at"), "not_entered_before_reported"
    ),
    "changed before entered": Spoiling(
        "crimes", put(updated_at=lit("2021-12-31 00:00:00")), "not_changed_before_entered"
    ),
    "beginning when it was changed": Spoiling(
        "crimes", put(committed_from=col("updated_at")), "not_reported_before_it_began"
    ),
    "beginning and end swapped": Spoiling(
        "crimes", swap("committed_from", "committed_to"), "does_not_end_before_it_begins"
    ),
    "outcomes without their time": Spoiling(
        "crimes", put(outcome_at=lit("")), "outcome_stands_with_its_time"
    ),
    "every crime open": Spoiling("crimes", put(status=lit("open")), "status_agrees_with_outcome"),
    "victims and suspects swapped": Spoiling(
        "crime_parties",
        put(role=col("role").replace({"victim": "suspect", "suspect": "victim"})),
        "reference_ends_as_its_role",
    ),
    "forms about nothing": Spoiling(
        "risk_forms", put(crime_ref=lit(""), incident_ref=lit("")), "is_about_a_crime_or_an_incident"
    ),
    "victim and suspect from one column": Spoiling(
        "risk_forms", put(suspect_nominal_ref=col("victim_nominal_ref")), "victim_is_not_the_suspect"
    ),
    "released before the arrest": Spoiling(
        "custody", put(released_at=lit("2014-01-01 00:00:00")), "not_released_before_the_arrest"
    ),
    "disposals without their time": Spoiling(
        "custody", put(disposal_at=lit("")), "disposal_stands_with_its_time"
    ),
    "crimes named by logs that led to none": Spoiling(
        "command_logs", put(closing_code=lit("no_trace")), "crime_only_if_recorded"
    ),
    "reports of what is yet to come": Spoiling(
        "intelligence", put(event_on=lit("2030-01-01")), "not_recorded_before_the_event"
    ),
    "no reason for orders not pursued": Spoiling(
        "orders", put(reason_not_pursued=lit("")), "reason_where_not_pursued"
    ),
    "orders without conditions": Spoiling("orders", put(conditions=lit("")), "conditions_while_in_force"),
    "sender and receiver from one column": Spoiling(
        "communications", put(to_number=col("from_number")), "is_between_two_numbers"
    ),
    "devices of other cases": Spoiling(
        "locations", put(device_ref=col("device_ref").str.replace("CR", "CX")), "device_belongs_to_its_case"
    ),
    # sources against each other
    "parties without their crimes": Spoiling(
        "crime_parties", every(3, "crime_ref", lit("CR000000000")), "crime_of_a_party_is_known"
    ),
    "some parties without their crimes": Spoiling(
        "crime_parties", every(30, "crime_ref", lit("CR000000000")), "nearly_every_crime_of_a_party_is_known"
    ),
    "crimes without their parties": Spoiling(
        "crimes", every(5, "crime_ref", "CR9" + col("crime_ref").str.slice(3)), "crime_has_a_party"
    ),
    "forms about crimes that are not there": Spoiling(
        "risk_forms",
        put(crime_ref=when(col("crime_ref") != "").then(lit("CR000000000")).otherwise(lit(""))),
        "crime_of_a_form_is_known",
    ),
    "references slipped by a row": Spoiling(
        "crimes",
        put(crime_ref=col("crime_ref").gather((pl.int_range(pl.len()) + 1) % pl.len())),
        "reference_is_not_issued_again",
        LATER,
    ),
    # the delivery as a whole
    "a fifth of the rows": Spoiling(
        "contacts", lambda frame: frame.head(frame.height // 5), "volume_as_usual", LATER
    ),
    "every second row gone": Spoiling(
        "contacts", lambda frame: frame.gather_every(2), "volume_as_usual", LATER
    ),
    "three times as many rows": Spoiling(
        "contacts",
        lambda frame: pl.concat(
            [
                frame.with_columns(contact_ref=f"CT{digit}" + col("contact_ref").str.slice(3))
                for digit in "789"
            ]
        ),
        "volume_as_usual",
        LATER,
    ),
    "the last week missing": Spoiling(
        "contacts",
        keep(col("created_at") < col("created_at").max().dt.offset_by("-8d")),
        "newest_row_near_the_end",
        LATER,
    ),
    "a district missing": Spoiling("crimes", keep(col("district") != "VB"), "every_district_is_seen"),
    "a channel missing": Spoiling(
        "contacts", keep(col("channel") != "online_report"), "every_channel_is_seen"
    ),
    "a filter left in the extract": Spoiling(
        "crimes", keep(col("class_code").is_in(["ASLT", "VEH", "BURGD"])), "many_classes_are_seen"
    ),
    "all of one code": Spoiling("contacts", put(channel=lit("999")), "emergency_share_as_usual"),
    "a heap on 1 January": Spoiling(
        "crimes",
        every(5, "committed_from", col("committed_from").str.slice(0, 4) + "-01-01 00:00:00"),
        "few_begin_on_1_january",
    ),
    "birthdays on 1 January": Spoiling(
        "crime_parties",
        put(date_of_birth="01/01/" + col("date_of_birth").str.slice(-4)),
        "few_born_on_1_january",
    ),
    "days without their time": Spoiling(
        "command_logs", put(started_at=col("started_at").str.slice(0, 10) + " 00:00:00"), "few_at_midnight"
    ),
    "crimes a year too early": Spoiling(
        "crimes", moved(-1, "committed_from", "committed_to"), "recorded_within_days"
    ),
    "contacts three days too early": Spoiling(
        "contacts", put(contact_at=col("contact_at").dt.offset_by("-3d")), "recorded_in_the_same_hour"
    ),
    "rows of another time": Spoiling(
        "contacts",
        put(**{name: col(name).dt.offset_by("-20y") for name in ("created_at", "contact_at")}),
        "recorded_within_the_cover",
    ),
    "texts lost": Spoiling("crimes", every(3, "mo_text", lit("")), "few_without_text"),
    "relationships lost": Spoiling(
        "crime_parties", put(relationship=lit("NULL")), "relationship_blank_as_usual"
    ),
    "no crime domestic": Spoiling("crimes", put(domestic_flag=lit("N")), "share_domestic_as_usual"),
    "every crime online": Spoiling("crimes", put(cyber_flag=lit("Y")), "share_cyber_as_usual"),
    "each row twice": Spoiling("crimes", twice, "few_rows_repeated"),
    "codes of another system": Spoiling(
        "crimes", every(3, "class_code", lit("ZZZ")), "not_mostly_quarantined"
    ),
}


@dataclass(frozen=True)
class Refusing:
    """One way of spoiling that the contract refuses before any expectation is asked."""

    change: Change
    outcome: Literal["quarantined", "refused", "warned"]
    names: str


REFUSING = {
    "an unknown code": Refusing(every(9, "step", lit("lost")), "quarantined", "step"),
    "a missing key": Refusing(every(9, "order_ref", lit("")), "quarantined", "order_ref"),
    "a wrong type": Refusing(every(9, "expires_on", lit("soon")), "quarantined", "expires_on"),
    "a time after the receipt": Refusing(
        every(9, "created_at", lit("2031-01-01 00:00:00")), "quarantined", "created_at"
    ),
    "an impossible date": Refusing(every(9, "expires_on", lit("1066-10-14")), "quarantined", "expires_on"),
    "a control character": Refusing(
        every(9, "conditions", lit("no\x07 contact")), "quarantined", "conditions"
    ),
    "a column swapped with its neighbour": Refusing(swap("step", "step_at"), "quarantined", "step"),
    "a missing column": Refusing(lambda frame: frame.drop("step"), "refused", "step"),
    "an extra column": Refusing(put(colour=lit("red")), "warned", "colour"),
}


@dataclass(frozen=True)
class Clean:
    """A clean force, loaded, registered and judged once."""

    extracts: Path
    database: Path
    results: pd.DataFrame

    def of(self, source: str, delivery: str) -> pd.DataFrame:
        """What was found of the undamaged delivery."""
        found = self.results
        return found[found["delivery_id"].str.startswith(f"{source}-{delivery}-")]


def made(force: Path, seed: int, years: int, focus: float, deliveries: int) -> Path:
    options = ForceOptions(out=force, scale=0.001, focus=focus, seed=seed, years=years, deliveries=deliveries)
    make_force(options, lambda stage, rows, total: None)
    return force / "extracts"


def loaded(extracts: Path, home: Path) -> Clean:
    """Every source of a force loaded, registered in a warehouse file, and judged."""
    home.mkdir(parents=True, exist_ok=True)
    database = home / "clean.duckdb"
    with warehouse.opened(database) as connection:
        connection.execute((warehouse.SQL / "meta_tables.sql").read_text("utf-8"))
        for contract in CONTRACTS.values():
            load_source(contract, extracts, home / "deliveries")
            register(connection, contract, home / "deliveries")
        found = [gating.judge_deliveries(source, connection, SUITES, CONTRACTS) for source in SUITES]
    return Clean(extracts, database, pd.concat(found, ignore_index=True))


@pytest.fixture(scope="module", autouse=True)
def started() -> None:
    judge.start()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    place = tmp_path_factory.mktemp("clean")
    return loaded(made(place / "force", 11, 3, 0.02, 3), place / "home")


def load_spoilt(clean: Clean, home: Path, source: str, delivery: str, change: Change) -> Loaded:
    """The spoilt delivery through the loader, as it would be in a run."""
    spoil(clean.extracts, home / "extracts", CONTRACTS[source], delivery, change)
    return load_source(CONTRACTS[source], home / "extracts", home / "deliveries")[-1]


def registered(clean: Clean, home: Path, source: str) -> Path:
    """A warehouse in which this source is spoilt and all others are clean."""
    database = home / "warehouse.building.duckdb"
    shutil.copyfile(clean.database, database)
    with warehouse.opened(database) as connection:
        register(connection, CONTRACTS[source], home / "deliveries")
    return database


def asking_only(source: str, name: str) -> dict[str, Suite]:
    """The suites with one expectation left for this source, so that a test pays for no other."""
    wanted = tuple(one for one in SUITES[source].expectations if one.name == name)
    assert wanted, f"{source} has no expectation {name}"
    return {**SUITES, source: replace(SUITES[source], expectations=wanted)}


@pytest.mark.parametrize("name", SPOILINGS)
def test_a_spoilt_delivery_is_caught(clean: Clean, tmp_path: Path, name: str) -> None:
    way = SPOILINGS[name]
    undamaged = clean.of(way.source, way.delivery).set_index("expectation")
    assert undamaged.loc[way.caught_by, "is_met"]
    spoilt = load_spoilt(clean, tmp_path, way.source, way.delivery, way.change)
    assert spoilt.status == "loaded", spoilt.reason
    suites = asking_only(way.source, way.caught_by)
    with warehouse.opened(registered(clean, tmp_path, way.source)) as connection:
        results = gating.judge_deliveries(
            way.source, connection, suites, CONTRACTS, only=[spoilt.delivery_id]
        )
    assert results["is_met"].tolist() == [False]
    is_critical = undamaged.loc[way.caught_by, "severity"] == "critical"
    assert any(way.caught_by in said for said in gating.critical_failures(results)) == is_critical


@pytest.mark.parametrize("name", REFUSING)
def test_what_the_contract_refuses_never_reaches_a_gate(clean: Clean, tmp_path: Path, name: str) -> None:
    way = REFUSING[name]
    spoilt = load_spoilt(clean, tmp_path, "orders", HISTORY, way.change)
    if way.outcome == "refused":
        assert spoilt.status == "refused" and way.names in spoilt.reason
        return
    assert spoilt.status == "loaded"
    if way.outcome == "warned":
        assert any(way.names in warning for warning in spoilt.warnings)
        return
    refused = pl.read_parquet(tmp_path / "deliveries" / "orders" / spoilt.delivery_id / "quarantine.parquet")
    assert refused["columns"].list.contains(way.names).sum() > 10


def test_results_stand_until_something_they_follow_from_changes(clean: Clean, tmp_path: Path) -> None:
    database = tmp_path / "twice.duckdb"
    shutil.copyfile(clean.database, database)
    with warehouse.opened(database) as connection:
        first = gating.judge_deliveries("orders", connection, SUITES, CONTRACTS)
        gating.keep(connection, first)
        assert gating.judge_deliveries("orders", connection, SUITES, CONTRACTS).empty
        connection.execute("update meta.expectation_results set suite_sha256 = 'of another suite'")
        again = gating.judge_deliveries("orders", connection, SUITES, CONTRACTS)
        pd.testing.assert_frame_equal(first, again)
        gating.keep(connection, again)
        [kept] = connection.execute("select count(*) from meta.expectation_results").fetchone()
        assert kept == len(first)
        late = "update meta.deliveries set received_at = received_at + interval 400 day"
        newest = "(select max(received_at) from meta.deliveries where source = 'crimes')"
        connection.execute(f"{late} where source = 'crimes' and received_at = {newest}")
        changed = gating.judge_deliveries("orders", connection, SUITES, CONTRACTS)
        assert set(changed["kind"]) == {"facts"} and changed["delivery_id"].nunique() == 1


@pytest.mark.parametrize("source", SUITES)
def test_what_is_found_of_a_delivery_does_not_depend_on_those_beside_it(clean: Clean, source: str) -> None:
    with warehouse.opened(clean.database, read_only=True) as connection:

        def facts(deliveries: list[str]) -> pd.DataFrame:
            return gating.facts_of(connection, SUITES[source], CONTRACTS[source], deliveries)

        told = "select delivery_id from meta.deliveries where source = ? and status = 'loaded'"
        ids = [str(row["delivery_id"]) for row in warehouse.rows(connection, told, [source])]
        apart = pd.concat([facts([one]).astype(object) for one in ids])
        together = facts(ids).astype(object).set_index("delivery_id")
    pd.testing.assert_frame_equal(apart.set_index("delivery_id").loc[together.index], together)


CANARY = "ZEBULON QUUX"


def with_canary(frame: pl.DataFrame) -> pl.DataFrame:
    """A text that stands in no clean delivery, in cells that several expectations look at."""
    numbered = CANARY + " " + pl.int_range(pl.len()).cast(pl.String)
    return frame.with_columns(
        crime_ref=numbered, postcode=lit(CANARY), ward_id=lit(CANARY), mo_text=lit(CANARY)
    )


def test_a_critical_failure_blocks_and_no_offending_value_is_told(
    clean: Clean,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    from dagster_project.defs.gates import CRITICAL, gates

    load_spoilt(clean, tmp_path, "crimes", HISTORY, with_canary)
    database = registered(clean, tmp_path, "crimes")
    [gate] = [one for one in gates if one.key == dg.AssetKey(["gates", "crimes"])]
    here = Settings(home=tmp_path, extracts=tmp_path / "extracts")
    resources = {"here": here, "tell": lambda stage, done, expected: None}
    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.materialize([gate], resources=resources, instance=instance, raise_on_error=False)
        events = "\n".join(str(entry) for entry in instance.all_logs(run.run_id))
    [check] = run.get_asset_check_evaluations()
    why = str(check.metadata["why"].value)
    assert not check.passed and check.check_name == CRITICAL and "crime_ref_has_its_form" in why
    with warehouse.opened(database, read_only=True) as connection:
        assert connection.execute(f"select count(*) from raw.crimes where mo_text = '{CANARY}'").fetchone()[0]
        results = results_of(connection)
    page = render(results, SUITES)
    assert "Stopped." in page
    written = capfd.readouterr()
    told = (events, why, page, results.to_csv(), caplog.text, written.out, written.err)
    assert [text for text in told if "QUUX" in text.upper()] == []


@pytest.mark.parametrize("force", ["shared", "committed", "another seed"])
def test_clean_forces_raise_no_critical_failure(
    clean: Clean, repository: Path, tmp_path: Path, force: str
) -> None:
    if force == "committed":
        clean = loaded(repository / "data_samples" / "sample" / "extracts", tmp_path / "home")
    if force == "another seed":
        clean = loaded(made(tmp_path / "force", 12, 2, 0.005, 2), tmp_path / "home")
    assert gating.critical_failures(clean.results) == []
    assert clean.results["is_met"].eq(False).sum() <= 0.01 * len(clean.results)
