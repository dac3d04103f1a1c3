"""Who is linked with whom, case by case, on the weights that come with the product."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dagster_project.warehouse import in_memory
from ml.linkage import frozen, linking, settings

EARLY, LATE = datetime(2020, 1, 1), datetime(2023, 6, 1)
SCHEMA = pl.Schema(
    {
        **dict.fromkeys(
            (
                "nominal_id",
                "surname",
                "forename",
                "middle_name",
                "birth",
                "sex",
                "address",
                "postcode",
                "phone",
            ),
            pl.String,
        ),
        "shared_id": pl.String,
        "known_from_at": pl.Datetime("us"),
        "_delivery_id": pl.String,
    }
)


@dataclass(frozen=True)
class Seen:
    """One sighting of a nominal."""

    nominal_id: str = "N1"
    surname: str | None = "Okafor"
    forename: str | None = "Katherine"
    middle_name: str | None = None
    birth: str | None = "19870412"
    sex: str | None = "F"
    address: str | None = "12 Mill Fold"
    postcode: str | None = "QX1 2AB"
    phone: str | None = "06123 456789"
    shared_id: str | None = None
    known_from_at: datetime = EARLY
    _delivery_id: str = field(default="first", kw_only=True)

    def but(self, **changes: Any) -> Seen:
        """Another nominal that differs in this."""
        return replace(self, nominal_id="N2", **changes)


Look = Callable[..., linking.Linked]


@pytest.fixture
def connection(tmp_path: Path) -> Generator[Any]:
    connection = in_memory(tmp_path, "1GB")
    yield connection
    connection.close()


@pytest.fixture
def look(connection: Any) -> Look:
    model, told = frozen.read(), settings.load()

    def link(*sightings: Seen) -> linking.Linked:
        rows = pl.DataFrame([vars(one) for one in sightings], schema=SCHEMA)
        connection.register("given", rows.to_arrow())
        connection.execute("create or replace table link_sightings as select * from given")
        connection.unregister("given")
        return linking.link(connection, model, told, lambda *_: None)

    return link


def linked(connection: Any) -> set[tuple[str, str]]:
    return set(connection.execute("select nominal_id, other_nominal_id from identity.links").fetchall())


KATHERINE = Seen()
SAME = {
    "a nickname": KATHERINE.but(forename="Kate"),
    "a misspelling": KATHERINE.but(surname="Okafro"),
    "another spelling of one name": KATHERINE.but(forename="Catharine"),
    "the names in each other's place": KATHERINE.but(surname="Katherine", forename="Okafor"),
    "day and month swapped": KATHERINE.but(birth="19871204"),
    "only the year of birth": KATHERINE.but(birth="19870101"),
    "a maiden name": KATHERINE.but(surname="Adeyemi"),
    "both family names": KATHERINE.but(surname="Okafor-Adeyemi"),
    "a move": KATHERINE.but(address="3 Elder Way", postcode="QZ9 9ZZ"),
    "a new telephone": KATHERINE.but(phone="06999 111222"),
    "the number written another way": KATHERINE.but(
        birth=None, sex=None, address=None, postcode=None, phone="+44 6123456789"
    ),
    "a detainee and the suspect of one crime": replace(KATHERINE, shared_id="CR1:s", nominal_id="D1").but(
        surname="Okafo", forename="K", birth=None, address=None, postcode=None, phone=None, shared_id="CR1:s"
    ),
}
APART = {
    "a twin": KATHERINE.but(forename="Josephine"),
    "a twin with a name much alike": KATHERINE.but(forename="Kathleen", phone="06999 111222"),
    "a twin whose name sounds alike": KATHERINE.but(forename="Katrina", phone="06999 111222"),
    "a brother": KATHERINE.but(forename="Samuel", birth="19900703", sex="M"),
    "a husband who shares the telephone": KATHERINE.but(forename="Emeka", birth="19840923", sex="M"),
    "a mother of the same name": KATHERINE.but(birth="19600811"),
    "a lodger": KATHERINE.but(surname="Lewandowski", forename="Piotr", birth="19951130", sex="M", phone=None),
    "a stranger of the same name": KATHERINE.but(
        birth="19991105", address="3 Elder Way", postcode="QZ9 9ZZ", phone="06999 111222"
    ),
    "a name alone": KATHERINE.but(birth=None, sex=None, address=None, postcode=None, phone=None),
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME)
def test_these_are_one_person(other: Seen, look: Look, connection: Any) -> None:
    first = replace(KATHERINE, shared_id=other.shared_id)
    look(first, other)
    assert linked(connection) == {("N1", "N2")}


@pytest.mark.parametrize("other", APART.values(), ids=APART)
def test_these_are_two(other: Seen, look: Look, connection: Any) -> None:
    look(KATHERINE, other)
    assert linked(connection) == set()


def test_a_father_and_a_son_of_one_name_stay_apart_and_a_person_is_asked(look: Look, connection: Any) -> None:
    father = Seen(surname="Hargreaves", forename="Desmond", birth="19610305", sex="M")
    look(father, father.but(birth="19880919"))
    assert linked(connection) == set()
    [[why]] = connection.execute("select why from identity.link_reviews").fetchall()
    assert why.startswith("A father and a son")


def test_two_who_share_a_number_and_nothing_else_are_two(look: Look, connection: Any) -> None:
    caller = Seen(birth=None, sex=None, address=None, postcode=None)
    look(caller, caller.but(surname="Whitworth", forename="Alan"))
    assert linked(connection) == set()


def test_what_is_enough_together_is_enough_below_what_a_person_is_asked(look: Look, connection: Any) -> None:
    married = Seen(surname="Stainford", forename="David", sex="M")
    look(married, married.but(surname="Clark", birth=None, sex=None, address=None, postcode=None))
    [[weight]] = connection.execute("select match_weight from identity.links").fetchall()
    assert settings.load().together < weight < settings.load().reviewed


def test_evidence_is_told_in_words(look: Look, connection: Any) -> None:
    look(KATHERINE, KATHERINE.but(forename="Kate", birth="19871204"))
    [[said]] = connection.execute("select evidence from identity.links").fetchall()
    assert "forename: other form; surname: same; birth: day and month swapped" in said
    assert "Okafor" not in said and "OKAFOR" not in said


def test_a_link_is_known_from_the_later_of_the_two(look: Look, connection: Any) -> None:
    look(KATHERINE, KATHERINE.but(known_from_at=LATE))
    assert connection.execute("select known_from_at from identity.links").fetchall() == [(LATE,)]


def test_a_link_that_only_a_later_value_shows_is_known_from_then(look: Look, connection: Any) -> None:
    caller = KATHERINE.but(birth=None, sex=None, address=None, postcode=None, phone="06000 000001")
    later = replace(caller, phone=KATHERINE.phone, known_from_at=LATE)
    look(KATHERINE, caller)
    assert linked(connection) == set()
    look(KATHERINE, caller, replace(later, _delivery_id="second"))
    assert connection.execute("select known_from_at from identity.links").fetchall() == [(LATE,)]


def everything(connection: Any) -> list[tuple[Any, ...]]:
    asked = "select * from identity.links order by all"
    reviews = "select * from identity.link_reviews order by all"
    return connection.execute(asked).fetchall() + connection.execute(reviews).fetchall()


def people() -> list[Seen]:
    """Every case at once, in two deliveries and other households."""
    found: list[Seen] = []
    for number, other in enumerate([*SAME.values(), *APART.values()]):
        home = {"address": f"{number} Mill Fold", "phone": f"06123 4567{number:02d}"}
        first = replace(KATHERINE, nominal_id=f"N{number}a", birth=f"19870{number % 8 + 1}12", **home)
        second = replace(other, nominal_id=f"N{number}b", _delivery_id="second", known_from_at=LATE)
        found += [first, second if other.phone is None else replace(second, phone=home["phone"])]
    return found


def test_linking_delivery_by_delivery_gives_what_linking_at_once_gives(look: Look, connection: Any) -> None:
    whole = people()
    look(*(one for one in whole if one.known_from_at == EARLY))
    second = look(*whole)
    in_steps = everything(connection)
    connection.execute("drop schema identity cascade")
    at_once = look(*whole)
    assert everything(connection) == in_steps != []
    assert second.pairs < at_once.pairs
    again = look(*whole)
    assert (again.pairs, again.nominals) == (0, 0)
    assert everything(connection) == in_steps


def test_the_order_of_the_rows_makes_no_difference(look: Look, connection: Any) -> None:
    look(*people())
    forwards = everything(connection)
    connection.execute("drop schema identity cascade")
    look(*reversed(people()))
    assert everything(connection) == forwards


def test_what_a_withdrawn_delivery_said_is_forgotten(look: Look, connection: Any) -> None:
    second = replace(KATHERINE.but(forename="Kate"), _delivery_id="second")
    look(KATHERINE, second)
    assert linked(connection)
    look(KATHERINE)
    assert linked(connection) == set()


def test_an_edited_model_is_refused(tmp_path: Path) -> None:
    frozen.read().write(tmp_path)
    terms = tmp_path / frozen.TERMS
    terms.write_text(terms.read_text("utf-8").replace("0.0", "0.1", 1), "utf-8")
    with pytest.raises(frozen.LinkingError, match="was changed since"):
        frozen.read(tmp_path)
