-- records whose prose was told once
select source, source_id
from coded.cod_texts
group by source, source_id
having count(*) = 1;

-- what is read in them
select distinct texts.source, texts.source_id, codes.code
from coded.cod_texts as texts
inner join coded.text_codes as codes on texts.text_id = codes.text_id
where
    codes.polarity = 'affirmed'
    and (texts.source, texts.source_id) in (
        select (source, source_id) from coded.cod_texts group by source, source_id having count(*) = 1
    );

-- the records of each crime
select distinct 'crimes' as source, crime_id as source_id, crime_id from staging.stg_crimes__offences
union
select 'case_notes', note_id, crime_id from staging.stg_case_notes__notes where crime_id is not null
union
select 'risk_forms', form_id, crime_id from staging.stg_risk_forms__forms where crime_id is not null
union
select 'command_logs', command_log_id, crime_id from staging.stg_command_logs__incidents where crime_id is not null;

-- what is read anywhere
select distinct texts.source, texts.source_id, codes.code
from coded.cod_texts as texts
inner join coded.text_codes as codes on texts.text_id = codes.text_id
where codes.polarity = 'affirmed'
