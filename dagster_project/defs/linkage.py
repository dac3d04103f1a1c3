"""Who is who: nominals of all sources become persons, between the two halves of dbt."""
# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false
# Dagster reads the bare class in an annotation, not the class with its argument.

from collections.abc import Iterator

import dagster as dg

from dagster_project.defs.resources import Tell
from dagster_project.identity import identify
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse

WRITTEN = {
    "links": "One row per pair of nominals that the evidence makes one person, with the evidence in words.",
    "link_reviews": "One row per pair of nominals that a person has to decide.",
    "person_nominals": "One row per nominal and person it was, from when until when.",
    "person_id_changes": "One row per person who went up in another, or was taken apart by a decision.",
}


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["identity", table],
            deps=[dg.AssetKey(["identity", "idn_nominals__sightings"])],
            description=description,
            group_name="identity",
            owners=["team:data-engineering"],
            kinds={"splink", "duckdb"},
        )
        for table, description in WRITTEN.items()
    ],
    name="linkage",
)
def linkage(here: dg.ResourceParam[Settings], tell: dg.ResourceParam[Tell]) -> Iterator[dg.MaterializeResult]:
    """Compare what is new, heed what people decided, tell persons in order of time."""
    with Warehouse(here).building() as connection:
        found = identify(here, connection, tell)
        for table in WRITTEN:
            rows = connection.execute(f"select count(*) from identity.{table}").fetchone()[0]
            told = {"dagster/row_count": rows, **found.told()}
            yield dg.MaterializeResult(asset_key=["identity", table], metadata=told)
