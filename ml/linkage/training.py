"""Weights learned from a force's own records, with nobody's answer to learn from, and frozen."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from splink import Linker
from splink.backends.duckdb import DuckDBAPI  # pyright: ignore[reportMissingTypeStubs]

from ml.linkage.frozen import FIELDS, FrozenModel, version_of
from ml.linkage.linking import KEPT, Tell, prepare, profile, statement
from ml.linkage.mistakes import LinkingError
from ml.linkage.settings import LinkSettings, splink_settings

SEED: Final = 20200401
RANDOM_PAIRS: Final = 1e7
# What one pass holds equal is learned by the others, so that no comparison teaches itself.
PASSES: Final = (
    "l.birth = r.birth and l.sex = r.sex",
    "l.forename = r.forename and l.surname = r.surname",
    "l.phones[1] = r.phones[1]",
)
CERTAIN: Final = (
    "l.forename = r.forename and l.surname = r.surname and l.birth = r.birth",
    "l.phones[1] = r.phones[1] and l.birth = r.birth",
)
CERTAIN_FIND: Final = 0.75  # of all true pairs, as deterministic rules do elsewhere
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
    for table in KEPT:
        connection.execute(f"delete from identity.{table}")
    return FrozenModel(version_of(weights, terms), weights, terms, rarest)


def _learned(connection: Any, settings: LinkSettings, tell: Tell) -> dict[str, Any]:
    interface = DuckDBAPI(connection)
    linker = Linker(
        interface.register("link_training", table_name="link_profiles_now"), splink_settings(settings, None)
    )
    training = linker.training
    tell("how often strangers agree", 1, len(PASSES) + 1)
    training.estimate_probability_two_random_records_match(list(CERTAIN), recall=CERTAIN_FIND)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for number, rule in enumerate(PASSES):
        tell("how often one person's records agree", number + 2, len(PASSES) + 1)
        training.estimate_parameters_using_expectation_maximisation(rule)
    told: dict[str, Any] = linker.misc.save_model_to_json()
    linker.table_management.delete_tables_created_by_splink_from_db()
    return {
        "two_at_random": _rounded(told["probability_two_random_records_match"]),
        "comparisons": {
            comparison.name: _levels(found["comparison_levels"])
            for comparison, found in zip(settings.comparisons, told["comparisons"], strict=True)
        },
    }


def _levels(found: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Each level's chance in pairs of one person (m) and of two (u); disagreement is never impossible."""
    levels = {
        str(level["label_for_charts"]): {
            "m": float(level.get("m_probability") or 0.0),
            "u": float(level.get("u_probability") or 0.0),
        }
        for level in found
        if not level.get("is_null_level")
    }
    last = list(levels)[-1]
    levels[last]["m"] = max(levels[last]["m"], CAUTION)
    for side, least in (("m", 1e-6), ("u", 1e-8)):
        whole = sum(max(level[side], least) for level in levels.values())
        for level in levels.values():
            level[side] = _rounded(max(level[side], least) / whole)
    return levels


def _rounded(share: float) -> float:
    """Six significant figures: enough for a weight, and the same on every machine."""
    return float(f"{share:.6g}")
