"""The asset graph as it stands: an accidental change shows here."""

from datetime import date, datetime
from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_project import settings
from dagster_project.cycles import is_cut_off
from dagster_project.definitions import defs
from dagster_project.defs.agreed import suites_of
from dagster_project.defs.cycle import CYCLES, every_fourth_tuesday
from dagster_project.defs.gates import gate_asset
from dagster_project.defs.raw import arrivals, raw_asset
from dagster_project.defs.resources import home_alone, silent
from dagster_project.defs.synthetic_force import synthetic_force
from dagster_project.run import RunRefused, alone
from dagster_project.warehouse import Warehouse
from tests import loading_dogs

LAYERS = {"seeds", "staging", "intermediate", "core", "outcomes", "marts"}
SOURCES = (
    "case_notes", "command_logs", "communications", "contacts", "crime_parties", "crimes", "custody",
    "domestic_incidents", "intelligence", "investigation_actions", "locations", "orders", "risk_forms",
)  # fmt: skip


def test_the_asset_graph() -> None:
    graph = defs.resolve_asset_graph()
    groups = {key.to_user_string(): graph.get(key).group_name for key in graph.get_all_asset_keys()}
    by_layer = {name: group for name, group in groups.items() if group in LAYERS}
    assert {name: group for name, group in groups.items() if name not in by_layer} == {
        "arrivals": "deliveries",
        **{f"raw/{source}": "deliveries" for source in SOURCES},
        **{f"gates/{source}": "gates" for source in SOURCES},
        **{
            f"meta/{table}": "meta"
            for table in (
                "builds",
                "built_deliveries",
                "built_persons",
                "deliveries",
                "delivery_files",
                "expectation_results",
                "quarantine",
            )
        },
        **{
            f"identity/{table}": "identity"
            for table in (
                "idn_nominals__sightings",
                "link_reviews",
                "links",
                "person_id_changes",
                "person_nominals",
            )
        },
        **{
            f"coded/{table}": "coded"
            for table in ("cod_texts", "codes", "passed_over", "text_codes", "texts")
        },
        "warehouse": "warehouse",
        "publication": "publication",
        "synthetic_force": "samples",
    }
    assert sum(group == "staging" for group in by_layer.values()) == len(SOURCES)
    assert {name for name, group in by_layer.items() if group == "marts"} == {
        "marts/mart_crime_parties",
        "marts/mart_crimes",
        "marts/mart_data_quality",
        "marts/mart_deliveries",
        "marts/mart_dyad_codes",
        "marts/mart_dyad_signs",
        "marts/mart_dyad_timeline",
        "marts/mart_offender_timeline",
        "marts/mart_order_steps",
        "marts/mart_outcomes",
        "marts/mart_recording",
        "marts/mart_refused_rows",
        "marts/mart_text_codes",
    }


def test_outcomes_are_built_and_not_published() -> None:
    graph = defs.resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert {name for name in keys if name.startswith("outcomes/")} == {
        f"outcomes/out_{table}"
        for table in ("courses", "exposure", "follow_up", "harms", "offences", "steps")
    }


def test_every_row_passes_its_gate_on_the_way_to_a_mart() -> None:
    graph = defs.resolve_asset_graph()
    for source in SOURCES:
        below = {key.to_user_string() for key in graph.get(dg.AssetKey(["raw", source])).child_keys}
        assert all(name.startswith(("gates/", "meta/")) for name in below), source
        gate = graph.get(dg.AssetKey(["gates", source]))
        assert gate.parent_keys >= {dg.AssetKey(["raw", source])}
        assert any(name.startswith("staging/") for name in (k.to_user_string() for k in gate.child_keys))
    assert graph.get(dg.AssetKey("publication")).parent_keys == {dg.AssetKey("warehouse")}


def test_a_fourteenth_source_is_one_yaml_and_is_loaded_and_judged(tmp_path: Path) -> None:
    kennel = loading_dogs.kennel(tmp_path, loading_dogs.text_of(loading_dogs.GOOD), rows=1)
    here = settings.load(tmp_path / "home", kennel.extracts)
    assets = [arrivals, raw_asset(kennel.contract)]
    assets.append(gate_asset(kennel.contract, suites_of(["dogs"]), {"dogs": kennel.contract}))
    done = dg.materialize(assets, resources={"here": here, "tell": silent})
    assert done.success
    assert {check.check_name for check in done.get_asset_check_evaluations() if check.passed} == {
        "nothing_is_lost",
        "every_delivery_accepted",
        "critical_expectations_hold",
    }
    with Warehouse(here).building() as connection:
        told = connection.execute("select source, status, rows_received, rows_loaded from meta.deliveries")
        assert told.fetchall() == [("dogs", "loaded", 1, 1)]
        assert connection.execute("select dog_ref, bites from raw.dogs").fetchall() == [("D1", 3)]


def test_books_that_do_not_add_up_stop_what_is_downstream(tmp_path: Path) -> None:
    kennel = loading_dogs.kennel(tmp_path, loading_dogs.text_of(loading_dogs.GOOD), rows=1)
    here = settings.load(tmp_path / "home", kennel.extracts)
    assets = [arrivals, raw_asset(kennel.contract)]
    assets.append(gate_asset(kennel.contract, suites_of(["dogs"]), {"dogs": kennel.contract}))
    given = {"here": here, "tell": silent}
    assert dg.materialize(assets, resources=given).success
    (manifest,) = here.deliveries.glob("dogs/*/manifest.json")
    manifest.write_text(manifest.read_text("utf-8").replace('"rows_loaded": 1', '"rows_loaded": 0'), "utf-8")
    done = dg.materialize(assets, resources=given, raise_on_error=False)
    assert [check.check_name for check in done.get_asset_check_evaluations() if not check.passed] == [
        "nothing_is_lost"
    ]
    assert not done.asset_materializations_for_node("gates__dogs")


def test_a_run_that_the_ui_starts_has_the_home_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path))
    here = settings.load(tmp_path)

    @dg.asset
    def first(here: dg.ResourceParam[settings.Settings]) -> None: ...

    @dg.asset(deps=[first])
    def second(here: dg.ResourceParam[settings.Settings]) -> None:
        with pytest.raises(RunRefused, match="a run is at work"), alone(here):
            pass

    def run() -> bool:
        return dg.materialize([first, second], resources={"here": home_alone}, raise_on_error=False).success

    assert run()
    with alone(here):
        assert not run()
    assert run()


def test_every_asset_has_an_owner_and_says_what_it_is() -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys() - {dg.AssetKey("synthetic_force")}:
        node = graph.get(key)
        assert node.owners and node.description, key


@pytest.mark.parametrize(
    ("ticked", "partition"),
    [
        ("2024-12-31T07:00:00+00:00", "2024-12-31"),
        ("2024-12-24T07:00:00+00:00", None),
        ("2024-06-18T06:00:00+00:00", "2024-06-18"),  # seven o'clock in a London summer
        ("2024-06-25T06:00:00+00:00", None),
    ],
)
def test_the_weekly_tick_runs_each_fourth_tuesday(ticked: str, partition: str | None) -> None:
    with dg.build_schedule_context(scheduled_execution_time=datetime.fromisoformat(ticked)) as context:
        told = every_fourth_tuesday(context)
    assert getattr(told, "partition_key", None) == partition
    if partition is None:
        assert isinstance(told, dg.SkipReason)
        assert "lies between two cut-offs" in (told.skip_message or "")


def test_the_partitions_are_the_cut_offs() -> None:
    keys = CYCLES.get_partition_keys()
    assert keys[0] == "2015-01-13" and "2024-12-31" in keys
    assert all(is_cut_off(date.fromisoformat(key)) for key in keys)


def test_dagster_sends_nothing_and_runs_one_thing_at_a_time() -> None:
    told = yaml.safe_load(Path(settings.__file__).with_name("dagster.yaml").read_text("utf-8"))
    assert told["telemetry"]["enabled"] is False
    assert told["concurrency"]["runs"]["max_concurrent_runs"] == 1


def materialize(scale: float, folder: Path) -> dg.ExecuteInProcessResult:
    config = {"scale": scale, "focus": 0.01, "seed": 3}
    folder.mkdir(exist_ok=True)
    with dg.DagsterInstance.ephemeral(tempdir=str(folder)) as instance:
        return dg.materialize(
            [synthetic_force],
            run_config={"ops": {"synthetic_force": {"config": config}}},
            instance=instance,
            raise_on_error=False,
        )


def test_the_force_counts_its_rows_and_a_bad_one_leaves_the_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path))
    made = materialize(0.001, tmp_path / "dagster")
    assert made.success
    (told,) = made.asset_materializations_for_node("synthetic_force")
    by_source = [n.value for name, n in told.metadata.items() if name.startswith("rows/")]
    assert told.metadata["dagster/row_count"].value == sum(by_source) > 0  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert not materialize(-1.0, tmp_path / "dagster").success
    assert (tmp_path / "samples" / "synthetic_force" / "extracts").is_dir()
