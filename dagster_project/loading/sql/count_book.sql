select count(*) from {{ book | name }}
