"""What is published beside the marts for people to read, made from what the warehouse holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dagster_project.dictionary import current
from dagster_project.register import results_of
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse
from expectations.page import render
from expectations.suites import load_suites

SYNTHETIC = "Made from a synthetic force: a figure here shows that the code works, never that it is so."


def judged_so_far(here: Settings) -> Path:
    """The page of a run that was stopped: nothing is published then, and somebody must see why."""
    with Warehouse(here).building() as connection:
        page = render(results_of(connection), load_suites(), banner=SYNTHETIC)
    here.stopped.mkdir(parents=True, exist_ok=True)
    path = here.stopped / "quality.html"
    path.write_text(page, "utf-8")
    return path


def reports(here: Settings, as_of: date) -> dict[str, str]:
    """Each report under its file name; what arrived after the day is in none."""
    with Warehouse(here).standing() as connection:
        results = results_of(connection)
    known = results[results["received_at"] < as_of.isoformat()]
    return {
        "quality.html": render(known, load_suites(), banner=SYNTHETIC),
        "data_dictionary.md": current(),
    }
