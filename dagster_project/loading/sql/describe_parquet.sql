describe
select * from read_parquet({{ path | text }}, hive_partitioning = false)
