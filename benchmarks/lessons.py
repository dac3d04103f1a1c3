"""How right prose is read on lessons held out from learning: to choose by, the report half unseen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console

from benchmarks.text import ROOT
from ml.text.coder import Coder
from ml.text.lists import read_lists
from ml.text.measures import agreement
from ml.text.reader import Reader, lay_out
from ml.text.training import LESSONS, Learner, examples, lesson_files, lessons, right

HELD_OUT: Final = ("city", "control_room", "couples", "week")
BARS: Final = (0.25, 0.35, 0.45, 0.55)
SEEDS: Final = (1, 2)
RESULTS: Final = ROOT / "benchmarks" / "results" / "lessons.json"


def main() -> None:
    """Learn from all but some, read those, and say how right that is at several bars."""
    coder, console = Coder(read_lists(), reader=None), Console()
    codes = [code.name for code in coder.lists.codes if code.published]
    files = lesson_files([ROOT / "tests" / "gold" / "tuning.jsonl"])
    taught = list(lessons(coder, codes, [path for path in files if path.stem not in HELD_OUT]))
    taught += examples(coder, codes)
    texts = [text for name in HELD_OUT for text in _texts(LESSONS / f"{name}.jsonl")]
    implied = coder.lists.counted_as
    true = np.array(
        [[code in {right(one, implied) for one in text["codes"]} for code in codes] for text in texts]
    )
    symbols = [coder.words.symbols(text["text"]) for text in texts]
    hits = [coder.seen(text["text"], codes) for text in texts]
    kept: dict[str, Any] = {"held_out": HELD_OUT, "texts": len(texts), "learned_from": len(taught)}
    chance = np.zeros(true.shape, dtype=np.float32)
    for seed in SEEDS:
        learner = Learner(coder, codes, taught, seed)
        weights = learner.frozen(learner.learn(), np.zeros(len(codes), np.float32))
        reader = Reader(coder.lists, weights)
        batch = lay_out(symbols, hits, reader.features)
        one = np.zeros(true.shape, dtype=np.float32)
        np.maximum.at(one, batch.text, reader.judge(batch).chance)
        chance += one / len(SEEDS)
        kept[f"reader {seed}"] = _at_every_bar(true, one, codes)
    kept["their mean"] = _at_every_bar(true, chance, codes)
    kept["lists alone"] = agreement(true, _by_lists(hits, len(codes)), codes, codes).to_dicts()
    console.print_json(json.dumps({name: value for name, value in kept.items() if name != "lists alone"}))
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _texts(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _by_lists(hits: list[list[tuple[int, int, int, bool]]], codes: int) -> Any:
    return np.array(
        [[any(hit[0] == code and hit[3] for hit in each) for code in range(codes)] for each in hits]
    )


def _at_every_bar(true: Any, chance: Any, codes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for bar in BARS:
        measured = {row["code"]: row["f1"] for row in agreement(true, chance > bar, codes, codes).to_dicts()}
        found[str(bar)] = {code: round(f1, 3) for code, f1 in measured.items()}
    return found
