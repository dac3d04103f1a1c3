"""Crimes: a row for each version - recorded, reclassified, decided, cancelled, and flags set late."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import offences, records
from data_samples.chance import Columns, Flags, Ints
from data_samples.records import NEVER_SECOND, NONE
from data_samples.render.parties import write_parties
from data_samples.render.scribe import Scribe
from data_samples.render.texts import Telling, tell
from data_samples.render.values import flags, instants, labels, only, references
from data_samples.render.versions import at_each

_CODES = tuple(offences.CODES)
_STATUSES = ("open", "filed", "cancelled")


def write_crimes(scribe: Scribe, crimes: Columns) -> None:
    """Write out crimes, and the people in them."""
    reference = references("CR", crimes["crime"])
    offender = np.where(crimes["named"], crimes["offender"], NONE)
    telling = Telling(
        crimes["crime"], crimes["theme"], crimes["facts"], offender, crimes["victim"], crimes["occurred"]
    )
    text = tell(scribe, "crimes", "crime_mo", reference, telling, crimes["has_text"])
    postcode = scribe.postcodes(crimes["ward"], crimes["crime"])
    row, at = _versions(scribe, crimes)
    take = pl.Series(row)
    then = {name: column[row] for name, column in crimes.items()}
    year_start = instants(_first_of_january(then["occurred"]))
    columns = _lasting(scribe, then, year_start) | _changing(scribe, then, at)
    columns |= {
        "crime_ref": reference.gather(take),
        "postcode": postcode.gather(take),
        "mo_text": text.gather(take),
    }
    scribe.emit("crimes", columns, at)
    _keep_true_dates(scribe, columns["crime_ref"], then, at, year_start)
    write_parties(scribe, crimes)


def _versions(scribe: Scribe, crimes: Columns) -> tuple[Ints, Ints]:
    """Which crime each row shows, and as it stood when; two changes at once make one row."""
    moments = [
        crimes["created"],
        crimes["reclassified"],
        np.where(crimes["outcome_at"] < NEVER_SECOND, crimes["outcome_at"], NONE),
        crimes["cancelled_at"],
    ]
    for flag in ("cyber_flag_at", "vulnerable_at"):  # in the history a flag is overwritten in place
        set_at = crimes[flag]
        late = (set_at > crimes["created"]) & (set_at >= scribe.history_end)
        moments.append(np.where(late, set_at, NONE))
    row, at = at_each(moments)
    distinct = np.ones(len(row), dtype=bool)
    distinct[1:] = (np.diff(row) != 0) | (np.diff(at) != 0)
    return row[distinct], at[distinct]


def _lasting(scribe: Scribe, then: Columns, year_start: pl.Series) -> dict[str, pl.Series]:
    """What no version changes; where only the year is known, the crime stands at its first day."""
    year_only = flags(then["year_only"])
    ended = instants(np.maximum(then["occurred_to"], then["occurred"]))
    return {
        "created_at": instants(then["created"]),
        "reported_at": instants(then["reported"]),
        "committed_from": year_start.zip_with(year_only, instants(then["occurred"])),
        "committed_to": year_start.zip_with(year_only, ended),
        "report_channel": labels(records.CHANNELS, then["channel"]),
        "reported_by": labels(records.REPORTERS, then["reported_by"]),
        "first_class_code": labels(_CODES, then["first_kind"]),
        **scribe.ward(then["ward"]),
        "location_kind": labels(records.PLACES, then["place"]),
        "domestic_flag": flags(then["domestic"]),
        "weapon_flag": flags(then["weapon"]),
        "team": labels(records.TEAMS, then["team"]),
        "allocation_score": pl.Series(then["score"]),
        "principal_crime_ref": references("CR", then["principal"]),
    }


def _changing(scribe: Scribe, then: Columns, at: Ints) -> dict[str, pl.Series]:
    """What a version shows as it stood at its time."""
    decided = (then["outcome"] != "") & (then["outcome_at"] <= at)
    cancelled = (then["cancelled_at"] != NONE) & (at >= then["cancelled_at"])
    reclassified = (then["reclassified"] == NONE) | (at >= then["reclassified"])
    seen_by = np.where(at < scribe.history_end, scribe.history_end, at + 1)

    def set_by_then(flag: str) -> Flags:
        return (then[flag] != NONE) & (then[flag] < seen_by)

    return {
        "updated_at": instants(at),
        "class_code": labels(_CODES, np.where(reclassified, then["kind"], then["first_kind"])),
        "status": labels(_STATUSES, np.select([cancelled, decided], [2, 1], 0)),
        "cyber_flag": flags(set_by_then("cyber_flag_at")),
        "vulnerable_victim_flag": flags(set_by_then("vulnerable_at")),
        "outcome_code": only(decided, pl.Series(then["outcome"], dtype=pl.String)),
        "outcome_at": only(decided, instants(np.where(decided, then["outcome_at"], NONE))),
    }


def _keep_true_dates(
    scribe: Scribe, reference: pl.Series, then: Columns, at: Ints, year_start: pl.Series
) -> None:
    """Tell the truth what the first of January stands for."""
    row = np.flatnonzero(then["year_only"] & (at == then["created"]))
    if not len(row):
        return
    moment = "%Y-%m-%d %H:%M:%S"
    n, take = len(row), pl.Series(row)
    scribe.writer.add_truth(
        "corrupted",
        pl.DataFrame(
            {
                "source": ["crimes"] * n,
                "reference": reference.gather(take),
                "field": ["committed_from"] * n,
                "kind": ["first_of_january"] * n,
                "true_value": instants(then["occurred"][row]).dt.to_string(moment),
                "recorded_value": year_start.gather(take).dt.to_string(moment),
            }
        ),
    )


def _first_of_january(moments: Ints) -> Ints:
    year = moments.astype("datetime64[s]").astype("datetime64[Y]")
    return year.astype("datetime64[s]").astype(np.int64)
