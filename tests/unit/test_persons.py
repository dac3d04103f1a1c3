"""Persons in order of time: stable ids, merges and splits told, nothing of the future."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.linkage.persons import (
    APART,
    DECISIONS,
    LINKS,
    NOMINALS,
    NUMBERS,
    Persons,
    components,
    person_id_of,
    resolve,
)

DAY_ONE = datetime(2024, 1, 1)


def day(number: int) -> datetime:
    return DAY_ONE + timedelta(days=number)


def nominals(**days: int) -> pl.DataFrame:
    return pl.DataFrame([(name, day(at)) for name, at in days.items()], schema=NOMINALS, orient="row")


def links(*told: tuple[str, str, int] | tuple[str, str, int, float]) -> pl.DataFrame:
    rows = [(one[0], one[1], day(one[2]), float(one[3]) if len(one) > 3 else 20.0) for one in told]
    return pl.DataFrame(rows, schema=LINKS, orient="row")


def decisions(*told: tuple[str, str, int, str]) -> pl.DataFrame:
    return pl.DataFrame([(a, b, day(at), v) for a, b, at, v in told], schema=DECISIONS, orient="row")


def who(found: Persons, at: int) -> dict[str, str]:
    """Which person each nominal was, as known strictly before a day."""
    moment = day(at)
    standing = found.memberships.filter(
        (pl.col("known_from_at") < moment)
        & (pl.col("known_until_at").is_null() | (pl.col("known_until_at") >= moment))
    )
    assert standing["nominal_id"].is_unique().all()
    return dict(standing.select("nominal_id", "person_id").iter_rows())


def test_the_nominal_known_first_gives_the_person_its_id() -> None:
    found = resolve(nominals(b=1, a=2, c=3), links(("a", "b", 5), ("b", "c", 7)))
    assert set(who(found, 100).values()) == {person_id_of("b")}


def test_a_merge_shows_from_its_day_on_and_is_told() -> None:
    found = resolve(nominals(a=1, b=2), links(("a", "b", 5)))
    assert who(found, 5) == {"a": person_id_of("a"), "b": person_id_of("b")}, "not yet known"
    assert who(found, 6) == {"a": person_id_of("a"), "b": person_id_of("a")}
    [change] = found.changes.to_dicts()
    assert (change["kind"], change["changed_at"]) == ("merge", day(5))
    assert (change["old_person_id"], change["new_person_id"]) == (person_id_of("b"), person_id_of("a"))


def test_who_is_recognised_at_once_was_never_another_person() -> None:
    found = resolve(nominals(a=1, b=5), links(("a", "b", 5)))
    assert found.changes.is_empty()
    assert found.memberships.filter(nominal_id="b").height == 1


def test_two_persons_that_merge_keep_the_older_id() -> None:
    found = resolve(nominals(a=1, b=2, c=3, d=4), links(("c", "d", 5), ("a", "b", 6), ("b", "c", 9)))
    assert who(found, 9) == {n: person_id_of(first) for n, first in zip("abcd", "aacc", strict=True)}
    assert set(who(found, 10).values()) == {person_id_of("a")}


def test_a_decision_takes_two_apart_at_their_weakest_link() -> None:
    linked = links(("a", "b", 5, 30.0), ("b", "c", 6, 11.0), ("c", "d", 7, 30.0))
    found = resolve(nominals(a=1, b=2, c=3, d=4), linked, decisions(("a", "d", 20, "different")))
    assert len(set(who(found, 20).values())) == 1, "what was decided later was not known then"
    after = who(found, 21)
    assert after["a"] == after["b"] == person_id_of("a")
    assert after["c"] == after["d"] == person_id_of("c")
    assert found.changes.filter(kind="split").height == 1


def test_a_decision_holds_against_links_that_come_later() -> None:
    found = resolve(
        nominals(a=1, b=2, c=3), links(("a", "c", 10), ("b", "c", 11)), decisions(("a", "b", 5, "different"))
    )
    now = who(found, 100)
    assert now["a"] == now["c"] != now["b"]


def test_a_later_word_counts_more_than_an_earlier() -> None:
    found = resolve(nominals(a=1, b=2), links(), decisions(("a", "b", 5, "different"), ("a", "b", 9, "same")))
    assert len(set(who(found, 10).values())) == 1
    found = resolve(
        nominals(a=1, b=2), links(("a", "b", 3)), decisions(("a", "b", 5, "same"), ("a", "b", 9, "different"))
    )
    assert len(set(who(found, 10).values())) == 2


def numbers(*told: tuple[str, int, str, bool]) -> pl.DataFrame:
    return pl.DataFrame([(n, day(at), p, only) for n, at, p, only in told], schema=NUMBERS, orient="row")


def test_a_caller_without_a_name_is_the_only_person_who_gave_the_number() -> None:
    given_numbers = numbers(("a", 1, "06", False), ("caller", 4, "06", True))
    found = resolve(nominals(a=1, caller=4), links(), None, given_numbers)
    assert who(found, 5)["caller"] == person_id_of("a")
    assert found.by_number.height == 1


def test_a_shared_number_tells_nothing_of_who_called() -> None:
    given_numbers = numbers(("a", 1, "06", False), ("b", 2, "06", False), ("caller", 4, "06", True))
    found = resolve(nominals(a=1, b=2, caller=4), links(), None, given_numbers)
    assert len(set(who(found, 5).values())) == 3


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_known_later_changes_nothing_of_what_was_known_before(data: st.DataObject) -> None:
    names = [f"n{number}" for number in range(data.draw(st.integers(2, 9)))]
    first = {name: data.draw(st.integers(0, 20)) for name in names}
    pair = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda p: p[0] < p[1])
    drawn = data.draw(st.lists(st.tuples(pair, st.integers(0, 20), st.integers(10, 30)), max_size=14))
    linked = links(*((a, b, max(at, first[a], first[b]), float(w)) for (a, b), at, w in drawn))
    verdicts = data.draw(
        st.lists(st.tuples(pair, st.integers(5, 25), st.sampled_from(["same", "different"])), max_size=4)
    )
    decided = decisions(*((a, b, max(at, first[a], first[b]), v) for (a, b), at, v in verdicts))
    whole = resolve(nominals(**first), linked, decided)
    at = data.draw(st.integers(1, 26))
    before = pl.col("known_from_at") < day(at)
    known = resolve(nominals(**first).filter(before), linked.filter(before), decided.filter(before))
    assert who(whole, at) == who(known, at)
    assert whole.changes.filter(pl.col("changed_at") < day(at)).equals(known.changes)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_component_by_itself_tells_the_same_persons_as_within_the_whole(data: st.DataObject) -> None:
    names = [f"n{number}" for number in range(data.draw(st.integers(2, 9)))]
    first = {name: data.draw(st.integers(0, 9)) for name in names}
    pair = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda p: p[0] < p[1])
    moment = st.tuples(pair, st.integers(0, 20))
    linked = links(
        *((a, b, max(at, first[a], first[b])) for (a, b), at in data.draw(st.lists(moment, max_size=7)))
    )
    verdict = st.tuples(moment, st.sampled_from(["same", "different"]))
    decided = decisions(*((a, b, at, v) for ((a, b), at), v in data.draw(st.lists(verdict, max_size=2))))
    opposed = [(a, b, day(at)) for (a, b), at in data.draw(st.lists(moment, max_size=3))]
    apart = pl.DataFrame(opposed, schema=APART, orient="row")
    call = st.tuples(st.sampled_from(names), st.integers(10, 20), st.sampled_from("12"), st.booleans())
    calls = [(who, day(at), number, only) for who, at, number, only in data.draw(st.lists(call, max_size=6))]
    numbers = pl.DataFrame(calls, schema=NUMBERS, orient="row").unique(["nominal_id", "number"], keep="first")
    known = nominals(**first)
    whole = resolve(known, linked, decided, numbers, apart)
    joined = components(known, linked, decided, numbers)
    alone = [
        resolve(known.join(one, on="nominal_id", how="semi"), linked, decided, numbers, apart)
        for one in joined.partition_by("component_id")
    ]
    for part in ("memberships", "changes", "by_number"):
        found = pl.concat([getattr(one, part) for one in alone])
        columns = found.columns
        assert found.sort(columns).equals(getattr(whole, part).sort(columns)), part


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_without_decisions_persons_are_the_components_of_the_links(data: st.DataObject) -> None:
    names = [f"n{number}" for number in range(8)]
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=10))
    pairs = [(a, b) for a, b in drawn if a != b]
    group = {name: {name} for name in names}
    for a, b in pairs:
        joined = group[a] | group[b]
        for name in joined:
            group[name] = joined
    found = who(resolve(nominals(**dict.fromkeys(names, 0)), links(*((a, b, 1) for a, b in pairs))), 2)
    for name in names:
        assert {other for other in names if found[other] == found[name]} == group[name]


def test_the_order_of_rows_makes_no_difference() -> None:
    known = nominals(a=1, b=1, c=2, d=2)
    linked = links(("a", "b", 3), ("b", "c", 3), ("c", "d", 3))
    whole = resolve(known, linked)
    turned = resolve(known.reverse(), linked.reverse())
    assert whole.memberships.equals(turned.memberships)
    assert whole.changes.equals(turned.changes)


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_decision_about_nobody_known_changes_nothing(verdict: str) -> None:
    found = resolve(nominals(a=1, b=2), links(), decisions(("a", "zz", 5, verdict)))
    assert len(set(who(found, 10).values())) == 2
