"""Pure functions over frames; knows neither Dagster nor files of DuckDB."""
