"""Profiles every source by SQL on the connection it is given: one wide scan a source, then a narrow table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dagster_project.contracts import Contract
from dagster_project.exploring.asking import ask, prepare
from dagster_project.exploring.column_profiles import column_profiles
from dagster_project.exploring.judging import badly_recorded
from dagster_project.exploring.plan import CRIMES, PARTIES, Plan, may_show, plan_for
from dagster_project.exploring.profile import (
    CURVE,
    FEWEST_JUDGED,
    FEWEST_SHOWN,
    Count,
    DeliveryRows,
    Duplicates,
    GroupMissing,
    Identity,
    Lag,
    Link,
    MissingBy,
    Profile,
    SourceProfile,
    YearLag,
    share,
)
from dagster_project.exploring.proposing import proposals

ProgressTaker = Callable[[str, int, int], None]

MOMENTS: Final = ("date", "timestamp")
MOSTLY_FILLED: Final = 0.5
MOSTLY_BEFORE: Final = 0.95


def silent(stage: str, rows_done: int, rows_expected: int) -> None:
    """Progress that nobody watches."""


def explore(connection: Any, contracts: Mapping[str, Contract], progress: ProgressTaker = silent) -> Profile:
    """Every source that has rows, one after the other; memory holds one source's narrow columns."""
    there = {row["table_name"]: int(row["row_count"]) for row in ask(connection, "relations")}
    present = {name: contract for name, contract in contracts.items() if name in there}
    expected, done = sum(there[name] for name in present), 0
    _prepare_crimes(connection, present)
    found: list[SourceProfile] = []
    for name, contract in present.items():
        progress(f"exploring {name}", done, expected)
        if profile := _source(connection, plan_for(contract, present)):
            found.append(profile)
        done += there[name]
    progress("explored", done, expected)
    connection.execute("drop table if exists explored")
    connection.execute("drop table if exists explored_crimes")
    return _whole(found, tuple(name for name in contracts if name not in {one.source for one in found}))


def _whole(sources: Sequence[SourceProfile], nothing: tuple[str, ...]) -> Profile:
    received = sorted(one.received_on for source in sources for one in source.deliveries)
    return Profile(
        rows=sum(source.rows for source in sources),
        deliveries=len(received),
        received_from=received[0] if received else "",
        received_to=received[-1] if received else "",
        sources=tuple(sources),
        nothing_delivered=nothing,
    )


def _prepare_crimes(connection: Any, contracts: Mapping[str, Contract]) -> None:
    crimes = set(contracts[CRIMES].column_names) if CRIMES in contracts else set[str]()
    parties = set(contracts[PARTIES].column_names) if PARTIES in contracts else set[str]()
    has = {
        "crimes": "crime_ref" in crimes,
        "district": "district" in crimes,
        "domestic": "domestic_flag" in crimes,
        "parties": {"crime_ref", "role"} <= parties,
        "sex": "sex" in parties,
        "ethnicity": "ethnicity" in parties,
        "age_band": "date_of_birth" in parties,
    }
    prepare(connection, "crime_context", has=has)


def _source(connection: Any, plan: Plan) -> SourceProfile | None:
    contract = plan.contract
    prepare(
        connection,
        "explored",
        source=contract.source,
        columns=contract.columns,
        recorded=plan.recorded,
        thing=plan.thing,
        content=plan.content,
        dimensions=plan.dimensions,
        case_columns=plan.case_columns,
        crime_column=plan.crime_column,
    )
    span = ask(connection, "span")[0]
    if not span["row_count"]:
        return None
    everybody, missing = _missing(connection, plan)
    profile = SourceProfile(
        source=contract.source,
        description=contract.description,
        owner=contract.owner,
        recorded=plan.recorded,
        rows=span["row_count"],
        first_recorded=span["first_recorded"],
        last_recorded=span["last_recorded"],
        rows_by_year=_rows_by_year(missing),
        deliveries=_deliveries(connection, contract.source),
        quarantined_by_column=_quarantined(connection, contract.source),
        columns=column_profiles(connection, plan, everybody),
        missing=tuple(one for one in missing if one.dimension != "delivery"),
        missing_by_delivery=next(one for one in missing if one.dimension == "delivery"),
        lags=_lags(connection, plan),
        links=_links(connection, plan),
        duplicates=_duplicates(connection, plan),
        identities=_identities(connection, plan),
        badly_recorded=(),
        proposals=(),
    )
    judged = replace(profile, badly_recorded=badly_recorded(profile))
    return replace(judged, proposals=proposals(judged, contract))


def _missing(connection: Any, plan: Plan) -> tuple[GroupMissing, list[MissingBy]]:
    """For all rows, then for each dimension: year, delivery, and whatever the source has or reaches."""
    people = [dimension.name for dimension in plan.dimensions]
    names = ["year", "delivery", *people]
    answer = ask(connection, "missing", dimensions=names, columns=plan.contract.column_names)
    called = ask(connection, "delivery_names", source=plan.contract.source)
    deliveries = {row["stands_for"]: row["delivery_id"] for row in called}
    by: dict[str, list[dict[str, Any]]] = {name: [] for name in ("all", *names)}
    for row in answer:
        by[row["dimension"]].append(row)
    for row in by["delivery"]:
        row["group_value"] = deliveries[row["group_value"]]
    for name in people:
        _tell_cases(connection, name, by[name])
    whose = {dimension.name: (dimension.whose, dimension.own_column) for dimension in plan.dimensions}
    whose |= {"year": ("year recorded", None), "delivery": ("delivery", None)}
    return _group(by["all"][0]), [_dimension(name, *whose[name], by[name]) for name in names]


def _tell_cases(connection: Any, dimension: str, answer: Sequence[dict[str, Any]]) -> None:
    """How many crimes or persons stand behind the rows of each group; years and deliveries are no people."""
    cases = {row["group_value"]: row["cases"] for row in ask(connection, "cases", dimension=dimension)}
    for row in answer:
        row["cases"] = cases.get(row["group_value"], 0)


def _dimension(name: str, whose: str, own: str | None, answer: Sequence[dict[str, Any]]) -> MissingBy:
    groups = [_group(row) for row in answer if row["group_value"] is not None]
    shown = [group for group in groups if group.cases >= FEWEST_SHOWN]
    return MissingBy(
        dimension=name,
        whose=whose,
        own_column=own,
        groups=tuple(
            sorted((group if group.is_enough else replace(group, missing=()) for group in shown), key=_order)
        ),
        groups_left_out=len(groups) - len(shown),
        rows_not_reached=sum(row["row_count"] for row in answer if row["group_value"] is None),
    )


def _order(group: GroupMissing) -> tuple[bool, bool, str]:
    """Ages upwards; what is not recorded last."""
    return group.value in {"not recorded", "impossible"}, not group.value.startswith("under"), group.value


def _group(row: dict[str, Any]) -> GroupMissing:
    return GroupMissing(
        value=str(row["group_value"]),
        rows=row["row_count"],
        cases=row.get("cases", row["row_count"]),
        missing=tuple(row["row_count"] - filled for filled in row["filled"]),
    )


def _rows_by_year(missing: Sequence[MissingBy]) -> tuple[Count, ...]:
    by_year = next(one for one in missing if one.dimension == "year")
    return tuple(Count(group.value, group.rows) for group in by_year.groups)


def _deliveries(connection: Any, source: str) -> tuple[DeliveryRows, ...]:
    return tuple(DeliveryRows(**row) for row in ask(connection, "deliveries", (source,)))


def _quarantined(connection: Any, source: str) -> tuple[Count, ...]:
    answer = ask(connection, "quarantined", (source,))
    return tuple(Count(row["column_name"], row["row_count"]) for row in answer)


def _lags(connection: Any, plan: Plan) -> tuple[Lag, ...]:
    """From each dated column to the recording; when it happened is the one that lies furthest back."""
    dated = [
        column.name
        for column in plan.contract.columns
        if column.data_type in MOMENTS
        and column.name not in {plan.recorded, plan.contract.recorded_at}
        and may_show(plan.contract, column)
    ]
    if not dated:
        return ()
    answer = ask(connection, "lags", columns=dated, curve=CURVE)
    lags = [_lag(plan, row) for row in answer if row["row_count"] >= FEWEST_SHOWN]
    most = max((lag.rows for lag in lags), default=0)
    happened = [
        lag
        for lag in lags
        if lag.rows >= MOSTLY_FILLED * most and 1 - share(lag.rows_after_recording, lag.rows) >= MOSTLY_BEFORE
    ]
    if not happened:
        return tuple(lags)
    first = max(happened, key=lambda lag: (lag.median_days, lag.ninetieth_days))
    by_year = ask(connection, "lags_by_year", column=first.column)
    years = tuple(YearLag(*row.values()) for row in by_year if row["row_count"] >= FEWEST_SHOWN)
    return (replace(first, is_occurrence=True, by_year=years), *(lag for lag in lags if lag is not first))


def _lag(plan: Plan, row: dict[str, Any]) -> Lag:
    return Lag(
        column=row["column_name"],
        recorded=plan.recorded,
        is_occurrence=False,
        rows=row["row_count"],
        rows_after_recording=row["rows_after_recording"],
        days=tuple(row["days"]),
        by_year=(),
    )


def _links(connection: Any, plan: Plan) -> tuple[Link, ...]:
    """Each reference against the keys that its name points to; of several, the one that holds most of it."""
    found: list[Link] = []
    for reference in plan.references:
        tried = [_link(connection, reference.column, *target) for target in reference.targets]
        best = min(tried, key=lambda link: link.unresolved)
        others = tuple(link.target_source for link in tried if link is not best)
        if best.rows:
            found.append(replace(best, also_tried=others))
    return tuple(found)


def _link(connection: Any, column: str, target: str, key: str) -> Link:
    years = ask(connection, "links", column=column, target=target, key=key)
    judged = [row for row in years if row["row_count"] >= FEWEST_JUDGED]
    worst = max(judged, key=lambda row: row["unresolved"] / row["row_count"], default=None)
    return Link(
        column=column,
        target_source=target,
        target_column=key,
        rows=sum(row["row_count"] for row in years),
        unresolved=sum(row["unresolved"] for row in years),
        worst_year=worst["recorded_year"] if worst else None,
        worst_year_share=share(worst["unresolved"], worst["row_count"]) if worst else 0.0,
        also_tried=(),
    )


def _duplicates(connection: Any, plan: Plan) -> Duplicates:
    row = ask(connection, "duplicates")[0]
    return Duplicates(
        rows=row["row_count"],
        things=row["things"],
        rows_alike=row["rows_alike"] if plan.content else 0,
        contents_alike=row["contents_alike"] if plan.content else 0,
        compared=len(plan.content),
    )


def _identities(connection: Any, plan: Plan) -> tuple[Identity, ...]:
    return tuple(
        Identity(
            nominal_column=person.nominal,
            fields=person.fields,
            **ask(connection, "identities", nominal=person.nominal, fields=person.fields)[0],
        )
        for person in plan.people
    )
