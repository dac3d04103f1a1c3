"""Deliveries into immutable Parquet, and each source into the warehouse as `raw.<source>`."""
# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false
# Dagster reads the bare class in an annotation, not the class with its argument.

from typing import Any

import dagster as dg

from dagster_project.contracts import Contract
from dagster_project.defs.agreed import CONTRACTS
from dagster_project.defs.resources import Tell
from dagster_project.gating import warm_up
from dagster_project.loading import Loaded, load_source
from dagster_project.register import off_balance, register
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse

ARRIVALS = dg.AssetKey("arrivals")
GROUP = "deliveries"


@dg.asset(
    key=ARRIVALS,
    group_name=GROUP,
    owners=["team:data-engineering"],
    description="What lies in the folder of extracts. Materialising it starts a new building of the"
    " warehouse, from the one that stands.",
)
def arrivals(
    context: dg.AssetExecutionContext, here: dg.ResourceParam[Settings]
) -> dg.MaterializeResult[Any]:
    """Look at what came, and begin a building."""
    Warehouse(here).begin()
    found = {path.name: len(list(path.glob("*/manifest.json"))) for path in sorted(here.extracts.glob("*/"))}
    unknown = sorted(set(found) - set(CONTRACTS))
    if unknown:
        context.log.warning(f"no contract for {', '.join(unknown)}: left alone")
    return dg.MaterializeResult(
        metadata={
            "extracts": str(here.extracts),
            "deliveries": sum(found.values()),
            "sources without a contract": ", ".join(unknown) or "none",
        }
    )


def raw_asset(contract: Contract) -> dg.AssetsDefinition:
    """The asset that loads one source; made from its contract alone."""
    key = dg.AssetKey(["raw", contract.source])
    balance = dg.AssetCheckSpec(
        "nothing_is_lost",
        asset=key,
        blocking=True,
        description="For every file: rows received = rows loaded + quarantined + exact repeats.",
    )
    accepted = dg.AssetCheckSpec(
        "every_delivery_accepted", asset=key, description="No delivery of this source was refused as a whole."
    )

    @dg.asset(
        key=key,
        deps=[ARRIVALS],
        group_name=GROUP,
        owners=[contract.owner],
        kinds={"duckdb", "parquet"},
        description=contract.description,
        check_specs=[balance, accepted],
    )
    def load(
        context: dg.AssetExecutionContext, here: dg.ResourceParam[Settings], tell: dg.ResourceParam[Tell]
    ) -> dg.MaterializeResult:
        """Load what is new, then write the source's books anew."""
        loaded = load_source(contract, here.extracts, here.deliveries, tell)
        if any(one.is_new for one in loaded):
            warm_up()
        for one in loaded:
            for sentence in (*([one.reason] if one.status == "refused" else []), *one.warnings):
                context.log.warning(sentence)
        with Warehouse(here).building() as connection:
            counts = register(connection, contract, here.deliveries)
            lost = off_balance(connection, contract.source)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": counts["rows_loaded"], **_told(loaded), **counts},
            check_results=[
                dg.AssetCheckResult(passed=not lost, check_name=balance.name, metadata={"files": len(lost)}),
                _accepted(loaded, accepted.name),
            ],
        )

    return load


def _told(loaded: list[Loaded]) -> dict[str, float]:
    new = [one for one in loaded if one.is_new and one.status == "loaded"]
    return {
        "new_deliveries": len(new),
        "new_rows": sum(file.rows_loaded for one in new for file in one.files),
        "seconds": round(sum(one.seconds for one in new), 2),
        "refused_deliveries": sum(one.status == "refused" for one in loaded),
    }


def _accepted(loaded: list[Loaded], name: str) -> dg.AssetCheckResult:
    refused = [one for one in loaded if one.status == "refused"]
    return dg.AssetCheckResult(
        passed=not refused,
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"why": " ".join(one.reason for one in refused) or "nothing was refused"},
    )


raw_assets = [raw_asset(contract) for contract in CONTRACTS.values()]
