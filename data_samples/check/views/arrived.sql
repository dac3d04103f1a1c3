-- the rows of the files that the variables tell of, as text; a line too broken to split is left out
create or replace view arrived as
from
    read_csv(
        getvariable('pattern'),
        all_varchar = true,
        header = true,
        delim = getvariable('separator'),
        quote = '"',
        escape = '"',
        nullstr = getvariable('null_text'),
        encoding = getvariable('encoding'),
        ignore_errors = true
    );
