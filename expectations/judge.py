"""Great Expectations judges batches of rows and a frame of facts; what comes out are counts, never values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from expectations.suites import Expectation, Facts, Rows, Suite

DELIVERY = "_delivery_id"
"""The categorical column of a batch that says which delivery a row came with."""

_COUNTS_ONLY: dict[str, Any] = {"result_format": "BASIC", "partial_unexpected_count": 0}
_WHICH_ROWS: dict[str, Any] = {"result_format": "COMPLETE", "exclude_unexpected_values": True}
_COUNTS_NULLS = {"expect_column_values_to_not_be_null", "expect_column_values_to_be_null"}
_EITHER = "either_value_is_missing"
_HAIR = 1e-9

Counts = NDArray[np.int64]


class CannotJudge(Exception):
    """An expectation that Great Expectations could not evaluate, in one sentence without values."""


@dataclass(frozen=True)
class Verdict:
    """What one expectation says of one delivery; `is_met` is None where there was too little to judge by."""

    delivery_id: str
    expectation: Expectation
    rows_checked: int
    rows_failing: int | None
    observed: float | None
    is_met: bool | None


@cache
def _context() -> Any:
    """Great Expectations, started once: its import alone takes seconds, so nothing else imports it."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    told = DataContextConfig(
        analytics_enabled=False,
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return cast(Any, gx).get_context(mode="ephemeral", project_config=told)


def start() -> None:
    """Pay the fixed start now, so that a measurement or a test may leave it out."""
    _context()


@contextmanager
def quick_texts() -> Generator[None]:
    """Texts held as Arrow holds them, the way of the next pandas: twice as fast, in half the memory."""
    with pd.option_context("future.infer_string", True):
        yield


def _evaluated(
    frame: pd.DataFrame, asked: Mapping[str, Any], form: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Evaluate several expectations on one frame; what each says, by its name.

    The engine is given the frame as it is: a batch definition would first hash every cell, half of the time.
    """
    context = _context()
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.validator.validator import Validator

    if not asked:
        return {}
    with quick_texts():
        engine = PandasExecutionEngine(batch_data_dict={"batch": frame})
        validator = cast(Any, Validator(execution_engine=engine, data_context=context))
        results = validator.graph_validate(
            configurations=[question.configuration for question in asked.values()],
            runtime_configuration={"result_format": form},
        )
    told: dict[str, dict[str, Any]] = {}
    for result in cast("list[Any]", results):
        name = cast(str, result.expectation_config.meta["name"])
        if not result.result:
            raise CannotJudge(
                f"the expectation {name} cannot be evaluated: check its columns and their types"
            )
        told[name] = result.result
    return told


def _question(one: Expectation) -> Any:
    """A row rule in the words of Great Expectations; a pair with a half missing is no failure of the pair."""
    from great_expectations.expectations.registry import get_expectation_impl

    asks = cast(Rows, one.asks)
    arguments: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in asks.arguments.items()
    }
    if "column_A" in arguments:
        arguments["ignore_row_if"] = _EITHER
    if asks.row_condition:
        arguments |= {"row_condition": asks.row_condition, "condition_parser": "pandas"}
    return get_expectation_impl(asks.rule)(**arguments, meta={"name": one.name})


def judge_rows(suite: Suite, batches: Iterable[pd.DataFrame], deliveries: Mapping[str, str]) -> list[Verdict]:
    """Ask every row of the deliveries (id to kind); batches of several deliveries are evaluated at once."""
    checked: dict[tuple[str, str], int] = defaultdict(int)
    failing: dict[tuple[str, str], int] = defaultdict(int)
    asked = {one.name: _question(one) for one in suite.rows}
    for batch in batches:
        for name, delivery, rows, bad in _batch_counts(suite, asked, batch):
            checked[name, delivery] += rows
            failing[name, delivery] += bad
    return [
        _row_verdict(one, delivery, checked[one.name, delivery], failing[one.name, delivery])
        for delivery, kind in deliveries.items()
        for one in suite.rows
        if kind in one.kinds
    ]


def _row_verdict(one: Expectation, delivery: str, checked: int, failing: int) -> Verdict:
    allowed = (1 - cast(Rows, one.asks).mostly) * checked + _HAIR
    is_met = failing <= allowed if checked >= one.at_least_rows else None
    return Verdict(delivery, one, checked, failing, None, is_met)


def _batch_counts(
    suite: Suite, asked: Mapping[str, Any], batch: pd.DataFrame
) -> Iterable[tuple[str, str, int, int]]:
    """Expectation, delivery, rows checked and rows failing, for one batch."""
    if batch.empty:
        return
    delivery = batch[DELIVERY].cat
    codes, names = delivery.codes.to_numpy(), [str(name) for name in delivery.categories]
    frame = batch.drop(columns=DELIVERY).reset_index(drop=True)
    told = _evaluated(frame, asked, _COUNTS_ONLY)
    several = np.count_nonzero(_per_delivery(codes, names)) > 1
    broken = {name: asked[name] for name in told if several and told[name]["unexpected_count"]}
    which = _evaluated(frame, broken, _WHICH_ROWS)
    for one in suite.rows:
        rows = _rows_asked(one, frame, codes, names, told[one.name])
        bad = _rows_bad(codes, names, told[one.name], which.get(one.name))
        yield from (
            (one.name, name, int(rows[at]), int(bad[at]))
            for at, name in enumerate(names)
            if rows[at] or bad[at]
        )


def _per_delivery(codes: NDArray[Any], names: list[str]) -> Counts:
    return np.bincount(codes, minlength=len(names)).astype(np.int64)


def _rows_asked(
    one: Expectation, frame: pd.DataFrame, codes: NDArray[Any], names: list[str], told: Mapping[str, Any]
) -> Counts:
    """Rows of each delivery that the rule bears upon: its columns filled, its condition met."""
    asks = cast(Rows, one.asks)
    bears = np.ones(len(frame), dtype=bool)
    if asks.row_condition:
        bears = np.zeros(len(frame), dtype=bool)
        bears[frame.query(asks.row_condition).index.to_numpy()] = True
    if asks.rule not in _COUNTS_NULLS and told.get("missing_count", 0):
        bears &= frame[list(asks.columns)].notna().all(axis=1).to_numpy()
    return _per_delivery(codes[bears], names)


def _rows_bad(
    codes: NDArray[Any], names: list[str], told: Mapping[str, Any], which: Mapping[str, Any] | None
) -> Counts:
    """Failing rows of each delivery; a batch of one delivery needs no look at which rows they are."""
    if which is not None:
        return _per_delivery(codes[np.asarray(which["unexpected_index_list"], dtype=np.int64)], names)
    bad = np.zeros(len(names), dtype=np.int64)
    bad[codes[0]] = told["unexpected_count"]
    return bad


def judge_facts(suite: Suite, facts: pd.DataFrame) -> list[Verdict]:
    """Ask the facts of each delivery (one row each: delivery_id, kind, rows and what the SQL found)."""
    asked: dict[str, Any] = {}
    seen: dict[str, pd.Series[float]] = {}
    for one in suite.facts:
        seen[one.name] = _to_judge(one, facts)
        asked[one.name] = _bounds(one)
    frame = pd.DataFrame(seen, index=range(len(facts)))
    told = _evaluated(frame, asked, _WHICH_ROWS) if len(facts) else {}
    found: list[Verdict] = []
    for one in suite.facts if told else ():
        outside = set(cast("list[int]", told[one.name].get("unexpected_index_list") or []))
        found += _fact_verdicts(one, facts, seen[one.name], outside)
    return found


def _bounds(one: Expectation) -> Any:
    from great_expectations.expectations.registry import get_expectation_impl

    asks = cast(Facts, one.asks)
    bounds = {"min_value": asks.min_value, "max_value": asks.max_value}
    between = cast(Any, get_expectation_impl("expect_column_values_to_be_between"))
    return between(column=one.name, **bounds, meta={"name": one.name})


def _rests_on(one: Expectation, facts: pd.DataFrame) -> pd.Series[float]:
    """How many rows a fact rests on: its own count where the SQL gives one, else all rows of the delivery."""
    own = f"{cast(Facts, one.asks).column}__rows"
    return facts[own if own in facts.columns else "rows"].fillna(0).reset_index(drop=True)


def _to_judge(one: Expectation, facts: pd.DataFrame) -> pd.Series[float]:
    """The fact where there is enough to judge by, and nothing elsewhere."""
    column = cast(Facts, one.asks).column
    if column not in facts.columns:
        raise CannotJudge(
            f"{one.relation}.yml:{one.line}: {one.name} asks for the fact {column}, which no SQL gives"
        )
    value = pd.to_numeric(facts[column]).astype(float).reset_index(drop=True)
    return value.where(_rests_on(one, facts) >= one.at_least_rows)


def _fact_verdicts(
    one: Expectation, facts: pd.DataFrame, seen: pd.Series[float], outside: set[int]
) -> Iterable[Verdict]:
    rests_on = _rests_on(one, facts)
    for at, (delivery, kind) in enumerate(zip(facts["delivery_id"], facts["kind"], strict=True)):
        if kind in one.kinds:
            observed = float(seen[at])
            judged = not np.isnan(observed)
            is_met = at not in outside if judged else None
            yield Verdict(str(delivery), one, int(rests_on[at]), None, observed if judged else None, is_met)
