"""Puts the page, the figures and the proposals into a folder, each whole or not at all."""

from __future__ import annotations

from pathlib import Path

from dagster_project.exploring.page import render_page
from dagster_project.exploring.profile import Profile, to_json
from dagster_project.exploring.proposing import to_yaml


def write(profile: Profile, folder: Path, banner: str = "") -> dict[str, Path]:
    """What was written, the page first; a page that is open in a browser is replaced, not emptied."""
    texts = {
        "exploring.html": render_page(profile, banner),
        "profile.json": to_json(profile),
        "proposed_expectations.yml": to_yaml(profile),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        aside = folder / f"{name}.part"
        aside.write_text(text, encoding="utf-8")
        aside.replace(folder / name)
    return {name: folder / name for name in texts}
