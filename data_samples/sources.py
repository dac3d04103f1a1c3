"""What each of the thirteen extracts looks like: its columns in order and the dialect of its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Dialect = Literal["csv_utf8_bom", "csv_windows_1252", "csv_gzip", "parquet"]
Kind = Literal["text", "integer", "decimal", "flag", "date", "timestamp"]


@dataclass(frozen=True)
class Source:
    """One extract: a folder per delivery, in it files of this dialect with these columns."""

    name: str
    dialect: Dialect
    key: tuple[str, ...]
    entered: str  # the column with the system's own time of the row (this version of it)
    columns: dict[str, Kind]


def _columns(declared: str) -> dict[str, Kind]:
    """Read `name:kind` words; kind is text where none is given."""
    kinds: dict[str, Kind] = {
        "": "text", "i": "integer", "f": "decimal", "b": "flag", "d": "date", "t": "timestamp"
    }  # fmt: skip
    return {name: kinds[kind] for name, _, kind in (word.partition(":") for word in declared.split())}


PERSON = "surname forename middle_name date_of_birth:d sex ethnicity address postcode phone"

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source("crimes", "csv_utf8_bom", ("crime_ref", "updated_at"), "updated_at", _columns(
            "crime_ref created_at:t updated_at:t reported_at:t committed_from:t committed_to:t"
            " report_channel reported_by first_class_code class_code status"
            " district ward_id location_kind postcode"
            " domestic_flag:b cyber_flag:b weapon_flag:b vulnerable_victim_flag:b"
            " team allocation_score:i principal_crime_ref outcome_code outcome_at:t mo_text")),
        Source("crime_parties", "csv_windows_1252", ("party_ref", "updated_at"), "updated_at", _columns(
            f"party_ref crime_ref nominal_ref role created_at:t updated_at:t {PERSON} relationship"
            " is_vulnerable:b mental_health_flag:b")),
        Source("risk_forms", "csv_utf8_bom", ("form_ref", "updated_at"), "updated_at", _columns(
            "form_ref form_kind crime_ref incident_ref victim_nominal_ref suspect_nominal_ref"
            " completed_at:t created_at:t updated_at:t grade"
            " q_frightened q_injured q_isolated q_suicidal_thoughts q_separated q_child_contact q_pregnant"
            " q_constant_contact q_controlling q_escalating q_strangled q_weapons q_threats_to_kill"
            " q_sexual_harm q_substance_misuse q_suspect_suicide_threats q_order_breached q_police_history"
            " form_text")),
        Source("custody", "csv_gzip", ("custody_ref", "updated_at"), "updated_at", _columns(
            f"custody_ref detainee_ref {PERSON} arrested_at:t created_at:t updated_at:t offence_code"
            " crime_ref mental_health_flag:b alcohol_flag:b drugs_flag:b self_harm_flag:b interviewed_at:t"
            " interview_account disposal disposal_at:t released_at:t"
            " sentence_days:i sentence_at:t release_notice_at:t")),
        Source("contacts", "parquet", ("contact_ref",), "created_at", _columns(
            "contact_ref contact_at:t created_at:t channel caller_role caller_ref surname forename"
            " caller_phone category district ward_id incident_ref crime_ref closing_code")),
        Source("command_logs", "csv_utf8_bom", ("incident_ref", "updated_at"), "updated_at", _columns(
            "incident_ref started_at:t created_at:t updated_at:t closed_at:t opening_code closing_code"
            " priority district ward_id postcode caller_phone crime_ref domestic_flag:b log_text")),
        Source("case_notes", "csv_windows_1252", ("note_ref",), "created_at", _columns(
            "note_ref crime_ref noted_at:t created_at:t note_kind officer_number note_text")),
        Source("intelligence", "csv_gzip", ("report_ref", "updated_at"), "updated_at", _columns(
            "report_ref event_on:d created_at:t updated_at:t subject_ref surname forename date_of_birth:d"
            " sex postcode other_subject_ref source_grade information_grade handling_code"
            " provenance report_text")),
        Source("domestic_incidents", "csv_utf8_bom", ("incident_ref", "updated_at"), "updated_at", _columns(
            "incident_ref occurred_at:t created_at:t updated_at:t district ward_id"
            " victim_nominal_ref victim_surname victim_forename victim_date_of_birth:d victim_sex"
            " victim_ethnicity victim_address victim_postcode victim_phone"
            " other_nominal_ref other_surname other_forename other_date_of_birth:d other_sex"
            " other_ethnicity other_address other_postcode other_phone"
            " relationship risk_grade children_present:b command_log_ref incident_text")),
        Source("orders", "csv_utf8_bom", ("order_ref", "step", "step_at"), "created_at", _columns(
            "order_ref order_kind step step_at:t created_at:t crime_ref respondent_nominal_ref"
            " respondent_surname respondent_forename respondent_date_of_birth:d protected_nominal_ref"
            " reason_not_pursued conditions managing_officer expires_on:d breach_crime_ref")),
        Source("investigation_actions", "csv_gzip", ("action_ref",), "created_at", _columns(
            "action_ref crime_ref action_at:t created_at:t action_kind result nominal_ref detail")),
        Source("communications", "csv_gzip", ("record_ref",), "created_at", _columns(
            "record_ref case_ref device_ref attributed_to attribution_basis extract_kind from_number"
            " to_number started_at:t duration_seconds:i kind created_at:t")),
        Source("locations", "parquet", ("fix_ref",), "created_at", _columns(
            "fix_ref case_ref device_ref attributed_to attribution_basis method fixed_at:t"
            " longitude:f latitude:f radius_metres:f created_at:t")),
    )
}  # fmt: skip


@dataclass(frozen=True)
class FileFormat:
    """How one dialect puts a record on disk; a Parquet file is typed and needs only its ending."""

    extension: str
    separator: str = ""
    encoding: str = ""
    byte_order_mark: bool = False
    line_end: str = ""
    date_format: str = ""
    timestamp_format: str = ""
    true_word: str = ""
    false_word: str = ""
    null_text: str = ""
    compression: str = "none"


DIALECTS: dict[Dialect, FileFormat] = {
    "csv_utf8_bom": FileFormat(
        extension="csv",
        separator=",",
        encoding="utf-8",
        byte_order_mark=True,
        line_end="\r\n",
        date_format="%Y-%m-%d",
        timestamp_format="%Y-%m-%d %H:%M:%S",
        true_word="Y",
        false_word="N",
    ),
    "csv_windows_1252": FileFormat(
        extension="csv",
        separator=";",
        encoding="cp1252",
        line_end="\r\n",
        date_format="%d/%m/%Y",
        timestamp_format="%d/%m/%Y %H:%M:%S",
        true_word="Yes",
        false_word="No",
        null_text="NULL",
    ),
    "csv_gzip": FileFormat(
        extension="csv.gz",
        separator=",",
        encoding="utf-8",
        line_end="\n",
        date_format="%Y-%m-%d",
        timestamp_format="%Y-%m-%d %H:%M:%S",
        true_word="true",
        false_word="false",
        compression="gzip",
    ),
    "parquet": FileFormat(extension="parquet", compression="zstd"),
}
