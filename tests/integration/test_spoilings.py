"""Each way of spoiling a delivery is caught by the expectation, or the rule of the contract, meant for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
import polars as pl
import pytest

from dagster_project import gating, warehouse
from dagster_project.contracts import load_contracts
from dagster_project.loading import Loaded, load_source
from dagster_project.register import register
from data_samples.force import make_force
from data_samples.options import ForceOptions
from expectations import judge
from expectations.suites import load_suites
from tests.integration.spoiling_deliveries import Change, spoil

CONTRACTS = load_contracts()
SUITES = load_suites()
HISTORY = "2024-01-01"
LATER = "2024-10-07"

col, lit, when = pl.col, pl.lit, pl.when


def put(**expressions: pl.Expr) -> Change:
    """Change some columns."""
    return lambda frame: frame.with_columns(**expressions)


def keep(which: pl.Expr) -> Change:
    """Keep some rows."""
    return lambda frame: frame.filter(which)


def every(step: int, changed: pl.Expr, name: str) -> pl.Expr:
    """Change a column in one row of so many."""
    return when(pl.int_range(pl.len()) % step == 0).then(changed).otherwise(col(name))


def year_start(name: str) -> pl.Expr:
    return col(name).str.slice(0, 4) + "-01-01 00:00:00"


@dataclass(frozen=True)
class Spoiling:
    """One way of spoiling, and what must catch it."""

    source: str
    change: Change
    caught_by: str
    delivery: str = HISTORY


SPOILINGS = {
    one.caught_by + " of " + one.source: one
    for one in (
        Spoiling("crimes", put(crime_ref=col("crime_ref").str.replace("CR", "C/")), "crime_ref_has_its_form"),
        Spoiling("crimes", put(ward_id=col("ward_id").reverse()), "ward_lies_in_its_district"),
        Spoiling("crimes", put(postcode=col("postcode").str.replace(" ", "")), "postcode_has_its_form"),
        Spoiling(
            "crimes",
            put(created_at=col("reported_at"), reported_at=col("created_at")),
            "not_entered_before_reported",
        ),
        Spoiling("crimes", put(committed_from=col("updated_at")), "not_reported_before_it_began"),
        Spoiling(
            "crimes",
            put(committed_from=col("committed_to"), committed_to=col("committed_from")),
            "does_not_end_before_it_begins",
        ),
        Spoiling("crimes", put(outcome_at=lit("")), "outcome_stands_with_its_time"),
        Spoiling("crimes", put(status=lit("open")), "status_agrees_with_outcome"),
        Spoiling(
            "crimes",
            put(committed_from=every(5, year_start("committed_from"), "committed_from")),
            "few_begin_on_1_january",
        ),
        Spoiling("crimes", keep(col("district") != "VB"), "every_district_is_seen"),
        Spoiling("crimes", keep(col("class_code").is_in(["ASLT", "VEH", "BURGD"])), "many_classes_are_seen"),
        Spoiling("crimes", put(mo_text=every(3, lit(""), "mo_text")), "few_without_text"),
        Spoiling("crimes", put(domestic_flag=lit("N")), "share_domestic_as_usual"),
        Spoiling("crimes", put(cyber_flag=lit("Y")), "share_cyber_as_usual"),
        Spoiling(
            "crimes", lambda frame: pl.concat([frame, frame.head(frame.height // 4)]), "few_rows_repeated"
        ),
        Spoiling("crimes", put(class_code=every(3, lit("ZZZ"), "class_code")), "not_mostly_quarantined"),
        Spoiling(
            "crime_parties",
            put(role=col("role").replace({"victim": "suspect", "suspect": "victim"})),
            "reference_ends_as_its_role",
        ),
        Spoiling("crime_parties", put(relationship=lit("NULL")), "relationship_blank_as_usual"),
        Spoiling("crime_parties", put(phone=lit("see log")), "phone_has_its_form"),
        Spoiling("crime_parties", put(surname=col("surname").str.replace("a", "Ã¡")), "no_letters_lost"),
        Spoiling(
            "crime_parties",
            put(date_of_birth="01/01/" + col("date_of_birth").str.slice(-4)),
            "few_born_on_1_january",
        ),
        Spoiling(
            "crime_parties",
            put(crime_ref=every(3, lit("CR000000000"), "crime_ref")),
            "crime_of_a_party_is_known",
        ),
        Spoiling(
            "risk_forms", put(crime_ref=lit(""), incident_ref=lit("")), "is_about_a_crime_or_an_incident"
        ),
        Spoiling(
            "risk_forms", put(suspect_nominal_ref=col("victim_nominal_ref")), "victim_is_not_the_suspect"
        ),
        Spoiling(
            "custody",
            put(released_at=every(1, lit("2014-01-01 00:00:00"), "released_at")),
            "not_released_before_the_arrest",
        ),
        Spoiling("custody", put(disposal_at=lit("")), "disposal_stands_with_its_time"),
        Spoiling("contacts", keep(col("channel") != "online_report"), "every_channel_is_seen"),
        Spoiling(
            "contacts",
            put(
                created_at=col("created_at").dt.offset_by("-20y"),
                contact_at=col("contact_at").dt.offset_by("-20y"),
            ),
            "recorded_within_the_cover",
        ),
        Spoiling(
            "contacts", put(contact_at=col("contact_at").dt.offset_by("-3d")), "recorded_in_the_same_hour"
        ),
        Spoiling("contacts", lambda frame: frame.head(frame.height // 5), "volume_as_usual", LATER),
        Spoiling(
            "contacts",
            keep(col("created_at") < col("created_at").max().dt.offset_by("-8d")),
            "newest_row_near_the_end",
            LATER,
        ),
        Spoiling(
            "command_logs",
            put(started_at=col("started_at").str.slice(0, 10) + " 00:00:00"),
            "few_at_midnight",
        ),
        Spoiling("command_logs", put(closing_code=lit("no_trace")), "crime_only_if_recorded"),
        Spoiling("case_notes", put(note_text=col("note_text").str.slice(0, 40)), "length_as_usual"),
        Spoiling("case_notes", put(officer_number=lit("PC Jones")), "officer_number_has_its_form"),
        Spoiling("intelligence", put(event_on=lit("2030-01-01")), "not_recorded_before_the_event"),
        Spoiling("orders", put(reason_not_pursued=lit("")), "reason_where_not_pursued"),
        Spoiling("orders", put(conditions=lit("")), "conditions_while_in_force"),
        Spoiling("communications", put(to_number=col("from_number")), "is_between_two_numbers"),
        Spoiling(
            "locations",
            put(device_ref=col("device_ref").str.replace("CR", "CX")),
            "device_belongs_to_its_case",
        ),
        Spoiling("locations", put(longitude=lit(0.0), latitude=lit(0.0)), "is_not_at_nought"),
    )
}


@dataclass(frozen=True)
class Refusing:
    """One way of spoiling that the contract refuses before any expectation is asked."""

    source: str
    change: Change
    outcome: Literal["quarantined", "refused", "warned"]
    names: str


REFUSING = {
    "an unknown code": Refusing("orders", put(step=every(9, lit("lost"), "step")), "quarantined", "step"),
    "a missing key": Refusing(
        "orders", put(order_ref=every(9, lit(""), "order_ref")), "quarantined", "order_ref"
    ),
    "a wrong type": Refusing(
        "orders", put(expires_on=every(9, lit("soon"), "expires_on")), "quarantined", "expires_on"
    ),
    "a time after the receipt": Refusing(
        "orders",
        put(created_at=every(9, lit("2031-01-01 00:00:00"), "created_at")),
        "quarantined",
        "created_at",
    ),
    "a control character": Refusing(
        "orders", put(conditions=every(9, lit("no\x07 contact"), "conditions")), "quarantined", "conditions"
    ),
    "a missing column": Refusing("orders", lambda frame: frame.drop("step"), "refused", "step"),
    "an extra column": Refusing("orders", put(colour=lit("red")), "warned", "colour"),
}


@dataclass(frozen=True)
class Clean:
    """A clean force, loaded and registered once."""

    extracts: Path
    database: Path


def loaded_home(extracts: Path, home: Path) -> Path:
    """Load every source of a force and register it in a warehouse file."""
    database = home / "clean.duckdb"
    home.mkdir(parents=True, exist_ok=True)
    with warehouse.opened(database) as connection:
        connection.execute((warehouse.SQL / "meta_tables.sql").read_text("utf-8"))
        for contract in CONTRACTS.values():
            load_source(contract, extracts, home / "deliveries")
            register(connection, contract, home / "deliveries")
    return database


@pytest.fixture(scope="module", autouse=True)
def started() -> None:
    judge.start()


@pytest.fixture(scope="module")
def clean(small_force: Path, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    extracts = small_force / "extracts"
    return Clean(extracts, loaded_home(extracts, tmp_path_factory.mktemp("clean")))


def load_spoilt(clean: Clean, home: Path, source: str, delivery: str, change: Change) -> Loaded:
    """The spoilt delivery through the loader, as it would be in a run."""
    spoil(clean.extracts, home / "extracts", CONTRACTS[source], delivery, change)
    return load_source(CONTRACTS[source], home / "extracts", home / "deliveries")[-1]


def judged(clean: Clean, home: Path, source: str, delivery_id: str) -> pd.DataFrame:
    """What the gate says of one delivery, all other sources being clean."""
    database = home / "spoilt.duckdb"
    shutil.copyfile(clean.database, database)
    with warehouse.opened(database) as connection:
        register(connection, CONTRACTS[source], home / "deliveries")
        return gating.judge_deliveries(source, connection, SUITES, CONTRACTS, only=[delivery_id])


@pytest.mark.parametrize("name", SPOILINGS)
def test_a_spoilt_delivery_is_caught(clean: Clean, tmp_path: Path, name: str) -> None:
    spoiling = SPOILINGS[name]
    loaded = load_spoilt(clean, tmp_path, spoiling.source, spoiling.delivery, spoiling.change)
    assert loaded.status == "loaded", loaded.reason
    results = judged(clean, tmp_path, spoiling.source, loaded.delivery_id)
    failed = results[results["is_met"].eq(False).fillna(False)]
    assert spoiling.caught_by in set(failed["expectation"])
    told = "\n".join(gating.critical_failures(results))
    severity = dict(zip(results["expectation"], results["severity"], strict=True))[spoiling.caught_by]
    assert (spoiling.caught_by in told) == (severity == "critical")


@pytest.mark.parametrize("name", REFUSING)
def test_what_the_contract_refuses_never_reaches_a_gate(clean: Clean, tmp_path: Path, name: str) -> None:
    spoiling = REFUSING[name]
    loaded = load_spoilt(clean, tmp_path, spoiling.source, HISTORY, spoiling.change)
    if spoiling.outcome == "refused":
        assert loaded.status == "refused" and spoiling.names in loaded.reason
        return
    assert loaded.status == "loaded"
    if spoiling.outcome == "warned":
        assert any(spoiling.names in warning for warning in loaded.warnings)
        return
    refused = pl.read_parquet(
        tmp_path / "deliveries" / spoiling.source / loaded.delivery_id / "quarantine.parquet"
    )
    assert refused.height > 10
    assert (refused["columns"].list.contains(spoiling.names)).sum() > 10


def test_there_are_enough_ways_of_spoiling() -> None:
    assert len(SPOILINGS) + len(REFUSING) >= 25


def test_results_stand_until_something_they_follow_from_changes(clean: Clean, tmp_path: Path) -> None:
    database = tmp_path / "twice.duckdb"
    shutil.copyfile(clean.database, database)
    with warehouse.opened(database) as connection:
        first = gating.judge_deliveries("orders", connection, SUITES, CONTRACTS)
        gating.keep(connection, first)
        assert gating.judge_deliveries("orders", connection, SUITES, CONTRACTS).empty
        again = gating.judge_deliveries("orders", connection, SUITES, CONTRACTS, again=True)
        pd.testing.assert_frame_equal(first, again)
        gating.keep(connection, again)
        [kept] = connection.execute("select count(*) from meta.expectation_results").fetchone()
        assert kept == len(first)
        late = "update meta.deliveries set received_at = received_at + interval 400 day"
        newest = "(select max(received_at) from meta.deliveries where source = 'crimes')"
        connection.execute(f"{late} where source = 'crimes' and received_at = {newest}")
        changed = gating.judge_deliveries("orders", connection, SUITES, CONTRACTS)
        assert set(changed["kind"]) == {"facts"} and changed["delivery_id"].nunique() == 1


def of_a_seed(force: Path) -> Path:
    """A force of one more seed than those that are there already."""
    options = ForceOptions(out=force, scale=0.001, focus=0.01, seed=11, years=3, deliveries=2)
    make_force(options, lambda stage, rows, total: None)
    return force / "extracts"


@pytest.mark.parametrize("force", ["shared", "committed", "another seed"])
def test_clean_forces_raise_no_critical_failure(
    clean: Clean, repository: Path, tmp_path: Path, force: str
) -> None:
    database = tmp_path / "clean.duckdb"
    if force == "shared":
        shutil.copyfile(clean.database, database)
    else:
        sample = repository / "data_samples" / "sample" / "extracts"
        extracts = sample if force == "committed" else of_a_seed(tmp_path / "force")
        database = loaded_home(extracts, tmp_path / "home")
    with warehouse.opened(database) as connection:
        found = [gating.judge_deliveries(source, connection, SUITES, CONTRACTS) for source in SUITES]
    results = pd.concat(found, ignore_index=True)
    assert gating.critical_failures(results) == []
    assert results["is_met"].eq(False).sum() <= 0.01 * len(results)
