"""Puts the measured figures of the coding of prose into its page: `python -m benchmarks.text_page`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from ml.text.reader import REACHES
from ml.text.training import WIDTH

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "text.json"
PAGE: Final = ROOT / "docs" / "text.md"
BEGIN: Final = "<!-- figures, written by benchmarks.text_page -->"
END: Final = "<!-- end of figures -->"
ALL: Final = "all together"

SUMS: Final = len(REACHES) * WIDTH * WIDTH

Row = dict[str, Any]


def told(results: dict[str, Any]) -> str:
    """The figures in words and tables."""
    return "\n\n".join((_how_right(results), _other_codes(results), _how_fast(results)))


def _by_code(rows: list[Row]) -> dict[str, Row]:
    return {str(row["code"]): row for row in rows}


def _f1(row: Row) -> str:
    return f"{row['f1']:.3f} ({row['f1_low']:.2f} to {row['f1_high']:.2f})" if row["true"] else "none told"


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _how_right(results: dict[str, Any]) -> str:
    report, unusual, force = (
        _by_code(part["codes"])
        for part in (results["halves"]["report"], results["halves"]["unusual"], results["force"])
    )
    shares = _by_code(results["shares"])
    machine = results["machine"]
    rows = [
        (
            share["title"], str(report[code]["true"]), f"{report[code]['precision']:.2f}",
            f"{report[code]['recall']:.2f}", _f1(report[code]), f"{unusual[code]['f1']:.2f}",
            f"{force[code]['f1']:.2f}", *(f"{share[name]:.2f}" for name in ("published", "written", "coded")),
        )
        for code, share in shares.items()
    ]  # fmt: skip
    whole = report[ALL]
    rows.append(
        (
            ALL, str(whole["true"]), f"{whole['precision']:.2f}", f"{whole['recall']:.2f}", _f1(whole),
            f"{unusual[ALL]['f1']:.2f}", f"{force[ALL]['f1']:.2f}", "", "", "",
        )
    )  # fmt: skip
    header = ("behaviour", "told", "precision", "recall", "F1 (95%)", "unusual", "force",
              "published", "written", "coded")  # fmt: skip
    traps: list[Row] = results["halves"]["report"]["traps"]
    fell = ", ".join(f"{trap['trap']} {trap['fell']} of {trap['set']}" for trap in traps)
    cases = next(iter(shares.values()))["cases"]
    wanted = results["wanted"]
    words = (
        "## How right it is",
        f"`make bench NAME=text`, {results['date']}, on {machine['cores']} cores and"
        f" {machine['memory_gigabytes']} GB. Told, precision, recall and F1 are those of the **report half**:"
        " 640 ordinary texts",
        "written by hand, half of them hard negatives, that nothing was tuned on. **Unusual** is the F1 on"
        " 640 wordings that no officer would choose; **force** on",
        f"{results['force']['texts']:,} texts of a synthetic force, ordinary crime among them, against what"
        " its makers know they wrote. The last three columns are shares of cases:",
        f"published, from reports that a team coded by hand; of {cases:,} cases of the force in that year,"
        " what their records were written to tell, and what is coded.",
        "",
        _table(header, rows),
        "",
        f"Of all decisions on the report half, {sum(trap['share'] for trap in traps):.1%} fall into a trap:"
        f" {fell}. Wanted were {wanted['micro_f1']} together,",
        f"{wanted['f1_of_each_behaviour']} for each and at most {wanted['traps']:.0%}.",
    )
    return "\n".join(words)


def _other_codes(results: dict[str, Any]) -> str:
    behaviours = {row["code"] for row in results["shares"]} | {ALL}
    force = _by_code(results["force"]["codes"])
    rows = [
        (
            f"`{row['code']}`", str(row["true"]), f"{row['precision']:.2f}", f"{row['recall']:.2f}", _f1(row),
            f"{force[row['code']]['f1']:.2f}",
        )
        for row in results["halves"]["report"]["codes"]
        if row["code"] not in behaviours
    ]  # fmt: skip
    return "\n".join(
        (
            "The other codes are read by lists and rules of scope alone, which is weaker;"
            " few texts tell most of them.",
            "",
            _table(("code", "told", "precision", "recall", "F1 (95%)", "force"), rows),
        )
    )


def _how_fast(results: dict[str, Any]) -> str:
    rows = [
        (name, f"{rate['coding']:,}", f"{rate['detection alone']:,}", f"{rate['times_detection']}")
        for name, rate in results["speed"].items()
    ]
    memory = results["memory"]
    peaks = " and ".join(
        f"{megabytes:,} MB for {texts:,} texts"
        for texts, megabytes in zip(memory["texts"], memory["megabytes"], strict=True)
    )
    wanted = results["wanted"]
    words = (
        "## How fast",
        f"Texts of 300 characters a second, in two processes; memory peaks at {peaks}.",
        "",
        _table(("texts", "coded", "detection alone", "times"), rows),
        "",
        f"Wanted were {wanted['texts_a_second']:,} a second and {wanted['times_detection']} times. The reader"
        f" takes most of the time: {SUMS:,} multiplications a word.",
    )
    return "\n".join(words)


def main() -> None:
    """Write what stands between the two marks anew."""
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    figures = told(json.loads(RESULTS.read_text("utf-8")))
    PAGE.write_text(f"{before}{BEGIN}\n{figures}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
