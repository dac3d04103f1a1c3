"""Cuts the frozen vectors from published ones: once, on purpose, and never in a run.

`python -m ml.text.vectors FILE` takes GloVe's vectors of 100 numbers, which are in the public domain. Those
that are frozen were cut by these rules when there were fewer lessons; cut again, they hold some words more,
and the reader must be learned again.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Final, cast

import numpy as np

from ml.text.lists import read_lists
from ml.text.reader import FROZEN, VECTORS, Floats
from ml.text.words import dictionary

LESSONS: Final = Path(__file__).with_name("lessons")
COMMONEST: Final = 14_000  # ordinary words beyond those of the lists and the lessons
SHORTEST: Final = 3  # letters of such a word
_WORD = re.compile(r"[a-z]+")


def published(path: Path) -> Iterator[tuple[str, list[float]]]:
    """Words with their vectors, the commonest first, a line each."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, *row = line.split()
            if _WORD.fullmatch(word):
                yield word, [float(number) for number in row]


def chosen(
    words: Iterator[tuple[str, list[float]]], listed: Container[str], taught: Container[str]
) -> Iterator[tuple[str, list[float]]]:
    """Those that the lists name, ordinary words that the lessons use, and the commonest of the others."""
    ordinary, others = dictionary(), 0
    for word, row in words:
        if word in listed or (word in taught and word in ordinary):
            yield word, row
        elif word in ordinary and others < COMMONEST and len(word) >= SHORTEST:
            others += 1
            yield word, row


def taught_words() -> set[str]:
    """Every word of the lessons."""
    lines = (line for path in LESSONS.rglob("*.jsonl") for line in path.read_text("utf-8").splitlines())
    texts = (str(json.loads(line)["text"]).lower() for line in lines)
    return {word for text in texts for word in _WORD.findall(re.sub("['\u2019]", "", text))}


def main(arguments: Sequence[str]) -> None:
    """Cut and freeze them, in eight bits."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        raise SystemExit("name one file of vectors, a word and its numbers on each line")
    found = dict(chosen(published(Path(arguments[0])), set(read_lists().alphabet.symbols), taught_words()))
    rows = np.array(list(found.values()), dtype=np.float32)
    scale = cast("Floats", np.abs(rows).max(axis=0) / 127)
    in_eight_bits = np.round(rows / scale).astype(np.int8)
    np.savez_compressed(FROZEN / VECTORS, words=np.array(list(found)), vectors=in_eight_bits, scale=scale)
    print(f"{len(found):,} words: {FROZEN / VECTORS}")


if __name__ == "__main__":
    main(sys.argv[1:])
