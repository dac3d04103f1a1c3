"""A Parquet file is typed: its types are held against the contract before a row is read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dagster_project.contracts import Contract, DataType
from dagster_project.deliveries import DeliveryRefused
from dagster_project.loading.engine import Engine, is_ours
from dagster_project.loading.header import Header, matched
from dagster_project.warehouse import Failure

_SMALL = frozenset({"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"})
WITHOUT_LOSS: Final[dict[DataType, frozenset[str]]] = {
    "varchar": frozenset({"VARCHAR"}),
    "bigint": _SMALL | {"BIGINT"},
    "double": _SMALL | {"FLOAT", "DOUBLE"},
    "boolean": frozenset({"BOOLEAN"}),
    "date": frozenset({"DATE"}),
    "timestamp": frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"}),
}


def header(engine: Engine, contract: Contract, path: Path) -> Header:
    """The columns of the file, each of a type that the contract's type can hold whole."""
    try:
        told = engine.ask("describe_parquet", path=path)
    except Failure as error:
        if is_ours(error):
            raise
        raise DeliveryRefused(f"{path.name} is not whole Parquet; send it again") from None
    types = {str(row[0]): str(row[1]) for row in told}
    found = matched(list(types), contract, path.name)
    for column in contract.columns:
        if (has := types[column.name]) not in WITHOUT_LOSS[column.data_type] and has != '"NULL"':
            raise DeliveryRefused(
                f"{path.name} holds {column.name} as {has.split('(')[0]}, "
                f"the contract says {column.data_type}"
            )
    return found
