"""What becomes of single rows: loaded cell for cell, quarantined in words, or booked as a repeat."""

from __future__ import annotations

import gzip
import io
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.loading_dogs import COLUMNS, GOOD, HEADER, OWN, Kennel, Kept, contract_of, deliver, kennel, text_of

SECRET = "Ferdinand"
MARK = b"\xef\xbb\xbf"


def with_cell(column: str, cell: str, ref: str = "D9") -> str:
    """A good row in which one cell is another."""
    cells: list[str] = GOOD.split(",")
    cells[0] = ref
    cells[COLUMNS.index(column)] = cell
    return ",".join(cells)


BROKEN = [
    ("dog_ref", "", "dog_ref is empty but must not be"),
    ("dog_ref", '""', "dog_ref is empty but must not be"),
    ("updated_at", "", "updated_at is empty but must not be"),
    ("updated_at", "2024-01-30 00:00:00", "updated_at is later than the receipt of the delivery"),
    ("updated_at", "2024-01-05", "updated_at is not a time written as %Y-%m-%d %H:%M:%S"),
    ("updated_at", "2024-01-05 10:00:00.5", "updated_at is not a time written as %Y-%m-%d %H:%M:%S"),
    ("breed", SECRET, "breed holds a code that is not on its list"),
    ("breed", "gsd", "breed holds a code that is not on its list"),
    ("breed", "GSD ", "breed holds a code that is not on its list"),
    ("bites", "7.6", "bites is not a whole number in plain digits"),
    ("bites", "7.0", "bites is not a whole number in plain digits"),
    ("bites", " 7", "bites is not a whole number in plain digits"),
    ("bites", "007", "bites is not a whole number in plain digits"),
    ("bites", "1e1", "bites is not a whole number in plain digits"),
    ("bites", "1_0", "bites is not a whole number in plain digits"),
    ("bites", "0x10", "bites is not a whole number in plain digits"),
    ("bites", "99999999999999999999", "bites is not a whole number in plain digits"),
    ("bites", "true", "bites is not a whole number in plain digits"),
    ("bites", "-1", "bites is below 0"),
    ("bites", "41", "bites is above 40"),
    ("weight", "heavy", "weight is not a number that can be kept to its last digit"),
    ("weight", "NaN", "weight is not a number that can be kept to its last digit"),
    ("weight", "inf", "weight is not a number that can be kept to its last digit"),
    ("weight", "1e400", "weight is not a number that can be kept to its last digit"),
    ("weight", "1e-400", "weight is not a number that can be kept to its last digit"),
    ("weight", " 31.5", "weight is not a number that can be kept to its last digit"),
    ("weight", "1_000", "weight is not a number that can be kept to its last digit"),
    ("weight", "12345678901234567890", "weight is not a number that can be kept to its last digit"),
    ("born", "2023-02-30", "born is not a date written as %Y-%m-%d"),
    ("born", "01/02/2020", "born is not a date written as %Y-%m-%d"),
    ("born", "2020-1-2", "born is not a date written as %Y-%m-%d"),
    ("born", "2020-01-02 00:00:00", "born is not a date written as %Y-%m-%d"),
    ("born", "1066-10-14", "born lies before 1900 or after 2100"),
    ("born", "9999-12-31", "born lies before 1900 or after 2100"),
    ("is_retired", "true", "is_retired is neither Y nor N"),
    ("is_retired", "y", "is_retired is neither Y nor N"),
    ("is_retired", "1", "is_retired is neither Y nor N"),
    ("note", f"{SECRET}\0", "note holds a control character"),
    ("note", f"\x1b{SECRET}", "note holds a control character"),
    ("note", "\x7f", "note holds a control character"),
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A good row, then one with each fault, then a good row."""
    rows = [with_cell(column, cell, f"B{number}") for number, (column, cell, _) in enumerate(BROKEN)]
    data = text_of(GOOD, *rows, with_cell("note", "fine"))
    return kennel(tmp_path_factory.mktemp("judged"), data, len(rows) + 2).load_one()[1]


@pytest.mark.parametrize("number", range(len(BROKEN)), ids=[f"{one[0]}-{one[1]!r}" for one in BROKEN])
def test_a_cell_that_breaks_a_rule_costs_its_row(judged: Kept, number: int) -> None:
    column, cell, reason = BROKEN[number]
    text = with_cell(column, cell, f"B{number}")
    assert judged.quarantined()[number] == (number + 2, [column], reason, text)
    assert SECRET not in reason


def test_the_rows_beside_broken_ones_are_loaded(judged: Kept) -> None:
    assert judged.rows("dog_ref, note, _source_line") == [("D1", "calm", 1), ("D9", "fine", len(BROKEN) + 2)]


def test_no_good_cell_is_changed(tmp_path: Path) -> None:
    odd = {
        "007": ("note", "007"),
        "space": ("note", "  two  "),
        "null word": ("note", "NULL"),
        "number": ("note", "1e3"),
        "tab": ("note", "a\tb"),
        "quoted": ("note", '"He said ""sit"", twice"'),
        "lines": ("note", '"one\r\ntwo\n\n"'),
        "letters": ("note", "Łódź 🐕 e\u0301 \uf781"),
        "empty": ("note", '""'),
        "nothing": ("note", ""),
        "exponent": ("weight", "1e3"),
        "long": ("weight", "0.30000000000000004"),
        "zero": ("weight", "0.000"),
        "code": ("breed", '"GSD"'),
    }
    rows = [with_cell(column, cell, ref) for ref, (column, cell) in odd.items()]
    _, kept = kennel(tmp_path, text_of(*rows), len(rows)).load_one()
    found = {row[0]: row[1:] for row in kept.rows("dog_ref, breed::varchar, weight, note")}
    assert kept.quarantined() == []
    assert {ref: found[ref][2] for ref in list(odd)[:10]} == {
        "007": "007",
        "space": "  two  ",
        "null word": "NULL",
        "number": "1e3",
        "tab": "a\tb",
        "quoted": 'He said "sit", twice',
        "lines": "one\r\ntwo\n\n",
        "letters": "Łódź 🐕 e\u0301 \uf781",
        "empty": "",
        "nothing": None,
    }
    assert [found[ref][1] for ref in ("exponent", "long", "zero")] == [1000.0, 0.30000000000000004, 0.0]
    assert found["code"][0] == "GSD"


def test_a_null_text_is_nothing_only_where_it_is_not_quoted(tmp_path: Path) -> None:
    cells = {"a": "NULL", "b": '"NULL"', "c": "", "d": '""'}
    rows = [with_cell("note", cell, ref) for ref, cell in cells.items()]
    _, kept = kennel(tmp_path, text_of(*rows, with_cell("bites", "")), 5, null_text="NULL").load_one()
    assert kept.rows("note") == [(None,), ("NULL",), ("",), ("",)]
    assert [row[1] for row in kept.quarantined()] == [["bites"]]


def test_each_loaded_row_says_where_it_came_from(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    files = {
        "a.csv": text_of(GOOD, "short", with_cell("note", '"two\nlines"', "D2"), GOOD.replace("D1", "D3")),
        "b.csv": text_of(with_cell("note", "y", "D4")),
    }
    deliver(made.extracts, files, {"a.csv": 4, "b.csv": 1}, kind="off_cycle")
    loaded, kept = made.load_one()
    received = datetime(2024, 1, 29, 6)
    own = [(received, loaded.delivery_id, "off_cycle", name, line) for name, line in PLACES]
    assert kept.rows(", ".join(OWN)) == own
    assert kept.book("quarantine")[0][:4] == ("dogs", loaded.delivery_id, received, "a.csv")
    assert [(one.rows_received, one.rows_loaded, one.rows_quarantined) for one in loaded.files] == [
        (4, 3, 1),
        (1, 1, 0),
    ]


PLACES = [("a.csv", 1), ("a.csv", 3), ("a.csv", 4), ("b.csv", 1)]


def test_the_loaded_columns_are_those_of_the_contract_in_its_order_and_types(tmp_path: Path) -> None:
    _, kept = kennel(tmp_path, text_of(GOOD), 1).load_one()
    described = pl.read_parquet(kept.folder / "dogs.parquet").schema
    assert tuple(described) == (*COLUMNS, *OWN)
    assert [str(described[name]).split("(")[0] for name in COLUMNS[1:7]] == [
        "Datetime",
        "String",
        "Int64",
        "Float64",
        "Date",
        "Boolean",
    ]


def test_columns_in_another_order_are_put_in_order(tmp_path: Path) -> None:
    turned = ",".join(reversed(COLUMNS))
    row = ",".join(reversed(GOOD.split(",")))
    _, kept = kennel(tmp_path, text_of(row, header=turned), 1).load_one()
    assert kept.rows("dog_ref, bites, note") == [("D1", 3, "calm")]


def test_an_extra_column_is_kept_aside_with_a_warning(tmp_path: Path) -> None:
    data = text_of(f"{SECRET},{GOOD}", f",{with_cell('note', 'x')}", header=f"owner,{HEADER}")
    loaded, kept = kennel(tmp_path, data, 2).load_one()
    assert loaded.warnings == ("dogs.csv has columns that the contract does not know, kept aside: owner",)
    assert len(kept.rows()) == 2
    assert [row[2:] for row in kept.book("extra_columns")] == [("dogs.csv", 1, "owner", SECRET)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", MARK], ids=["plain", "marked"])
def test_byte_order_marks_and_line_ends(tmp_path: Path, end: str, mark: bytes) -> None:
    data = mark + text_of(GOOD, with_cell("note", "", "D2"), end=end)
    _, kept = kennel(tmp_path, data, 2).load_one()
    assert kept.rows("dog_ref, note") == [("D1", "calm"), ("D2", None)]
    data = mark + text_of(GOOD, GOOD.replace("D1", "D2"), end=end).removesuffix(end.encode())
    _, kept = kennel(tmp_path / "open", data, 2).load_one()
    assert kept.rows("dog_ref, note") == [("D1", "calm"), ("D2", "calm")]


def test_mixed_line_ends_and_blank_lines_lose_nothing(tmp_path: Path) -> None:
    rows = [with_cell("note", "x", f"D{number}").encode() for number in range(4)]
    data = HEADER.encode() + b"\r\n" + rows[0] + b"\n\n" + rows[1] + b"\r\n\r\n" + rows[2] + b"\n" + rows[3]
    _, kept = kennel(tmp_path, data, 4).load_one()
    assert kept.rows("dog_ref, note, _source_line") == [(f"D{n}", "x", n + 1) for n in range(4)]


def test_every_byte_of_windows_1252_is_the_letter_that_python_says(tmp_path: Path) -> None:
    undefined = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    control = {*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F}
    rows = [GOOD.encode()]
    for byte in range(256):
        cell = b'"<' + bytes([byte]) * (2 if byte == 0x22 else 1) + b'>"'
        rows.append(with_cell("note", "@", f"B{byte}").encode().replace(b"@", cell))
    data = HEADER.encode() + b"\n" + b"\n".join(rows) + b"\n"
    _, kept = kennel(tmp_path, data, 257, encoding="windows-1252").load_one()
    found = {row[0]: row[1] for row in kept.rows("dog_ref, note")}
    wanted = set(range(256)) - undefined - control
    assert found == {"D1": "calm"} | {f"B{byte}": f"<{bytes([byte]).decode('cp1252')}>" for byte in wanted}
    reasons = {(tuple(row[1]), row[2]) for row in kept.quarantined()}
    assert reasons == {(("note",), "note holds a control character")}


def test_a_line_of_another_encoding_costs_itself_only(tmp_path: Path) -> None:
    data = text_of(GOOD) + b"D2,2024-01-05 10:00:00,GSD,3,31.5,2019-04-01,N,caf\xe9\n"
    _, kept = kennel(tmp_path, data + GOOD.replace("D1", "D3").encode(), 3).load_one()
    assert [row[0] for row in kept.rows()] == ["D1", "D3"]
    ((line, columns, reason, text),) = kept.quarantined()
    assert (line, columns, reason) == (2, [], "the line is not UTF-8")
    assert text.startswith("D2,2024") and text.endswith(",caf\\xe9")


def test_ragged_rows_are_quarantined_with_their_text(tmp_path: Path) -> None:
    long, short = f"{GOOD},more", "D2,2024-01-05 10:00:00,GSD,3"
    _, kept = kennel(tmp_path, text_of(GOOD, long, short, GOOD.replace("D1", "D3")), 4).load_one()
    assert kept.quarantined() == [
        (2, [], "the line has more cells than the header", long),
        (3, ["weight"], "the line has fewer cells than the header", short),
    ]
    assert kept.rows("dog_ref, _source_line") == [("D1", 1), ("D3", 4)]


@pytest.mark.parametrize("broken", ['D2,"open', 'D2,mid"dle', 'D2,"closed"too early', "D2,a\rb"])
def test_a_quote_or_a_line_end_out_of_place_costs_its_own_line(tmp_path: Path, broken: str) -> None:
    short, last = "D3,short", with_cell("note", '"two\nlines"', "D4")
    _, kept = kennel(tmp_path, text_of(GOOD, broken, short, last, f"{GOOD},more"), 5).load_one()
    assert kept.rows("dog_ref, note, _source_line") == [("D1", "calm", 1), ("D4", "two\nlines", 4)]
    assert kept.quarantined() == [
        (2, [], "the line is not CSV: a quote or a line end stands where none may", broken),
        (3, ["breed"], "the line has fewer cells than the header", short),
        (5, [], "the line has more cells than the header", f"{GOOD},more"),
    ]


def test_a_field_of_ten_megabytes_is_loaded_and_a_longer_line_is_quarantined(tmp_path: Path) -> None:
    large, too_large = "x" * 10_000_000, "y" * 17_000_000
    rows = [with_cell("note", large, "D1"), with_cell("note", too_large, "D2"), GOOD.replace("D1", "D3")]
    data = text_of(*rows)
    _, kept = kennel(tmp_path, data, 3).load_one()
    assert kept.rows("dog_ref, length(note)") == [("D1", 10_000_000), ("D3", 4)]
    ((line, columns, reason, text),) = kept.quarantined()
    assert (line, columns, reason) == (2, [], "the line is longer than 16 MB")
    assert text.endswith(too_large)


def test_an_exact_repeat_is_booked_and_a_contradiction_is_quarantined(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    wild = GOOD.replace("calm", SECRET)
    files = {
        "a.csv": text_of("ragged", GOOD, GOOD, wild),
        "b.csv": text_of(with_cell("note", "x"), "ragged", GOOD, wild),
    }
    deliver(made.extracts, files, 4)
    loaded, kept = made.load_one()
    assert kept.rows("dog_ref, _source_file, _source_line") == [("D1", "a.csv", 2), ("D9", "b.csv", 1)]
    assert [row[2:] for row in kept.book("repeats")] == [("a.csv", 3, "a.csv", 2), ("b.csv", 3, "a.csv", 2)]
    reason = "its key (dog_ref, updated_at) was already used by record 2 of a.csv"
    used = [row[3:] for row in kept.book("quarantine") if "key" in row[6]]
    assert used == [
        ("a.csv", 4, ["dog_ref", "updated_at"], reason, wild),
        ("b.csv", 4, ["dog_ref", "updated_at"], reason, wild),
    ]
    assert [(one.rows_loaded, one.rows_quarantined, one.rows_repeated) for one in loaded.files] == [
        (1, 2, 1),
        (1, 2, 1),
    ]


def test_versions_with_another_time_are_all_kept(tmp_path: Path) -> None:
    later = GOOD.replace("10:00:00", "11:00:00").replace("calm", "wild")
    _, kept = kennel(tmp_path, text_of(GOOD, later), 2).load_one()
    assert kept.rows("note") == [("calm",), ("wild",)]


def test_several_faults_of_a_row_are_all_named(tmp_path: Path) -> None:
    bad = f"D2,2024-01-05 10:00:00,{SECRET},7.6,31.5,2019-04-01,maybe,\x02"
    _, kept = kennel(tmp_path, text_of(GOOD, bad), 2).load_one()
    ((_, columns, reason, text),) = kept.quarantined()
    assert columns == ["breed", "bites", "is_retired", "note"]
    assert reason.count(";") == 3 and SECRET not in reason and "7.6" not in reason
    assert text == bad


def test_gzip_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    data = gzip.compress(text_of(GOOD)) + gzip.compress(GOOD.replace("D1", "D2").encode())
    _, kept = kennel(tmp_path, data, 2, name="dogs.csv.gz", compression="gzip").load_one()
    assert [row[0] for row in kept.rows()] == ["D1", "D2"]


def test_parquet_is_judged_by_the_same_rules(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path, "parquet"))
    frame = pl.DataFrame(
        {
            "dog_ref": ["D1", "D2", "D3", "D1", None],
            "updated_at": [datetime(2024, 1, 5)] * 5,
            "breed": ["GSD", SECRET, "MAL", "GSD", None],
            "bites": pl.Series([1, 2, 99, 1, None], dtype=pl.Int8),
            "weight": [1.5, float("nan"), None, 1.5, None],
            "born": [datetime(2020, 1, 1).date()] * 5,
            "is_retired": [True, False, None, True, None],
            "note": ["a", "b\x01", None, "a", None],
            "owner": [None, SECRET, None, None, None],
        }
    )
    packed = io.BytesIO()
    frame.write_parquet(packed)
    deliver(made.extracts, {"dogs.parquet": packed.getvalue()}, 5)
    loaded, kept = made.load_one()
    assert kept.rows("dog_ref, bites, weight, is_retired, note") == [("D1", 1, 1.5, True, "a")]
    assert [(row[0], row[1]) for row in kept.quarantined()] == [
        (2, ["breed", "weight", "note"]),
        (3, ["bites"]),
        (5, ["dog_ref"]),
    ]
    assert all(SECRET not in row[2] for row in kept.quarantined())
    assert f'"breed":"{SECRET}"' in kept.quarantined()[0][3]
    assert loaded.files[0].rows_repeated == 1 and len(kept.book("extra_columns")) == 1


def test_statistics_of_a_parquet_file_that_lie_hide_no_row(tmp_path: Path) -> None:
    table = pa.table(
        {
            "dog_ref": ["D1", "D2", "D3"],
            "updated_at": pa.array([datetime(2024, 1, 5)] * 3, pa.timestamp("us")),
            "breed": ["GSD"] * 3,
            "bites": [3, 5, 7],
            "weight": [1.5] * 3,
            "born": [date(2020, 1, 1)] * 3,
            "is_retired": [True] * 3,
            "note": ["a"] * 3,
        }
    )
    packed = io.BytesIO()
    pq.write_table(table, packed, compression="none", use_dictionary=False)
    five, ninety_nine = ((number).to_bytes(8, "little") for number in (5, 99))
    assert packed.getvalue().count(five) == 1
    made = Kennel(tmp_path, contract_of(tmp_path, "parquet"))
    deliver(made.extracts, {"dogs.parquet": packed.getvalue().replace(five, ninety_nine)}, 3)
    _, kept = made.load_one()
    assert [row[:3] for row in kept.quarantined()] == [(2, ["bites"], "bites is above 40")]


def test_an_empty_cell_too_many_is_a_cell_too_many(tmp_path: Path) -> None:
    rows = [GOOD.replace("calm", ""), "D2,2024-01-05 10:00:00,,,,,,,", f"{GOOD.replace('D1', 'D3')},"]
    _, kept = kennel(tmp_path, text_of(*rows), 3).load_one()
    assert [row[0] for row in kept.rows()] == ["D1"]
    reason = "the line has more cells than the header"
    assert [row[2:] for row in kept.quarantined()] == [(reason, rows[1]), (reason, rows[2])]
