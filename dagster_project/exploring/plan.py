"""What can be asked of a source, read off its contract: nothing here looks at data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dagster_project.contracts import Column, Contract

CRIMES: Final = "crimes"
PARTIES: Final = "crime_parties"
CRIME_REFS: Final = ("crime_ref", "case_ref")
"""How sources name the crime that a row belongs to."""
ENTERED: Final = "created_at"
"""When a system first wrote the row; where a source has it, lags and years go by it."""
NEVER_SHOWN: Final = frozenset({"person", "nominal", "prose", "officer"})
OWN: Final = {
    "district": ("district", "district"),
    "sex": ("sex", "sex"),
    "age_band": ("date_of_birth", "age band"),
    "ethnicity": ("ethnicity", "ethnicity"),
    "domestic": ("domestic_flag", "domestic or not"),
}
"""For each dimension the column that gives it, and what to call it."""
OF_THE_CRIME: Final = frozenset({"district", "domestic"})
"""Traits of a crime itself; the others are those of its victims."""


@dataclass(frozen=True)
class Dimension:
    """A way to divide rows: by a column of their own, or by the crime that they belong to."""

    name: str
    whose: str
    own_column: str | None


@dataclass(frozen=True)
class NamedPerson:
    """A nominal id and the columns that name the person behind it."""

    nominal: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A column and the keys that its name points to."""

    column: str
    targets: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Plan:
    """What is asked of one source."""

    contract: Contract
    recorded: str
    thing: tuple[str, ...]
    content: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    case_columns: tuple[str, ...]
    """Whose rows are one case, however many they are: those of one crime, else of one person."""
    crime_column: str | None
    """What leads to the crime, where a dimension is reached through it."""
    people: tuple[NamedPerson, ...]
    references: tuple[Reference, ...]

    def columns(self, *types: str) -> tuple[Column, ...]:
        """The columns of these types."""
        return tuple(column for column in self.contract.columns if column.data_type in types)


def may_show(contract: Contract, column: Column) -> bool:
    """Whether values of a column may stand on a page at all: those of ids and names may not."""
    is_id = column.data_type == "varchar" and (column.name in contract.key or column.name.endswith("_ref"))
    return column.identifies not in NEVER_SHOWN and not (is_id and not column.codes)


def plan_for(contract: Contract, contracts: Mapping[str, Contract]) -> Plan:
    """What a contract's names and types allow to ask."""
    names = contract.column_names
    recorded = ENTERED if _is_time(contract, ENTERED) else (contract.recorded_at or "_received_at")
    times = {recorded, contract.recorded_at}
    thing = _thing(contract)
    dimensions = tuple(_dimensions(contract, contracts))
    return Plan(
        contract=contract,
        recorded=recorded,
        thing=thing,
        content=tuple(name for name in names if name not in thing and name not in times),
        dimensions=dimensions,
        case_columns=_case_columns(contract),
        crime_column=_crime_column(contract) if any(one.own_column is None for one in dimensions) else None,
        people=tuple(_people(contract)),
        references=tuple(_references(contract, contracts)),
    )


def _thing(contract: Contract) -> tuple[str, ...]:
    """What a row is a version or a step of: the id its key begins with, else its key without the time."""
    if contract.key[0].endswith("_ref"):
        return contract.key[:1]
    return tuple(name for name in contract.key if name != contract.recorded_at) or contract.key


def _case_columns(contract: Contract) -> tuple[str, ...]:
    """A thousand messages off one telephone are about one crime, and must not pass for a thousand people."""
    nominals = [column.name for column in contract.columns if column.identifies == "nominal"]
    return tuple(name for name in (_crime_column(contract), *nominals[:1]) if name)


def _is_time(contract: Contract, name: str) -> bool:
    return name in contract.column_names and contract.column(name).data_type == "timestamp"


def _dimensions(contract: Contract, contracts: Mapping[str, Contract]) -> list[Dimension]:
    through_crime = _crime_column(contract) is not None
    found: list[Dimension] = []
    for name, (column, label) in OWN.items():
        own = _own_column(contract, column)
        giver = CRIMES if name in OF_THE_CRIME else PARTIES
        if own is not None:
            prefix = own.removesuffix(column).strip("_").replace("_", " ")
            found.append(Dimension(name, f"{label} of the {prefix}" if prefix else label, own))
        elif through_crime and giver in contracts and column in contracts[giver].column_names:
            whose = "of its crime" if name in OF_THE_CRIME else "of its crime's victim"
            found.append(Dimension(name, f"{label} {whose}", None))
    return found


def _crime_column(contract: Contract) -> str | None:
    return next((name for name in CRIME_REFS if name in contract.column_names), None)


def _own_column(contract: Contract, column: str) -> str | None:
    """The column itself, else the victim's, else the first that ends so."""
    names = contract.column_names
    wanted = [column, f"victim_{column}", *(name for name in names if name.endswith(f"_{column}"))]
    return next((name for name in wanted if name in names), None)


def _people(contract: Contract) -> list[NamedPerson]:
    """Nominal ids whose person is named beside them: a surname, a forename, a birth date or a telephone."""
    names, found = set(contract.column_names), list[NamedPerson]()
    for column in contract.columns:
        if column.identifies != "nominal":
            continue
        stem = column.name.removesuffix("ref").removesuffix("nominal_")
        prefixes = [stem] if stem and f"{stem}surname" in names else _shared_prefix(contract, column.name)
        for prefix in prefixes:
            third = [f"{prefix}{end}" for end in ("date_of_birth", "phone", "caller_phone")]
            fields = [f"{prefix}surname", f"{prefix}forename", *third]
            present = [name for name in fields if name in names][:3]
            if len(present) == 3:
                found.append(NamedPerson(column.name, tuple(present)))
    return found


def _shared_prefix(contract: Contract, nominal: str) -> list[str]:
    """Names without a prefix belong to the first nominal of a row."""
    nominals = [column.name for column in contract.columns if column.identifies == "nominal"]
    return [""] if nominals[0] == nominal else []


def _references(contract: Contract, contracts: Mapping[str, Contract]) -> list[Reference]:
    keys = list(_keys(contracts))
    found: list[Reference] = []
    for column in contract.columns:
        is_own_key = (column.name,) == tuple(name for name in contract.key if name != contract.recorded_at)
        if not column.name.endswith("_ref") or column.data_type != "varchar" or is_own_key:
            continue
        targets = tuple(
            (source, key)
            for source, key in keys
            if (source, key) != (contract.source, column.name) and _points_to(column.name, source, key)
        )
        if targets:
            found.append(Reference(column.name, targets))
    return found


def _keys(contracts: Mapping[str, Contract]) -> list[tuple[str, str]]:
    """What may be pointed to: a source's single key, and the ids under which it holds its nominals."""
    found: list[tuple[str, str]] = []
    for source, contract in contracts.items():
        key = [name for name in contract.key if name != contract.recorded_at]
        found += [(source, key[0])] if len(key) == 1 and key[0].endswith("_ref") else []
        found += (
            [(source, "nominal_ref")] if source == PARTIES and "nominal_ref" in contract.column_names else []
        )
    return found


def _points_to(column: str, source: str, key: str) -> bool:
    """By its name: the key itself, the key with words before it, or the source itself."""
    if column == "nominal_ref" or key == "nominal_ref":
        return column == key or column.endswith(f"_{key}")
    singular = source.removesuffix("s")
    case_of_a_crime = source == CRIMES and column in CRIME_REFS
    return column == key or column.endswith(f"_{key}") or column == f"{singular}_ref" or case_of_a_crime
