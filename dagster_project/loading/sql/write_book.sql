copy {{ book | name }} to {{ target | text }} (format parquet, compression zstd)
