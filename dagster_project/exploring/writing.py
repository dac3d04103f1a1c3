"""Puts the page, the figures and the proposals into a folder, each whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dagster_project.exploring.findings import worst
from dagster_project.exploring.page import render_page
from dagster_project.exploring.profile import Profile, to_json
from dagster_project.exploring.proposing import to_yaml
from dagster_project.exploring.wording import plural

MOST_FINDINGS: Final = 5
PAGE: Final = "exploring.html"
FIGURES: Final = "profile.json"
PROPOSALS: Final = "proposed_expectations.yml"


def write(profile: Profile, folder: Path, banner: str = "") -> dict[str, Path]:
    """What was written, the page first; a page that is open in a browser is replaced, not emptied."""
    texts = {PAGE: render_page(profile, banner), FIGURES: to_json(profile), PROPOSALS: to_yaml(profile)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        aside = folder / f"{name}.part"
        aside.write_text(text, encoding="utf-8")
        aside.replace(folder / name)
    return {name: folder / name for name in texts}


def summary(profile: Profile, written: Mapping[str, Path]) -> str:
    """What a person wants to read when it is done: what was looked at, what is worst, where to look."""
    proposed = sum(len(source.proposals) for source in profile.sources)
    nothing = ", ".join(profile.nothing_delivered)
    found = worst(profile, MOST_FINDINGS)
    where = [
        (written[PAGE], "every source in pictures"),
        (written[PROPOSALS], f"{plural(proposed, 'expectation')} to agree on"),
        (written[FIGURES], "the same figures, to compute with"),
    ]
    wide = max(len(str(path)) for path in written.values())
    lines = [
        f"Explored {profile.rows:,} rows of {plural(len(profile.sources), 'source')}"
        f" in {profile.deliveries:,} deliveries"
        + (f", received {profile.received_from} to {profile.received_to}" if profile.deliveries else ""),
        *([f"Nothing has been delivered by: {nothing}"] if nothing else []),
        *(["", "What is worst"] if found else []),
        *(f"  {one.source}: {one.sentence}" for one in found),
        "",
        "Look next at",
        *(f"  {path!s:<{wide}}  {what}" for path, what in where),
    ]
    return "\n".join(lines)
