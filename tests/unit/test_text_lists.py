"""The coding lists hold what they say: every example is coded, and no counter-example."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dagster_project.coding import product_coder
from ml.text.coder import Coder
from ml.text.lists import LISTS, Code, read_lists, version_of
from ml.text.mistakes import TextError
from ml.text.patterns import Alphabet, compile_pattern, noun_forms, verb_forms

CODES = read_lists().codes


@pytest.fixture(scope="module")
def coder() -> Coder:
    return product_coder()


def affirmed(coder: Coder, text: str) -> set[str]:
    return {coded.code for coded in coder.code(text) if coded.polarity == "affirmed"}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_every_code_shows_what_it_is_and_is_not(coder: Coder, code: Code) -> None:
    assert code.definition.endswith(".")
    missed = [text for text in code.examples if code.name not in affirmed(coder, text)]
    wrong = [text for text in code.counter_examples if code.name in affirmed(coder, text)]
    assert (missed, wrong) == ([], [])


def test_the_behaviours_are_the_published_ones() -> None:
    assert sum(code.published is not None for code in CODES) == 15


def test_a_version_is_what_the_lists_say(tmp_path: Path) -> None:
    shutil.copytree(LISTS, tmp_path / "lists")
    assert version_of(tmp_path / "lists") == version_of()
    with (tmp_path / "lists" / "words.yml").open("a") as words:
        words.write("  another: one\n")
    assert version_of(tmp_path / "lists") != version_of()


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("behaviours.yml", "    by: suspect\n", "    by: somebody\n", "by 'somebody' is not one of"),
        ("behaviours.yml", "<ring>", "<rang>", "there is no list of words called <rang>"),
        ("course.yml", "    definition:", "    meaning:", "'meaning' is not one of"),
        ("scope.yml", "polarity: negated", "polarity: denied", "a rule says one of"),
        ("words.yml", "words:\n", "words: [\n", "words.yml is no YAML"),
    ],
)
def test_a_mistake_in_a_list_is_said_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    shutil.copytree(LISTS, tmp_path / "lists")
    path = tmp_path / "lists" / file
    told = path.read_text()
    assert old in told
    path.write_text(told.replace(old, new, 1))
    with pytest.raises(TextError, match=says.replace("[", r"\[")):
        read_lists(tmp_path / "lists")


def test_forms_of_words() -> None:
    assert verb_forms("phone") == ["phone", "phones", "phoned", "phoning"]
    assert verb_forms("stop") == ["stop", "stops", "stopped", "stopping"]
    assert verb_forms("carry") == ["carry", "carries", "carried", "carrying"]
    assert verb_forms("watch") == ["watch", "watches", "watched", "watching"]
    assert noun_forms("delivery") == ["delivery", "deliveries"]


@pytest.mark.parametrize("written", ["..3 ring", "!ring her", "_ ring"])
def test_a_pattern_begins_with_a_word(written: str) -> None:
    with pytest.raises(TextError, match="must begin with a word"):
        compile_pattern(Alphabet(), written, "here")
