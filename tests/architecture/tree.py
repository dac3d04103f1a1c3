"""The files of the repository as the rules look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_SOURCE = {"__pycache__", "build", "home", "sample", "target", "logs", "node_modules"}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        at_top = folder == ROOT
        hidden_folder = path.is_dir() and path.name.startswith(".") and path.name != ".ci"
        if hidden_folder or path.name == ".git" or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            if path.name != "__pycache__" and not (at_top and path.name in NOT_SOURCE):
                yield from _walk(path)
        else:
            yield path


@cache
def files() -> tuple[Path, ...]:
    """Every file of the repository, relative to it."""
    return tuple(path.relative_to(ROOT) for path in _walk(ROOT))


@cache
def python_files() -> tuple[tuple[Path, ast.Module], ...]:
    """Every Python file with its syntax tree."""
    return tuple(
        (path, ast.parse((ROOT / path).read_text("utf-8"), str(path)))
        for path in files()
        if path.suffix == ".py"
    )


def text_of(path: Path) -> str | None:
    """The text of a file, or nothing where it is not text."""
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return None
