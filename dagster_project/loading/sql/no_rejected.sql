-- lines that could not be split into cells; none yet
create or replace temp table rejected (line bigint, columns varchar[], reason varchar, raw_text varchar)
