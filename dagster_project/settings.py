"""The only reader of the environment; everything else is told."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "THROUGHLINE_HOME"
EXTRACTS_VARIABLE = "THROUGHLINE_EXTRACTS"
WAREHOUSE_VARIABLE = "THROUGHLINE_WAREHOUSE"
DEFAULT_HOME = Path("home")
REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """Where this installation keeps what it makes."""

    home: Path
    extracts: Path

    @property
    def deliveries(self) -> Path:
        """Every accepted delivery as immutable Parquet: the truth of what arrived."""
        return self.home / "deliveries"

    @property
    def warehouse(self) -> Path:
        """Disposable; rebuilt from the deliveries at any time."""
        return self.home / "warehouse.duckdb"

    @property
    def building(self) -> Path:
        """The warehouse that a run is building, swapped in when its checks hold."""
        return self.home / "warehouse.building.duckdb"

    @property
    def identity(self) -> Path:
        """Whose id stands behind which pseudonym; under its own permissions."""
        return self.home / "identity.duckdb"

    @property
    def state(self) -> Path:
        """What people decide, and the key of the pseudonyms."""
        return self.home / "state"

    @property
    def models(self) -> Path:
        """Models that this force trained, each with its manifest."""
        return self.home / "models"

    @property
    def published(self) -> Path:
        """What analysts and pages read, one folder for each version."""
        return self.home / "published"

    @property
    def stopped(self) -> Path:
        """What the gates said of a run that ended there."""
        return self.home / "stopped"

    @property
    def explored(self) -> Path:
        """The page and the figures that `explore` makes."""
        return self.home / "explored"

    @property
    def scratch(self) -> Path:
        """Where DuckDB spills what does not fit in memory."""
        return self.home / "scratch"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own history of runs."""
        return self.home / "dagster"

    @property
    def dbt_target(self) -> Path:
        """What dbt compiles and remembers of its last parse."""
        return self.home / "dbt"

    @property
    def dbt_project(self) -> Path:
        """The models, macros, seeds and contracts."""
        return REPOSITORY / "dbt_models"

    @property
    def samples(self) -> Path:
        """Synthetic forces made by Dagster."""
        return self.home / "samples"


def load(home: Path | None = None, extracts: Path | None = None) -> Settings:
    """Settings for the folders that were named, else those of the environment, else ./home."""
    where = (home or Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)).absolute()
    named = extracts or Path(os.environ.get(EXTRACTS_VARIABLE) or where / "extracts")
    return Settings(home=where, extracts=named.absolute())


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment for a process of another tool, which learns its folders from nowhere else."""
    return os.environ | {
        HOME_VARIABLE: str(settings.home),
        EXTRACTS_VARIABLE: str(settings.extracts),
        WAREHOUSE_VARIABLE: str(settings.building),
        "DAGSTER_HOME": str(settings.dagster_home),
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }


def tell_children(settings: Settings) -> None:
    """Say the same to every process that this one starts, and to libraries that ask the environment."""
    os.environ.update(child_environment(settings))
