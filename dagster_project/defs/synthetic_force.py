"""A synthetic force, made on demand: what everything else is built and tested on.

Dagster reads the annotations here as types, so they are not postponed.
"""

import shutil
from typing import Any

import dagster as dg

from dagster_project import settings
from data_samples.options import ForceOptions
from data_samples.received import rows_by_source


class ForceSize(dg.Config):
    """How much of a force, and which one."""

    scale: float = 0.01
    focus: float = 0.1
    seed: int = 1


@dg.asset(group_name="samples")
def synthetic_force(context: dg.AssetExecutionContext, config: ForceSize) -> dg.MaterializeResult[Any]:
    """Thirteen kinds of extract as police systems deliver them, about people who do not exist."""
    from data_samples.force import make_force  # late: it is slow to import and seldom wanted

    out = settings.load().samples / "synthetic_force"
    aside = out.with_name("synthetic_force.making")
    shutil.rmtree(aside, ignore_errors=True)
    options = ForceOptions(out=aside, scale=config.scale, focus=config.focus, seed=config.seed)
    options.validate()
    make_force(
        options, lambda stage, done, all_: context.log.info(f"{stage}: {done:,} of about {all_:,} rows")
    )
    shutil.rmtree(out, ignore_errors=True)
    aside.rename(out)
    rows = rows_by_source(out)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(rows.values()),
            "folder": str(out),
            **{f"rows/{source}": count for source, count in rows.items()},
        }
    )
