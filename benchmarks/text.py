"""How right prose is coded, against texts written by hand and a force's truth, and how fast."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.prose_force import PLACE, against_truth, coded_force, prose_of, shares
from benchmarks.samples import machine
from benchmarks.text_speed import gold_texts, memory, of_length, speeds
from dagster_project.coding import coder_version, product_coder
from ml.text.coder import Coder
from ml.text.measures import ALL, agreement, right_codes, trap_errors

ROOT: Final = Path(__file__).resolve().parents[1]
GOLD: Final = ROOT / "tests" / "gold"
RESULTS: Final = ROOT / "benchmarks" / "results" / "text.json"
HALVES: Final = ("tuning", "report", "unusual")
AT_ONCE: Final = 500

WANTED: Final = 0.92
OF_EACH: Final = 0.85
TRAPS: Final = 0.03
SPEED: Final = 40_000  # texts a second
TIMES: Final = 2.0  # of detection alone
RATED: Final = 8_000  # texts
ENOUGH: Final = 30  # texts that tell a code; with fewer, no threshold


def measured(coder: Coder, half: str) -> dict[str, Any]:
    """Every code of one half, the behaviours together, and the traps fallen into."""
    texts = [json.loads(line) for line in (GOLD / f"{half}.jsonl").read_text("utf-8").splitlines()]
    codes = [code.name for code in coder.lists.codes]
    by = {code.name: code.by for code in coder.lists.codes}
    implied = {code.name: other for code in coder.lists.codes for other in code.implies}
    told = [right_codes(text["codes"], by, implied) for text in texts]
    said: list[set[str]] = []
    for at in range(0, len(texts), AT_ONCE):
        coded = coder.code_many([text["text"] for text in texts[at : at + AT_ONCE]])
        said += [{one.code for one in each if one.polarity == "affirmed"} for each in coded]
    true = np.array([[code in each for code in codes] for each in told])
    given = np.array([[code in each for code in codes] for each in said])
    behaviours = [code.name for code in coder.lists.codes if code.published]
    among = [codes.index(code) for code in behaviours]
    traps = trap_errors([text["codes"] for text in texts], true[:, among], given[:, among], behaviours, by)
    return {
        "texts": len(texts),
        "hard_negatives": sum(text["hard_negative"] for text in texts),
        "codes": agreement(true, given, codes, behaviours).to_dicts(),
        "traps": traps.to_dicts(),
    }


def shown(half: str, told: dict[str, Any], behaviours: set[str], console: Console) -> None:
    """One half as a table; what falls short of what is wanted is marked."""
    table = Table(
        "code", "told", "precision", "recall", "F1", "95%", "", title=f"{half}: {told['texts']} texts"
    )
    for row in told["codes"]:
        wanted = WANTED if row["code"] == ALL else OF_EACH if row["code"] in behaviours else None
        asked = wanted is not None and row["true"] >= ENOUGH and half == "report"
        verdict = "" if not asked or wanted is None else "holds" if row["f1"] >= wanted else "short"
        table.add_row(
            row["code"], str(row["true"]), *(f"{row[name]:.3f}" for name in ("precision", "recall", "f1")),
            f"{row['f1_low']:.2f} to {row['f1_high']:.2f}", verdict,
        )  # fmt: skip
    console.print(table)
    if not told["traps"]:
        return
    fell = pl.DataFrame(told["traps"])
    console.print(f"traps fallen into, of all decisions: {fell['share'].sum():.3f}, wanted at most {TRAPS}")
    console.print(fell)


def shown_shares(rows: list[dict[str, Any]], console: Console) -> None:
    """The shares of behaviours beside the published ones."""
    table = Table("behaviour", "published", "written", "coded", title=f"shares of {rows[0]['cases']} cases")
    for row in rows:
        table.add_row(row["title"], *(f"{row[name]:.2f}" for name in ("published", "written", "coded")))
    console.print(table)


def main() -> None:
    """Measure every half, a force, the speed and the memory, and keep the figures."""
    coder, console = product_coder(), Console()
    behaviours = {code.name for code in coder.lists.codes if code.published}
    halves = {half: measured(coder, half) for half in HALVES}
    for half, told in halves.items():
        shown(half, told, behaviours, console)
    here, force = coded_force()
    truth, told_shares = against_truth(coder, here, force), shares(coder, here, force)
    shown("the force", truth | {"traps": []}, behaviours, console)
    shown_shares(told_shares, console)
    texts = prose_of(here)
    rates = {
        "texts of the force": speeds(of_length(texts, RATED)),
        "texts written by hand": speeds(of_length(gold_texts(GOLD), RATED)),
    }
    kept: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(), "machine": machine(),
        "lists_and_reader": coder_version(),
        "wanted": {"micro_f1": WANTED, "f1_of_each_behaviour": OF_EACH, "traps": TRAPS,
                   "texts_a_second": SPEED, "times_detection": TIMES},
        "halves": halves, "force": truth, "shares": told_shares, "speed": rates,
        "memory": memory(texts, PLACE),
    }  # fmt: skip
    console.print(kept["speed"], kept["memory"])
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
