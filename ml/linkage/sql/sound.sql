-- how a name sounds, whatever alphabet or ear it came through: its first letter, then its consonants
create or replace temporary macro name_sound(written) as (
    with

    folded as (

        select regexp_replace(
            replace(replace(replace(replace(replace(replace(replace(
                translate(upper(written), 'QZJWX', 'KSYVK'),
                'PH', 'F'), 'KH', 'K'), 'GH', 'G'), 'CH', 'K'), 'SH', 'S'), 'TH', 'T'), 'C', 'K'),
            '([^AEIOUY])H', '\1', 'g'
        ) as text

    ),

    bones as (

        -- voiced and unvoiced are one: D and T, B and P, G and K, V and F
        select left(text, 1) || translate(regexp_replace(substr(text, 2), '[AEIOUYH]+', '', 'g'), 'DBGV', 'TPKF') as text
        from folded

    )

    select
        replace(replace(replace(replace(replace(replace(replace(replace(replace(
            text,
            'FF', 'F'), 'KK', 'K'), 'LL', 'L'), 'MM', 'M'), 'NN', 'N'), 'PP', 'P'), 'RR', 'R'), 'SS', 'S'), 'TT', 'T')
    from bones
)
