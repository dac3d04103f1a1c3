"""The coding lists as data: words, codes with their terms, rules of scope; read once, checked, versioned."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import yaml

from ml.text.mistakes import TextError
from ml.text.patterns import Alphabet, Pattern, compile_pattern

LISTS: Final = Path(__file__).with_name("lists")
WORDS: Final = "words.yml"
SCOPE: Final = "scope.yml"
POLARITIES: Final = ("affirmed", "negated", "hypothetical", "historical", "other_actor")
ACTORS: Final = ("suspect", "victim", "officer", "other", "unknown")
WHOSE: Final = ("suspect", "victim", "officer", "anyone")

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Term:
    """One entry of a list, by the name under which it is published."""

    code: str
    name: str
    patterns: tuple[Pattern, ...]  # whoever is named before these did it
    things: tuple[Pattern, ...]  # nouns and states: whoever is named before these did not do it


@dataclass(frozen=True)
class Code:
    """What one code means, whose deed or state it is, and what shows it."""

    name: str
    title: str
    by: str
    free: bool  # whoever is named before its words, it is told of whom it is by
    group: str
    definition: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    published: str | None
    pursuit: bool  # it begins or goes on with a course of stalking, whatever else it is
    implies: tuple[str, ...]
    terms: tuple[Term, ...]
    unless: tuple[Pattern, ...]
    unless_before: tuple[Pattern, ...]
    unless_after: tuple[Pattern, ...]
    unless_within: tuple[Pattern, ...]


@dataclass(frozen=True)
class ScopeRule:
    """What words before, after or within a term make of it."""

    name: str
    polarity: str
    actor: str | None
    before: tuple[Pattern, ...]
    after: tuple[Pattern, ...]
    within: tuple[Pattern, ...]
    only: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True)
class CodingLists:
    """Everything that decides how a text is coded, under one version."""

    version: str
    alphabet: Alphabet
    codes: tuple[Code, ...]
    rules: tuple[ScopeRule, ...]
    women: tuple[Pattern, ...]  # words that tell of a suspect who is a woman
    men: tuple[Pattern, ...]

    @property
    def counted_as(self) -> dict[str, str]:
        """The behaviour that a code which is none itself counts as: a tracker as surveillance."""
        behaviours = {code.name for code in self.codes if code.published}
        return {
            code.name: other
            for code in self.codes
            for other in code.implies
            if code.name not in behaviours and other in behaviours
        }

    def code(self, name: str) -> Code:
        """The code of this name."""
        return next(code for code in self.codes if code.name == name)


def read_lists(folder: Path = LISTS) -> CodingLists:
    """Every list of a folder; whatever is wrong is said with its file and entry."""
    if not (folder / WORDS).is_file() or not (folder / SCOPE).is_file():
        raise TextError(f"{folder} holds no coding lists: {WORDS} and {SCOPE} must be there")
    alphabet = Alphabet()
    _read_words(alphabet, folder / WORDS)
    codes = [
        _code(alphabet, path, name, _mapping(told, f"{path.name}: {name}"))
        for path in sorted(folder.glob("*.yml"))
        if path.name not in (WORDS, SCOPE)
        for name, told in _mapping(_yaml(path).get("codes"), f"{path.name}: codes").items()
    ]
    names = [code.name for code in codes]
    if twice := {name for name in names if names.count(name) > 1}:
        raise TextError(f"{folder}: {', '.join(sorted(twice))} is listed twice")
    for code in codes:
        if unknown := [name for name in code.implies if name not in names]:
            raise TextError(f"{code.name} implies {unknown[0]!r}, which no list holds")
    rules = _read_scope(alphabet, folder / SCOPE, names)
    sexes = _mapping(_yaml(folder / SCOPE).get("suspect_is"), f"{SCOPE}: suspect_is")
    women, men = (
        _patterns(alphabet, sexes.get(sex), f"{SCOPE}: suspect_is: {sex}") for sex in ("woman", "man")
    )
    return CodingLists(version_of(folder), alphabet, tuple(codes), rules, women, men)


def version_of(folder: Path = LISTS) -> str:
    """A name made of what the lists say: two versions of one name code alike."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _yaml(path: Path) -> Told:
    try:
        return _mapping(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), path.name)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TextError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from error


def _mapping(told: object, where: str) -> Told:
    if not isinstance(told, dict):
        raise TextError(f"{where}: names with what they hold are expected here")
    return cast("Told", told)


def _lines(told: object, where: str) -> list[str]:
    if told is None:
        return []
    if isinstance(told, str):
        return [line for line in told.splitlines() if line.strip()]
    if isinstance(told, list):
        return [str(line) for line in cast("list[object]", told)]
    raise TextError(f"{where}: a line or a list of lines is expected here")


def _read_words(alphabet: Alphabet, path: Path) -> None:
    for name, words in _mapping(_yaml(path).get("words"), f"{path.name}: words").items():
        if name in alphabet.lists:
            raise TextError(f"{path.name}: the list <{name}> stands there twice")
        alphabet.name_list(name, str(words).split())


def _patterns(alphabet: Alphabet, told: object, where: str) -> tuple[Pattern, ...]:
    return tuple(p for line in _lines(told, where) for p in compile_pattern(alphabet, line, where))


def _beside(alphabet: Alphabet, told: object, where: str) -> tuple[Pattern, ...]:
    lines = _lines(told, where)
    return tuple(p for line in lines for p in compile_pattern(alphabet, line, where, beside=True))


def _term(alphabet: Alphabet, code: str, name: str, lines: list[str], where: str) -> Term:
    """A star before a pattern marks a thing or a state, of which nobody named before it is the doer."""
    deeds = [line for line in lines if not line.startswith("* ")]
    things = [line[2:] for line in lines if line.startswith("* ")]
    return Term(code, name, _patterns(alphabet, deeds, where), _patterns(alphabet, things, where))


def _code(alphabet: Alphabet, path: Path, name: str, told: Told) -> Code:
    where = f"{path.name}: {name}"
    known = {"title", "by", "free", "definition", "examples", "counter_examples", "published", "pursuit",
             "implies", "terms", "unless", "unless_before", "unless_after", "unless_within"}  # fmt: skip
    if unknown := set(told) - known:
        raise TextError(f"{where}: {sorted(unknown)[0]!r} is not one of {', '.join(sorted(known))}")
    if missing := [key for key in ("title", "by", "definition", "examples", "terms") if not told.get(key)]:
        raise TextError(f"{where}: {missing[0]} is missing")
    if told["by"] not in WHOSE:
        raise TextError(f"{where}: by {told['by']!r} is not one of {', '.join(WHOSE)}")
    terms = tuple(
        _term(alphabet, name, str(term), _lines(patterns, where), f"{where}: {term}")
        for term, patterns in _mapping(told["terms"], f"{where}: terms").items()
    )
    return Code(
        name, str(told["title"]), str(told["by"]), bool(told.get("free")), path.stem, str(told["definition"]),
        tuple(_lines(told["examples"], where)), tuple(_lines(told.get("counter_examples"), where)),
        told.get("published"), bool(told.get("pursuit")), tuple(_lines(told.get("implies"), where)), terms,
        _patterns(alphabet, told.get("unless"), f"{where}: unless"),
        _beside(alphabet, told.get("unless_before"), f"{where}: unless_before"),
        _beside(alphabet, told.get("unless_after"), f"{where}: unless_after"),
        _beside(alphabet, told.get("unless_within"), f"{where}: unless_within"),
    )  # fmt: skip


def _read_scope(alphabet: Alphabet, path: Path, names: list[str]) -> tuple[ScopeRule, ...]:
    rules: list[ScopeRule] = []
    for name, entry in _mapping(_yaml(path).get("rules"), f"{path.name}: rules").items():
        where = f"{path.name}: {name}"
        told = _mapping(entry, where)
        polarity, actor = told.get("polarity"), told.get("actor")
        if polarity not in POLARITIES or (actor is not None and actor not in ACTORS):
            raise TextError(
                f"{where}: a rule says one of {', '.join(POLARITIES)}, by one of {', '.join(ACTORS)}"
            )
        only, never = _lines(told.get("only"), where), _lines(told.get("never"), where)
        if strangers := [code for code in [*only, *never] if code not in names]:
            raise TextError(f"{where}: {strangers[0]!r} is no code")
        before, after, within = (
            _beside(alphabet, told.get(key), f"{where}: {key}") for key in ("before", "after", "within")
        )
        if not (before or after or within):
            raise TextError(f"{where}: says neither before, after nor within")
        rules.append(
            ScopeRule(name, polarity, actor, before, after, within, frozenset(only), frozenset(never))
        )
    return tuple(rules)
