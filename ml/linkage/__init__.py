"""Who is who: nominals of all sources resolved into persons, with Splink on DuckDB."""
