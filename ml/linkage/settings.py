"""What is compared, what is looked at together, what a machine may not decide: `settings.yml`, read."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import yaml

from ml.linkage.mistakes import LinkingError

SETTINGS: Final = Path(__file__).with_name("settings.yml")
UNKNOWN: Final = "unknown"
SIDE: Final = re.compile(r"\b([lr])\.(\w+)")


@dataclass(frozen=True)
class Level:
    """One way in which two values may agree; the last of a comparison has no condition."""

    label: str
    condition: str | None
    rarer_is_stronger: str | None = None


@dataclass(frozen=True)
class Comparison:
    """One thing that two profiles are compared in; the first level that holds counts."""

    name: str
    unknown: str
    levels: tuple[Level, ...]

    @property
    def column(self) -> str:
        """The comparison's name as a column."""
        return self.name.replace(" ", "_")

    @property
    def columns(self) -> set[str]:
        """What of a profile it compares."""
        return {column for _, column in SIDE.findall(self.unknown)}

    def number(self, label: str) -> int:
        """The number by which Splink knows a level: 0 is the last."""
        return len(self.levels) - 1 - [level.label for level in self.levels].index(label)

    def label(self, number: int) -> str:
        """The level behind a number of Splink's."""
        return UNKNOWN if number < 0 else self.levels[len(self.levels) - 1 - number].label


@dataclass(frozen=True)
class Key:
    """Pairs that agree in this are looked at."""

    why: str
    expression: str
    each: str | None


@dataclass(frozen=True)
class Veto:
    """Where this holds a person decides; both conditions are over the levels of comparisons."""

    why: str
    when: str
    unless: str | None
    up_to: float | None
    keeps_apart: bool
    of_families: bool
    asks_unknown: tuple[Comparison, ...]

    @property
    def condition(self) -> str:
        """Both as one condition."""
        held = self.when + (f" and not ({self.unless})" if self.unless else "")
        return held + (f" and match_weight < {self.up_to}" if self.up_to is not None else "")


@dataclass(frozen=True)
class LinkSettings:
    """Everything that is data about linking but the weights."""

    comparisons: tuple[Comparison, ...]
    keys: tuple[Key, ...]
    vetoes: tuple[Veto, ...]
    enough: tuple[str, ...]
    linked: float
    reviewed: float
    together: float
    number_only_is_sole_holder: bool

    def without_families(self) -> LinkSettings:
        """For tables that hold one person to a home: nobody is mistaken there for a twin or a father."""
        return replace(self, vetoes=tuple(veto for veto in self.vetoes if not veto.of_families))

    def for_columns(self, told: Collection[str]) -> LinkSettings:
        """For tables that tell of these alone: `unknown` says nothing of what is never told."""
        speaking = tuple(
            veto
            for veto in self.vetoes
            if all(comparison.columns.intersection(told) for comparison in veto.asks_unknown)
        )
        return replace(self, vetoes=speaking)


def load(path: Path = SETTINGS) -> LinkSettings:
    """Read and check the settings; whatever is wrong is said with its place."""
    try:
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        comparisons = tuple(_comparison(one) for one in told["comparisons"])
        named = {comparison.name: comparison for comparison in comparisons}
        thresholds = told["thresholds"]
        found = LinkSettings(
            comparisons,
            tuple(Key(one["why"], one["key"], one.get("each")) for one in told["looked_at_together"]),
            tuple(_veto(one, named) for one in told["never_alone"]),
            tuple(_holds(one["when"], named, " and ") for one in told["enough_together"]),
            float(thresholds["linked"]),
            float(thresholds["reviewed"]),
            float(thresholds["together"]),
            bool(told["number_only_is_sole_holder"]),
        )
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise LinkingError(f"{path.name}: {error} is missing or is not what belongs there") from error
    if found.reviewed > found.linked:
        raise LinkingError(
            f"{path.name}: thresholds: `reviewed` must not exceed `linked`, as in reviewed: 4.0, linked: 10.0"
        )
    return found


def _comparison(told: dict[str, Any]) -> Comparison:
    levels = tuple(Level(one["label"], one.get("is"), one.get("rarer_is_stronger")) for one in told["levels"])
    labels = [level.label for level in levels]
    if len(set(labels)) < len(labels) or len(levels) < 2:
        raise LinkingError(
            f"settings.yml: comparison {told['name']!r} needs two levels or more, each with its own label"
        )
    if levels[-1].condition is not None or any(level.condition is None for level in levels[:-1]):
        raise LinkingError(
            f"settings.yml: comparison {told['name']!r}: the last level, and no other, goes without `is`"
        )
    return Comparison(told["name"], told["unknown"], levels)


def _veto(told: dict[str, Any], named: dict[str, Comparison]) -> Veto:
    unless = _holds(told["unless"], named, " or ") if "unless" in told else None
    up_to = float(told["up_to"]) if "up_to" in told else None
    return Veto(
        told["why"],
        _holds(told["when"], named, " and "),
        unless,
        up_to,
        bool(told.get("keeps_apart")),
        bool(told.get("of_families")),
        tuple(named[name] for name, labels in told["when"].items() if UNKNOWN in labels),
    )


def _holds(levels: dict[str, list[str]], named: dict[str, Comparison], joined: str) -> str:
    """SQL over Splink's columns for `{comparison: [label or "not label", ...]}`."""
    said: list[str] = []
    for name, labels in levels.items():
        if name not in named:
            raise LinkingError(
                f"settings.yml: never_alone speaks of {name!r}; compared are {', '.join(named)}"
            )
        comparison = named[name]
        column = f"gamma_{comparison.column}"
        one_of: list[str] = []
        for label in labels:
            meant = label.removeprefix("not ")
            if meant == UNKNOWN:
                one_of.append(f"{column} = -1")
                continue
            if meant not in {level.label for level in comparison.levels}:
                raise LinkingError(
                    f"settings.yml: {name!r} has no level {meant!r}; it has "
                    + ", ".join(level.label for level in comparison.levels)
                )
            sign = "<>" if label.startswith("not ") else "="
            one_of.append(f"{column} {sign} {comparison.number(meant)}")
        said.append("(" + " or ".join(one_of) + ")")
    return joined.join(said)


def splink_columns(expression: str) -> str:
    """`l.surname = r.surname` in the words of Splink: `surname_l = surname_r`."""
    return SIDE.sub(lambda found: f"{found[2]}_{found[1]}", expression)


def splink_settings(settings: LinkSettings, weights: dict[str, Any] | None) -> dict[str, Any]:
    """The settings as Splink takes them, with frozen weights or, to be trained, without."""
    told = cast(dict[str, Any], (weights or {}).get("comparisons", {}))

    def level(comparison: Comparison, one: Level) -> dict[str, Any]:
        known: dict[str, float] = told.get(comparison.name, {}).get(one.label, {})
        given: dict[str, Any] = {
            "sql_condition": splink_columns(one.condition) if one.condition else "ELSE",
            "label_for_charts": one.label,
        }
        if known:
            given |= {"m_probability": known["m"], "u_probability": known["u"]}
        if one.rarer_is_stronger:
            given |= {"tf_adjustment_column": one.rarer_is_stronger, "tf_adjustment_weight": 1.0}
        return given

    def compared(comparison: Comparison) -> dict[str, Any]:
        unknown = {
            "sql_condition": splink_columns(comparison.unknown),
            "label_for_charts": UNKNOWN,
            "is_null_level": True,
        }
        return {
            "output_column_name": comparison.column,
            "comparison_levels": [unknown, *(level(comparison, one) for one in comparison.levels)],
        }

    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "profile_id",
        "probability_two_random_records_match": (weights or {}).get("two_at_random", 1e-5),
        "comparisons": [compared(comparison) for comparison in settings.comparisons],
        # pairs are found by our own keys, so that only new ones are compared
        "blocking_rules_to_generate_predictions": ["l.surname = r.surname"],
        "retain_matching_columns": True,  # Splink tells the levels only so
        "retain_intermediate_calculation_columns": False,
    }
