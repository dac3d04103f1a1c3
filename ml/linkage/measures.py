"""How right a linking is, against what is known to be true: by pairs, and record by record."""

from __future__ import annotations

from typing import Final

import polars as pl

EVERYBODY: Final = "everybody"


def agreement(found: pl.DataFrame, true: pl.DataFrame, groups: pl.DataFrame | None = None) -> pl.DataFrame:
    """Pairwise and B-cubed precision, recall and F1, of all records and of each group of them.

    `found` and `true` hold record_id and person_id, `groups` record_id and a column for each way of grouping.
    A record that `found` lacks is a person of its own, so a pair that nobody looked at counts as missed. The
    figures of a group are over its records, whoever they were joined with.
    """
    whole = true.join(found, on="record_id", how="left", suffix="_found").with_columns(
        pl.coalesce("person_id_found", pl.concat_str(pl.lit("alone "), "record_id")).alias("person_id_found")
    )
    counted = whole.with_columns(
        both=pl.len().over("person_id", "person_id_found"),
        joined=pl.len().over("person_id_found"),
        meant=pl.len().over("person_id"),
    )
    parts = [_measured(counted, EVERYBODY, pl.lit(EVERYBODY))]
    if groups is not None:
        grouped = counted.join(groups, on="record_id", how="left")
        for by in [column for column in groups.columns if column != "record_id"]:
            parts.append(_measured(grouped, by, pl.col(by).cast(pl.String).fill_null("unknown")))
    return pl.concat(parts)


def _measured(counted: pl.DataFrame, by: str, group: pl.Expr) -> pl.DataFrame:
    """Every record stands for the pairs it is in; B-cubed takes each record's own share and then the mean."""
    pairs = [pl.col(column).cast(pl.Int64) - 1 for column in ("both", "joined", "meant")]
    right, joined, meant = (pair.sum() for pair in pairs)
    own_precision = (pl.col("both") / pl.col("joined")).mean()
    own_recall = (pl.col("both") / pl.col("meant")).mean()
    return (
        counted.group_by(group.alias("group"))
        .agg(
            records=pl.len(),
            true_pairs=meant // 2,
            precision=pl.when(joined > 0).then(right / joined).otherwise(1.0),
            recall=pl.when(meant > 0).then(right / meant).otherwise(1.0),
            b_cubed_precision=own_precision,
            b_cubed_recall=own_recall,
        )
        .with_columns(f1=_f1("precision", "recall"), b_cubed_f1=_f1("b_cubed_precision", "b_cubed_recall"))
        .select(pl.lit(by).alias("by"), pl.all())
        .sort("group")
    )


def _f1(precision: str, recall: str) -> pl.Expr:
    p, r = pl.col(precision), pl.col(recall)
    return pl.when(p + r > 0).then(2 * p * r / (p + r)).otherwise(0.0)
