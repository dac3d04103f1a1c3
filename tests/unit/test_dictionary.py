"""The data dictionary is what the contracts and the marts say, and it is current."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dagster_project import dictionary
from dagster_project.contracts import Column, Contract, FileLayout
from dagster_project.dictionary import DictionaryError, Mart, MartColumn, read_marts, render

COLUMN = Column("dog_ref", "varchar", "The dog | or cat.", True, (), None, None, None, None)
CONTRACT = Contract(
    source="dogs",
    description="One row per police dog. They lie down.",
    owner="dog-unit@force.example",
    file=FileLayout("csv", "gzip", "utf-8", True, "\t", '"', "NULL", "Y", "N", "%Y-%m-%d", "%Y-%m-%d %H:%M"),
    columns=(
        COLUMN,
        replace(COLUMN, name="breed", codes=("GSD", "MAL")),
        replace(COLUMN, name="offence", codes=("HAR",), codes_seed="offence_codes"),
        replace(COLUMN, name="bites", data_type="bigint", required=False, minimum=0.0),
        replace(COLUMN, name="share", data_type="double", minimum=0.0, maximum=0.5),
        replace(COLUMN, name="debt", data_type="double", maximum=0.0),
        replace(COLUMN, name="handler", identifies="officer"),
    ),
    key=("dog_ref",),
    recorded_at=None,
    overwritten_in_place=("bites",),
    warn_after_days=35,
    stale_after_days=63,
    path=Path("_dogs__source.yml"),
    sha256="",
)
MARTS = """\
version: 2
models:
  - name: mart_dogs
    description: |
      One row per dog and month.
      Asleep ones too.
    config: {contract: {enforced: true}}
    columns:
      - {name: month_date, data_type: date, description: "{{ doc('month_date') }} Here as well."}
      - {name: bites}
  - name: mart_cats
    description: One row per cat.
unit_tests:
  - name: anything
"""


def test_a_source_is_told_in_full() -> None:
    page = render({"dogs": CONTRACT}, [])
    assert "| [dogs](#dogs) | One row per police dog | dog-unit@force.example |" in page
    assert "gzipped CSV, utf-8, a byte-order mark allowed, separated by `\\t`" in page
    assert "`NULL` is nothing, `Y` true, `N` false" in page
    assert "| recorded | not told |" in page and "| overwritten in place | `bites` |" in page
    assert "| `dog_ref` | varchar | yes |  |  | The dog \\| or cat. |" in page
    assert "| `breed` | varchar | yes | `GSD`, `MAL` |" in page
    assert "codes of [offence_codes](../dbt_models/seeds/offence_codes.csv)" in page
    assert "| `bites` | bigint |  | 0 or more |" in page
    assert "| 0 to 0.5 |" in page and "| 0 or less |" in page and "|  | officer |" in page
    assert "Published marts" not in page


def test_a_mart_is_told_by_its_grain(tmp_path: Path) -> None:
    folder = tmp_path / "marts"
    folder.mkdir()
    (folder / "dogs.yml").write_text(MARTS, "utf-8")
    (tmp_path / "words.md").write_text("{% docs month_date %}\nThe first day.\n{% enddocs %}\n", "utf-8")
    marts = read_marts(folder)
    assert marts == [
        Mart("mart_cats", "One row per cat.", "", ()),
        Mart(
            "mart_dogs",
            "One row per dog and month.",
            "Asleep ones too.",
            (MartColumn("month_date", "date", "The first day. Here as well."), MartColumn("bites", "", "")),
        ),
    ]
    page = render({}, marts)
    assert "### mart_dogs\n**Grain:** One row per dog and month.\n\nAsleep ones too.\n\n| column |" in page
    assert "| `month_date` | date | The first day. Here as well. |" in page


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("models:\n  - name: m\n", "2: a mart lacks a description"),
        ("models:\n  - description: One row.\n", "2: a mart lacks a name"),
        (
            "models:\n  - {name: m, description: d,\n     columns: [{description: x}]}\n",
            "3: a column lacks a name",
        ),
        (
            "models:\n  - name: m\n    description: \"{{ doc('x') }}\"\n",
            "3: there is no doc block called 'x'",
        ),
    ],
)
def test_a_mart_that_cannot_be_shown_is_told_by_its_line(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "m.yml").write_text(content, "utf-8")
    with pytest.raises(DictionaryError) as refused:
        read_marts(tmp_path)
    assert told in str(refused.value)


def test_writing_tells_whether_anything_changed(tmp_path: Path) -> None:
    page = tmp_path / "dictionary.md"
    assert dictionary.write(page)
    assert page.read_text("utf-8") == dictionary.current()
    assert not dictionary.write(page)


def test_the_page_in_the_repository_is_current() -> None:
    assert dictionary.PAGE.read_text("utf-8") == dictionary.current(), (
        "docs/data_dictionary.md is not current; run .venv/bin/python -m dagster_project.dictionary"
    )
