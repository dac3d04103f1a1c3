"""YAML in which every mistake can be told by its file and line, and by what is allowed there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, cast

import yaml

REPOSITORY = Path(__file__).parents[1]

_NULL = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"
_WHOLE = "tag:yaml.org,2002:int"
_DECIMAL = "tag:yaml.org,2002:float"
_FLAG = "tag:yaml.org,2002:bool"
_KINDS = {_NULL: "nothing", _WHOLE: "a number", _DECIMAL: "a number", _FLAG: "true or false"}


class YamlMistake(Exception):
    """One sentence: where it stands, what is wrong, what is allowed there."""


@dataclass(frozen=True)
class Marked:
    """A place in a YAML file, named for whoever has to put it right."""

    node: yaml.Node
    name: str
    file: str
    mistake: type[YamlMistake]

    @property
    def line(self) -> int:
        """The line a person would look at, counted from 1."""
        return self.node.start_mark.line + 1

    def wrong(self, what: str) -> NoReturn:
        """Refuse this place in one sentence."""
        raise self.mistake(f"{self.file}:{self.line}: {what}")

    def fields(self, allowed: Collection[str], required: Collection[str] = ()) -> dict[str, Marked]:
        """The entries of a mapping, each known and none twice."""
        found: dict[str, Marked] = {}
        for key, value in self._entries():
            word = key.text()
            if word not in allowed:
                guess = nearest(word, allowed)
                key.wrong(f"{self.name} has no key {word!r}; allowed: {listed(allowed)}{guess}")
            if word in found:
                key.wrong(f"{self.name} says {word!r} twice; keep one")
            found[word] = value
        if missing := [word for word in required if word not in found]:
            self.wrong(f"{self.name} lacks {listed(missing, 'and')}; it needs {listed(required, 'and')}")
        return found

    def open_fields(self) -> dict[str, Marked]:
        """The entries of a mapping that others add keys to."""
        return {key.text(): value for key, value in self._entries()}

    def items(self) -> list[Marked]:
        """The entries of a list, at least one."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong(f"{self.name} is {self._kind()} where a list belongs, written like [first, second]")
        nodes = cast(list[yaml.Node], self.node.value)
        if not nodes:
            self.wrong(f"{self.name} is an empty list; leave the key out, or name something")
        return [self._at(node, f"an entry of {self.name}") for node in nodes]

    def texts(self) -> tuple[str, ...]:
        """A list of words, none twice."""
        found: list[str] = []
        for item in self.items():
            word = item.text()
            if word in found:
                item.wrong(f"{self.name} lists {word!r} twice; keep one")
            found.append(word)
        return tuple(found)

    def text(self) -> str:
        """A text; what YAML takes for a number or a flag must stand in quotes."""
        tag, value = self._scalar()
        if tag != _TEXT:
            hint = f'; put it in quotes, like "{value}"' if tag in _KINDS and tag != _NULL else ""
            self.wrong(f"{self.name} is {self._kind()} where a text belongs{hint}")
        return value

    def whole(self) -> int:
        """A whole number."""
        tag, value = self._scalar()
        if tag != _WHOLE or not value.lstrip("+-").isdecimal():
            self.wrong(f"{self.name} is {self._kind()} where a whole number belongs")
        return int(value)

    def number(self) -> float:
        """A number, whole or not."""
        tag, value = self._scalar()
        try:
            return float(value) if tag in (_WHOLE, _DECIMAL) else self._no_number()
        except ValueError:
            self._no_number()

    def flag(self) -> bool:
        """True or false, and no other word for it."""
        tag, value = self._scalar()
        if tag != _FLAG or value not in ("true", "false"):
            self.wrong(f"{self.name} is {self._kind()} where true or false belongs")
        return value == "true"

    def among(self, allowed: Collection[str]) -> str:
        """One word of a closed list."""
        word = self.text()
        if word not in allowed:
            self.wrong(f"{self.name} {word!r} is not one of {listed(allowed)}{nearest(word, allowed)}")
        return word

    def is_mapping(self) -> bool:
        """Whether this place holds keys, where either keys or a list may stand."""
        return isinstance(self.node, yaml.MappingNode)

    def _entries(self) -> list[tuple[Marked, Marked]]:
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong(f"{self.name} is {self._kind()} where a mapping belongs")
        nodes = cast(list[tuple[yaml.Node, yaml.Node]], self.node.value)
        keys = [self._at(key, f"a key of {self.name}") for key, _ in nodes]
        return [(key, self._at(value, key.text())) for key, (_, value) in zip(keys, nodes, strict=True)]

    def _no_number(self) -> NoReturn:
        self.wrong(f"{self.name} is {self._kind()} where a number belongs")

    def _scalar(self) -> tuple[str, str]:
        if not isinstance(self.node, yaml.ScalarNode):
            self.wrong(f"{self.name} is {self._kind()} where one value belongs")
        return self.node.tag, cast(str, self.node.value)

    def _at(self, node: yaml.Node, name: str) -> Marked:
        return Marked(node, name, self.file, self.mistake)

    def _kind(self) -> str:
        if isinstance(self.node, yaml.MappingNode):
            return "a mapping"
        if isinstance(self.node, yaml.SequenceNode):
            return "a list"
        return _KINDS.get(self.node.tag, "a text")


def read_marked(path: Path, mistake: type[YamlMistake], name: str = "the file") -> Marked:
    """The whole of a file, or one sentence on why it cannot be read."""
    file = shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise mistake(f"{file}:{line}: the file is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise mistake(f"{file}:1: the file cannot be read: {error.strerror or 'no reason given'}") from None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise mistake(f"{file}:{line}: this is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise mistake(f"{file}:1: this is not YAML: {str(error).splitlines()[0]}") from None
    if node is None:
        raise mistake(f"{file}:1: the file is empty")
    return Marked(node, name, file, mistake)


def shown(path: Path) -> str:
    """The path as a reader of this repository would write it."""
    absolute = path.absolute()
    inside = absolute.is_relative_to(REPOSITORY)
    return absolute.relative_to(REPOSITORY).as_posix() if inside else str(absolute)


def listed(words: Collection[str], last: str = "or") -> str:
    """Words as a sentence lists them."""
    every = list(words)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} {last} {every[-1]}"


def nearest(word: str, allowed: Collection[str]) -> str:
    """A guess at what was meant, or nothing where nothing is near."""
    guess = get_close_matches(word, list(allowed), n=1, cutoff=0.55)
    return f"; did you mean {guess[0]}?" if guess else ""


def refuse_together(fields: Mapping[str, Marked], together: Collection[str], why: str) -> None:
    """Refuse the first of the keys that may not stand where these do."""
    for word in together:
        if word in fields:
            fields[word].wrong(why.format(word))
