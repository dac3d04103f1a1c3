select
    (select count(*) from looked) as rows_read,
    (select count(*) from rejected) as rows_rejected
