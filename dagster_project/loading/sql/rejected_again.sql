select count(distinct line) from reject_errors
