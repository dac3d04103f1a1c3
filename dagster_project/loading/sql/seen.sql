-- keys of the files of this delivery that were read before
create table if not exists seen (key_hash ubigint, file integer, line bigint);
