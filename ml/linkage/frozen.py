"""Weights and term frequencies: frozen files with a version, re-estimated on purpose and never by a run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from ml.linkage.mistakes import LinkingError

SHIPPED: Final = Path(__file__).with_name("frozen")
WEIGHTS: Final = "weights.json"
TERMS: Final = "terms.csv"
FIELDS: Final = ("surname", "forename")


@dataclass(frozen=True)
class FrozenModel:
    """What agreement and disagreement weigh, and how common each name is."""

    version: str
    weights: dict[str, Any]
    terms: pl.DataFrame
    rarest: dict[str, float]

    def write(self, folder: Path) -> None:
        """Keep it as two files that a person can read and compare."""
        folder.mkdir(parents=True, exist_ok=True)
        told = {"version": self.version, "rarest": self.rarest, **self.weights}
        (folder / WEIGHTS).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        self.terms.sort("field", "term").write_csv(folder / TERMS)


def version_of(weights: dict[str, Any], terms: pl.DataFrame) -> str:
    """A name made of what is in it: two models of one name are the same."""
    digest = hashlib.sha256(json.dumps(weights, sort_keys=True).encode())
    digest.update(terms.sort("field", "term").write_csv().encode())
    return digest.hexdigest()[:12]


def read(folder: Path = SHIPPED) -> FrozenModel:
    """Read a frozen model, and hold it to its version: an edited one is refused."""
    try:
        told: dict[str, Any] = json.loads((folder / WEIGHTS).read_text(encoding="utf-8"))
        terms = pl.read_csv(
            folder / TERMS, schema={"field": pl.String, "term": pl.String, "share": pl.Float64}
        )
        version, rarest = str(told.pop("version")), dict(told.pop("rarest"))
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise LinkingError(
            f"{folder} holds no frozen linking model ({WEIGHTS} and {TERMS}); "
            "`throughline link train` makes one"
        ) from error
    if (found := version_of(told, terms)) != version:
        raise LinkingError(
            f"{folder} calls itself version {version} and holds {found}: it was changed since; "
            "`throughline link train` makes a new one"
        )
    return FrozenModel(version, told, terms, rarest)
