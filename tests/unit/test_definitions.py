"""The asset graph as it stands: an accidental change shows here."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_project import settings
from dagster_project.definitions import defs
from dagster_project.defs.synthetic_force import synthetic_force


def test_the_asset_graph() -> None:
    graph = defs.resolve_asset_graph()
    assert {key.to_user_string(): graph.get(key).group_name for key in graph.get_all_asset_keys()} == {
        "synthetic_force": "samples",
    }


def test_dagster_sends_nothing_and_runs_one_thing_at_a_time() -> None:
    told = yaml.safe_load(Path(settings.__file__).with_name("dagster.yaml").read_text("utf-8"))
    assert told["telemetry"]["enabled"] is False
    assert told["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert told["concurrency"]["pools"]["default_limit"] == 1


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
