"""Loads defs/ and nothing else."""

from __future__ import annotations

import dagster as dg

import dagster_project.defs

defs = dg.load_defs(dagster_project.defs)
