"""What a change of the lists or the reader does: which texts changed code, and why."""

from __future__ import annotations

import polars as pl

from ml.text.mistakes import TextError

COLUMNS = ("id", "code", "start", "end", "polarity", "actor", "rule")


def changes(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """One row for each text and code that one coding affirms and the other does not, with both rules."""
    for name, frame in (("the old coding", old), ("the new coding", new)):
        if missing := [column for column in COLUMNS if column not in frame.columns]:
            raise TextError(f"{name} has no column {missing[0]}; it must be what `code-text` wrote")
    before, after = _affirmed(old), _affirmed(new)
    both = before.join(after, on=["id", "code"], how="full", coalesce=True, suffix="_new")
    changed = both.filter(pl.col("rule").is_null() != pl.col("rule_new").is_null())
    return (
        changed.join(_otherwise(new), on=["id", "code"], how="left")
        .join(_otherwise(old).rename({"otherwise": "was_otherwise"}), on=["id", "code"], how="left")
        .select(
            "id",
            "code",
            pl.when(pl.col("rule").is_null())
            .then(pl.lit("gained"))
            .otherwise(pl.lit("lost"))
            .alias("change"),
            pl.coalesce("rule", "was_otherwise", pl.lit("not seen")).alias("before"),
            pl.coalesce("rule_new", "otherwise", pl.lit("not seen")).alias("now"),
        )
        .sort("code", "change", "id")
    )


def _affirmed(coded: pl.DataFrame) -> pl.DataFrame:
    said = coded.filter(pl.col("polarity") == "affirmed").with_columns(pl.col("id").cast(pl.String))
    return said.group_by("id", "code").agg(pl.col("rule").first())


def _otherwise(coded: pl.DataFrame) -> pl.DataFrame:
    """How a text is read that mentions a code without affirming it."""
    read = pl.format("{} ({})", "rule", "polarity").first().alias("otherwise")
    mentioned = coded.filter(pl.col("polarity") != "affirmed").with_columns(pl.col("id").cast(pl.String))
    return mentioned.group_by("id", "code").agg(read)
