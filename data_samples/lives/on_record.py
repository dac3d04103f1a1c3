"""What is on record of every offender, victim and course: all that later steps know of earlier ones."""

from __future__ import annotations

import numpy as np

from data_samples import offences, rates
from data_samples.chance import Columns, Floats, Ints
from data_samples.conduct import BIT
from data_samples.courses import Cast
from data_samples.lives.happened import LONG_AGO, Cases, Reports
from data_samples.lives.step import INCIDENT, STEP, Step
from data_samples.shocks import NEVER

_THREATS = np.int64(BIT["threat_physical"] | BIT["threat_sexual"])
_ORDERS = ("non_molestation", "protection_order", "restraining")


class OnRecord:
    """Counts and days for every offender, course and victim, as they stand when a step begins."""

    def __init__(self, cast: Cast) -> None:
        self._courses = cast.courses
        offenders, victims = len(cast.offenders.key), len(cast.victims.key)
        courses = len(cast.courses.offender)
        self.violence = np.zeros(offenders)
        self.same_victim = np.zeros(offenders)
        self.breaches = np.zeros(offenders)
        self.recent = np.zeros(offenders)
        self.threat = np.zeros(offenders)
        self.strangled = np.zeros(offenders)
        self.self_harm = np.zeros(offenders)
        self.acquisitive = np.zeros(offenders)
        self.pursued = np.zeros(offenders)
        self.allegations = np.zeros(offenders)
        self.domestic_allegations = np.zeros(offenders)
        self.last_report = np.full(offenders, LONG_AGO)
        self.separated = np.full(offenders, LONG_AGO)
        self.away_until = np.full(offenders, LONG_AGO)
        self.factor_until = np.full((len(rates.ACTION_EFFECTS), offenders), LONG_AGO)
        self.course_conduct = np.zeros(courses)
        self.course_reports = np.zeros(courses)
        self.excitement = np.zeros(courses)
        self.order_from = np.full(courses, float(NEVER))
        self.order_until = np.full(courses, LONG_AGO)
        self.victim_crimes = np.zeros(victims)
        self.victim_conduct = np.zeros(victims)
        self.victim_domestic = np.zeros(victims)
        self.victim_alleged = np.zeros(victims)

    def action_factor(self, day: float) -> Floats:
        """How much the actions still in effect lower what each offender does."""
        factors = np.array([factor for factor, _ in rates.ACTION_EFFECTS.values()])
        return np.where(self.factor_until > day, factors[:, None], 1.0).prod(axis=0)

    def drivers(self, day: float) -> dict[str, Floats]:
        """The terms of `rates.HAZARD`, for every offender."""
        return {
            "violence": np.log1p(self.violence),
            "same_victim_violence": (self.same_victim > 0).astype(np.float64),
            "breaches": np.log1p(self.breaches),
            "recent_reports": np.log1p(self.recent),
            "threat": (self.threat > 0).astype(np.float64),
            "strangled": (self.strangled > 0).astype(np.float64),
            "separated": ((day - self.separated) < 180).astype(np.float64),
            "victims": np.log(np.maximum(self.pursued, 1.0)),
            "self_harm": (self.self_harm > 0).astype(np.float64),
            "quiet": np.log1p(np.clip(day - self.last_report, 0, 3650) / 365.25),
            "acquisitive": np.log1p(self.acquisitive),
        }

    def fade(self) -> None:
        """A step passes."""
        self.excitement *= rates.EXCITEMENT_KEPT
        self.recent *= np.exp(-STEP / 90)

    def add_reports(self, reports: Reports) -> None:
        """Reports inside courses; what nobody is named in says nothing of an offender."""
        known, crime, conduct = reports.offender_known, reports.is_crime, reports.is_conduct
        offender, kind, facts = reports.offender, reports.kind, reports.conduct["facts"]
        recorded = crime | (reports.what == INCIDENT)
        np.add.at(self.excitement, reports.course, 1.0)
        np.add.at(self.course_reports, reports.course[reports.is_formal], 1.0)
        np.add.at(self.course_conduct, reports.course[conduct], 1.0)
        np.add.at(self.recent, offender[known], 1.0)
        np.maximum.at(self.last_report, offender[known], reports.day[known])
        self._add_crimes(offender[crime & known], kind[crime & known])
        violent = crime & known & np.isin(kind, offences.VIOLENT)
        np.add.at(self.same_victim, offender[violent], 1.0)
        breach = crime & known & np.isin(kind, offences.numbers("NMOBR", "ROBR", "SPOBR"))
        np.add.at(self.breaches, offender[breach], 1.0)
        told = recorded & known & conduct
        np.add.at(self.threat, offender[told & ((facts & _THREATS) > 0)], 1.0)
        np.add.at(self.self_harm, offender[told & ((facts & BIT["threat_self_harm"]) > 0)], 1.0)
        np.add.at(self.domestic_allegations, offender[crime & known & reports.domestic], 1.0)
        np.add.at(self.victim_crimes, reports.victim[crime], 1.0)
        np.add.at(self.victim_conduct, reports.victim[conduct], 1.0)
        np.add.at(self.victim_domestic, reports.victim[reports.domestic & recorded], 1.0)
        np.add.at(self.pursued, self._courses.offender[reports.first], 1.0)

    def add_partings(self, step: Step) -> None:
        """Separations that have become known by the end of the step."""
        courses = self._courses
        parted = np.flatnonzero(
            (courses.separated < step.ends)
            & (courses.first_report < step.ends)
            & (courses.ended > step.begins - 400)
        )
        np.maximum.at(self.separated, courses.offender[parted], courses.separated[parted].astype(np.float64))

    def add_careers(self, career: Columns) -> None:
        """Offences outside the courses."""
        offender, victim = career["offender"], career["victim"]
        self._add_crimes(offender[offender >= 0], career["kind"][offender >= 0])
        np.add.at(self.victim_crimes, victim[victim >= 0], 1.0)
        np.add.at(self.victim_alleged, -2 - victim[victim <= -2], 1.0)

    def add_strikes(self, strikes: Columns) -> None:
        """Very harmful offences, and the time away after them."""
        offender = strikes["offender"]
        self._add_crimes(offender, strikes["kind"])
        np.add.at(self.same_victim, offender[strikes["course"] >= 0], 1.0)
        np.maximum.at(self.away_until, offender, strikes["away_until"])

    def add_actions(self, cases: Cases) -> None:
        """What the police did, and for how long it works."""
        columns, at_once = cases.columns, np.zeros(len(cases.course))
        for action, happened, after in (
            ("arrest", columns["arrested"], columns["arrest_after"]),
            ("withdrawal", columns["withdrew"], columns["withdraw_after"]),
            ("operation_lantern", columns["operation"] == 1, at_once),
            ("operation_beacon", columns["operation"] == 2, at_once),
        ):
            chosen = happened.astype(bool) & cases.suspect_known
            self._acted(action, cases.offender[chosen], cases.recorded[chosen] + after[chosen])
        for order in _ORDERS:
            chosen = columns[order].astype(bool) & cases.suspect_known
            made = cases.recorded[chosen] + columns[f"{order}_after"][chosen]
            self._acted("order", cases.offender[chosen], made)
            np.minimum.at(self.order_from, cases.course[chosen], made)
            np.maximum.at(self.order_until, cases.course[chosen], made + rates.ORDER_DAYS[order])

    def _acted(self, action: str, offender: Ints, day: Floats) -> None:
        row = list(rates.ACTION_EFFECTS).index(action)
        np.maximum.at(self.factor_until[row], offender, day + rates.ACTION_EFFECTS[action][1])

    def _add_crimes(self, offender: Ints, kind: Ints) -> None:
        np.add.at(self.allegations, offender, 1.0)
        for count, kinds in (
            (self.violence, offences.VIOLENT),
            (self.acquisitive, offences.of_family("acquisitive", "burglary")),
            (self.strangled, offences.numbers("STRANG")),
            (self.threat, offences.numbers("THRKILL")),
        ):
            np.add.at(count, offender[np.isin(kind, kinds)], 1.0)
