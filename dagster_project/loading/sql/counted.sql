select
    (select count(*) from arrived) as rows_read,
    (select count(*) from rejected) as rows_rejected
