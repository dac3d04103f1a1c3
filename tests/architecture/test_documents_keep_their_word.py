"""Every command a document tells a reader to type exists, and so does every page it sends them to."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from dagster_project.cli import throughline
from tests.architecture.tree import ROOT, files

DOCUMENTS = [path for path in files() if path.suffix == ".md"]
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)")


def code_in(document: Path) -> str:
    text = (ROOT / document).read_text("utf-8")
    return "\n".join(block or span for block, span in CODE.findall(text))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def unknown_in(line: str) -> str | None:
    """What a `throughline ...` line asks for that the command does not know."""
    command: click.Command = throughline
    for word in line.split()[1:]:
        option = word.strip("[]").split("=")[0]
        if option.startswith("--"):
            known = {name for p in command.params for name in p.opts} | {"--help", "--version"}
            if option not in known:
                return option
        elif isinstance(command, click.Group) and re.fullmatch(r"[a-z-]+", word):
            if word not in command.commands:
                return word
            command = command.commands[word]
    return None


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_each_make_command_exists(document: Path) -> None:
    assert set(re.findall(r"\bmake ([a-z]+)", code_in(document))) <= targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_each_throughline_command_exists(document: Path) -> None:
    lines = re.findall(r"^\s*\$?\s*(throughline .*)$", code_in(document).replace("\\\n", " "), re.MULTILINE)
    assert [line for line in lines if unknown_in(line)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_each_page_it_sends_to_exists(document: Path) -> None:
    linked = [to for to in LINK.findall((ROOT / document).read_text("utf-8")) if "://" not in to]
    assert [to for to in linked if not (ROOT / document.parent / to).exists()] == []


def test_the_readme_shows_the_two_commands() -> None:
    assert {"make run", "make test"} <= set(re.findall(r"\bmake [a-z]+", code_in(Path("README.md"))))


def test_ci_runs_the_same_commands_as_a_person() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make lint" in script and "make test" in script
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_rule_finds_what_does_not_exist() -> None:
    assert unknown_in("throughline samples make --out x --scale 1") is None
    assert unknown_in("throughline samples bake") == "bake"
    assert unknown_in("throughline samples make --outt x") == "--outt"
