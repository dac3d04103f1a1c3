"""What really happened is known to tests, benchmarks and the check of a force, and to nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import files, python_files, text_of

TRUTH = re.compile(r"(?:^|[/\\*])truth(?:$|[/\\*])")
READS_TABLE = re.compile(r"^(?:read_parquet|scan_parquet|ParquetFile|read_table|parquet_scan|dataset)$")
READS_FILE = re.compile(r"^(?:read|scan|load|open)")
MAY_READ = ("tests/", "benchmarks/", "data_samples/check/")
PRODUCT = ("dagster_project/", "dashboard/", "dbt_models/", "expectations/", "ml/")
CHECK = "data_samples.check"


def docstrings(tree: ast.AST) -> set[int]:
    """The constants that only tell a reader something."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def truth_paths(tree: ast.AST) -> Iterator[str]:
    told = docstrings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in told
            and TRUTH.search(node.value)
        ):
            yield node.value


def reads(tree: ast.AST) -> Iterator[str]:
    """Calls that read a finished table, and calls that read any file of a folder called truth."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if READS_TABLE.match(name) or (READS_FILE.match(name) and list(truth_paths(node))):
            yield name


def names_of(path: Path) -> str:
    return path.as_posix()


def test_the_product_names_no_file_of_the_truth() -> None:
    found = {
        names_of(path): paths
        for path, tree in python_files()
        if names_of(path).startswith(PRODUCT) and (paths := list(truth_paths(tree)))
    }
    assert found == {}


def test_no_sql_or_setting_of_the_product_names_it_either() -> None:
    found = [
        names_of(path)
        for path in files()
        if names_of(path).startswith(PRODUCT)
        and path.suffix in {".sql", ".yml", ".yaml", ".toml", ".json"}
        and re.search(r"truth/", text_of(path) or "")
    ]
    assert found == []


def test_what_writes_the_truth_does_not_read_it() -> None:
    found = {
        names_of(path): calls
        for path, tree in python_files()
        if names_of(path).startswith("data_samples/")
        and not names_of(path).startswith(MAY_READ)
        and list(truth_paths(tree))
        and (calls := list(reads(tree)))
    }
    assert found == {}


def test_only_the_command_reaches_the_check_and_only_its_table() -> None:
    found: list[tuple[str, str]] = []
    for path, tree in python_files():
        if names_of(path).startswith((*PRODUCT, "data_samples/")) and not names_of(path).startswith(MAY_READ):
            for node in ast.walk(tree):
                named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                found += [(names_of(path), name) for name in named if name.startswith(CHECK)]
    assert set(found) <= {("dagster_project/commands/samples.py", f"{CHECK}.table")}


def test_the_rule_finds_each_form() -> None:
    code = (
        '"""About truth/ only."""\nPath(out) / "truth" / "x"\nf"{out}/truth/{x}"\npl.read_parquet("truth/a")'
    )
    tree = ast.parse(code)
    assert set(truth_paths(tree)) == {"truth", "/truth/", "truth/a"}
    assert list(reads(tree)) == ["read_parquet"]
    assert list(reads(ast.parse("(out / 'truth' / 'force.json').read_text()"))) == ["read_text"]
    assert not list(reads(ast.parse("(out / 'extracts').glob('*')")))
    assert not list(truth_paths(ast.parse("x = 'truthful'")))
