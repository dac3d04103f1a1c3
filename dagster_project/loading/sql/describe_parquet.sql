describe
select * from read_parquet({{ path | one_file }}, hive_partitioning = false)
