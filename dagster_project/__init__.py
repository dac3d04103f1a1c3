"""Orchestration: every asset reads, calls a pure function and writes."""
