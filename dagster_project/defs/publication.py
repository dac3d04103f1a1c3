"""The checked warehouse takes the old one's place; its marts are published."""

import time
from typing import Any

import dagster as dg

from dagster_project.dbt_manifest import fingerprint, read_manifest
from dagster_project.defs.agreed import CONTRACTS
from dagster_project.defs.cycle import CYCLES, standing_at
from dagster_project.defs.linkage import WRITTEN
from dagster_project.defs.resources import Tell
from dagster_project.defs.transformations import leaves
from dagster_project.publishing import marts_of, publish
from dagster_project.register import content_of, off_balance
from dagster_project.reports import reports
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse

WAREHOUSE = dg.AssetKey("warehouse")
OWNERS = ["team:data-engineering"]


@dg.asset(
    key=WAREHOUSE,
    deps=[*leaves(), *(dg.AssetKey(["identity", table]) for table in WRITTEN)],
    group_name="warehouse",
    owners=OWNERS,
    kinds={"duckdb"},
    description="`warehouse.duckdb`: every accepted row as raw, staging and marts. Swapped in whole, "
    "after its gates and tests have held.",
)
def warehouse(here: dg.ResourceParam[Settings]) -> dg.MaterializeResult[Any]:
    """Close the books, then swap."""
    standing = Warehouse(here)
    with standing.building() as connection:
        lost = [file for source in CONTRACTS for file in off_balance(connection, source)]
        if lost:
            raise dg.Failure(f"rows are missing from the books of {len(lost)} files; nothing was swapped in")
        loaded = connection.execute("select coalesce(sum(rows_loaded), 0) from meta.deliveries").fetchone()[0]
    standing.swap_in()
    return dg.MaterializeResult(metadata={"dagster/row_count": int(loaded), "file": str(here.warehouse)})


@dg.asset(
    key="publication",
    deps=[WAREHOUSE],
    partitions_def=CYCLES,
    group_name="publication",
    owners=OWNERS,
    kinds={"duckdb", "parquet"},
    description="`published/<version>`: the marts under pseudonyms, with their words, a manifest of hashes "
    "and the reports. `published/current` is swapped atomically.",
)
def publication(
    context: dg.AssetExecutionContext, here: dg.ResourceParam[Settings], tell: dg.ResourceParam[Tell]
) -> dg.MaterializeResult[Any]:
    """Publish, or find that nothing has changed."""
    tell("publishing", 0, 0)
    begun = time.perf_counter()
    as_of = standing_at(context, here)
    marts = marts_of(read_manifest(here))
    inputs = {"models": fingerprint(here.dbt_project), "deliveries": content_of(here.deliveries, as_of)}
    done = publish(here, as_of, marts, reports(here, as_of), inputs)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": done.rows,
            "version": done.version,
            "seconds": round(time.perf_counter() - begun, 2),
            "is new": done.is_new,
            "is what readers see": done.is_current,
            **{f"rows/{table.name}": table.rows for table in done.tables},
        }
    )
