"""Makes a whole force: the courses once, then every year of records, then the deliveries and the truth."""

from __future__ import annotations

import json
import multiprocessing
import queue
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from data_samples import offences, rates
from data_samples.background import month_of_background
from data_samples.ceilings import ceilings
from data_samples.chance import Flags, generator, happens
from data_samples.course_records import records_of_courses
from data_samples.courses import Cast, draw_cast
from data_samples.deliveries import ChunkWriter, Delivered, Schedule, assemble
from data_samples.geography import Geography, build_geography, write_geojson
from data_samples.lives import live
from data_samples.nominals import Registry, spellings
from data_samples.options import ForceError, ForceOptions
from data_samples.people import NEVER as NEVER_MOVED
from data_samples.people import PeopleOverrides, Population
from data_samples.prose.pieces import compiled
from data_samples.records import DAY, SHAPES, Frames
from data_samples.render import Scribe, arrow_text, instants, references, write_records
from data_samples.shocks import CALM, NEVER, Shock
from data_samples.witness import Cases, witness_chunks

__all__ = ["ForceError", "ForceOptions", "ForceSummary", "make_force"]

Progress = Callable[[str, int, int], None]
Told = Any  # the queue of rows written: its class has no public name
DISTINCT_TRUTH = ("nominals", "corrupted", "persons")
WORKERS = 2
WITNESS_REFERENCES = 10_000_000  # for each year, so that no two extracts share one
LARGEST_STRETCH = 1.0  # months of a whole force that are held at a time


@dataclass(frozen=True)
class ForceSummary:
    """What was made, in words a person reads."""

    out: Path
    rows: int
    rows_by_source: dict[str, int]
    folders: int
    broken_rows: int
    courses: int
    options: ForceOptions = field(repr=False)

    def render(self) -> str:
        o = self.options
        lines = [
            f"A force of scale {o.scale:g} and focus {o.effective_focus:g}, seed {o.seed}: "
            f"{o.start} to {o.end}, {self.courses:,} courses of conduct.",
            *(f"  {source:<22}{rows:>12,} rows" for source, rows in self.rows_by_source.items()),
            f"  {'together':<22}{self.rows:>12,} rows in {self.folders} deliveries, "
            f"{self.broken_rows:,} broken on purpose",
            f"Extracts: {self.out / 'extracts'}",
            f"Truth (for tests, benchmarks and the check only): {self.out / 'truth'}",
        ]
        return "\n".join(lines)


@dataclass(frozen=True)
class _Job:
    """One year of records, small enough to hand to another process."""

    options: ForceOptions
    scratch: Path
    number: int
    first_day: int
    last_day: int


def make_force(options: ForceOptions, progress: Progress) -> ForceSummary:
    """Make the force; nothing is left behind when it fails."""
    options.validate()
    created = not options.out.exists()
    scratch = options.out / ".scratch"
    try:
        scratch.mkdir(parents=True)
        return _make(options, scratch, progress)
    except BaseException:
        shutil.rmtree(options.out if created else scratch, ignore_errors=True)
        if not created:
            for part in ("extracts", "truth"):
                shutil.rmtree(options.out / part, ignore_errors=True)
        raise


def _make(options: ForceOptions, scratch: Path, progress: Progress) -> ForceSummary:
    schedule = Schedule(options.start, options.end, options.deliveries)
    geography = build_geography(options.effective_focus)
    context = multiprocessing.get_context("spawn")
    told: Told = context.Queue()
    with ProcessPoolExecutor(WORKERS, context, _start_worker, (told,)) as workers:
        workers.submit(_ready)  # the workers read the grammar while the courses are drawn
        try:
            cast = _write_records(options, scratch, schedule, geography, workers, told, progress)
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise
        finally:
            told.close()
    progress("putting deliveries together", 0, 0)
    delivered = assemble(options.out, scratch, schedule, options.seed, DISTINCT_TRUTH)
    write_geojson(geography, options.out / "extracts" / "wards.geojson")
    _write_force(options, cast, geography)
    shutil.rmtree(scratch)
    return _summary(options, cast, delivered)


def _write_records(
    options: ForceOptions,
    scratch: Path,
    schedule: Schedule,
    geography: Geography,
    workers: ProcessPoolExecutor,
    told: Told,
    progress: Progress,
) -> Cast:
    """Let the courses live, then have every year written by the workers and the truth of the courses here."""
    start, end, shock = rates.day_number(options.start), rates.day_number(options.end), _shock(options)
    progress("drawing people and courses", 0, 0)
    cast = draw_cast(options.seed, options.effective_focus, start, end, geography, shock)
    progress("letting them live", 0, 0)
    lives = live(options.seed, cast, shock)
    made = records_of_courses(options.seed, cast, lives, shock)
    _save_cast(cast, scratch)
    jobs = _jobs(options, scratch)
    for name, frame in made.records.items():
        for job in jobs:
            low, high = job.first_day * DAY, job.last_day * DAY
            part = frame.filter((pl.col("created") >= low) & (pl.col("created") < high))
            part.write_ipc(scratch / f"{name}_{job.number}.arrow")
    witness_cases(options, cast, made.records, made.truth["cases"], jobs, scratch)
    expected = _expected_rows(options, sum(frame.height for frame in made.records.values()))
    years = [workers.submit(_write_year, job) for job in jobs]
    truth = ChunkWriter(options.out, scratch, schedule, "world", options.seed)
    for name, frame in _world_truth(options, cast, lives, made):
        truth.add_truth(name, frame)
    truth.close()
    del lives, made
    written = 0
    while not (told.empty() and all(year.done() for year in years)):
        for year in years:
            if year.done():
                year.result()  # a year that failed ends the whole
        try:
            written += told.get(timeout=0.2)
        except queue.Empty:
            continue
        progress("writing records", written, max(expected, written))
    return cast


def _shock(options: ForceOptions) -> Shock:
    if options.shock_at is None:
        return CALM
    return Shock(options.shock, rates.day_number(options.shock_at), options.shock_size)


def _jobs(options: ForceOptions, scratch: Path) -> list[_Job]:
    jobs: list[_Job] = []
    for year in range(options.start.year, options.end.year + 1):
        first, last = max(options.start, date(year, 1, 1)), min(options.end, date(year + 1, 1, 1))
        if first < last:
            jobs.append(_Job(options, scratch, year, rates.day_number(first), rates.day_number(last)))
    return jobs


def _expected_rows(options: ForceOptions, course_rows: int) -> int:
    years = (options.end - options.start).days / 365.25
    background = sum(rates.YEARLY.values()) + 2 * rates.YEARLY["crimes"]
    return int(
        background * options.scale * years * 1.12 + 1.7 * course_rows + 2 * rates.WITNESS_ROWS * options.scale
    )


# ---------------------------------------------------------------------------- workers
_told: Told = None


def _start_worker(told: Told) -> None:
    """Keep the way to report, and read what every year needs."""
    global _told
    _told = told
    compiled()
    spellings()


def _ready() -> None:
    """Does nothing but start the workers."""


def _tell(rows: int) -> None:
    if _told is not None:
        _told.put(rows)


def _write_year(job: _Job) -> None:
    """Write all records of one calendar year, month by month."""
    options, scratch = job.options, job.scratch
    geography = build_geography(options.effective_focus)
    population = Population(options.seed, geography.ward_population, _load_overrides(scratch))
    schedule = Schedule(options.start, options.end, options.deliveries)
    writer = ChunkWriter(options.out, scratch, schedule, str(job.number), options.seed)
    registry = Registry(options.seed, population)
    scribe = Scribe(
        options.seed, population, registry, geography, writer, rates.day_number(options.history_end) * DAY
    )
    shock = _shock(options)
    courses: Frames = {name: pl.read_ipc(scratch / f"{name}_{job.number}.arrow") for name in SHAPES}
    for month, first, last in _months(options, job):
        background = month_of_background(
            options.seed, options.scale, month, first, last - first, geography, shock
        )
        for name in SHAPES:
            of_courses = courses[name].filter(
                (pl.col("created") >= first * DAY) & (pl.col("created") < last * DAY)
            )
            together = pl.concat([background[name], of_courses]).sort("created", maintain_order=True)
            if name == "forms":
                together = together.filter(pl.Series(_arrives(options.seed, together, shock)))
            write_records(scribe, name, together)
            _tell(together.height)
    for communications, locations, truth in _witness_of_year(options, scratch, job.number, geography):
        for source, frame in (("communications", communications), ("locations", locations)):
            entered = frame["created_at"].dt.epoch("s")
            writer.add(source, frame.with_columns(entered.alias("_entered")))
            _tell(frame.height)
        for name, frame in truth.items():
            writer.add_truth(f"witness_{name}" if name == "corrupted" else name, frame)
    writer.close()


def _months(options: ForceOptions, job: _Job) -> Iterator[tuple[int, int, int]]:
    """The year in stretches of whole months, as many as memory allows: number, first day, day after."""
    day = job.first_day
    together = max(
        months for months in (1, 2, 3, 4, 6, 12) if months * options.scale <= LARGEST_STRETCH or months == 1
    )
    while day < job.last_day:
        at = date(1970, 1, 1) + timedelta(days=day)
        ahead = at.month - 1 + together - (at.month - 1) % together
        following = date(at.year + ahead // 12, ahead % 12 + 1, 1)
        number = (at.year - options.start.year) * 12 + at.month - options.start.month
        last = min(rates.day_number(following), job.last_day)
        yield number, day, last
        day = last


def _arrives(seed: int, forms: pl.DataFrame, shock: Shock) -> Flags:
    """Which risk forms still come: the missing source falls silent, wholly at size 1."""
    created = forms["created"].to_numpy() / DAY
    return ~happens(shock.felt("source_missing", created), seed, "source missing", forms["form"].to_numpy())


# ---------------------------------------------------------------------------- people of the courses
def _save_cast(cast: Cast, scratch: Path) -> None:
    offenders, victims = cast.offenders, cast.victims
    frame = pl.DataFrame(
        {
            "key": np.concatenate([offenders.key, victims.key]),
            "sex": np.concatenate([offenders.male, victims.male]).astype(np.int8),
            "birth_day": np.concatenate([offenders.birth_day, victims.birth_day]),
            "ethnicity": np.concatenate([offenders.ethnicity, victims.ethnicity]).astype(np.int8),
            "ward": np.concatenate([offenders.ward, victims.ward]).astype(np.int16),
            "moved_out_day": np.concatenate(
                [
                    np.where(offenders.moved_out >= NEVER, NEVER_MOVED, offenders.moved_out),
                    np.full(len(victims.key), NEVER_MOVED),
                ]
            ),
        }
    ).sort("key")
    frame.write_ipc(scratch / "people.arrow")


def _load_overrides(scratch: Path) -> PeopleOverrides:
    frame = pl.read_ipc(scratch / "people.arrow")
    return PeopleOverrides(**{name: frame[name].to_numpy() for name in frame.columns})


# ---------------------------------------------------------------------------- the digital witness
def witness_cases(
    options: ForceOptions, cast: Cast, records: Frames, cases: pl.DataFrame, jobs: list[_Job], scratch: Path
) -> None:
    """Choose the investigated dyads whose devices were read: mostly serious ones, one case for a course."""
    rng = generator(options.seed, "witness cases")
    wanted = max(2, round(rates.WITNESS_CASES * options.scale))
    low, high = jobs[0].first_day * DAY, jobs[-1].last_day * DAY
    fit = (
        cases.select(
            "crime", "created", "course_key", "is_4a", "suspect_identified", "stalking_class", "is_hidden"
        )
        .filter(pl.col("suspect_identified") & pl.col("stalking_class") & ~pl.col("is_hidden"))
        .filter((pl.col("created") > low + 200 * DAY) & (pl.col("created") < high - 60 * DAY))
        .unique("course_key", keep="first", maintain_order=True)
    )
    drawn = rng.random(fit.height) * np.where(fit["is_4a"].to_numpy(), 2.0, 1.0)
    chosen = fit[np.sort(np.argsort(-drawn, kind="stable")[:wanted])] if fit.height else fit
    course = chosen["course_key"].to_numpy()
    created = chosen["created"].to_numpy()
    n = len(course)
    courses, offenders, victims = cast.courses, cast.offenders, cast.victims
    off, vic = courses.offender[course], courses.victim[course]
    length = np.clip(np.exp(rng.normal(4.6, 0.7, n)), 30, 540)
    extracted = created + (np.clip(rng.gamma(2.0, 20, n), 5, 200) * DAY).astype(np.int64)
    orders = records["orders"].filter(pl.col("step") == 8).group_by("crime").agg(pl.col("at").min())
    served = chosen.select("crime").join(orders, on="crime", how="left")["at"].fill_null(-1).to_numpy()
    frame = pl.DataFrame(
        {
            "case_ref": references("CR", chosen["crime"].to_numpy()),
            "course_key": course,
            "suspect_key": offenders.key[off],
            "victim_key": victims.key[vic],
            "start": created - (length * DAY).astype(np.int64),
            "end": np.minimum(extracted - DAY, created + (rng.random(n) * 30 * DAY).astype(np.int64)),
            "extracted_at": np.minimum(extracted, high - DAY),
            "suspect_ward": offenders.ward[off],
            "victim_ward": victims.ward[vic],
            "intensity": np.clip(
                np.exp(rng.normal(0.9, 1.2, n)) * (0.6 + courses.frailty[course]), 0.2, 60.0
            ),
            "stop_request_at": np.where(
                rng.random(n) < 0.7, created - (length * DAY * rng.random(n) * 0.8).astype(np.int64), -1
            ),
            "order_at": served,
        }
    )
    frame.write_ipc(scratch / "witness.arrow")


def _witness_of_year(
    options: ForceOptions, scratch: Path, year: int, geography: Geography
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, dict[str, pl.DataFrame]]]:
    cases = pl.read_ipc(scratch / "witness.arrow")
    here = cases.filter(instants(cases["extracted_at"].to_numpy()).dt.year() == year)
    if not here.height:
        return
    weight = (cases["end"] - cases["start"]).to_numpy().astype(np.float64)
    share = float((here["end"] - here["start"]).to_numpy().sum() / weight.sum())
    rows = int(rates.WITNESS_ROWS * options.scale * share)
    population = Population(options.seed, geography.ward_population, _load_overrides(scratch))
    day = here["start"].to_numpy() // DAY
    phones = {
        role: arrow_text(population.describe(here[f"{role}_key"].to_numpy(), day)["phone"])
        for role in ("suspect", "victim")
    }
    arrays = {name: here[name].to_numpy() for name in here.columns if name != "case_ref"}
    bundle = Cases(
        case_ref=arrow_text(here["case_ref"]),
        suspect_phone=phones["suspect"],
        victim_phone=phones["victim"],
        **arrays,
    )
    first = (year - 2000) * WITNESS_REFERENCES + 1
    for chunk in witness_chunks(bundle, geography, options.seed, rows, rows, first):
        yield chunk.communications, chunk.locations, chunk.truth


# ---------------------------------------------------------------------------- the truth
def _world_truth(
    options: ForceOptions, cast: Cast, lives: Any, made: Any
) -> Iterator[tuple[str, pl.DataFrame]]:
    courses = cast.courses
    day = pl.Series
    known = pl.DataFrame(
        {
            "course_key": np.arange(len(courses.offender)),
            "offender_key": cast.offenders.key[courses.offender],
            "victim_key": cast.victims.key[courses.victim],
            "relationship": day(list(rates.RELATIONSHIPS)).gather(day(courses.relationship)),
            "is_domestic": courses.domestic,
            "stalker_type": day(list(rates.STALKER_TYPES)).gather(day(courses.stalker_type)),
            "began_at": instants(courses.began * DAY),
            "first_report_at": instants((courses.first_report * DAY).astype(np.int64)),
            "separated_at": instants(np.where(courses.separated >= NEVER, -1, courses.separated * DAY)),
            "ended_at": instants(courses.ended * DAY),
            "trend": day(list(rates.TRENDS)).gather(day(courses.trend)),
            "is_hidden": courses.hidden,
            "is_offender_unknown": courses.unknown_offender,
            "has_children": courses.children,
        }
    )
    yield "courses", known
    low, high = rates.day_number(options.start) * DAY, rates.day_number(options.end) * DAY
    told = made.truth["offences"].filter((pl.col("recorded") >= low) & (pl.col("recorded") < high))
    codes = day(list(offences.CODES))
    yield (
        "offences",
        told.with_columns(
            references("CR", told["crime"].to_numpy()).alias("crime_ref"),
            instants(told["occurred"].to_numpy()).alias("occurred_at"),
            instants(told["recorded"].to_numpy()).alias("recorded_at"),
            codes.gather(told["kind"]).alias("true_kind"),
        ).drop("crime", "occurred", "recorded", "kind"),
    )
    cases = made.truth["cases"].filter((pl.col("created") >= low) & (pl.col("created") < high))
    yield (
        "cases",
        cases.with_columns(
            references("CR", cases["crime"].to_numpy()).alias("crime_ref"),
            instants(cases["created"].to_numpy()).alias("recorded_at"),
            day(list(rates.RELATIONSHIPS)).gather(cases["relationship_number"]).alias("relationship"),
        ).drop("crime", "created", "relationship_number"),
    )
    yield "interventions", _interventions(cases)
    yield "effects", _effects()
    yield "ceilings", ceilings(cast, lives, made.records["crimes"])


def _interventions(cases: pl.DataFrame) -> pl.DataFrame:
    """Which cases each named operation took on."""
    adopted = cases.filter(pl.col("operation") > 0)
    names = pl.Series(["none", "operation_lantern", "operation_beacon"])
    return pl.DataFrame(
        {
            "crime_ref": references("CR", adopted["crime"].to_numpy()),
            "operation": names.gather(adopted["operation"]),
            "adopted_at": instants(adopted["created"].to_numpy()),
        }
    )


def _effects() -> pl.DataFrame:
    """Every effect that was planted, by the model it belongs to."""
    rows: list[tuple[str, str, str, float, float]] = []
    rows += [
        ("victim_withdrawal", term, "odds_ratio", value, 0.0) for term, value in rates.WITHDRAWAL.items()
    ]
    rows += [("police_nfa", term, "odds_ratio", value, 0.0) for term, value in rates.NFA.items()]
    rows += [("police_nfa", "operation_lantern", "odds_ratio", rates.LANTERN_NFA_TIMES, 0.0)]
    rows += [("police_nfa", "operation_beacon", "odds_ratio", rates.BEACON_NFA_TIMES, 0.0)]
    rows += [("days_to_outcome", "operation_lantern", "factor", rates.LANTERN_DAYS, 0.0)]
    rows += [("very_harmful", term, "log_hazard", value, 0.0) for term, value in rates.HAZARD.items()]
    rows += [
        ("offending", action, "rate_factor", factor, float(days))
        for action, (factor, days) in rates.ACTION_EFFECTS.items()
    ]
    return pl.DataFrame(rows, schema=["model", "term", "measure", "value", "days"], orient="row")


def _write_force(options: ForceOptions, cast: Cast, geography: Geography) -> None:
    told = {
        "scale": options.scale,
        "focus": options.effective_focus,
        "seed": options.seed,
        "years": options.years,
        "deliveries": options.deliveries,
        "start": options.start.isoformat(),
        "end": options.end.isoformat(),
        "history_end": options.history_end.isoformat(),
        "shock": options.shock,
        "shock_at": None if options.shock_at is None else options.shock_at.isoformat(),
        "shock_size": options.shock_size,
        "courses": len(cast.courses.offender),
        "residents": int(geography.ward_population.sum()),
    }
    path = options.out / "truth" / "force.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _summary(options: ForceOptions, cast: Cast, delivered: Delivered) -> ForceSummary:
    return ForceSummary(
        out=options.out,
        rows=delivered.rows,
        rows_by_source=delivered.rows_by_source,
        folders=delivered.folders,
        broken_rows=delivered.broken_rows,
        courses=len(cast.courses.offender),
        options=options,
    )
