"""The agreed expectations, read strictly: a suite that says something wrong is refused by file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, cast, get_args

from expectations.yaml_places import Place, Scalar, SuiteError, listed, read_places

__all__ = ["Expectation", "Facts", "Link", "Rows", "Suite", "SuiteError", "load_suites", "read_suite"]

Severity = Literal["critical", "warning"]
Kind = Literal["history", "regular", "off_cycle"]
Argument = Scalar | tuple[Scalar, ...]

HERE = Path(__file__).parent
SUITES = HERE / "suites"
ACROSS = "across_sources"

ROW_RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "expect_column_values_to_match_regex": (("column", "regex"), ()),
    "expect_column_values_to_not_match_regex": (("column", "regex"), ()),
    "expect_column_values_to_be_in_set": (("column", "value_set"), ()),
    "expect_column_values_to_not_be_in_set": (("column", "value_set"), ()),
    "expect_column_values_to_be_between": (("column",), ("min_value", "max_value")),
    "expect_column_value_lengths_to_be_between": (("column",), ("min_value", "max_value")),
    "expect_column_values_to_not_be_null": (("column",), ()),
    "expect_column_values_to_be_null": (("column",), ()),
    "expect_column_pair_values_to_be_equal": (("column_A", "column_B"), ()),
    "expect_column_pair_values_a_to_be_greater_than_b": (("column_A", "column_B"), ("or_equal",)),
}
"""The row rules of Great Expectations in use here: arguments that must stand, and arguments that may."""

_SAY = ("name", "severity", "why")
_MAY_SAY = (*_SAY, "owner", "kinds", "at_least_rows", "rows", "facts", "mostly", "row_condition")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEAM = re.compile(r"[a-z][a-z0-9.-]*@[a-z0-9.-]+\.[a-z]+")


@dataclass(frozen=True)
class Rows:
    """A rule that every row is asked; `mostly` is the share of them that must keep it."""

    rule: str
    arguments: Mapping[str, Argument]
    row_condition: str
    mostly: float

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it looks at."""
        named = [
            str(self.arguments[name]) for name in ("column", "column_A", "column_B") if name in self.arguments
        ]
        return tuple(named)


@dataclass(frozen=True)
class Link:
    """A column of references and the column of another source in which they should be found."""

    column: str
    to_source: str
    to_column: str

    @property
    def fact(self) -> str:
        """What the share of references found is called among the facts."""
        return f"share_of_{self.column}_in_{self.to_source}"


@dataclass(frozen=True)
class Facts:
    """A figure of the whole delivery, and the bounds between which nobody need look at it."""

    column: str
    link: Link | None
    min_value: float | None
    max_value: float | None


@dataclass(frozen=True)
class Expectation:
    """One agreed question to each delivery of a source."""

    name: str
    source: str
    relation: str
    severity: Severity
    why: str
    owner: str
    kinds: tuple[Kind, ...]
    at_least_rows: int
    asks: Rows | Facts
    line: int

    @property
    def kind(self) -> Literal["rows", "facts"]:
        """Whether rows are asked one by one, or the delivery as a whole."""
        return "rows" if isinstance(self.asks, Rows) else "facts"


@dataclass(frozen=True)
class Suite:
    """Every expectation of one source, those across sources among them."""

    source: str
    derived: Mapping[str, str]
    expectations: tuple[Expectation, ...]

    @property
    def rows(self) -> tuple[Expectation, ...]:
        return tuple(one for one in self.expectations if one.kind == "rows")

    @property
    def facts(self) -> tuple[Expectation, ...]:
        return tuple(one for one in self.expectations if one.kind == "facts")

    @property
    def links(self) -> tuple[Link, ...]:
        """The links asked after, each once."""
        asked = [one.asks.link for one in self.facts if isinstance(one.asks, Facts)]
        return tuple(dict.fromkeys(link for link in asked if link is not None))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, derived ones too, that the row rules look at or are conditioned on."""
        words: list[str] = []
        for one in self.rows:
            asks = cast(Rows, one.asks)
            words += [*asks.columns, *re.findall(r"[a-z_][a-z0-9_]*", _without_texts(asks.row_condition))]
        return tuple(dict.fromkeys(word for word in words if word not in _OF_CONDITIONS))

    def sha256(self, kind: Literal["rows", "facts"]) -> str:
        """Changes whenever an expectation of that kind does, wherever its line stands."""
        told = [asdict(replace(one, line=0)) for one in self.expectations if one.kind == kind]
        return hashlib.sha256(repr((sorted(self.derived.items()), told)).encode()).hexdigest()


_OF_CONDITIONS = {"and", "or", "not", "in", "notnull", "isnull"}


def _without_texts(condition: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", condition)


def load_suites(folder: Path = SUITES) -> dict[str, Suite]:
    """Every suite of a folder by source, the expectations across sources added to the source they ask."""
    if not folder.is_dir():
        raise SuiteError(f"{folder}:1: there is no such folder; suites stand in expectations/suites")
    suites = {path.stem: read_suite(path) for path in sorted(folder.glob("*.yml"))}
    across = suites.pop(ACROSS, None)
    for one in across.expectations if across else ():
        if one.source not in suites:
            raise SuiteError(f"{ACROSS}.yml:{one.line}: {one.source} has no suite; allowed: {listed(suites)}")
        suite = suites[one.source]
        if one.name in {other.name for other in suite.expectations}:
            raise SuiteError(
                f"{ACROSS}.yml:{one.line}: {one.name} stands in {one.source}.yml too; rename one"
            )
        suites[one.source] = replace(suite, expectations=(*suite.expectations, one))
    return suites


def read_suite(path: Path) -> Suite:
    """One file of expectations, checked as a whole."""
    top = read_places(path, _shown(path)).fields(
        ("source", "owner", "derived", "expectations"), ("source", "owner", "expectations")
    )
    source = top["source"].text()
    if source != path.stem:
        top["source"].wrong(f"source is {source!r} in the file {path.name}; call the file {source}.yml")
    owner = _owner(top["owner"])
    derived = (
        {name: at.text() for name, at in top["derived"].fields(None).items()} if "derived" in top else {}
    )
    found = [_expectation(at, source, owner) for at in top["expectations"].items()]
    _refuse_twins(found, top["expectations"].items())
    return Suite(source, derived, tuple(found))


def _shown(path: Path) -> str:
    inside = path.is_relative_to(HERE.parent)
    return path.relative_to(HERE.parent).as_posix() if inside else path.as_posix()


def _refuse_twins(found: Iterable[Expectation], places: Iterable[Place]) -> None:
    seen: set[tuple[str, str]] = set()
    for one, at in zip(found, places, strict=True):
        if (one.source, one.name) in seen:
            at.wrong(f"the expectation {one.name} stands twice; rename one")
        seen.add((one.source, one.name))


def _expectation(at: Place, relation: str, owner: str) -> Expectation:
    across = relation == ACROSS
    allowed = (*_MAY_SAY, "source") if across else _MAY_SAY
    fields = at.fields(allowed, (*_SAY, "source") if across else _SAY)
    name = fields["name"].text()
    if not _NAME.fullmatch(name):
        fields["name"].wrong(f"the name {name!r} is not lowercase letters, digits and _, a letter first")
    if ("rows" in fields) == ("facts" in fields):
        at.wrong(f"{name} must say either rows or facts: what is asked of each row, or of the whole")
    for word in ("mostly", "row_condition"):
        if word in fields and "facts" in fields:
            fields[word].wrong(f"{word} stands beside facts; it belongs to rows")
    return Expectation(
        name=name,
        source=fields["source"].text() if across else relation,
        relation=relation,
        severity=cast(Severity, fields["severity"].among(get_args(Severity))),
        why=_why(fields["why"]),
        owner=_owner(fields["owner"]) if "owner" in fields else owner,
        kinds=_kinds(fields.get("kinds")),
        at_least_rows=_at_least(fields.get("at_least_rows")),
        asks=_rows(fields) if "rows" in fields else _facts(fields["facts"], across),
        line=at.line,
    )


def _why(at: Place) -> str:
    why = at.text()
    if len(why.split()) < 5 or not why.endswith("."):
        at.wrong("why is not a sentence; say in one, with a full stop, why this is worth asking")
    return why


def _owner(at: Place) -> str:
    owner = at.text()
    if not _TEAM.fullmatch(owner):
        at.wrong(f"owner {owner!r} is not the mail address of a team, like crime-records@force.example")
    return owner


def _kinds(at: Place | None) -> tuple[Kind, ...]:
    if at is None:
        return get_args(Kind)
    return tuple(cast(Kind, item.among(get_args(Kind))) for item in at.items())


def _at_least(at: Place | None) -> int:
    if at is None:
        return 1
    rows = at.number()
    if rows < 1 or rows != int(rows):
        at.wrong("at_least_rows must be a whole number from 1: the fewest rows to judge by")
    return int(rows)


def _rows(fields: Mapping[str, Place]) -> Rows:
    rules = fields["rows"].fields(tuple(ROW_RULES))
    if len(rules) != 1:
        fields["rows"].wrong("rows must name one rule, with its arguments below it")
    rule, at = next(iter(rules.items()))
    must, may = ROW_RULES[rule]
    arguments = {word: _argument(place) for word, place in at.fields((*must, *may), must).items()}
    if "max_value" in may and not {"min_value", "max_value"} & set(arguments):
        at.wrong(f"{rule} has no bound; give it min_value, max_value or both")
    mostly = fields["mostly"].number() if "mostly" in fields else 1.0
    if not 0 < mostly <= 1:
        fields["mostly"].wrong("mostly must be a share above 0, up to 1: the rows that must keep the rule")
    condition = fields["row_condition"].text() if "row_condition" in fields else ""
    return Rows(rule, arguments, condition, mostly)


def _argument(at: Place) -> Argument:
    if at.name == "value_set":
        return tuple(item.scalar() for item in at.items())
    value = at.scalar()
    if at.name == "regex":
        try:
            has_group = re.compile(str(value)).groups > 0
        except re.error as error:
            at.wrong(f"regex is not a regular expression ({error}); mend it")
        if has_group:
            at.wrong("regex has a group that captures, which nothing reads; write (?:...) instead")
    return value


def _facts(at: Place, across: bool) -> Facts:
    said = "link" if across else "column"
    fields = at.fields((said, "min_value", "max_value"), (said,))
    bounds = {word: fields[word].number() for word in ("min_value", "max_value") if word in fields}
    if not bounds:
        at.wrong("facts has no bound; give it min_value, max_value or both")
    low, high = bounds.get("min_value"), bounds.get("max_value")
    if low is not None and high is not None and low > high:
        fields["max_value"].wrong("max_value is below min_value; exchange them")
    if not across:
        return Facts(fields["column"].text(), None, low, high)
    link = _link(fields["link"])
    return Facts(link.fact, link, low, high)


def _link(at: Place) -> Link:
    fields = at.fields(("from", "to"), ("from", "to"))
    column, to = fields["from"].text(), fields["to"].text()
    if not _NAME.fullmatch(column):
        fields["from"].wrong(f"from is {column!r}; name a column of the source")
    if not re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", to):
        fields["to"].wrong(f"to is {to!r}; name a source and its column, like crimes.crime_ref")
    to_source, to_column = to.split(".")
    return Link(column, to_source, to_column)
