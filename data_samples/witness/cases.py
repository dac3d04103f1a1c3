"""The investigated dyads that the digital witness speaks about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl
import pyarrow as pa

from data_samples.chance import Floats, Ints


@dataclass(frozen=True)
class Cases:
    """One entry per investigated dyad: a course with a crime whose devices were examined."""

    case_ref: pa.StringArray
    course_key: Ints
    suspect_key: Ints
    victim_key: Ints
    start: Ints  # epoch seconds of local time, as are all of these
    end: Ints
    extracted_at: Ints
    suspect_ward: Ints
    victim_ward: Ints
    intensity: Floats  # contacts a day by the suspect
    stop_request_at: Ints  # -1: never asked
    order_at: Ints  # -1: never served
    suspect_phone: pa.StringArray
    victim_phone: pa.StringArray

    def __len__(self) -> int:
        return len(self.course_key)

    @cached_property
    def refs(self) -> pl.Series:
        return pl.Series("case_ref", self.case_ref)

    @cached_property
    def phones(self) -> pl.Series:
        """The suspects' own phones, then the victims'."""
        return pl.concat([pl.Series("phone", self.suspect_phone), pl.Series("phone", self.victim_phone)])

    def take(self, rows: Ints) -> Cases:
        """These cases, in this order."""
        return Cases(
            case_ref=self.case_ref.take(rows),
            course_key=self.course_key[rows],
            suspect_key=self.suspect_key[rows],
            victim_key=self.victim_key[rows],
            start=self.start[rows],
            end=self.end[rows],
            extracted_at=self.extracted_at[rows],
            suspect_ward=self.suspect_ward[rows],
            victim_ward=self.victim_ward[rows],
            intensity=self.intensity[rows],
            stop_request_at=self.stop_request_at[rows],
            order_at=self.order_at[rows],
            suspect_phone=self.suspect_phone.take(rows),
            victim_phone=self.victim_phone.take(rows),
        )
