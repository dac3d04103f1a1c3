"""How right linking is on forces nobody tuned on, beside two baselines, and how fast beside bare Splink."""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import re
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from splink import Linker
from splink.backends.duckdb import DuckDBAPI  # pyright: ignore[reportMissingTypeStubs]

from benchmarks.linkable import nominals
from benchmarks.process_tree import watch
from benchmarks.samples import machine
from dagster_project import identity, settings, warehouse
from dagster_project.contracts import load_contracts
from dagster_project.dbt_manifest import run_dbt
from dagster_project.loading import load_source
from dagster_project.register import register
from data_samples.force import make_force
from data_samples.options import ForceOptions
from data_samples.people import NAMES_FOLDER
from ml.linkage import frozen, linking
from ml.linkage import settings as link_settings
from ml.linkage.measures import EVERYBODY, agreement

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "linkage.json"
PLACE: Final = ROOT / "build" / "bench-linkage"
UNREAD: Final = {"communications", "locations", "crimes", "command_logs", "case_notes"}
SIGHTINGS: Final = "+idn_nominals__sightings"
LATEST: Final = "2024-12-31"
AGES: Final = (18, 25, 35, 45, 55, 65)
AGE_BANDS: Final = ("under 18", "18-24", "25-34", "35-44", "45-54", "55-64", "65 and over")

PRECISION: Final = 0.995
RECALL: Final = 0.96
BEHIND: Final = 0.02  # how far a group may fall behind the whole
TIMES: Final = 1.3
ONE_MORE: Final = 0.25  # of the time of linking all at once, beyond what a run with nothing new takes
KEYS_OF_RULES: Final = {
    "exact name and date of birth": (("surname", "forename", "date_of_birth"),),
    "three deterministic rules": (
        ("surname", "forename", "date_of_birth"),
        ("postcode", "date_of_birth", "surname"),
        ("postcode", "date_of_birth", "forename"),
        ("phone", "date_of_birth"),
        ("phone", "surname", "forename"),
    ),
}

NEWEST: Final = (
    "select delivery_id from meta.deliveries where status = 'loaded'"
    " qualify received_at = max(received_at) over (partition by source)"
)

Measured = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One force to make and link."""

    scale: float
    focus: float
    seed: int
    deliveries: int = 3

    @property
    def name(self) -> str:
        return f"scale {self.scale:g}, focus {self.focus:g}, seed {self.seed}"


FULL: Final = (
    Case(0.0125, 0.0125, 5105),
    Case(0.025, 0.025, 5106),
    Case(0.05, 0.05, 5107),
    Case(0.05, 0.5, 5108),
)
QUICK: Final = (Case(0.001, 0.01, 4105), Case(0.002, 0.02, 4106))


def fingerprint() -> str:
    """What linking consists of: results of other code are not taken over."""
    digest = hashlib.sha256()
    telling = ("dagster_project/identity.py", "dagster_project/resolving.py")
    for folder in ("ml/linkage", *telling, "dbt_models/models/identity", "data_samples"):
        whole = ROOT / folder
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.suffix in {".py", ".yml", ".sql", ".csv", ".json"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _silent(stage: str, done: int, expected: int) -> None:
    """Nobody looks."""


def home_of(case: Case) -> tuple[settings.Settings, Path]:
    """A home with the force's nominals in staging, and the force."""
    shutil.rmtree(PLACE / "home", ignore_errors=True)
    shutil.rmtree(PLACE / "force", ignore_errors=True)
    force, here = PLACE / "force", settings.load(PLACE / "home", PLACE / "force" / "extracts")
    make_force(ForceOptions(out=force, **asdict(case)), _silent)
    store = warehouse.Warehouse(here)
    here.home.mkdir(parents=True)
    with store.building() as connection:
        for contract in load_contracts().values():
            if contract.source not in UNREAD:
                load_source(contract, here.extracts, here.deliveries)
                register(connection, contract, here.deliveries)
    store.swap_in()
    settings.tell_children(here)
    run_dbt(here, "run", "--select", SIGHTINGS, "--vars", f'{{"cut_off": "{LATEST}"}}')
    return here, force


def quality(here: settings.Settings, force: Path) -> Measured:
    """The one table: ours and two baselines, overall and by group, over nominals that carry a name."""
    with warehouse.opened(here.warehouse) as connection:
        found = connection.execute(
            "select nominal_id as record_id, person_id from identity.person_nominals"
            " where known_until_at is null"
        ).pl()
    written = nominals(force).with_columns(
        pl.col("surname", "forename").str.to_lowercase(), pl.col("person_key").cast(pl.String)
    )
    named = written.filter(pl.col("surname").is_not_null() | pl.col("forename").is_not_null())
    true = named.select(record_id="nominal_ref", person_id="person_key").unique()
    every = written.select(record_id="nominal_ref", person_id="person_key").unique()
    groups = _groups(force, named)
    parts = [
        _table("Throughline", found, true, groups),
        *(_table(name, _by_rules(named, keys), true, groups) for name, keys in KEYS_OF_RULES.items()),
        _table("Throughline, callers without a name too", found, every, None),
    ]
    return {"table": pl.concat(parts).to_dicts()}


def _table(method: str, found: pl.DataFrame, true: pl.DataFrame, groups: pl.DataFrame | None) -> pl.DataFrame:
    among = found.join(true.select("record_id"), on="record_id", how="semi")
    return agreement(among, true, groups).select(pl.lit(method).alias("method"), pl.all())


def _groups(force: Path, named: pl.DataFrame) -> pl.DataFrame:
    """What is true of the person behind each record; the pattern of the name from the names it was given."""
    patterns = pl.read_csv(NAMES_FOLDER / "surnames.csv", columns=["name", "pattern"]).with_columns(
        pl.col("name").str.to_lowercase()
    )
    pattern = (
        named.join(
            patterns.unique("name", keep="first", maintain_order=True), left_on="surname", right_on="name"
        )
        .group_by("person_key", "pattern")
        .len()
        .sort("len", "pattern", descending=[True, False])
        .unique("person_key", keep="first", maintain_order=True)
        .select("person_key", name_pattern="pattern")
    )
    born = pl.col("birth_day").cast(pl.Int32).cast(pl.Date)
    age = (pl.lit(LATEST).str.to_date() - born).dt.total_days() / 365.25
    people = pl.read_parquet(force / "truth" / "persons.parquet").select(
        pl.col("person_key").cast(pl.String),
        "sex",
        "ethnicity",
        age_band=pl.sum_horizontal((age >= floor).cast(pl.Int8) for floor in AGES).replace_strict(
            range(len(AGES) + 1), AGE_BANDS, return_dtype=pl.String
        ),
    )
    keys = named.select(record_id="nominal_ref", person_key="person_key").unique()
    return (
        keys.join(people, on="person_key", how="left")
        .join(pattern, on="person_key", how="left")
        .select("record_id", "sex", "age_band", "ethnicity", "name_pattern")
    )


def _by_rules(named: pl.DataFrame, rules: tuple[tuple[str, ...], ...]) -> pl.DataFrame:
    """Persons where records that agree in every column of a rule are one."""
    digits = pl.col("phone").str.replace_all(r"\D", "").str.replace("^44", "0")
    rows = named.with_columns(digits.alias("phone"), pl.col("date_of_birth").cast(pl.String))
    keys = pl.concat(
        rows.select("nominal_ref", key=pl.concat_str([pl.lit(str(number)), *columns], separator="|"))
        for number, columns in enumerate(rules)
    ).drop_nulls()
    record, key = (
        keys[column].rank("dense").cast(pl.Int64).to_numpy() - 1 for column in ("nominal_ref", "key")
    )
    records = int(record.max()) + 1
    size = records + int(key.max()) + 1
    graph = coo_matrix((np.ones(len(record)), (record, key + records)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    found = pl.DataFrame({"record_id": keys["nominal_ref"], "person_id": component[record]})
    return found.unique().with_columns(pl.col("person_id").cast(pl.String))


def linked(here: settings.Settings) -> Measured:
    """Link everything anew, as the first run of a force does."""
    with warehouse.opened(here.warehouse, scratch=here.scratch) as connection:
        connection.execute(linking.statement("state"))
        linking.forget(connection)
        connection.execute("drop table if exists identity.person_components")  # or persons would stand
        begun = time.perf_counter()
        found = identity.identify(here, connection, _silent)
        seconds = time.perf_counter() - begun
        again = time.perf_counter()
        identity.identify(here, connection, _silent)
        return {
            "nominals": found.linked.nominals,
            "pairs": found.linked.pairs,
            "persons": found.persons,
            "seconds": round(seconds, 2),
            "seconds_with_nothing_new": round(time.perf_counter() - again, 2),
        }


def stepwise(here: settings.Settings) -> Measured:
    """Link all but each source's last delivery, then that; persons must be those of linking all at once."""
    with warehouse.opened(here.warehouse, scratch=here.scratch) as connection:
        before = _persons(connection)
        newest = connection.execute(NEWEST).fetchall()
        names = ", ".join(f"'{row[0]}'" for row in newest)
        linking.forget(connection)
        earlier = f"(select * from {identity.SIGHTINGS} where _delivery_id not in ({names}))"
        identity.identify(here, connection, _silent, earlier)
        begun = time.perf_counter()
        found = identity.identify(here, connection, _silent)
        seconds = time.perf_counter() - begun
        return {
            "nominals": found.linked.nominals,
            "pairs": found.linked.pairs,
            "seconds": round(seconds, 2),
            "persons_are_identical": before.equals(_persons(connection)),
        }


def _persons(connection: Any) -> pl.DataFrame:
    """Who was who and when, in one order."""
    return connection.execute("select * from identity.person_nominals order by all").pl()


def bare(here: settings.Settings) -> Measured:
    """The floor: Splink by itself on one cleaned record for each nominal, with no time and no memory."""
    told, model = link_settings.load(), frozen.read()
    with warehouse.opened(here.warehouse, scratch=here.scratch) as connection:
        connection.execute(linking.statement("state"))
        linking.forget(connection)
        begun = time.perf_counter()
        connection.execute(identity.sightings_of("identity.idn_nominals__sightings", timeless=True))
        linking.prepare(connection, model, told)
        connection.execute(linking.statement("everybody"))
        linking.profile(connection, told)
        connection.execute(linking.statement("compared"))
        connection.execute(
            "create or replace temporary table bare_input as select * from link_compared order by 1"
        )
        interface = DuckDBAPI(connection)
        asked = link_settings.splink_settings(told, model.weights) | {
            "blocking_rules_to_generate_predictions": [_rule(key) for key in told.keys]
        }
        linker = Linker(interface.register("bare_input", table_name="bare_records"), asked)
        pairs = linker.inference.predict(threshold_match_weight=told.linked, warning_mode="never")
        persons = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_weight=told.linked
        )
        [[records]] = connection.execute(f"select count(*) from {persons.physical_name}").fetchall()
        seconds = time.perf_counter() - begun
        linking.forget(connection)
    return {"records": int(records), "seconds": round(seconds, 2)}


def _rule(key: link_settings.Key) -> Any:
    """One of our keys as a blocking rule of Splink's."""
    expression = re.sub(r"\bitem\b", key.each or "item", key.expression)

    def of(side: str) -> str:
        columns = "surname|forename|birth|phones|postcodes|shared_ids|callers|tf"
        named = re.sub(rf"\b((?:{columns})\w*)\b", rf"{side}.\1", expression)
        return named.replace("surname_share", "tf_surname").replace("forename_share", "tf_forename")

    rule = f"{of('l')} = {of('r')}"
    return {"blocking_rule": rule, "arrays_to_explode": [key.each]} if key.each else rule


def watched(kind: str) -> Measured:
    """One of the two in a process of its own, with its peak of memory."""
    taken = watch([sys.executable, "-m", "benchmarks.linkage", kind], ROOT)
    if taken.exit_code:
        sys.exit(f"benchmarks: linking failed:\n{taken.said}")
    return json.loads(taken.said.splitlines()[-1]) | {"peak_megabytes": round(taken.peak_megabytes)}


def goals(cases: dict[str, Measured]) -> dict[str, str]:
    """Each goal: held or short, and by what figure."""

    def says(is_held: bool, figure: str) -> str:
        return f"{'held' if is_held else 'short'}: {figure}"

    said: dict[str, str] = {}
    for name, case in cases.items():
        rows = pl.DataFrame(case["quality"]["table"])
        whole = {row["method"]: row for row in rows.filter(by=EVERYBODY).to_dicts()}
        ours, others = whole["Throughline"], [whole[method] for method in KEYS_OF_RULES]
        mine = rows.filter(
            pl.col("method") == "Throughline", pl.col("by") != EVERYBODY, pl.col("true_pairs") >= 100
        )
        behind = mine.with_columns(
            gap=pl.max_horizontal(ours["precision"] - pl.col("precision"), ours["recall"] - pl.col("recall"))
        ).sort("gap", descending=True)
        last = behind.row(0, named=True)
        said |= {
            f"{name}: precision": says(
                ours["precision"] >= PRECISION, f"{ours['precision']:.4f}, {PRECISION} asked"
            ),
            f"{name}: recall": says(ours["recall"] >= RECALL, f"{ours['recall']:.4f}, {RECALL} asked"),
            f"{name}: B-cubed F1 above both baselines": says(
                all(ours["b_cubed_f1"] > other["b_cubed_f1"] for other in others),
                f"{ours['b_cubed_f1']:.4f} against " + " and ".join(f"{o['b_cubed_f1']:.4f}" for o in others),
            ),
            f"{name}: the group furthest behind": says(
                last["gap"] <= BEHIND,
                f"{last['by']} {last['group']}, {last['gap']:.4f} behind, {BEHIND} allowed",
            ),
            f"{name}: time beside bare Splink": says(
                case["linked"]["seconds"] <= TIMES * case["bare"]["seconds"],
                f"{case['linked']['seconds'] / case['bare']['seconds']:.2f} times, {TIMES} asked "
                f"({case['linked']['seconds']} s against {case['bare']['seconds']} s)",
            ),
        }
    for name, case in cases.items():
        last, whole = case["stepwise"], case["linked"]
        idle = whole["seconds_with_nothing_new"]
        share = (last["seconds"] - idle) / (whole["seconds"] - idle)
        nominals, pairs = (last[what] / whole[what] for what in ("nominals", "pairs"))
        persons = "identical" if last["persons_are_identical"] else "not the same"
        said[f"{name}: one more delivery"] = says(
            last["persons_are_identical"] and share <= ONE_MORE,
            f"{share:.2f} of linking all at once, {ONE_MORE} allowed, for {nominals:.3f} of the nominals and"
            f" {pairs:.3f} of the pairs; {idle} s more, whatever is new; persons {persons}",
        )
    rates = [1e6 * case["linked"]["seconds"] / case["linked"]["nominals"] for case in cases.values()]
    said["seconds a million nominals, by size"] = ", ".join(f"{rate:.0f}" for rate in rates)
    return said


def show(result: Measured) -> None:
    """Print what was measured."""
    console = Console(width=max(Console().width, 120))
    for name, case in result["cases"].items():
        table = Table(title=name)
        for column in ("method", "by", "group", "true_pairs", "precision", "recall", "f1", "b_cubed_f1"):
            table.add_column(column)
        for row in case["quality"]["table"]:
            if row["by"] == EVERYBODY or row["method"] == "Throughline":
                shown = (row["method"], row["by"], row["group"], f"{row['true_pairs']:,}")
                figures = (f"{row[figure]:.4f}" for figure in ("precision", "recall", "f1", "b_cubed_f1"))
                table.add_row(*shown, *figures)
        console.print(table)
    for goal, said in result["goals"].items():
        console.print(f"{goal}: {said}", highlight=False)


def measured(cases: tuple[Case, ...]) -> Measured:
    """Measure what is not measured yet; a run that was stopped goes on where it was."""
    PLACE.mkdir(parents=True, exist_ok=True)
    part, mark = PLACE / "measured.json", fingerprint()
    result: Measured = json.loads(part.read_text("utf-8")) if part.exists() else {}
    if result.get("linkage") != mark:
        result = {"linkage": mark, "machine": machine(), "cases": {}}
    for case in cases:
        if case.name in result["cases"]:
            continue
        print(f"{case.name} ...", flush=True)
        here, force = home_of(case)
        floor = watched("bare")
        taken = {"linked": watched("linked"), "bare": floor, "quality": quality(here, force)}
        taken["stepwise"] = watched("stepwise")  # after quality: it links anew
        result["cases"][case.name] = taken
        part.write_text(json.dumps(result), "utf-8")
    return result


def main(cases: tuple[Case, ...] = FULL) -> None:
    """Measure, and print it; only the full plan is kept among the results."""
    result = measured(cases)
    result |= {"measured_on": datetime.now(UTC).date().isoformat(), "goals": goals(result["cases"])}
    if cases is FULL:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    shutil.rmtree(PLACE)
    show(result)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    measures = {"linked": linked, "bare": bare, "stepwise": stepwise}
    if sys.argv[1:] and sys.argv[1] in measures:
        print(json.dumps(measures[sys.argv[1]](settings.load(PLACE / "home", PLACE / "force" / "extracts"))))
    else:
        asked = argparse.ArgumentParser(description=__doc__)
        asked.add_argument("--quick", action="store_true", help="tiny forces, to see that it works; not kept")
        main(QUICK if asked.parse_args().quick else FULL)
