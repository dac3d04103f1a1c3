"""What the marts were last built from: a build leaves as it stands whatever nothing new touches."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from dagster_project.coding import coder_version
from dagster_project.dbt_manifest import fingerprint

SQL: Final = Path(__file__).with_name("sql")


def rules_of(project: Path) -> str:
    """What a build goes by besides the data: dbt's project, and the lists and reader that code prose."""
    return f"{fingerprint(project)} {coder_version()}"


def begin(connection: Any, rules: str) -> bool:
    """Whether this build may go on from the last one; until it ends, no other may go on from it."""
    asked = (SQL / "build_can_go_on.sql").read_text("utf-8")
    can_go_on = bool(connection.execute(asked, [rules]).fetchone()[0])
    connection.execute("update meta.builds set is_whole = false")
    return can_go_on


def end(connection: Any, rules: str, as_of: date) -> None:
    """Every model and every test of the build is done."""
    connection.execute((SQL / "build_has_ended.sql").read_text("utf-8"), [as_of, rules])
