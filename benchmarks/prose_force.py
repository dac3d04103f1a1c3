"""A synthetic force's prose, coded: against what its makers know they wrote, and beside published shares."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from dagster_project import settings, warehouse
from dagster_project.contracts import load_contracts
from dagster_project.dbt_manifest import run_dbt
from dagster_project.loading import load_source
from dagster_project.prose import code_prose
from dagster_project.register import register
from data_samples.check.published import read_periods, read_published
from data_samples.force import make_force
from data_samples.options import ForceOptions
from ml.text.coder import Coder
from ml.text.measures import f1, is_right_actor

PLACE: Final = Path(__file__).resolve().parents[1] / "build" / "bench-text"
SCALE: Final = 0.005
FOCUS: Final = 0.1
SEED: Final = 6105
LATEST: Final = "2024-12-31"
CODED_YEAR: Final = "coded_year"
DRAWS: Final = 1_000
RECORDS: Final = ["source", "source_id"]
SQL: Final = Path(__file__).with_name("prose_force.sql")

Measured = dict[str, Any]


def _silent(stage: str, done: int, expected: int) -> None:
    """Nobody looks."""


def coded_force() -> tuple[settings.Settings, Path]:
    """A force, and a home in which its prose is coded."""
    shutil.rmtree(PLACE, ignore_errors=True)
    force, here = PLACE / "force", settings.load(PLACE / "home", PLACE / "force" / "extracts")
    make_force(ForceOptions(out=force, scale=SCALE, focus=FOCUS, seed=SEED, deliveries=1), _silent)
    store = warehouse.Warehouse(here)
    here.home.mkdir(parents=True)
    with store.building() as connection:
        for contract in load_contracts().values():
            load_source(contract, here.extracts, here.deliveries)
            register(connection, contract, here.deliveries)
    store.swap_in()
    settings.tell_children(here)
    run_dbt(here, "run", "--select", "+cod_texts", "--vars", f'{{"cut_off": "{LATEST}"}}')
    with warehouse.opened(here.warehouse) as connection:
        code_prose(connection, _silent)
    return here, force


def against_truth(coder: Coder, here: settings.Settings, force: Path) -> Measured:
    """Every code, over the texts whose record was told of once: what was written, and what was read."""
    with warehouse.opened(here.warehouse, read_only=True) as connection:
        records, read = (connection.execute(query).pl() for query in SQL.read_text("utf-8").split(";")[:2])
    written = _written(coder, force).join(records, on=RECORDS, how="semi")
    wrong = read.join(written, on=[*RECORDS, "code"], how="anti")
    missed = written.join(read, on=[*RECORDS, "code"], how="anti")
    rows = [
        _row(
            code.name,
            *(len(part.filter(pl.col("code") == code.name)) for part in (written, read, wrong, missed)),
        )
        for code in coder.lists.codes
    ]
    behaviours = {code.name for code in coder.lists.codes if code.published}
    among = [row for row in rows if row["code"] in behaviours]
    sums = (sum(row[name] for row in among) for name in ("true", "coded", "wrong", "missed"))
    return {"texts": records.height, "codes": [*rows, _row("all together", *sums)]}


def _written(coder: Coder, force: Path) -> pl.DataFrame:
    """What the force's makers wrote: affirmed, and by whom the code is about; with what it implies."""
    codes = pl.read_parquet(force / "truth" / "text_codes.parquet")
    by = pl.DataFrame([{"code": code.name, "by": code.by} for code in coder.lists.codes])
    implied = pl.DataFrame(
        [{"code": code.name, "implied": other} for code in coder.lists.codes for other in code.implies]
    )
    right = pl.struct("by", "actor").map_elements(
        lambda one: is_right_actor(one["by"], one["actor"]), return_dtype=pl.Boolean
    )
    told = (
        codes.rename({"reference": "source_id"})
        .filter(pl.col("polarity") == "affirmed")
        .join(by, on="code")
        .filter(right)
        .select(*RECORDS, "code")
    )
    also = told.join(implied, on="code").select(*RECORDS, code="implied")
    return pl.concat([told, also]).unique()


def _row(code: str, true: int, coded: int, wrong: int, missed: int) -> Measured:
    right = true - missed
    draws = np.random.default_rng(SEED).poisson((right, wrong, missed), size=(DRAWS, 3)).T
    low, high = np.quantile(f1(*draws), [0.025, 0.975])
    return {
        "code": code, "true": true, "coded": coded, "wrong": wrong, "missed": missed,
        "precision": right / max(1, coded), "recall": right / max(1, true),
        "f1": float(f1(right, wrong, missed)), "f1_low": float(low), "f1_high": float(high),
    }  # fmt: skip


def shares(coder: Coder, here: settings.Settings, force: Path) -> list[Measured]:
    """Of the stalking cases of the year that was coded by hand, how many tell of each behaviour."""
    period = read_periods()[CODED_YEAR]
    recorded = pl.col("recorded_at").dt.date()
    cases = pl.read_parquet(force / "truth" / "cases.parquet").filter(
        recorded.is_between(pl.lit(period.first_day), pl.lit(period.last_day))
    )
    with warehouse.opened(here.warehouse, read_only=True) as connection:
        of_crimes, read = (connection.execute(query).pl() for query in SQL.read_text("utf-8").split(";")[2:4])
    written = _written(coder, force)
    published = read_published()
    chosen = of_crimes.join(cases.select(crime_id="crime_ref"), on="crime_id", how="semi")

    def share(told: pl.DataFrame, code: str) -> float:
        telling = told.filter(pl.col("code") == code).join(chosen, on=RECORDS)
        return telling["crime_id"].n_unique() / max(1, cases.height)

    return [
        {
            "code": code.name,
            "title": code.published,
            "cases": cases.height,
            "published": published[f"behaviour.{code.name}"].value,
            "written": share(written, code.name),
            "coded": share(read, code.name),
        }
        for code in coder.lists.codes
        if code.published
    ]


def prose_of(here: settings.Settings) -> list[str]:
    """Every text of the force, in an order that its own words decide."""
    with warehouse.opened(here.warehouse, read_only=True) as connection:
        told = connection.execute("select distinct prose_text from coded.cod_texts order by md5(prose_text)")
        return [str(row[0]) for row in told.fetchall()]
