"""The data dictionary: contracts and published marts as a page for people, which adds nothing of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from dagster_project.contracts import Column, Contract, FileLayout, load_contracts
from dagster_project.marked_yaml import REPOSITORY, Marked, YamlMistake, read_marked

PAGE: Final = REPOSITORY / "docs" / "data_dictionary.md"
MARTS: Final = REPOSITORY / "dbt_models" / "models" / "marts"

_DOC = re.compile(r"""\{\{\s*doc\(\s*["'](\w+)["']\s*\)\s*\}\}""")
_SENTENCE_END = re.compile(r"(?<=\.)\s+")
_DOC_BLOCK = re.compile(r"\{%-?\s*docs\s+(\w+)\s*-?%\}(.*?)\{%-?\s*enddocs\s*-?%\}", re.DOTALL)
_BEGINNING: Final = """\
# Data dictionary

Written from the contracts and from the YAML beside the published marts; change those, then run
`.venv/bin/python -m dagster_project.dictionary`. How to change a contract: [contracts](contracts.md).

| in a source, a column that identifies | is |
| --- | --- |
| person | a direct identifier: called `pii_` and its name from staging on, never published |
| nominal | a system's own number of a person: published as a keyed pseudonym only |
| prose | free text that may hold names: never published |
| officer | a staff number: never published |
| protected | a protected characteristic or a note on health: a slice, never a feature |
"""


class DictionaryError(YamlMistake):
    """A mart's YAML that cannot be shown, in one sentence."""


@dataclass(frozen=True)
class MartColumn:
    """One column that analysts read."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class Mart:
    """One published table; the first sentence of its description is its grain."""

    name: str
    grain: str
    description: str
    columns: tuple[MartColumn, ...]


def read_marts(folder: Path = MARTS) -> list[Mart]:
    """Every model described beside the marts, by name."""
    told = _doc_blocks(folder.parent)
    files = (read_marked(path, DictionaryError) for path in sorted(folder.rglob("*.yml")))
    return sorted(chain.from_iterable(_marts_in(file, told) for file in files), key=lambda mart: mart.name)


def render(contracts: Mapping[str, Contract], marts: Sequence[Mart]) -> str:
    """The page, which depends on nothing but what it is given."""
    parts = [_BEGINNING, "## Sources\n", _contents(contracts.values())]
    parts += [_source(contract) for contract in contracts.values()]
    if marts:
        parts += ["## Published marts\n", *(_mart(mart) for mart in marts)]
    return "\n".join(parts)


def current() -> str:
    """The page as the repository stands."""
    return render(load_contracts(), read_marts())


def write(path: Path = PAGE) -> bool:
    """Bring the page up to date, and tell whether that changed it."""
    page = current()
    if path.exists() and path.read_text(encoding="utf-8") == page:
        return False
    path.write_text(page, encoding="utf-8", newline="\n")
    return True


def _contents(contracts: Iterable[Contract]) -> str:
    rows = ([f"[{c.source}](#{c.source})", c.description.split(". ")[0], c.owner] for c in contracts)
    return _table(("source", "in short", "owner"), rows)


def _source(contract: Contract) -> str:
    facts = [
        ["file", _layout(contract.file)],
        ["key", _words(contract.key)],
        ["recorded", f"`{contract.recorded_at}`" if contract.recorded_at else "not told"],
        ["overwritten in place", _words(contract.overwritten_in_place) or "nothing"],
        [
            "stale",
            f"a warning after {contract.warn_after_days} days, an error after {contract.stale_after_days}",
        ],
        ["owner", contract.owner],
    ]
    columns = (
        [
            f"`{column.name}`",
            column.data_type,
            "yes" if column.required else "",
            _allowed(column),
            column.identifies or "",
            column.description,
        ]
        for column in contract.columns
    )
    heads = ("column", "type", "required", "may hold", "identifies", "meaning")
    said = f"### {contract.source}\n{contract.description}\n"
    return "\n".join((said, _table(("", ""), facts), _table(heads, columns)))


def _mart(mart: Mart) -> str:
    rows = ([f"`{column.name}`", column.data_type, column.description] for column in mart.columns)
    more = f"\n{mart.description}\n" if mart.description else ""
    return f"### {mart.name}\n**Grain:** {mart.grain}\n{more}\n{_table(('column', 'type', 'meaning'), rows)}"


def _layout(file: FileLayout) -> str:
    if file.format == "parquet":
        return "Parquet, typed by itself"
    packed = "gzipped CSV" if file.compression == "gzip" else "CSV"
    mark = ", a byte-order mark allowed" if file.byte_order_mark else ""
    separator = repr(file.separator)[1:-1]
    nothing = f"`{file.null_text}`" if file.null_text else "an empty field"
    return (
        f"{packed}, {file.encoding}{mark}, separated by `{separator}`, quoted by `{file.quote}`; "
        f"{nothing} is nothing, `{file.true_text}` true, `{file.false_text}` false; "
        f"dates `{file.date_format}`, times `{file.timestamp_format}`"
    )


def _allowed(column: Column) -> str:
    """The code list, by its seed where it has one, or the range."""
    if column.codes_seed:
        return f"codes of [{column.codes_seed}](../dbt_models/seeds/{column.codes_seed}.csv)"
    if column.codes:
        return _words(column.codes)
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} to {column.maximum:g}"
    if column.minimum is not None:
        return f"{column.minimum:g} or more"
    return f"{column.maximum:g} or less" if column.maximum is not None else ""


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _marts_in(file: Marked, told: Mapping[str, str]) -> Iterator[Mart]:
    """The models of one file; what else dbt reads there is dbt's business."""
    for model in _entries(file.open_fields(), "models"):
        fields = model.open_fields()
        written = _resolved(fields.get("description"), told).strip()
        grain, *more = _SENTENCE_END.split(written, maxsplit=1)
        if not grain:
            model.wrong("a mart lacks a description; its first sentence says what one row is")
        yield Mart(
            name=fields["name"].text() if "name" in fields else model.wrong("a mart lacks a name"),
            grain=" ".join(grain.split()),
            description="".join(more),
            columns=tuple(_mart_column(column, told) for column in _entries(fields, "columns")),
        )


def _mart_column(column: Marked, told: Mapping[str, str]) -> MartColumn:
    fields = column.open_fields()
    return MartColumn(
        name=fields["name"].text() if "name" in fields else column.wrong("a column lacks a name"),
        data_type=fields["data_type"].text() if "data_type" in fields else "",
        description=" ".join(_resolved(fields.get("description"), told).split()),
    )


def _entries(fields: Mapping[str, Marked], name: str) -> list[Marked]:
    return fields[name].items() if name in fields else []


def _resolved(at: Marked | None, told: Mapping[str, str]) -> str:
    """A description with the blocks it refers to put in."""
    if at is None:
        return ""

    def block(found: re.Match[str]) -> str:
        return told[found[1]] if found[1] in told else at.wrong(f"there is no doc block called {found[1]!r}")

    return _DOC.sub(block, at.text())


def _doc_blocks(folder: Path) -> dict[str, str]:
    pages = (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md")))
    return {name: text.strip() for page in pages for name, text in _DOC_BLOCK.findall(page)}


if __name__ == "__main__":
    print(f"{PAGE.relative_to(REPOSITORY)}: {'written anew' if write() else 'already current'}")
