"""What writing any kind of record needs: who people are, where wards lie, and where rows go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_samples.chance import Ints, uniform, words
from data_samples.deliveries import ENTERED, ChunkWriter
from data_samples.geography import DISTRICTS, Geography
from data_samples.nominals import Recorded, Registry
from data_samples.people import Population
from data_samples.records import DAY
from data_samples.render.values import labels, only
from data_samples.sources import SOURCES

FOCUS_FROM = 10**12  # person keys of the courses
_DISTRICT_CODES = tuple(district.code for district in DISTRICTS)


@dataclass(frozen=True)
class Scribe:
    """Everything shared by those who write records."""

    seed: int
    population: Population
    registry: Registry
    geography: Geography
    writer: ChunkWriter
    history_end: int  # epoch seconds

    def emit(self, source: str, columns: dict[str, pl.Series], entered: Ints) -> None:
        """Hand over rows in the order of the source's columns."""
        declared = SOURCES[source].columns
        frame = pl.DataFrame([columns[name].alias(name) for name in declared])
        self.writer.add(source, frame.with_columns(pl.Series(ENTERED, entered)))

    def ward(self, ward: Ints) -> dict[str, pl.Series]:
        district = self.geography.ward_district[ward].astype(np.int64)
        return {
            "district": labels(_DISTRICT_CODES, district),
            "ward_id": labels(self.geography.ward_ids, ward),
        }

    def postcodes(self, ward: Ints, key: Ints) -> pl.Series:
        return self.population.postcode_text(ward, (uniform(self.seed, "beat", key) * 600).astype(np.int64))

    def officers(self, stream: str, key: Ints) -> pl.Series:
        """Collar numbers."""
        drawn = words(self.seed, stream, key) % np.uint64(8_900)
        return pl.Series(drawn.astype(np.int64) + 1_100).cast(pl.String)

    def identities(self, source: str, system: str, recorded: Recorded) -> None:
        """Keep who people truly are, and what was written wrongly of them."""
        self.nominals(system, recorded.identity)
        if recorded.corrupted.height:
            wrong = recorded.corrupted.select(
                pl.lit(source).alias("source"),
                pl.col("nominal_ref").alias("reference"),
                "field",
                "kind",
                "true_value",
                "recorded_value",
            )
            self.writer.add_truth("corrupted", wrong.unique(maintain_order=True))
        self._persons(np.unique(recorded.identity["person_key"].to_numpy()))

    def nominals(self, system: str, identity: pl.DataFrame) -> None:
        told = identity.select(pl.lit(system).alias("system"), "nominal_ref", "person_key")
        self.writer.add_truth("nominals", told.unique(maintain_order=True))

    def referred_to(self, system: str, key: Ints, occasion: Ints, day: Ints) -> pl.Series:
        """Nominal references of people of whom a record shows nothing else; none for -1."""
        known = key >= 0
        written = self.registry.record(system, np.where(known, key, 0), occasion, day)
        self.nominals(system, written.identity.filter(pl.Series(known)))
        return only(known, written.frame["nominal_ref"])

    def _persons(self, keys: Ints) -> None:
        facts = self.population.facts(keys)
        place = self.population.place(facts, np.full(len(keys), self.history_end // DAY))
        ethnicities = ("asian", "black", "mixed", "other", "white")
        self.writer.add_truth(
            "persons",
            pl.DataFrame(
                {
                    "person_key": keys,
                    "sex": labels(("F", "M"), facts.sex.astype(np.int64)),
                    "birth_day": facts.birth_day,
                    "ethnicity": labels(ethnicities, facts.ethnicity.astype(np.int64)),
                    "ward_id": labels(self.geography.ward_ids, place.ward.astype(np.int64)),
                    "is_focus": keys >= FOCUS_FROM,
                }
            ),
        )
