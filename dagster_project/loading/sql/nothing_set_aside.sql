-- no row of this file must be looked at before others are written
create or replace temp table set_aside (line bigint, is_repeat boolean, first_file varchar, first_line bigint)
