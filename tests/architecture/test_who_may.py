"""One place reads the environment, one opens DuckDB, and assets stay short."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.tree import python_files

PRODUCT = ("benchmarks/", "dagster_project/", "dashboard/", "data_samples/", "expectations/", "ml/")
MAY_OPEN_DUCKDB = ("benchmarks/", "dagster_project/warehouse.py", "data_samples/check/", "tests/")
LONGEST_ASSET = 20
LONG_SQL = re.compile(r"^\s*(?:select|with|create|insert|copy|attach)\b.*\n.*\S", re.IGNORECASE | re.DOTALL)


def reads_environment(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {alias.name for alias in node.names} & {"environ", "getenv"}
        )
        for node in ast.walk(tree)
    )


def opens_duckdb(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and ast.unparse(node) == "duckdb.connect")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "duckdb")
        or (isinstance(node, ast.Import) and any(a.name == "duckdb" and a.asname for a in node.names))
        for node in ast.walk(tree)
    )


def asset_lengths(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Lines of each asset's body, without its docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("asset" in ast.unparse(d) for d in node.decorator_list):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def long_sql(tree: ast.AST) -> list[str]:
    told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told
        and LONG_SQL.match(node.value)
    ]


def product() -> Iterator[tuple[str, ast.Module]]:
    return ((p.as_posix(), tree) for p, tree in python_files() if p.as_posix().startswith(PRODUCT))


def test_only_settings_reads_the_environment() -> None:
    assert {p for p, tree in product() if reads_environment(tree)} == {"dagster_project/settings.py"}


def test_the_warehouse_alone_opens_duckdb() -> None:
    assert [p for p, tree in product() if opens_duckdb(tree) and not p.startswith(MAY_OPEN_DUCKDB)] == []


def test_assets_read_call_and_write_and_no_more() -> None:
    lengths = {f"{p}:{name}": n for p, tree in product() for name, n in asset_lengths(tree)}
    assert lengths
    assert {name: n for name, n in lengths.items() if n > LONGEST_ASSET} == {}


def test_sql_longer_than_a_line_lives_in_a_file_of_its_own() -> None:
    assert {p: found for p, tree in product() if (found := long_sql(tree))} == {}


def test_the_rules_find_each_form() -> None:
    assert reads_environment(ast.parse("import os\nos.environ['X']"))
    assert reads_environment(ast.parse("from os import getenv"))
    for opening in ("import duckdb\nduckdb.connect('x')", "from duckdb import connect", "import duckdb as d"):
        assert opens_duckdb(ast.parse(opening))
    assert not opens_duckdb(ast.parse("import duckdb\nduckdb.Error"))
    assert long_sql(ast.parse("q = '''select 1\nfrom x'''")) and not long_sql(
        ast.parse("q = 'select 1 from x'")
    )
    assert list(asset_lengths(ast.parse("@dg.asset\ndef a():\n    '''Why.'''\n    x = 1\n    return x"))) == [
        ("a", 2)
    ]
