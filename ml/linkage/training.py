"""Weights learned from a force's own records, with nobody's answer to learn from, and frozen."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, Final

import polars as pl
from splink import Linker
from splink.backends.duckdb import DuckDBAPI  # pyright: ignore[reportMissingTypeStubs]
from splink.internals.exceptions import EMTrainingException

from ml.linkage import frozen
from ml.linkage.frozen import FIELDS, FrozenModel, version_of
from ml.linkage.linking import Tell, forget, prepare, profile, statement
from ml.linkage.mistakes import LinkingError
from ml.linkage.settings import LinkSettings, splink_settings

SEED: Final = 20200401
RANDOM_PAIRS: Final = 1e7
# What one pass holds equal is learned by the others, so that no comparison teaches itself.
PASSES: Final = (
    "l.birth = r.birth",
    "l.forename = r.forename and l.surname = r.surname",
    "l.phones[1] = r.phones[1]",
    "l.postcodes[1] = r.postcodes[1] and left(l.forename, 1) = left(r.forename, 1)",
)
CERTAIN: Final = (  # who agrees in all of these is one person; each finds some, together perhaps so many
    ("forename", "surname", "birth"),
    ("birth", "phones[1]"),
    ("birth", "postcodes[1]", "left(forename, 1)"),
)
CERTAIN_FIND: Final = 0.6
SEEN_OFTEN: Final = 3  # a name seen less often is as rare as the rarest
CAUTION: Final = 0.005  # one true pair in two hundred may disagree in anything


def train(connection: Any, settings: LinkSettings, tell: Tell) -> FrozenModel:
    """Learn from what `link_sightings` holds; what linking keeps on this connection is left empty."""
    unnamed = pl.DataFrame(schema={"field": pl.String, "term": pl.String, "share": pl.Float64})
    prepare(connection, FrozenModel("untrained", {}, unnamed, dict.fromkeys(FIELDS, 1.0)), settings)
    connection.execute(statement("everybody"))
    tell("profiling nominals", 0, 0)
    profile(connection, settings)
    counted = connection.execute(statement("terms").format(seen_often=SEEN_OFTEN)).pl()
    if set(counted["field"].unique()) != set(FIELDS):
        raise LinkingError(
            "hardly any name is in these records twice, so nothing can be learned of how common names are; "
            "train on a whole force"
        )
    rarest = {field: float(counted.filter(field=field)["rarest"][0]) for field in FIELDS}
    terms = counted.select("field", "term", pl.col("share").round_sig_figs(6))
    connection.execute(statement("compared"))
    connection.execute(statement("training"))
    weights = _learned(connection, settings, tell)
    forget(connection)
    return FrozenModel(version_of(weights, terms), weights, terms, rarest)


def _learned(connection: Any, settings: LinkSettings, tell: Tell) -> dict[str, Any]:
    logging.getLogger("splink").setLevel(logging.ERROR)  # a level that no record shows is no mistake
    interface = DuckDBAPI(connection)
    at_random = _two_at_random(connection)
    asked = splink_settings(settings, None) | {"probability_two_random_records_match": at_random}
    trained = interface.register("link_training", table_name="link_profiles_now")
    linker = Linker(trained, asked, log_level=None)
    training = linker.training
    tell("how often strangers agree", 1, len(PASSES) + 1)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for number, rule in enumerate(PASSES):
        tell("how often one person's records agree", number + 2, len(PASSES) + 1)
        with suppress(EMTrainingException):  # no two records agree in what this pass holds equal
            training.estimate_parameters_using_expectation_maximisation(rule)
    found = {
        str(comparison["output_column_name"]): {
            str(level["label_for_charts"]): level for level in comparison["comparison_levels"]
        }
        for comparison in linker.misc.save_model_to_json()["comparisons"]
    }
    linker.table_management.delete_tables_created_by_splink_from_db()
    shipped: dict[str, dict[str, dict[str, float]]] = frozen.read().weights["comparisons"]
    return {
        "two_at_random": at_random,
        "comparisons": {
            comparison.name: _levels(
                [level.label for level in comparison.levels],
                found.get(comparison.column, {}),
                shipped.get(comparison.name, {}),
            )
            for comparison in settings.comparisons
        },
    }


def _certain(columns: tuple[str, ...]) -> str:
    filled = " and ".join(f"{column} is not null" for column in columns)
    return statement("certain").format(columns=", ".join(columns), filled=filled)


def _two_at_random(connection: Any) -> float:
    """The chance that any two records are of one person, from how many certain pairs there are."""
    found = [int(connection.execute(_certain(columns)).fetchall()[0][0]) for columns in CERTAIN]
    [[records]] = connection.execute("select count(*) from link_training").fetchall()
    return _rounded(max(*found, 1) / CERTAIN_FIND / max(records * (records - 1) / 2, 1))


def _levels(
    labels: list[str], found: dict[str, dict[str, Any]], shipped: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Each level's chance in pairs of one person (m) and of two (u); disagreement is never impossible.

    What these records never show stays as it was shipped.
    """
    levels: dict[str, dict[str, float]] = {label: {} for label in labels}
    for side, least in (("m", 1e-6), ("u", 1e-8)):
        told = {
            label: float(
                found.get(label, {}).get(f"{side}_probability") or shipped.get(label, {}).get(side, least)
            )
            for label in labels
        }
        if side == "m":
            told[labels[-1]] = max(told[labels[-1]], CAUTION)
        whole = sum(max(share, least) for share in told.values())
        for label, share in told.items():
            levels[label][side] = _rounded(max(share, least) / whole)
    return levels


def _rounded(share: float) -> float:
    """Six significant figures: enough for a weight, and the same on every machine."""
    return float(f"{share:.6g}")
