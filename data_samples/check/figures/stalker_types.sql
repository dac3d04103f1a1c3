-- section 4A crimes of the reviewed caseload whose course is by a rejected stalker
select
    'stalker_type.rejected' as figure_id,
    count(*) filter (where courses.stalker_type = 'rejected') as numerator,
    count(*) as cases
from stalking
inner join truth_courses as courses on stalking.course_key = courses.course_key
inner join periods on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
where
    periods.period = 'caseload_2023'
    and stalking.class_code = 'STK4A';
