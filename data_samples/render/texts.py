"""The prose of records, and what it truly says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_samples.chance import Flags, Ints
from data_samples.prose.codes import ACTORS, CODES, POLARITIES, STYLES
from data_samples.prose.compose import Requests, Spans, compose
from data_samples.records import DAY
from data_samples.render.scribe import Scribe
from data_samples.render.values import arrow_text, instants, labels, only

DECISIONS_KEPT = 64  # room for styles in the key of a text


@dataclass(frozen=True)
class Telling:
    """What is to be told of each record, and of whom; -1 is nobody that is known."""

    number: Ints
    theme: Ints
    facts: Ints
    suspect: Ints
    victim: Ints
    when: Ints

    def rows(self, row: Ints) -> Telling:
        return Telling(
            self.number[row], self.theme[row], self.facts[row],
            self.suspect[row], self.victim[row], self.when[row],
        )  # fmt: skip


def tell(
    scribe: Scribe,
    source: str,
    style: str,
    reference: pl.Series,
    telling: Telling,
    has_text: Flags | None = None,
) -> pl.Series:
    """Compose the prose of the rows that have any (all, where not given), and keep what it truly says."""
    height = len(reference)
    row = np.arange(height) if has_text is None else np.flatnonzero(has_text)
    if not len(row):
        return pl.Series([None], dtype=pl.String).new_from_index(0, height)
    texts, spans = compose(_request(scribe, style, telling.rows(row)), scribe.seed)
    scribe.writer.add_truth("text_codes", _codes(source, reference.gather(pl.Series(row)), spans))
    made = pl.Series("", texts).cast(pl.String)
    place = np.zeros(height, dtype=np.int64)
    place[row] = np.arange(len(row))
    return only(np.isin(np.arange(height), row), made.gather(pl.Series(place)))


def _request(scribe: Scribe, style: str, telling: Telling) -> Requests:
    n, seen, known = len(telling.number), telling.suspect >= 0, telling.victim >= 0
    day = telling.when // DAY
    accused = scribe.population.describe(np.where(seen, telling.suspect, 0), day)
    injured = scribe.population.describe(np.where(known, telling.victim, 0), day)
    fillers = _names("suspect", accused, seen, "unknown person") | _names(
        "victim", injured, known, "the caller"
    )
    neighbour = pl.Series(np.roll(np.arange(n), 1))
    fillers |= {
        "other_name": (injured["forename"] + " " + accused["surname"]).gather(neighbour),
        "phone": accused["phone"].zip_with(pl.Series(seen), injured["phone"]),
        "place": injured["address"],
        "when": instants(telling.when).dt.strftime("%H%M hrs on %d/%m"),
        "officer_number": scribe.officers("collar", telling.number),
    }
    return Requests(
        key=telling.number * DECISIONS_KEPT + STYLES.index(style),
        style=np.full(n, STYLES.index(style), dtype=np.int8),
        theme=telling.theme.astype(np.int8),
        facts=telling.facts,
        suspect_sex=np.where(seen, accused["sex"].to_numpy(), -1).astype(np.int8),
        victim_sex=np.where(known, injured["sex"].to_numpy(), -1).astype(np.int8),
        fillers={name: arrow_text(series) for name, series in fillers.items()},
    )


def _names(role: str, person: pl.DataFrame, known: Flags, stand_in: str) -> dict[str, pl.Series]:
    nobody = pl.Series([stand_in]).new_from_index(0, len(known))
    return {
        f"{role}_name": (person["forename"] + " " + person["surname"]).zip_with(pl.Series(known), nobody),
        f"{role}_forename": person["forename"].zip_with(pl.Series(known), nobody),
    }


def _codes(source: str, reference: pl.Series, spans: Spans) -> pl.DataFrame:
    """Where each coded word stands, and how it is meant."""
    return pl.DataFrame(
        {
            "source": pl.Series([source]).new_from_index(0, len(spans.row)),
            "reference": reference.gather(pl.Series(spans.row.astype(np.int64))),
            "code": labels(CODES, spans.code.astype(np.int64)),
            "start": spans.start.astype(np.int32),
            "end": spans.end.astype(np.int32),
            "polarity": labels(POLARITIES, spans.polarity.astype(np.int64)),
            "actor": labels(ACTORS, spans.actor.astype(np.int64)),
        }
    )
