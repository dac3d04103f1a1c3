"""The only reader of the environment; everything else is told."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "THROUGHLINE_HOME"
DEFAULT_HOME = Path("home")


@dataclass(frozen=True)
class Settings:
    """Where this installation keeps what it makes."""

    home: Path

    @property
    def dagster_home(self) -> Path:
        """Dagster's own history of runs."""
        return self.home / "dagster"

    @property
    def samples(self) -> Path:
        """Synthetic forces made by Dagster."""
        return self.home / "samples"


def load(home: Path | None = None) -> Settings:
    """Settings for the home that was named, else the one in the environment, else ./home."""
    named = home or Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)
    return Settings(home=named.absolute())


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment for a Dagster process, which learns its folders from nowhere else."""
    return os.environ | {
        HOME_VARIABLE: str(settings.home),
        "DAGSTER_HOME": str(settings.dagster_home),
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }
