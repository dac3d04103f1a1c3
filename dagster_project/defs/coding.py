"""What the prose says: every text of the records coded, between the two halves of dbt."""
# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false
# Dagster reads the bare class in an annotation, not the class with its argument.

from collections.abc import Iterator

import dagster as dg

from dagster_project.defs.resources import Tell
from dagster_project.prose import code_prose
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse

WRITTEN = {
    "codes": "One row per code of the lists, with what it means.",
    "text_codes": "One row per code that a text shows: where, whether it happened, by whom, by which rule.",
    "texts": "One row per text that was read, by which version of the lists.",
    "passed_over": "One row per text that was not coded, and why.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["coded", table],
            deps=[dg.AssetKey(["coded", "cod_texts"])],
            description=description,
            group_name="coded",
            owners=["team:data-engineering"],
            kinds={"python", "duckdb"},
        )
        for table, description in WRITTEN.items()
    ],
    name="coding",
)
def coding(here: dg.ResourceParam[Settings], tell: dg.ResourceParam[Tell]) -> Iterator[dg.MaterializeResult]:
    """Code what no run has coded by these lists and this reader."""
    with Warehouse(here).building() as connection:
        coded = code_prose(connection, tell)
        for table in WRITTEN:
            rows = connection.execute(f"select count(*) from coded.{table}").fetchone()[0]
            told = {"dagster/row_count": rows, **coded.told()}
            yield dg.MaterializeResult(asset_key=["coded", table], metadata=told)
