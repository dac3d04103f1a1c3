"""Great Expectations on every delivery before anybody reads it; critical failures stop what is downstream."""
# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false
# Dagster reads the bare class in an annotation, not the class with its argument.

import time
from collections.abc import Mapping

import dagster as dg

from dagster_project.contracts import Contract
from dagster_project.defs.agreed import CONTRACTS, SUITES
from dagster_project.defs.resources import Tell
from dagster_project.gating import critical_failures, judge_deliveries, keep, needs
from dagster_project.register import results_of
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse
from expectations.suites import Suite

GROUP = "gates"
CRITICAL = "critical_expectations_hold"


def gate_asset(
    contract: Contract, suites: Mapping[str, Suite] = SUITES, contracts: Mapping[str, Contract] = CONTRACTS
) -> dg.AssetsDefinition:
    """The gate of one source, which waits for the sources that it looks references up in."""
    source = contract.source
    key = dg.AssetKey([GROUP, source])
    read = (source, *needs(source, suites))

    @dg.asset(
        key=key,
        deps=[dg.AssetKey(["raw", one]) for one in read],
        group_name=GROUP,
        owners=[contract.owner],
        kinds={"greatexpectations"},
        description=f"What was agreed of {source}, asked of every delivery before anybody reads it.",
        check_specs=[dg.AssetCheckSpec(CRITICAL, asset=key, blocking=True)],
    )
    def gate(
        context: dg.AssetExecutionContext, here: dg.ResourceParam[Settings], tell: dg.ResourceParam[Tell]
    ) -> dg.MaterializeResult:
        """Judge what has not been judged yet by this suite, keep the results, and say what is critical."""
        tell(f"judging {source}", 0, 0)
        begun = time.perf_counter()
        with Warehouse(here).building() as connection:
            keep(connection, judge_deliveries(source, connection, suites, contracts))
            results = results_of(connection, source)
        failures = critical_failures(results)
        for sentence in failures:
            context.log.error(sentence)
        why = " ".join(failures) or "every critical expectation holds"
        return dg.MaterializeResult(
            metadata={
                "judgements": len(results),
                "not met": int((~results["is_met"].fillna(True)).sum()),
                "seconds": round(time.perf_counter() - begun, 2),
            },
            check_results=[
                dg.AssetCheckResult(passed=not failures, check_name=CRITICAL, metadata={"why": why})
            ],
        )

    return gate


gates = [gate_asset(contract) for contract in CONTRACTS.values()]
