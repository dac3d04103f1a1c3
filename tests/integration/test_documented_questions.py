"""Every question in SQL that the pages on timelines and outcomes show can be asked, and has an answer."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

PAGES = ("timelines.md", "outcomes.md")
ZONES = re.compile(r"\b(?:outcomes|core|marts|raw)\.\w+")


def questions(page: Path) -> list[str]:
    """The blocks that a reader can paste as they stand: no macro of dbt, and nothing left to fill in."""
    found = re.findall(r"```sql\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    return [block for block in found if "{{" not in block and "'...'" not in block]


@pytest.mark.parametrize("page", PAGES)
def test_each_question_of_a_page_is_answered(shared_home: Path, repository: Path, page: str) -> None:
    asked = questions(repository / "docs" / page)
    assert len(asked) >= 3
    for question in asked:
        zone = "warehouse.duckdb" if ZONES.search(question) else "published/current/throughline.duckdb"
        with duckdb.connect(str(shared_home / zone), read_only=True) as connection:
            answer = connection.execute(question).fetchall()
        assert answer, question
