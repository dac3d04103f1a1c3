"""YAML whose every place knows its file and line, so that a mistake can be told where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, cast

import yaml

Scalar = str | int | float | bool

_TEXT = "tag:yaml.org,2002:str"


class SuiteError(Exception):
    """What is wrong with a suite, in one sentence: file:line and what is allowed there."""


@dataclass(frozen=True)
class Place:
    """One node of a file, under the name a reader knows it by."""

    node: yaml.Node
    name: str
    file: str

    @property
    def line(self) -> int:
        """Counted from 1, as an editor does."""
        return self.node.start_mark.line + 1

    def wrong(self, what: str) -> NoReturn:
        """Refuse this place."""
        raise SuiteError(f"{self.file}:{self.line}: {what}")

    def fields(self, allowed: Collection[str] | None, required: Collection[str] = ()) -> dict[str, Place]:
        """The entries of a mapping, known and none twice; `None` allows any name."""
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong(f"{self.name} must be a mapping, written like name: value")
        found: dict[str, Place] = {}
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", self.node.value):
            at = Place(key, f"a key of {self.name}", self.file)
            word = at.text()
            if allowed is not None and word not in allowed:
                at.wrong(f"{self.name} has no {word!r}; allowed: {listed(allowed)}{_nearest(word, allowed)}")
            if word in found:
                at.wrong(f"{self.name} says {word!r} twice; keep one")
            found[word] = Place(value, word, self.file)
        if missing := [word for word in required if word not in found]:
            self.wrong(f"{self.name} lacks {listed(missing)}; it needs {listed(required)}")
        return found

    def items(self) -> list[Place]:
        """The entries of a list that is not empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            self.wrong(f"{self.name} must be a list with at least one entry")
        nodes = cast("list[yaml.Node]", self.node.value)
        return [Place(node, f"an entry of {self.name}", self.file) for node in nodes]

    def scalar(self) -> Scalar:
        """A text, a number, true or false."""
        value: object = None
        if isinstance(self.node, yaml.ScalarNode):
            text = str(self.node.value)
            value = text if self.node.tag == _TEXT else cast(object, yaml.safe_load(text))
        if not isinstance(value, str | int | float | bool):
            self.wrong(f"{self.name} must be a text, a number, true or false")
        return value

    def text(self) -> str:
        """A text that says something."""
        value = self.scalar()
        if not isinstance(value, str) or not value.strip():
            self.wrong(f"{self.name} must be a text")
        return " ".join(value.split())

    def number(self) -> float:
        """A number, whole or not."""
        value = self.scalar()
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(f"{self.name} must be a number")
        return float(value)

    def among(self, choices: Collection[str]) -> str:
        """One of these words."""
        word = self.text()
        if word not in choices:
            self.wrong(f"{self.name} is {word!r}; allowed: {listed(choices)}{_nearest(word, choices)}")
        return word


def read_places(path: Path, shown: str) -> Place:
    """The whole file as one place."""
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SuiteError(f"{shown}:{line}: this is not YAML ({error.problem}); mend the line") from error
    if node is None:
        raise SuiteError(f"{shown}:1: the file is empty; a suite says source, owner and expectations")
    return Place(node, "the suite", shown)


def listed(words: Collection[str]) -> str:
    """Words as a reader wants them: a, b, c."""
    return ", ".join(words)


def _nearest(word: str, choices: Collection[str]) -> str:
    near = get_close_matches(word, choices, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
