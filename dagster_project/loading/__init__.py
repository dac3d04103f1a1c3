"""Deliveries become immutable Parquet: nothing is lost, and each loads wholly or not at all."""

from dagster_project.loading.load import FileCount, Loaded, load_source

__all__ = ["FileCount", "Loaded", "load_source"]
