"""The books of a run, tables in `meta`: what arrived, was set aside, was found by gates, and stands built."""
# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false
# Dagster reads the bare class in an annotation, not the class with its argument.

from collections.abc import Iterator

import dagster as dg

from dagster_project.defs.gates import gates
from dagster_project.defs.raw import raw_assets
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse

_RAW = [asset.key for asset in raw_assets]
_GATES = [asset.key for asset in gates]
BOOKS: dict[str, tuple[list[dg.AssetKey], str]] = {
    "deliveries": (_RAW, "One row per delivery of a source, with what became of it and of its rows."),
    "delivery_files": (_RAW, "One row per file of a delivery: rows received, loaded, quarantined, repeated."),
    "quarantine": (_RAW, "One row per record that was refused, with its text and the reason in words."),
    "expectation_results": (_GATES, "One row per delivery and expectation: what the gate found."),
    "builds": ([], "One row at most: the cut-off and the rules that the marts were last built by."),
    "built_deliveries": ([], "One row per delivery that the marts were last built from."),
    "built_persons": ([], "One row per nominal and person it was when the marts were last built."),
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["meta", name],
            deps=deps,
            description=description,
            group_name="meta",
            owners=["team:data-engineering"],
            kinds={"duckdb"},
        )
        for name, (deps, description) in BOOKS.items()
    ],
    name="books",
)
def books(here: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult]:
    """Count what the loader and the gates wrote; the marts of quality are built on it."""
    with Warehouse(here).building() as connection:
        for name in BOOKS:
            rows = connection.execute(f"select count(*) from meta.{name}").fetchone()[0]
            yield dg.MaterializeResult(asset_key=["meta", name], metadata={"dagster/row_count": rows})
