"""The committed sample: small, and still what the generator makes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from dagster_project.cli import main
from tests.unit.test_samples_force import digest


def kept(sample: Path) -> dict[str, str]:
    return {
        f"{part}/{name}": value
        for part in ("extracts", "truth")
        for name, value in digest(sample / part).items()
    }


def test_the_generator_still_makes_the_committed_sample(repository: Path, tmp_path: Path) -> None:
    """With the very command that the sample's page tells people to run."""
    sample = repository / "data_samples" / "sample"
    told = re.search(
        r"^throughline (samples make .*)$", (sample / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert told is not None
    words = shlex.split(told.group(1))
    words[words.index("--out") + 1] = str(tmp_path / "made")
    assert main(words) == 0
    assert kept(tmp_path / "made") == kept(sample)


def test_the_committed_sample_stays_small(repository: Path) -> None:
    files = [path for path in (repository / "data_samples" / "sample").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 5_000_000
    assert len({path.parent.parent.name for path in files if path.name == "manifest.json"}) == 13
