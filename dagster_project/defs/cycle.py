"""Where a run stands in time, and when the next one starts."""
# pyright: reportUnknownMemberType=false
# Dagster leaves type arguments of its own signatures open.

from datetime import date, timedelta
from typing import Any

import dagster as dg

from dagster_project.cycles import ANCHOR, TIME_ZONE, cut_offs, is_cut_off, latest_for
from dagster_project.register import newest_receipt
from dagster_project.settings import Settings

CYCLES = dg.StaticPartitionsDefinition(
    [day.isoformat() for day in cut_offs(ANCHOR, date.today() + timedelta(days=28))]
)
AS_OF_TAG = "throughline/as_of"
"""A refresh stands at a day that is no cut-off; its run says so with this tag."""


def standing_at(context: dg.AssetExecutionContext, here: Settings) -> date:
    """The day the run looks from: what it was told, else the latest cut-off of what has been loaded."""
    tags = context.run.tags
    told = tags.get(AS_OF_TAG) or tags.get("dagster/partition")
    if told:
        return date.fromisoformat(told)
    newest = newest_receipt(here.deliveries)
    if newest is None:
        raise dg.Failure("nothing has been delivered yet: put extracts into " + str(here.extracts))
    return latest_for(newest)


everything = dg.AssetSelection.all() - dg.AssetSelection.groups("samples")

four_weekly_run = dg.define_asset_job(
    "four_weekly_run",
    selection=everything,
    partitions_def=CYCLES,
    description="Load what was delivered, gate it, build the marts as known at the cut-off, publish.",
)
refresh = dg.define_asset_job(
    "refresh",
    selection=everything,
    partitions_def=CYCLES,
    description="The same for what arrived between two cut-offs; trains and scores nothing.",
)


@dg.schedule(
    job=four_weekly_run,
    cron_schedule="0 7 * * 2",
    execution_timezone=TIME_ZONE,
    description="Every Tuesday at seven; three in four are between two cut-offs and are skipped.",
)
def every_fourth_tuesday(context: dg.ScheduleEvaluationContext) -> Any:
    """Cron cannot say every 28 days: a weekly tick that skips."""
    today = context.scheduled_execution_time.date()
    if not is_cut_off(today):
        return dg.SkipReason(f"{today} lies between two cut-offs")
    return dg.RunRequest(run_key=today.isoformat(), partition_key=today.isoformat())
