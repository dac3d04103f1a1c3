-- the sources that are there to be read
select table_name
from information_schema.tables
where table_schema = 'raw'
