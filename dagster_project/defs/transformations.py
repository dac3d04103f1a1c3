"""dbt's models as assets, in two builds: up to what is linked and coded, and from there to the marts."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# Dagster leaves type arguments of its own signatures open.

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from dagster_project import built, settings
from dagster_project.dbt_manifest import cut_off_of, manifest_path, read_manifest
from dagster_project.defs.cycle import standing_at
from dagster_project.defs.resources import Tell
from dagster_project.settings import Settings, tell_children
from dagster_project.warehouse import Warehouse


class Layers(DagsterDbtTranslator):
    """Models in groups by their layer, each owned by the team that keeps the models."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return "seeds" if dbt_resource_props["resource_type"] == "seed" else str(dbt_resource_props["fqn"][1])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return ["team:data-engineering"]


_MANIFEST = read_manifest(settings.load())


def leaves() -> list[dg.AssetKey]:
    """The models that no other model reads: once they are built, all are."""
    nodes: dict[str, Any] = {
        name: node for name, node in _MANIFEST["nodes"].items() if node["resource_type"] == "model"
    }
    read = {parent for node in nodes.values() for parent in node["depends_on"]["nodes"]}
    return [Layers().get_asset_key(node) for name, node in sorted(nodes.items()) if name not in read]


READ_BETWEEN = "+idn_nominals__sightings +cod_texts"
BUILD = ("build", "--exclude-resource-type", "unit_test")
"""Unit tests are asked of the SQL and not of the data: they run with the tests, and in no run."""


def half(
    name: str, stage: str, select: str, exclude: str | None, *, goes_on: bool = False
) -> dg.AssetsDefinition:
    """One build of dbt: these models, and their tests; one that goes on leaves what nothing new touches."""

    @dbt_assets(
        manifest=manifest_path(settings.load()),
        dagster_dbt_translator=Layers(),
        name=name,
        select=select,
        exclude=exclude,
    )
    def models(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        here: dg.ResourceParam[Settings],
        tell: dg.ResourceParam[Tell],
    ) -> Iterator[Any]:
        """Build and test the models as known at the cut-off; dbt has the file to itself meanwhile."""
        tell(stage, 0, 0)
        tell_children(here)
        as_of = standing_at(context, here)
        rules = built.rules_of(here.dbt_project)
        with Warehouse(here).building() as connection:
            anew = goes_on and not built.begin(connection, rules)
        arguments = [*BUILD, "--vars", cut_off_of(as_of), *(["--full-refresh"] if anew else [])]
        build = dbt.cli(arguments, context=context, target_path=here.dbt_target, raise_on_error=False)
        events = list(build.stream())
        with Warehouse(here).building() as connection:
            yield from (_counted(connection, event) for event in events)
            if not build.is_successful():
                raise dg.Failure(f"dbt build failed; its log is {here.dbt_target / 'dbt.log'}")
            if goes_on:
                built.end(connection, rules, as_of)

    return models


staging = half("dbt_staging", "building what is linked and coded", READ_BETWEEN, None)
marts = half("dbt_marts", "building the marts", "fqn:*", READ_BETWEEN, goes_on=True)


def _counted(connection: Any, event: Any) -> Any:
    """The event with the rows of the table it tells of."""
    if not isinstance(event, dg.Output):
        return event
    table = event.metadata.get("dagster/table_name") or event.metadata.get("dagster/relation_identifier")
    if table is None:
        return event
    schema, name = str(table.value).split(".")[-2:]
    told = "select estimated_size from duckdb_tables() where schema_name = ? and table_name = ?"
    held = connection.execute(told, [schema, name]).fetchone()
    if held is None:  # a view costs its whole query to count
        return event
    return event.with_metadata({**event.metadata, "dagster/row_count": held[0]})
