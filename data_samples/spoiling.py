"""Rows that are plain broken, and exact repeats: put beside good rows, so that no true row is lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data_samples import chance
from data_samples.sources import DIALECTS, Source

Ints = NDArray[np.int64]

BROKEN_RATE: Final = 1 / 4_000
REPEAT_RATE: Final = 1 / 5_000

# Where each kind of damage is shown at least once, however small the force: sources with rows every year.
HOME: Final[dict[str, str]] = {
    "ragged_short": "crimes",
    "ragged_long": "crime_parties",
    "impossible_date": "command_logs",
    "text_in_number": "crimes",
    "unknown_code": "contacts",
    "missing_key": "crime_parties",
    "repeated_key": "crimes",
    "stray_control": "command_logs",
    "negative_number": "crimes",
}
KINDS: Final = tuple(HOME)

# Kinds that no typed column can hold: they exist only as text on a line.
LINE_KINDS: Final = frozenset({"ragged_short", "ragged_long", "impossible_date", "text_in_number"})

CODE_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "crimes": ("report_channel", "first_class_code", "class_code", "status", "district", "outcome_code"),
    "crime_parties": ("role", "sex", "ethnicity", "relationship"),
    "risk_forms": ("form_kind", "grade"),
    "custody": ("sex", "ethnicity", "offence_code", "disposal"),
    "contacts": ("channel", "caller_role", "category", "closing_code"),
    "command_logs": ("opening_code", "closing_code", "priority", "district"),
    "case_notes": ("note_kind",),
    "intelligence": ("source_grade", "information_grade", "handling_code"),
    "domestic_incidents": ("relationship", "risk_grade", "district"),
    "orders": ("order_kind", "step"),
    "investigation_actions": ("action_kind", "result"),
    "communications": ("extract_kind", "kind"),
    "locations": ("method",),
}

# The column in which a repeated key contradicts the row it repeats.
CONTRADICTED: Final[dict[str, str]] = {
    "crimes": "mo_text",
    "crime_parties": "address",
    "risk_forms": "form_text",
    "custody": "address",
    "contacts": "caller_phone",
    "command_logs": "log_text",
    "case_notes": "note_text",
    "intelligence": "report_text",
    "domestic_incidents": "incident_text",
    "orders": "conditions",
    "investigation_actions": "detail",
    "communications": "to_number",
    "locations": "device_ref",
}

_UNKNOWN_CODES: Final = ("ZZ9", "??", "UNKNOWN_CODE", "-1")
_CONTROLS: Final = ("\x07", "\x0b", "\x1a", "\x1f")
_NOT_NUMBERS: Final = ("n/a", "see notes", "twelve", "#REF!")
_MAY_BE_NEGATIVE: Final = frozenset({"longitude", "latitude"})

BROKEN_SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "source": pl.String,
    "delivery": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "kind": pl.String,
    "column": pl.String,
    "reference": pl.String,
}
REPEATED_SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    "source": pl.String,
    "delivery": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "first_line": pl.Int64,
    "reference": pl.String,
}
_FOUND_BROKEN: Final = {name: BROKEN_SCHEMA[name] for name in ("line", "kind", "column", "reference")}
_FOUND_REPEATED: Final = {name: REPEATED_SCHEMA[name] for name in ("line", "first_line", "reference")}


@dataclass(frozen=True)
class LineDamage:
    """One record of the frame that must be written as a broken line."""

    position: int
    kind: str
    column: str
    choice: int


@dataclass(frozen=True)
class Spoiled:
    """Good rows with their repeats and broken copies, in the order of the file."""

    frame: pl.DataFrame
    lines: tuple[LineDamage, ...]
    broken: pl.DataFrame  # line, kind, column, reference
    repeated: pl.DataFrame  # line, first_line, reference


def kinds_of(source: Source) -> tuple[str, ...]:
    """The kinds of damage that this source's columns and dialect can hold."""
    typed = source.dialect == "parquet"
    return tuple(kind for kind in KINDS if not (typed and kind in LINE_KINDS) and _columns_for(source, kind))


def spoil(
    source: Source,
    frame: pl.DataFrame,
    seed: int,
    file: str,
    before: int,
    line: int,
    forced: Collection[str] = (),
) -> Spoiled:
    """Put repeats and broken copies into the next rows of a file of `before` good rows and `line` records."""
    rows = frame.height
    ordinal = np.arange(before, before + rows, dtype=np.int64)
    repeats = np.flatnonzero(chance.happens(REPEAT_RATE, seed, f"repeat {file}", ordinal)).astype(np.int64)
    hit = chance.uniform(seed, f"broken {file}", ordinal) < BROKEN_RATE
    asked = [kind for kind in kinds_of(source) if kind in forced] if rows else []
    spots = np.arange(len(asked)) * 7919 % max(rows, 1)  # spread over the rows there are
    broken = np.concatenate([np.flatnonzero(hit), spots]).astype(np.int64)
    if not len(repeats) and not len(broken):
        return Spoiled(frame, (), _no_broken(), _no_repeated())
    kinds = [*_drawn_kinds(source, seed, file, broken[: len(broken) - len(asked)] + before), *asked]
    first = np.arange(rows, dtype=np.int64)
    landed = _landing(seed, file, repeats, before, rows)
    origin = np.concatenate([first, repeats, broken])
    target = np.concatenate([first, landed, broken])
    rank = np.concatenate([np.zeros(rows), np.ones(len(repeats)), np.full(len(broken), 2)]).astype(np.int64)
    order = np.lexsort((np.arange(len(origin)), rank, target))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    reference = frame.get_column(source.key[0])
    return _damaged(
        source,
        frame[origin[order]],
        place[rows + len(repeats) :],
        kinds,
        chance.words(seed, f"damage {file}", broken + before, np.arange(len(broken))),
        reference.gather(broken),
        line,
        pl.DataFrame(
            {
                "line": place[rows : rows + len(repeats)] + line + 1,
                "first_line": place[repeats] + line + 1,
                "reference": reference.gather(repeats),
            },
            schema=_FOUND_REPEATED,
        ),
    )


def broken_line(record: pl.DataFrame, damage: LineDamage, source: Source) -> pl.DataFrame:
    """The one record, already as words, with its damage done."""
    names = record.columns
    if damage.kind == "ragged_short":
        return record.select(names[: names.index(damage.column)])
    if damage.kind == "ragged_long":
        return record.with_columns(pl.lit("").alias("one too many"))
    if damage.kind == "text_in_number":
        word = _NOT_NUMBERS[damage.choice % len(_NOT_NUMBERS)]
    else:
        form = DIALECTS[source.dialect]
        wanted = form.date_format if source.columns[damage.column] == "date" else form.timestamp_format
        word = _impossible(wanted, damage.choice)
    return record.with_columns(pl.lit(word).alias(damage.column))


def _impossible(wanted: str, choice: int) -> str:
    """A day that no calendar has, in the source's own way of writing days."""
    year, hour, minute = 2012 + choice % 14, choice // 14 % 24, choice // 336 % 60
    parts = {"%Y": f"{year}", "%m": "02", "%d": "31", "%H": f"{hour:02}", "%M": f"{minute:02}", "%S": "00"}
    for mark, digits in parts.items():
        wanted = wanted.replace(mark, digits)
    return wanted


def _columns_for(source: Source, kind: str) -> tuple[str, ...]:
    """The columns in which this source can show a kind of damage."""
    match kind:
        case "unknown_code":
            return CODE_COLUMNS[source.name]
        case "missing_key":
            return source.key[:1]
        case "repeated_key":
            return (CONTRADICTED[source.name],)
        case "impossible_date":
            return tuple(name for name, held in source.columns.items() if held in ("date", "timestamp"))
        case "text_in_number":
            return tuple(name for name, held in source.columns.items() if held in ("integer", "decimal"))
        case "negative_number":
            numbers = (name for name, held in source.columns.items() if held in ("integer", "decimal"))
            return tuple(name for name in numbers if name not in _MAY_BE_NEGATIVE)
        case "stray_control":
            return tuple(n for n, held in source.columns.items() if held == "text" and not n.endswith("_ref"))
        case _:  # ragged: cut off before, or grown after, some column that is not the first
            return tuple(islice(source.columns, 2, None))


def _drawn_kinds(source: Source, seed: int, file: str, ordinal: Ints) -> list[str]:
    possible = kinds_of(source)
    drawn: list[float] = chance.uniform(seed, f"kind {file}", ordinal).tolist()
    return [possible[int(number * len(possible))] for number in drawn]


def _landing(seed: int, file: str, repeats: Ints, before: int, rows: int) -> Ints:
    """Half of the repeats follow their row at once, the others come somewhere later."""
    later = chance.happens(0.5, seed, f"repeat later {file}", repeats + before)
    ahead = chance.uniform(seed, f"repeat distance {file}", repeats + before) * (rows - repeats)
    return np.where(later, repeats + ahead.astype(np.int64), repeats).astype(np.int64)


def _damaged(
    source: Source,
    frame: pl.DataFrame,
    positions: Ints,
    kinds: list[str],
    bits: NDArray[np.uint64],
    reference: pl.Series,
    line: int,
    repeated: pl.DataFrame,
) -> Spoiled:
    """Do the damage that typed columns can hold, and list what must be done on the line."""
    choices = (bits >> np.uint64(40)).astype(np.int64)
    columns: list[str] = []
    lines: list[LineDamage] = []
    places: list[int] = positions.tolist()
    numbers: list[int] = choices.tolist()
    for position, kind, choice in zip(places, kinds, numbers, strict=True):
        possible = _columns_for(source, kind)
        column = possible[choice % len(possible)]
        columns.append("" if kind == "ragged_long" else column)
        if kind in LINE_KINDS:
            lines.append(LineDamage(position, kind, column, choice // 64))
    damages = list(zip(kinds, columns, strict=True))
    for kind, column in sorted({damage for damage in damages if damage[0] not in LINE_KINDS}):
        here = np.array([index for index, damage in enumerate(damages) if damage == (kind, column)])
        spots = positions[here]
        values = _bad_values(frame.get_column(column), spots, kind, choices[here] // 64)
        frame = frame.with_columns(frame.get_column(column).scatter(pl.Series(spots), values))
    broken = pl.DataFrame(
        {"line": positions + line + 1, "kind": kinds, "column": columns, "reference": reference},
        schema=_FOUND_BROKEN,
    )
    return Spoiled(frame, tuple(sorted(lines, key=lambda damage: damage.position)), broken, repeated)


def _bad_values(column: pl.Series, spots: Ints, kind: str, choices: Ints) -> pl.Series:
    """What stands in the damaged cells instead of the good value."""
    good = column.gather(spots)
    if kind == "missing_key":
        return pl.Series([None] * len(spots), dtype=column.dtype)
    if kind == "negative_number":
        return (-1 - good.abs().fill_null(0)).cast(column.dtype)
    if kind == "unknown_code":
        return pl.Series(_UNKNOWN_CODES).gather(choices % len(_UNKNOWN_CODES))
    cells = pl.DataFrame({"good": good.fill_null("")})
    if kind == "repeated_key":
        neighbour = column.gather((spots + len(column) - 2) % len(column)).fill_null("")
        other, own = pl.col("other"), pl.col("good")
        changed = pl.when((other != own) & (other != "")).then(other).otherwise(own + " 2")
        return cells.with_columns(neighbour.alias("other")).select(changed).to_series()
    control = pl.Series("control", _CONTROLS).gather(choices % len(_CONTROLS))
    own = pl.col("good")
    middle = own.str.len_chars() // 2
    split = own.str.slice(0, middle) + pl.col("control") + own.str.slice(middle)
    return cells.with_columns(control).select(split).to_series()


def _no_broken() -> pl.DataFrame:
    return pl.DataFrame(schema=_FOUND_BROKEN)


def _no_repeated() -> pl.DataFrame:
    return pl.DataFrame(schema=_FOUND_REPEATED)
