select line from wanted order by line
