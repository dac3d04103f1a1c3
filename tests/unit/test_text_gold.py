"""The texts written by hand are what the documents say of them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ml.text.lists import read_lists
from ml.text.training import LESSONS

GOLD = Path(__file__).resolve().parents[1] / "gold"
HALVES = ("tuning", "report", "unusual")
BEHAVIOURS = {code.name for code in read_lists().codes if code.published}


def texts(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def behaviours(text: dict[str, Any]) -> set[str]:
    return {
        code["code"]
        for code in text["codes"]
        if code["polarity"] == "affirmed" and code["actor"] in ("suspect", "unknown")
    } & BEHAVIOURS


@pytest.mark.parametrize("half", HALVES)
def test_half_of_them_are_hard_negatives(half: str) -> None:
    told = texts(GOLD / f"{half}.jsonl")
    assert len(told) == 640
    assert sum(text["hard_negative"] for text in told) == 320
    assert all(bool(behaviours(text)) != text["hard_negative"] for text in told)


def test_the_report_half_holds_enough_of_every_behaviour() -> None:
    found = Counter(code for text in texts(GOLD / "report.jsonl") for code in behaviours(text))
    assert set(found) == BEHAVIOURS
    assert min(found.values()) >= 30


def test_every_annotation_points_at_words_and_a_code() -> None:
    known = {code.name for code in read_lists().codes}
    for path in [*(GOLD / f"{half}.jsonl" for half in HALVES), *LESSONS.glob("*.jsonl")]:
        for text in texts(path):
            assert all(code["words"] in text["text"] and code["code"] in known for code in text["codes"])


def test_nobody_learns_from_what_is_only_for_the_report() -> None:
    kept_apart = {text["text"] for half in ("report", "unusual") for text in texts(GOLD / f"{half}.jsonl")}
    learned = {text["text"] for path in LESSONS.rglob("*.jsonl") for text in texts(path)}
    learned |= {text["text"] for text in texts(GOLD / "tuning.jsonl")}
    assert not kept_apart & learned
