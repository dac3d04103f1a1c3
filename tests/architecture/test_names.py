"""Names say what a thing does, and nothing opaque is kept in the tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import files, python_files

SAY_NOTHING = {"common", "helper", "helpers", "misc", "util", "utils"}
OPAQUE = {".ipynb", ".joblib", ".pickle", ".pkl"}
OPAQUE_MODULES = {"cloudpickle", "dill", "joblib", "pickle", "shelve"}


def says_nothing(path: Path) -> bool:
    words = {word for part in path.with_suffix("").parts for word in part.lower().split("_")}
    return bool(words & SAY_NOTHING)


def opaque_uses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] in OPAQUE_MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OPAQUE_MODULES:
            yield node.module or ""
        elif isinstance(node, ast.Attribute) and node.attr in {"read_pickle", "to_pickle"}:
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            yield "allow_pickle"


def test_no_name_says_nothing() -> None:
    assert [str(path) for path in files() if says_nothing(path)] == []


def test_the_rule_on_names_finds_each_form() -> None:
    assert says_nothing(Path("ml/utils/dates.py"))
    assert says_nothing(Path("ml/text_helpers.py"))
    assert says_nothing(Path("dbt_models/macros/common.sql"))
    assert not says_nothing(Path("ml/miscarriage.py"))


def test_no_notebooks_and_no_pickles() -> None:
    assert [str(path) for path in files() if path.suffix in OPAQUE] == []


def test_no_code_reads_or_writes_pickles() -> None:
    assert {str(path): found for path, tree in python_files() if (found := list(opaque_uses(tree)))} == {}


def test_the_rule_on_pickles_finds_each_form() -> None:
    code = "import pickle\nfrom joblib import dump\nframe.to_pickle(p)\nnp.load(p, allow_pickle=True)"
    assert list(opaque_uses(ast.parse(code))) == ["pickle", "joblib", "to_pickle", "allow_pickle"]
