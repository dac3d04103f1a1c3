"""Great Expectations on every delivery before anybody reads it; critical failures stop what is downstream."""

from typing import Any

import dagster as dg

from dagster_project.contracts import Contract, load_contracts
from dagster_project.defs.raw import raw_assets
from dagster_project.defs.resources import Tell
from dagster_project.gating import critical_failures, judge_deliveries, keep_results
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse

GROUP = "gates"
ACROSS = dg.AssetKey([GROUP, "across_sources"])
CRITICAL = "critical_expectations_hold"


def judged(
    context: dg.AssetExecutionContext, here: Settings, tell: Tell, relation: str
) -> dg.MaterializeResult[Any]:
    """Judge what has not been judged yet by this suite, keep the results, and say what is critical."""
    tell(f"judging {relation}", 0, 0)
    with Warehouse(here).building() as connection:
        results = judge_deliveries(connection, relation)
        failures = critical_failures(keep_results(connection, relation, results))
    for sentence in failures:
        context.log.error(sentence)
    return dg.MaterializeResult(
        metadata={"judged now": len(results)},
        check_results=[
            dg.AssetCheckResult(
                passed=not failures,
                check_name=CRITICAL,
                metadata={
                    "failures": len(failures),
                    "why": " ".join(failures) or "every critical expectation holds",
                },
            )
        ],
    )


def gate_asset(contract: Contract) -> dg.AssetsDefinition:
    """The gate of one source."""
    key = dg.AssetKey([GROUP, contract.source])

    @dg.asset(
        key=key,
        deps=[dg.AssetKey(["raw", contract.source])],
        group_name=GROUP,
        owners=[contract.owner],
        kinds={"greatexpectations"},
        pool="warehouse",
        description=f"What was agreed of {contract.source}, asked of every delivery before anybody reads it.",
        check_specs=[dg.AssetCheckSpec(CRITICAL, asset=key, blocking=True)],
    )
    def gate(
        context: dg.AssetExecutionContext, here: dg.ResourceParam[Settings], tell: dg.ResourceParam[Tell]
    ) -> dg.MaterializeResult[Any]:
        return judged(context, here, tell, contract.source)

    return gate


@dg.asset(
    key=ACROSS,
    deps=[asset.key for asset in raw_assets],
    group_name=GROUP,
    owners=["team:data-engineering"],
    kinds={"greatexpectations"},
    pool="warehouse",
    description="What was agreed between the sources: that what one refers to is held by another.",
    check_specs=[dg.AssetCheckSpec(CRITICAL, asset=ACROSS, blocking=True)],
)
def across_sources(
    context: dg.AssetExecutionContext, here: dg.ResourceParam[Settings], tell: dg.ResourceParam[Tell]
) -> dg.MaterializeResult[Any]:
    return judged(context, here, tell, ACROSS.path[-1])


gates = [gate_asset(contract) for contract in load_contracts().values()]
