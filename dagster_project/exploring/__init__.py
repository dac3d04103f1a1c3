"""Exploration: what every source is like before anybody agrees on what to expect of it."""

from __future__ import annotations

from dagster_project.exploring.measuring import explore
from dagster_project.exploring.page import render_page
from dagster_project.exploring.profile import Profile, to_json
from dagster_project.exploring.proposing import to_yaml
from dagster_project.exploring.writing import summary, write

__all__ = ["Profile", "explore", "render_page", "summary", "to_json", "to_yaml", "write"]
