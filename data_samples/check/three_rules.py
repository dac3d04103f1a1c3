"""How far three good deterministic rules get at finding which nominals are one person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

RULES: Final = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True)
class RuleRecall:
    """True pairs of named nominals, those the rules find directly, and pairs found that are two people."""

    pairs: int
    recalled: int
    false_pairs: int

    @property
    def recall(self) -> float:
        """The share of true pairs found, 0 where there is none to find."""
        return self.recalled / self.pairs if self.pairs else 0.0

    @property
    def precision(self) -> float:
        """The share of found pairs that are true, 1 where none was found."""
        found = self.recalled + self.false_pairs
        return self.recalled / found if found else 1.0


def three_rule_recall(recorded: pl.DataFrame) -> RuleRecall:
    """Run the rules over nominals of all systems: one row per nominal and distinct value seen of its fields.

    Nominals that never carry a name (a caller known only by number) do not count: no rule could reach them.
    """
    with duckdb.connect(":memory:") as connection:
        connection.register("recorded", recorded.to_arrow())
        row = connection.execute(RULES.read_text(encoding="utf-8")).fetchone()
    if row is None:
        raise RuntimeError("the three rules returned no row")
    pairs, recalled, false_pairs = (int(value) for value in row)
    return RuleRecall(pairs, recalled, false_pairs)
