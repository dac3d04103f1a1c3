"""The command: one clear line and exit code 2 for what it refuses, and help with an example everywhere."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from dagster_project.cli import REFUSED, main, throughline


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


EVERY = list(commands(throughline))


@pytest.mark.parametrize("path", [path for path, _ in EVERY], ids=" ".join)
def test_help_ends_with_an_example_that_parses(
    path: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each in a folder where `make run` has been, as a shell would split it."""
    (tmp_path / "build" / "force" / "extracts").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert main([*path, "--help"]) == 0
    last = capsys.readouterr().out.rstrip().splitlines()[-1].split(" > ")[0]
    example = shlex.split(last)
    assert example[: len(path) + 1] == ["throughline", *path]
    command: click.Command = throughline
    words = example[1:]
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context("example", words)


@pytest.mark.parametrize(
    ("path", "command"), [(p, c) for p, c in EVERY if not isinstance(c, click.Group)], ids=str
)
def test_each_command_takes_home(path: tuple[str, ...], command: click.Command) -> None:
    assert "--home" in {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scale", "-1"],
        ["--scale", "0"],
        ["--scale", "much"],
        ["--scale", "1.5"],
        ["--focus", "2"],
        ["--seed", "x"],
        ["--years", "0"],
        ["--years", "1", "--deliveries", "20"],
        ["--end", "1990-01-01"],
        ["--end", "2024-02-30"],
        ["--end", "yesterday"],
        ["--shock", "earthquake"],
        ["--shock", "rule_change"],
        ["--shock", "rule_change", "--shock-at", "1990-01-01"],
        ["--shock-size", "0"],
        ["--no-such-option"],
        ["left over"],
    ],
    ids=" ".join,
)
def test_bad_arguments_get_one_line_and_nothing_is_written(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "force"
    assert main(["samples", "make", "--out", str(out), *arguments]) == REFUSED
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("throughline: ") and said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_left_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("kept")
    assert main(["samples", "make", "--out", str(tmp_path)]) == REFUSED
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_check_of_what_is_no_force_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["samples", "check", str(tmp_path / "nowhere")]) == REFUSED
    said = capsys.readouterr()
    assert said.err.startswith("throughline: ") and said.err.count("\n") == 1


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("throughline ")


@pytest.mark.parametrize("arguments", [[], ["samples"], ["nonsense"], ["samples", "bake"]], ids=str)
def test_an_unfinished_command_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == REFUSED


def test_a_force_is_made_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "force"
    assert (
        main(["samples", "make", "--out", str(out), "--scale", "0.001", "--years", "2", "--seed", "7"]) == 0
    )
    said = capsys.readouterr()
    assert said.out.strip()
    assert "rows" in said.err
    assert {path.name for path in out.iterdir()} == {"extracts", "truth"}
