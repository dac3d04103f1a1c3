"""A clone works anywhere: no address of a registry, no path of one machine, nothing outside the tree."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.architecture.tree import ROOT, files, text_of

# Put together from parts, so that this file does not find itself.
FOLDERS = "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me/[a-z]", "Us" + "ers/[a-z]", "fa" + "rm"])
MACHINE_PATH = re.compile(rf"(?:^|[^A-Za-z0-9_.}}$)>-])/(?:{FOLDERS})\b|/tm" + r"p/[a-z]+_", re.MULTILINE)
OUTSIDE = re.compile(r"\.\./sha" + "red")
REGISTRY = re.compile(
    r"--(?:extra-)?index-url[ =]+\S|--find-links[ =]+\S|py" + r"pi\.(?:org|python)|files\.pythonho" + "sted"
)
UNMERGED = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


@pytest.mark.parametrize(
    "pattern",
    [MACHINE_PATH, OUTSIDE, REGISTRY, UNMERGED],
    ids=["machine", "outside", "registry", "unmerged"],
)
def test_nothing_points_elsewhere(pattern: re.Pattern[str]) -> None:
    assert [str(path) for path in files() if (text := text_of(path)) and pattern.search(text)] == []


def test_the_patterns_find_each_form() -> None:
    assert MACHINE_PATH.search("cd /wo" + "rk/main") and MACHINE_PATH.search('"/ro' + 'ot/x"')
    assert UNMERGED.search("as it was\n" + "<" * 7 + " HEAD\n") and not UNMERGED.search("<<<<<<<< eight")
    assert not MACHINE_PATH.search("network/work and docs/home/x")
    assert REGISTRY.search("--index" + "-url https://x") and not REGISTRY.search(
        "--no-emit-index-url --no-annotate"
    )


def test_the_lock_has_a_hash_for_everything_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    for block in re.split(r"\n(?=\S)", lock.strip()):
        assert re.match(r"[a-z0-9._-]+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", block), block[:80]


def test_no_other_lock_that_would_record_an_address() -> None:
    assert not {"pylock.toml", "uv.lock", "poetry.lock", "Pipfile.lock"} & {path.name for path in files()}


def test_the_lock_holds_each_pinned_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = set(re.findall(r"^\S+==\S+", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert {pin for pin in asked if "==" in pin} <= locked
    names = {pin.split("==")[0] for pin in locked}
    assert {re.split(r"[<>=!~]", requirement)[0] for requirement in asked} <= names
