"""The gate of a source: rows and facts of its deliveries, read in bounded batches and judged first."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import jinja2
import pandas as pd
import pyarrow as pa

from dagster_project.contracts import Contract
from dagster_project.warehouse import SQL, identifier, quoted
from expectations import suites as agreed
from expectations.judge import DELIVERY, Verdict, judge_facts, judge_rows, quick_texts
from expectations.suites import Facts, Suite, SuiteError

FACTS = Path(agreed.__file__).with_name("facts")
BATCH_ROWS = 250_000

COLUMNS: dict[str, str] = {
    "delivery_id": "string",
    "source": "string",
    "received_at": "datetime64[us]",
    "expectation": "string",
    "relation": "string",
    "kind": "string",
    "severity": "string",
    "rows_checked": "Int64",
    "rows_failing": "Int64",
    "share_failing": "Float64",
    "is_met": "boolean",
    "observed": "Float64",
    "why": "string",
    "owner": "string",
    "suite_sha256": "string",
}
"""The columns of meta.expectation_results; a result stands for as long as its suite_sha256 is the same."""

_HALVES = {"row": "rows", "facts": "facts"}


def needs(source: str, suites: Mapping[str, Suite]) -> tuple[str, ...]:
    """The other sources whose rows this gate looks references up in: load them first."""
    return tuple(sorted({link.to_source for link in suites[source].links} - {source}))


def warm_up() -> None:
    """Import Great Expectations, which takes seconds, while deliveries are still being loaded.

    What it shares with Dagster is imported whole before: half of SQLAlchemy's ORM breaks Dagster's use of it.
    """
    import_module("sqlalchemy.orm")
    threading.Thread(target=import_module, args=("great_expectations",), daemon=True).start()


def judge_deliveries(
    source: str,
    connection: Any,
    suites: Mapping[str, Suite],
    contracts: Mapping[str, Contract],
    *,
    only: Collection[str] | None = None,
) -> pd.DataFrame:
    """Judge what has not been judged by these expectations before; one row per delivery and expectation."""
    suite, contract = suites[source], contracts[source]
    check_columns(suite, contracts)
    deliveries = _deliveries(connection, (source, *needs(source, suites)))
    own = deliveries[(deliveries["source"] == source) & (deliveries["status"] == "loaded")]
    if only is not None:
        own = own[own["delivery_id"].isin(list(only))]
    marks = _marks(suite, contract, own, deliveries)
    stale = {half: _not_judged(connection, source, half, marks[half]) for half in _HALVES}
    verdicts = _row_verdicts(connection, suite, own[own["delivery_id"].isin(stale["row"])])
    verdicts += _fact_verdicts(connection, suite, contract, stale["facts"])
    received = dict(zip(own["delivery_id"], own["received_at"], strict=True))
    return _frame([_result(one, received, marks) for one in verdicts])


def keep(connection: Any, results: pd.DataFrame) -> None:
    """Put results into meta.expectation_results in place of what the same halves of a suite said before."""
    connection.register("judged_now", results)
    try:
        connection.execute((SQL / "keep_expectation_results.sql").read_text("utf-8"))
    finally:
        connection.unregister("judged_now")


def critical_failures(results: pd.DataFrame) -> list[str]:
    """One sentence for each critical expectation that a delivery does not meet."""
    failed = results[(results["severity"] == "critical") & results["is_met"].eq(False).fillna(False)]
    return [_sentence(row) for row in cast("list[dict[str, Any]]", failed.to_dict("records"))]


def _sentence(row: Mapping[str, Any]) -> str:
    if row["kind"] == "row":
        found = f"{row['rows_failing']:,} of {row['rows_checked']:,} rows fail"
    else:
        found = f"the figure is {row['observed']:.4g}, over {row['rows_checked']:,} rows"
    why = str(row["why"]).rstrip(".")
    return f"{row['delivery_id']} fails {row['expectation']}: {found}. {why}. Ask {row['owner']}."


def check_columns(suite: Suite, contracts: Mapping[str, Contract]) -> None:
    """Refuse a suite that names a column which no contract declares."""
    known = {*contracts[suite.source].column_names, *suite.derived}
    for one in suite.rows:
        for column in suite.columns:
            if column not in known:
                raise SuiteError(
                    f"{one.relation}.yml: no column {column!r} in the contract of {suite.source}"
                )
    for one in suite.facts:
        link = cast(Facts, one.asks).link
        if link is not None:
            target = contracts.get(link.to_source)
            if link.column not in known or target is None or link.to_column not in target.column_names:
                raise SuiteError(
                    f"{one.relation}.yml:{one.line}: {one.name} links columns that no contract has"
                )


def _deliveries(connection: Any, sources: Sequence[str]) -> pd.DataFrame:
    wanted = ", ".join(quoted(source) for source in sources)
    query = f"select * from meta.deliveries where source in ({wanted}) order by received_at, delivery_id"
    return cast(pd.DataFrame, connection.execute(query).df())


def _marks(
    suite: Suite, contract: Contract, own: pd.DataFrame, deliveries: pd.DataFrame
) -> dict[str, dict[str, str]]:
    """For each half of the suite and each delivery: the hash of everything that its results follow from."""
    rows = _sha256(suite.sha256("rows"), contract.sha256)
    facts = _sha256(
        suite.sha256("facts"), contract.sha256, *(path.read_text("utf-8") for path in _sql(suite))
    )
    marks: dict[str, dict[str, str]] = {"row": {}, "facts": {}}
    for delivery, received_at in zip(own["delivery_id"], own["received_at"], strict=True):
        seen = deliveries.loc[deliveries["received_at"] <= received_at, ["delivery_id", "status"]]
        marks["row"][delivery] = rows
        marks["facts"][delivery] = _sha256(facts, *sorted(map(" ".join, seen.to_numpy().tolist())))
    return marks


def _sha256(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _sql(suite: Suite) -> list[Path]:
    own = FACTS / f"{suite.source}.sql"
    return [FACTS / "any_source.sql", *([own] if own.exists() else []), FACTS / "link.sql"]


def _not_judged(connection: Any, source: str, half: str, marks: Mapping[str, str]) -> list[str]:
    """The deliveries whose results of one half are missing, or follow from something that has changed."""
    books = "select distinct delivery_id, suite_sha256 from meta.expectation_results"
    told = connection.execute(f"{books} where source = ? and kind = ?", [source, half]).fetchall()
    kept: set[tuple[str, str]] = set(told)
    return [delivery for delivery, mark in marks.items() if (delivery, mark) not in kept]


def _row_verdicts(connection: Any, suite: Suite, own: pd.DataFrame) -> list[Verdict]:
    if own.empty or not suite.rows:
        return []
    kinds = dict(zip(own["delivery_id"], own["kind"], strict=True))
    return judge_rows(suite, _batches(connection, suite, list(kinds)), kinds)


def _batches(connection: Any, suite: Suite, deliveries: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Only the columns that are asked about, a bounded number of rows at a time."""
    columns = [
        f"{suite.derived[name]} as {identifier(name)}" if name in suite.derived else identifier(name)
        for name in suite.columns
    ]
    wanted = ", ".join(quoted(one) for one in deliveries)
    source = f"raw.{identifier(suite.source)} where {DELIVERY} in ({wanted})"
    found = connection.execute(f"select {', '.join(columns)}, {DELIVERY} from {source}")
    reader = cast(pa.RecordBatchReader, found.fetch_record_batch(BATCH_ROWS))
    for batch in reader:
        if batch.num_rows:
            table = cast(Any, pa.Table.from_batches([batch]))
            with quick_texts():
                frame = cast(pd.DataFrame, table.to_pandas(categories=[DELIVERY]))
            yield frame


def _fact_verdicts(
    connection: Any, suite: Suite, contract: Contract, deliveries: Sequence[str]
) -> list[Verdict]:
    if not deliveries or not suite.facts:
        return []
    return judge_facts(suite, facts_of(connection, suite, contract, deliveries))


def facts_of(connection: Any, suite: Suite, contract: Contract, deliveries: Sequence[str]) -> pd.DataFrame:
    """One row per delivery with every fact: those of any source, its own, and its links to others."""
    told: dict[str, Any] = {
        "source": suite.source,
        "recorded_at": contract.recorded_at or "_received_at",
        "deliveries": ", ".join(quoted(one) for one in deliveries),
    }
    *plain, of_links = _sql(suite)
    frames = [_run(connection, path, told) for path in plain]
    for link in suite.links:
        words = {"from_column": link.column, "to_source": link.to_source, "to_column": link.to_column}
        frames.append(_run(connection, of_links, told | words | {"fact": link.fact}))
    return reduce(lambda left, right: left.merge(right, on="delivery_id", how="left"), frames)


def _run(connection: Any, path: Path, told: Mapping[str, Any]) -> pd.DataFrame:
    template = jinja2.Template(path.read_text("utf-8"), undefined=jinja2.StrictUndefined)
    return cast(pd.DataFrame, connection.execute(template.render(told)).df())


def _result(
    one: Verdict, received: Mapping[str, Any], marks: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    asked = one.expectation
    half = "row" if asked.kind == "rows" else "facts"
    share = None
    if one.rows_failing is not None and one.rows_checked:
        share = one.rows_failing / one.rows_checked
    return {
        "delivery_id": one.delivery_id,
        "source": asked.source,
        "received_at": received[one.delivery_id],
        "expectation": asked.name,
        "relation": asked.relation,
        "kind": half,
        "severity": asked.severity,
        "rows_checked": one.rows_checked,
        "rows_failing": one.rows_failing,
        "share_failing": share,
        "is_met": one.is_met,
        "observed": one.observed,
        "why": asked.why,
        "owner": asked.owner,
        "suite_sha256": marks[half][one.delivery_id],
    }


def _frame(results: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(results), columns=list(COLUMNS)).astype(COLUMNS)
    return frame.sort_values(["received_at", "delivery_id", "relation", "expectation"], ignore_index=True)
