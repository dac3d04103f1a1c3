"""Writes records out the way each system does: local numbers, code words, people as misspelt there, prose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from data_samples import offences, rates, records
from data_samples.chance import Columns, Flags, Ints, happens, uniform, words
from data_samples.deliveries import ENTERED, ChunkWriter
from data_samples.geography import DISTRICTS, Geography
from data_samples.nominals import Recorded, Registry
from data_samples.people import Population
from data_samples.prose.codes import ACTORS, CODES, POLARITIES, STYLES
from data_samples.prose.compose import Requests, compose
from data_samples.records import DAY, NEVER_SECOND, NONE
from data_samples.sources import SOURCES

_REFERENCE_ROOM = 1_000_000_000
_REFERENCE_STEP = 618_033_989  # odd and no multiple of five: every number has one reference and tells nothing
_ABSENT = -1
DECISIONS_KEPT = 64


def references(prefix: str, numbers: Ints) -> pl.Series:
    """The local reference of each numbered record; none for -1."""
    hidden = (numbers * _REFERENCE_STEP + 271_828_182) % _REFERENCE_ROOM
    text = pl.Series(hidden + _REFERENCE_ROOM).cast(pl.String).str.slice(1)
    return _where(numbers >= 0, prefix + text)


def instants(seconds: Ints) -> pl.Series:
    """Epoch seconds as local wall-clock time; none where it never happened."""
    known = (seconds > -(2**35)) & (seconds < NEVER_SECOND) & (seconds != NONE)
    return _where(known, pl.Series(np.where(known, seconds, 0) * 1_000_000).cast(pl.Datetime("us")))


def dates(days: Ints) -> pl.Series:
    known = days != NONE
    return _where(known, pl.Series(np.where(known, days, 0).astype(np.int32)).cast(pl.Date))


def labels(names: tuple[str, ...], numbers: Ints) -> pl.Series:
    """Code words by their numbers; none for -1."""
    return (
        pl.Series(list(names))
        .gather(pl.Series(np.maximum(numbers, 0)))
        .zip_with(pl.Series(numbers >= 0), pl.Series([None], dtype=pl.String).new_from_index(0, len(numbers)))
    )


def _where(known: Flags, values: pl.Series) -> pl.Series:
    nothing = pl.Series([None], dtype=values.dtype).new_from_index(0, len(values))
    return values.zip_with(pl.Series(known), nothing)


@dataclass(frozen=True)
class Scribe:
    """What is needed to write any record: who people are, where wards lie, and where rows go."""

    seed: int
    population: Population
    registry: Registry
    geography: Geography
    writer: ChunkWriter
    history_end: int  # epoch seconds

    # ------------------------------------------------------------------ shared pieces
    def _emit(self, source: str, columns: dict[str, pl.Series], entered: Ints) -> None:
        declared = SOURCES[source].columns
        frame = pl.DataFrame([columns[name].alias(name) for name in declared])
        self.writer.add(source, frame.with_columns(pl.Series(ENTERED, entered)))

    def _ward(self, ward: Ints) -> dict[str, pl.Series]:
        district = self.geography.ward_district[ward].astype(np.int64)
        return {
            "district": labels(tuple(d.code for d in DISTRICTS), district),
            "ward_id": labels(self.geography.ward_ids, ward),
        }

    def _postcodes(self, ward: Ints, key: Ints) -> pl.Series:
        return self.population.postcode_text(ward, (uniform(self.seed, "beat", key) * 600).astype(np.int64))

    def _identities(self, source: str, system: str, recorded: Recorded) -> None:
        self.writer.add_truth(
            "nominals",
            recorded.identity.select(pl.lit(system).alias("system"), "nominal_ref", "person_key").unique(
                maintain_order=True
            ),
        )
        if recorded.corrupted.height:
            self.writer.add_truth(
                "corrupted",
                recorded.corrupted.select(
                    pl.lit(source).alias("source"),
                    pl.col("nominal_ref").alias("reference"),
                    "field",
                    "kind",
                    "true_value",
                    "recorded_value",
                ).unique(maintain_order=True),
            )
        keys = np.unique(recorded.identity["person_key"].to_numpy())
        self._persons(keys)

    def _persons(self, keys: Ints) -> None:
        facts = self.population.facts(keys)
        place = self.population.place(facts, np.full(len(keys), self.history_end // DAY))
        self.writer.add_truth(
            "persons",
            pl.DataFrame(
                {
                    "person_key": keys,
                    "sex": labels(("F", "M"), facts.sex.astype(np.int64)),
                    "birth_day": facts.birth_day,
                    "ethnicity": labels(
                        ("asian", "black", "mixed", "other", "white"), facts.ethnicity.astype(np.int64)
                    ),
                    "ward_id": labels(self.geography.ward_ids, place.ward.astype(np.int64)),
                    "is_focus": keys >= 10**12,
                }
            ),
        )

    def _texts(
        self,
        source: str,
        style: str,
        reference: pl.Series,
        number: Ints,
        theme: Ints,
        facts: Ints,
        suspect: Ints,
        victim: Ints,
        when: Ints,
        has_text: Flags,
    ) -> pl.Series:
        """Compose the prose of the rows that have any, and keep what it truly says."""
        rows = np.flatnonzero(has_text)
        height = len(number)
        if not len(rows):
            return pl.Series([None], dtype=pl.String).new_from_index(0, height)
        number, suspect, victim, when = number[rows], suspect[rows], victim[rows], when[rows]
        day = when // DAY
        accused = self.population.describe(np.where(suspect >= 0, suspect, 0), day)
        injured = self.population.describe(np.where(victim >= 0, victim, 0), day)
        seen, known = suspect >= 0, victim >= 0
        unknown_word = pl.Series(["unknown person"]).new_from_index(0, len(rows))
        someone = pl.Series(["the caller"]).new_from_index(0, len(rows))
        suspect_name = (accused["forename"] + " " + accused["surname"]).zip_with(
            pl.Series(seen), unknown_word
        )
        victim_name = (injured["forename"] + " " + injured["surname"]).zip_with(pl.Series(known), someone)
        turn = np.roll(np.arange(len(rows)), 1)
        clock = instants(when)
        fillers = {
            "suspect_name": suspect_name,
            "victim_name": victim_name,
            "suspect_forename": accused["forename"].zip_with(pl.Series(seen), unknown_word),
            "victim_forename": injured["forename"].zip_with(pl.Series(known), someone),
            "other_name": (injured["forename"] + " " + accused["surname"]).gather(pl.Series(turn)),
            "phone": accused["phone"].zip_with(pl.Series(seen), injured["phone"]),
            "place": injured["address"],
            "when": clock.dt.strftime("%H%M hrs on %d/%m"),
            "officer_number": pl.Series(
                (words(self.seed, "collar", number) % np.uint64(8_900)).astype(np.int64) + 1_100
            ).cast(pl.String),
        }
        request = Requests(
            key=number * DECISIONS_KEPT + STYLES.index(style),
            style=np.full(len(rows), STYLES.index(style), dtype=np.int8),
            theme=theme[rows].astype(np.int8),
            facts=facts[rows],
            suspect_sex=np.where(seen, accused["sex"].to_numpy(), -1).astype(np.int8),
            victim_sex=np.where(known, injured["sex"].to_numpy(), -1).astype(np.int8),
            fillers={name: arrow_text(series) for name, series in fillers.items()},
        )
        texts, spans = compose(request, self.seed)
        named = reference.gather(pl.Series(rows))
        self.writer.add_truth(
            "text_codes",
            pl.DataFrame(
                {
                    "source": pl.Series([source]).new_from_index(0, len(spans.row)),
                    "reference": named.gather(pl.Series(spans.row.astype(np.int64))),
                    "code": labels(CODES, spans.code.astype(np.int64)),
                    "start": spans.start.astype(np.int32),
                    "end": spans.end.astype(np.int32),
                    "polarity": labels(POLARITIES, spans.polarity.astype(np.int64)),
                    "actor": labels(ACTORS, spans.actor.astype(np.int64)),
                }
            ),
        )
        place = np.full(height, _ABSENT)
        place[rows] = np.arange(len(rows))
        made = pl.Series(pl.from_arrow(texts)).cast(pl.String)
        return _where(place >= 0, made.gather(pl.Series(np.maximum(place, 0))))

    # ------------------------------------------------------------------ crimes and their parties
    def crimes(self, made: pl.DataFrame) -> None:
        """A row for each version: recorded, reclassified, decided, cancelled, and flags set late."""
        c = _arrays(made)
        n = made.height
        reference = references("CR", c["crime"])
        victim, offender = c["victim"], np.where(c["named"], c["offender"], NONE)
        text = self._texts(
            "crimes",
            "crime_mo",
            reference,
            c["crime"],
            c["theme"],
            c["facts"],
            offender,
            victim,
            c["occurred"],
            c["has_text"].astype(bool),
        )
        times = {
            "recorded": c["created"],
            "reclassified": c["reclassified"],
            "decided": np.where(c["outcome_at"] < NEVER_SECOND, c["outcome_at"], NONE),
            "cancelled": c["cancelled_at"],
        }
        for flag in ("cyber_flag_at", "vulnerable_at"):  # in the history a flag is overwritten in place
            times[flag] = np.where((c[flag] > c["created"]) & (c[flag] >= self.history_end), c[flag], NONE)
        row = np.concatenate([np.flatnonzero(when != NONE) for when in times.values()])
        at = np.concatenate([when[when != NONE] for when in times.values()])
        order = np.lexsort((at, row))
        row, at = row[order], at[order]
        distinct = np.ones(len(row), dtype=bool)
        distinct[1:] = (np.diff(row) != 0) | (np.diff(at) != 0)
        row, at = row[distinct], at[distinct]
        take = pl.Series(row)

        def of(name: str) -> NDArray[Any]:
            return c[name][row]

        decided = (of("outcome") != "") & (of("outcome_at") <= at)
        seen_by = np.where(at < self.history_end, self.history_end, at + 1)
        reclassified = (of("reclassified") == NONE) | (at >= of("reclassified"))
        year_start = instants(_first_of_january(of("occurred")))
        unknown_date = of("year_only").astype(bool)
        started = year_start.zip_with(pl.Series(unknown_date), instants(of("occurred")))
        ended = year_start.zip_with(
            pl.Series(unknown_date), instants(np.maximum(of("occurred_to"), of("occurred")))
        )
        codes = tuple(offences.CODES)
        columns = {
            "crime_ref": reference.gather(take),
            "created_at": instants(of("created")),
            "updated_at": instants(at),
            "reported_at": instants(of("reported")),
            "committed_from": started,
            "committed_to": pl.Series(ended),
            "report_channel": labels(records.CHANNELS, of("channel")),
            "reported_by": labels(records.REPORTERS, of("reported_by")),
            "first_class_code": labels(codes, of("first_kind")),
            "class_code": labels(codes, np.where(reclassified, of("kind"), of("first_kind"))),
            "status": labels(
                ("open", "filed", "cancelled"),
                np.select([(of("cancelled_at") != NONE) & (at >= of("cancelled_at")), decided], [2, 1], 0),
            ),
            **self._ward(of("ward")),
            "location_kind": labels(records.PLACES, of("place")),
            "postcode": self._postcodes(c["ward"], c["crime"]).gather(take),
            "domestic_flag": pl.Series(of("domestic").astype(bool)),
            "cyber_flag": pl.Series((of("cyber_flag_at") != NONE) & (of("cyber_flag_at") < seen_by)),
            "weapon_flag": pl.Series(of("weapon").astype(bool)),
            "vulnerable_victim_flag": pl.Series(
                (of("vulnerable_at") != NONE) & (of("vulnerable_at") < seen_by)
            ),
            "team": labels(records.TEAMS, of("team")),
            "allocation_score": pl.Series(of("score")),
            "principal_crime_ref": references("CR", of("principal")),
            "outcome_code": _where(decided, pl.Series(of("outcome"), dtype=pl.String)),
            "outcome_at": _where(decided, instants(np.where(decided, of("outcome_at"), NONE))),
            "mo_text": text.gather(take),
        }
        self._emit("crimes", columns, at)
        changed = np.flatnonzero(unknown_date & (at == of("created")))
        if len(changed):
            self.writer.add_truth(
                "corrupted",
                _corruption(
                    "crimes",
                    reference.gather(pl.Series(row[changed])),
                    "committed_from",
                    "first_of_january",
                    instants(c["occurred"][row[changed]]).dt.to_string("%Y-%m-%d %H:%M:%S"),
                    year_start.gather(pl.Series(changed)).dt.to_string("%Y-%m-%d %H:%M:%S"),
                ),
            )
        self._parties(c, n)

    def _parties(self, c: Columns, n: int) -> None:
        rows = np.arange(n)
        has_victim = c["victim"] >= 0
        suspect = c["named"].astype(bool) & (c["offender"] >= 0)
        witness = c["witness"].astype(bool)
        row = np.concatenate([rows[has_victim], rows[suspect], rows[witness]])
        role = np.concatenate(
            [
                np.full(int(has_victim.sum()), 0),
                np.full(int(suspect.sum()), 1),
                np.full(int(witness.sum()), 2),
            ]
        )
        bystander = np.abs(c["crime"] * 7 + 5) % 30_000
        key = np.select([role == 0, role == 1], [c["victim"][row], c["offender"][row]], bystander[row])
        order = np.lexsort((role, row))
        row, role, key = row[order], role[order], key[order]
        number = c["crime"][row] * 4 + role
        created = c["created"][row] + 30 + role * 40
        missing = np.select(
            [role == 0, role == 1],
            [
                c["victim_ethnicity_missing"][row].astype(bool),
                c["suspect_ethnicity_missing"][row].astype(bool),
            ],
            happens(0.4, self.seed, "witness ethnicity", number),
        ).astype(bool)
        written = self.registry.record(
            "crime", key, c["crime"][row], created // DAY, ethnicity_missing=missing
        )
        self._identities("crime_parties", "crime", written)
        # Later versions: charged, or put right by an enquiry team.
        charged = (role == 1) & c["charged"][row].astype(bool)
        corrected = ~charged & happens(0.03, self.seed, "party corrected", number)
        later = np.where(
            charged,
            c["outcome_at"][row],
            created + 5 * DAY + (uniform(self.seed, "corrected", number) * 90 * DAY).astype(np.int64),
        )
        again = np.flatnonzero((charged & (later < NEVER_SECOND)) | corrected)
        pick_rows = np.concatenate([np.arange(len(row)), again])
        version = np.concatenate([np.zeros(len(row), dtype=bool), np.ones(len(again), dtype=bool)])
        at = np.where(version, later[pick_rows], created[pick_rows])
        order = np.lexsort((at, pick_rows))
        pick_rows, version, at = pick_rows[order], version[order], at[order]
        take = pl.Series(pick_rows)
        source_row = row[pick_rows]
        columns = {name: written.frame[name].gather(take) for name in written.frame.columns}
        is_victim = role[pick_rows] == 0
        columns |= {
            "party_ref": references("P", c["crime"][source_row]) + labels(("V", "S", "W"), role[pick_rows]),
            "crime_ref": references("CR", c["crime"][source_row]),
            "role": labels(
                ("victim", "suspect", "witness", "charged"),
                np.where(version & charged[pick_rows], 3, role[pick_rows]),
            ),
            "created_at": instants(created[pick_rows]),
            "updated_at": instants(at),
            "relationship": _where(
                is_victim,
                labels(rates.RELATIONSHIPS, np.where(is_victim, c["relationship"][source_row], NONE)),
            ),
            "is_vulnerable": pl.Series(is_victim & c["victim_vulnerable"][source_row].astype(bool)),
            "mental_health_flag": pl.Series(
                (role[pick_rows] == 1) & c["mental_health"][source_row].astype(bool)
            ),
        }
        self._emit("crime_parties", columns, at)

    # ------------------------------------------------------------------ calls
    def contacts(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        known = c["caller"] >= 0
        named = known & happens(0.42, self.seed, "caller named", c["contact"])
        written = self.registry.record(
            "contact",
            np.where(known, c["caller"], c["contact"] % 3_000),
            c["contact"],
            c["at"] // DAY,
            named=named,
        )
        shown = Recorded(
            *(
                part.filter(pl.Series(known)) if part.height == len(known) else part
                for part in (written.frame, written.identity, written.corrupted)
            )
        )
        self._identities("contacts", "contact", shown)
        columns = {
            "contact_ref": references("CT", c["contact"]),
            "contact_at": instants(c["at"]),
            "created_at": instants(c["created"]),
            "channel": labels(records.CONTACT_CHANNELS, c["channel"]),
            "caller_role": labels(records.CALLER_ROLES, c["caller_role"]),
            "caller_ref": _where(known, written.frame["nominal_ref"]),
            "surname": _where(known, written.frame["surname"]),
            "forename": _where(known, written.frame["forename"]),
            "caller_phone": _where(known, written.frame["phone"]),
            "category": labels(records.CATEGORIES, c["category"]),
            **self._ward(c["ward"]),
            "incident_ref": references("L", c["log"]),
            "crime_ref": references("CR", c["crime"]),
            "closing_code": labels(
                records.CLOSINGS, (uniform(self.seed, "contact closing", c["contact"]) * 6).astype(np.int64)
            ),
        }
        self._emit("contacts", columns, c["created"])

    def logs(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        reference = references("L", c["log"])
        text = self._texts(
            "command_logs",
            "log",
            reference,
            c["log"],
            c["theme"],
            c["facts"],
            c["suspect"],
            c["caller"],
            c["started"],
            c["has_text"].astype(bool),
        )
        known = c["caller"] >= 0
        facts = self.population.facts(np.where(known, c["caller"], 0))
        phone = (
            pl.Series(self.population.phone_number(facts, c["started"] // DAY)).cast(pl.String).str.zfill(11)
        )
        reopened = happens(0.02, self.seed, "log reopened", c["log"])
        rows = np.concatenate([np.arange(made.height), np.flatnonzero(reopened)])
        at = np.concatenate([c["closed"], c["closed"][reopened] + 3 * DAY])
        take = pl.Series(rows)
        columns = {
            "incident_ref": reference,
            "started_at": instants(c["started"]),
            "created_at": instants(c["created"]),
            "closed_at": instants(c["closed"]),
            "opening_code": labels(records.CATEGORIES, c["opening"]),
            "closing_code": labels(records.CLOSINGS, c["closing"]),
            "priority": labels(records.PRIORITIES, c["priority"]),
            **self._ward(c["ward"]),
            "postcode": self._postcodes(c["ward"], c["log"]),
            "caller_phone": _where(known & happens(0.85, self.seed, "number shown", c["log"]), phone),
            "crime_ref": references("CR", c["crime"]),
            "domestic_flag": pl.Series(c["domestic"].astype(bool)),
            "log_text": text,
        }
        columns = (
            {name: column.gather(take) for name, column in columns.items()} if reopened.any() else columns
        )
        self._emit("command_logs", columns | {"updated_at": instants(at)}, at)

    # ------------------------------------------------------------------ incidents, forms
    def incidents(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        reference = references("DI", c["incident"])
        theme = np.full(made.height, 3)
        text = self._texts(
            "domestic_incidents",
            "incident",
            reference,
            c["incident"],
            theme,
            c["facts"],
            c["other"],
            c["victim"],
            c["occurred"],
            np.ones(made.height, dtype=bool),
        )
        columns: dict[str, pl.Series] = {}
        for prefix, key, share in (("victim", c["victim"], 0.38), ("other", c["other"], 0.42)):
            written = self.registry.record(
                "domestic", key, c["incident"], c["occurred"] // DAY,
                ethnicity_missing=happens(share, self.seed, f"{prefix} ethnicity", c["incident"]),
            )  # fmt: skip
            self._identities("domestic_incidents", "domestic", written)
            columns |= {
                f"{prefix}_{name}": written.frame[name]
                for name in written.frame.columns
                if name != "middle_name"
            }
        columns |= {
            "incident_ref": reference,
            "occurred_at": instants(c["occurred"]),
            "created_at": instants(c["created"]),
            "updated_at": instants(c["created"]),
            **self._ward(c["ward"]),
            "relationship": labels(rates.RELATIONSHIPS, c["relationship"]),
            "risk_grade": labels(records.GRADES, c["grade"]),
            "children_present": pl.Series(c["children"].astype(bool)),
            "command_log_ref": references("L", c["log"]),
            "incident_text": text,
        }
        self._emit("domestic_incidents", columns, c["created"])

    def forms(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        reference = references("F", c["form"])
        text = self._texts(
            "risk_forms", "form", reference, c["form"], np.where(c["crime"] >= 0, 0, 3), c["facts"], c["suspect"], c["victim"], c["completed"],
            happens(0.8, self.seed, "form has text", c["form"]),
        )  # fmt: skip
        occasion = np.maximum(c["crime"], c["incident"])
        columns: dict[str, pl.Series] = {}
        for name, key in (("victim_nominal_ref", c["victim"]), ("suspect_nominal_ref", c["suspect"])):
            present = key >= 0
            written = self.registry.record(
                "crime", np.where(present, key, 0), occasion, c["completed"] // DAY
            )
            identity = written.identity.filter(pl.Series(present))
            self.writer.add_truth(
                "nominals",
                identity.select(pl.lit("crime").alias("system"), "nominal_ref", "person_key").unique(
                    maintain_order=True
                ),
            )
            columns[name] = _where(present, written.frame["nominal_ref"])
        for bit, question in enumerate(records.QUESTIONS):
            said = (c["answers"] >> bit) & 1
            columns[f"q_{question}"] = labels(("N", "Y"), np.where((c["unanswered"] >> bit) & 1, NONE, said))
        regraded = c["regraded"] >= 0
        rows = np.concatenate([np.arange(made.height), np.flatnonzero(regraded)])
        at = np.concatenate(
            [c["created"], np.maximum(c["regraded"][regraded], c["created"][regraded] + 3600)]
        )
        version = np.arange(len(rows)) >= made.height
        grade = np.where(
            version & (c["grade"][rows] >= 0), np.minimum(c["grade"][rows] + 1, 2), c["grade"][rows]
        )
        columns |= {
            "form_ref": reference,
            "form_kind": labels(records.FORM_KINDS, c["form_kind"]),
            "crime_ref": references("CR", c["crime"]),
            "incident_ref": references("DI", c["incident"]),
            "completed_at": instants(c["completed"]),
            "created_at": instants(c["created"]),
            "form_text": text,
        }
        take = pl.Series(rows)
        columns = {name: column.gather(take) for name, column in columns.items()}
        self._emit(
            "risk_forms", columns | {"grade": labels(records.GRADES, grade), "updated_at": instants(at)}, at
        )

    # ------------------------------------------------------------------ custody, notes, intelligence, orders, actions
    def custody(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        written = self.registry.record(
            "custody",
            c["detainee"],
            c["custody"],
            c["arrested"] // DAY,
            ethnicity_missing=c["ethnicity_missing"].astype(bool),
        )
        self._identities("custody", "custody", written)
        moments = [c["created"], c["disposed"], np.where(c["sentenced"] != NONE, c["sentenced"] + DAY, NONE)]
        moments[1] = np.where(
            c["released"] > c["disposed"] + 2 * DAY, np.maximum(c["released"], c["disposed"]), c["disposed"]
        )
        row = np.concatenate([np.flatnonzero(when != NONE) for when in moments])
        at = np.concatenate([when[when != NONE] for when in moments])
        order = np.lexsort((at, row))
        row, at = row[order], at[order]
        take = pl.Series(row)

        def by_then(name: str) -> Ints:
            return np.where(c[name][row] <= at, c[name][row], NONE)

        disposed = c["disposed"][row] <= at
        sentenced = by_then("sentenced")
        columns = {
            name: written.frame[name].gather(take) for name in written.frame.columns if name != "nominal_ref"
        }
        columns |= {
            "custody_ref": references("CU", c["custody"][row]),
            "detainee_ref": written.frame["nominal_ref"].gather(take),
            "arrested_at": instants(c["arrested"][row]),
            "created_at": instants(c["created"][row]),
            "updated_at": instants(at),
            "offence_code": labels(tuple(offences.CODES), c["kind"][row]),
            "crime_ref": references("CR", c["crime"][row]),
            "mental_health_flag": pl.Series(c["mental_health"][row].astype(bool)),
            "alcohol_flag": pl.Series(c["alcohol"][row].astype(bool)),
            "drugs_flag": pl.Series(c["drugs"][row].astype(bool)),
            "self_harm_flag": pl.Series(c["self_harm"][row].astype(bool)),
            "interviewed_at": instants(by_then("interviewed")),
            "interview_account": labels(
                records.ACCOUNTS, np.where(by_then("interviewed") != NONE, c["account"][row], NONE)
            ),
            "disposal": labels(records.DISPOSALS, np.where(disposed, c["disposal"][row], NONE)),
            "disposal_at": instants(by_then("disposed")),
            "released_at": instants(by_then("released")),
            "sentence_days": _where(sentenced != NONE, pl.Series(c["sentence_days"][row])),
            "sentence_at": instants(sentenced),
            "release_notice_at": instants(by_then("notice")),
        }
        self._emit("custody", columns, at)

    def notes(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        reference = references("N", c["note"])
        text = self._texts(
            "case_notes",
            "note",
            reference,
            c["note"],
            c["theme"],
            c["facts"],
            c["suspect"],
            c["victim"],
            c["at"],
            np.ones(made.height, dtype=bool),
        )
        columns = {
            "note_ref": reference,
            "crime_ref": references("CR", c["crime"]),
            "noted_at": instants(c["at"]),
            "created_at": instants(c["created"]),
            "note_kind": labels(records.NOTE_KINDS, c["note_kind"]),
            "officer_number": pl.Series(
                (words(self.seed, "collar", c["note"]) % np.uint64(8_900)).astype(np.int64) + 1_100
            ).cast(pl.String),
            "note_text": text,
        }
        self._emit("case_notes", columns, c["created"])

    def intelligence(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        reference = references("IR", c["report"])
        text = self._texts(
            "intelligence",
            "intelligence",
            reference,
            c["report"],
            c["theme"],
            c["facts"],
            c["subject"],
            c["other"],
            c["created"],
            np.ones(made.height, dtype=bool),
        )
        written = self.registry.record("intelligence", c["subject"], c["report"], c["event_day"])
        self._identities("intelligence", "intelligence", written)
        linked = c["other"] >= 0
        beside = self.registry.record(
            "intelligence", np.where(linked, c["other"], 0), c["report"], c["event_day"]
        )
        self.writer.add_truth(
            "nominals",
            beside.identity.filter(pl.Series(linked))
            .select(pl.lit("intelligence").alias("system"), "nominal_ref", "person_key")
            .unique(maintain_order=True),
        )
        graded = uniform(self.seed, "grading", c["report"])
        regraded = happens(0.03, self.seed, "regraded", c["report"])
        rows = np.concatenate([np.arange(made.height), np.flatnonzero(regraded)])
        at = np.concatenate([c["created"], c["created"][regraded] + 9 * DAY])
        version = np.arange(len(rows)) >= made.height
        columns = {
            "report_ref": reference,
            "event_on": dates(c["event_day"]),
            "created_at": instants(c["created"]),
            "subject_ref": written.frame["nominal_ref"],
            "surname": written.frame["surname"],
            "forename": written.frame["forename"],
            "date_of_birth": written.frame["date_of_birth"],
            "sex": written.frame["sex"],
            "postcode": written.frame["postcode"],
            "other_subject_ref": _where(linked, beside.frame["nominal_ref"]),
            "source_grade": labels(("1", "2", "3"), (graded * 2.99).astype(np.int64)),
            "handling_code": labels(("P", "C"), (graded * 1.2).astype(np.int64)),
            "provenance": labels(
                ("officer_observation", "anonymous_call", "partner_agency", "member_of_public", "sanitised"),
                (uniform(self.seed, "provenance", c["report"]) * 4.99).astype(np.int64),
            ),
            "report_text": text,
        }
        take = pl.Series(rows)
        columns = {name: column.gather(take) for name, column in columns.items()}
        grade = ((graded[rows] * 977) % 1 * 4).astype(np.int64) + version
        columns |= {"information_grade": labels(("A", "B", "C", "D", "E"), grade), "updated_at": instants(at)}
        self._emit("intelligence", columns, at)

    def orders(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        written = self.registry.record("crime", c["respondent"], c["crime"], c["at"] // DAY)
        self._identities("orders", "crime", written)
        shielded = self.registry.record("crime", np.maximum(c["protected"], 0), c["crime"], c["at"] // DAY)
        guarded = c["protected"] >= 0
        self.writer.add_truth(
            "nominals",
            shielded.identity.filter(pl.Series(guarded))
            .select(pl.lit("crime").alias("system"), "nominal_ref", "person_key")
            .unique(maintain_order=True),
        )
        wording = (
            "no contact by any means", "no contact; not to enter the named street", "no contact; to attend an assessment",
            "not to approach within 100 metres of the home", "no contact; devices to be shown on request",
        )  # fmt: skip
        in_force = np.isin(c["step"], (5, 6, 8, 10))
        drawn = uniform(self.seed, "order", c["order"])
        columns = {
            "order_ref": references("O", c["order"]),
            "order_kind": labels(records.ORDER_KINDS, c["order_kind"]),
            "step": labels(records.ORDER_STEPS, c["step"]),
            "step_at": instants(c["at"]),
            "created_at": instants(c["created"]),
            "crime_ref": references("CR", c["crime"]),
            "respondent_nominal_ref": written.frame["nominal_ref"],
            "respondent_surname": written.frame["surname"],
            "respondent_forename": written.frame["forename"],
            "respondent_date_of_birth": written.frame["date_of_birth"],
            "protected_nominal_ref": _where(guarded, shielded.frame["nominal_ref"]),
            "reason_not_pursued": labels(records.REASONS, c["reason"]),
            "conditions": labels(wording, np.where(in_force, (drawn * 4.99).astype(np.int64), NONE)),
            "managing_officer": _where(
                in_force & (drawn < 0.7),
                pl.Series(
                    (words(self.seed, "manager", c["order"]) % np.uint64(8_900)).astype(np.int64) + 1_100
                ).cast(pl.String),
            ),
            "expires_on": dates(c["expires_day"]),
            "breach_crime_ref": references("CR", c["breach"]),
        }
        self._emit("orders", columns, c["created"])

    def actions(self, made: pl.DataFrame) -> None:
        c = _arrays(made)
        known = c["about"] >= 0
        written = self.registry.record("crime", np.where(known, c["about"], 0), c["crime"], c["at"] // DAY)
        self.writer.add_truth(
            "nominals",
            written.identity.filter(pl.Series(known))
            .select(pl.lit("crime").alias("system"), "nominal_ref", "person_key")
            .unique(maintain_order=True),
        )
        columns = {
            "action_ref": references("A", c["action"]),
            "crime_ref": references("CR", c["crime"]),
            "action_at": instants(c["at"]),
            "created_at": instants(c["created"]),
            "action_kind": labels(records.ACTIONS, c["action_kind"]),
            "result": labels(records.RESULTS, c["result"]),
            "nominal_ref": _where(known, written.frame["nominal_ref"]),
            "detail": _where(
                c["result"] == 6,
                labels(
                    ("charged with harassment", "charged with breach of an order"),
                    (uniform(self.seed, "charge", c["crime"]) * 1.5).astype(np.int64),
                ),
            ),
        }
        self._emit("investigation_actions", columns, c["created"])

    def write(self, table: str, made: pl.DataFrame) -> None:
        """Write out one kind of record, in slices that keep memory flat."""
        if not made.height:
            return
        for low in range(0, made.height, 100_000):
            getattr(self, table)(made.slice(low, 100_000))


def _arrays(made: pl.DataFrame) -> Columns:
    return {name: made[name].to_numpy() for name in made.columns}


def arrow_text(series: pl.Series) -> pa.StringArray:
    return cast(pa.StringArray, series.to_arrow().cast(pa.string()))


def _first_of_january(moments: Ints) -> Ints:
    year = moments.astype("datetime64[s]").astype("datetime64[Y]")
    return year.astype("datetime64[s]").astype(np.int64)


def _corruption(
    source: str, reference: pl.Series, field: str, kind: str, true: pl.Series, recorded: pl.Series
) -> pl.DataFrame:
    return pl.DataFrame({"reference": reference, "true_value": true, "recorded_value": recorded}).select(
        pl.lit(source).alias("source"),
        "reference",
        pl.lit(field).alias("field"),
        pl.lit(kind).alias("kind"),
        "true_value",
        "recorded_value",
    )
