"""Taste is a test: sizes, names, time at the edge, stated collations, no machine's paths."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "meterbook"
MODULES = [file for file in SRC.rglob("*.py") if "migrations" not in file.parts]
TREES = {file: ast.parse(file.read_text(encoding="utf-8")) for file in MODULES}


#: Tests about users' homes that name /root on purpose.
USER_TESTS = {"tests/embedded/test_users.py", "tests/embedded/test_server.py"}


def short(file: Path) -> str:
    return str(file.relative_to(SRC))


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def functions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{short(file)}:{node.name}", node)
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]


def test_modules_are_short() -> None:
    sizes = {short(file): lines(file) for file in MODULES}
    assert {name: size for name, size in sizes.items() if size > 500} == {}
    assert statistics.quantiles(sizes.values(), n=10)[-1] <= 300


def test_functions_are_short() -> None:
    long = {
        name: node.end_lineno - node.lineno + 1
        for name, node in functions()
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > 70
    }
    assert long == {}


def test_views_only_translate() -> None:
    long = {}
    for file, tree in TREES.items():
        if file.name != "views.py":
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.body and node.end_lineno:
                size = node.end_lineno - node.body[0].lineno + 1
                if size > 15:
                    long[f"{short(file)}:{node.name}"] = size
    assert long == {}


def test_packages_hold_at_most_twelve_modules() -> None:
    crowded = {}
    for folder in {file.parent for file in MODULES}:
        count = len([f for f in folder.glob("*.py") if f.name != "__init__.py"])
        if count > 12:
            crowded[short(folder)] = count
    assert crowded == {}


def test_no_drawer_for_everything() -> None:
    banned = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [short(file) for file in MODULES if file.stem in banned or file.parent.name in banned] == []


def test_time_enters_at_the_edge() -> None:
    """Nothing below the command line asks the computer what day it is; recorded-at comes from the database."""
    asking = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|localdate|time\.time)\(")
    found = [
        f"{short(file)}:{number}"
        for file in MODULES
        if file.parts[len(SRC.parts)] not in {"cli", "embedded", "config"}
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if asking.search(line)
    ]
    assert found == []


def test_no_floats_in_the_engine() -> None:
    found = [
        f"{short(file)}:{node.lineno}"
        for file, tree in TREES.items()
        if "engine" in file.parts
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float" and isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Attribute) and node.attr in {"Float64", "Float32"})
    ]
    assert found == []


def test_public_things_say_what_they_are() -> None:
    silent = []
    for file, tree in TREES.items():
        if not ast.get_docstring(tree) and lines(file):
            silent.append(short(file))
        for node in tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{short(file)}:{node.name}")  # type: ignore[attr-defined]
    assert silent == []


def test_tracked_files_hold_no_path_of_a_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    path = re.compile(r"(^|[^\w./-])/(home/\w+|root|Users/\w+|work)/")
    found = []
    for name in tracked:
        file = ROOT / name
        if not file.is_file() or file.suffix in {".png", ".pdf", ".mo"} or name in {"tests/test_tidy.py", *USER_TESTS}:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if path.search(line):
                found.append(f"{name}:{number}")
    assert found == []


def test_every_glossary_noun_is_defined_once() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    nouns = re.findall(r"^\*\*(.+?)\*\*", glossary, flags=re.MULTILINE)
    assert len(nouns) == len({noun.lower() for noun in nouns})
    needed = {
        "premise", "parcel", "service point", "meter", "register", "channel", "read", "usage", "determinant",
        "account", "service agreement", "rate schedule", "tariff version", "component", "cycle", "route", "bill run",
        "bill", "bill segment", "line", "ledger entry", "open item", "allocation", "deed", "approval", "bill hold",
        "protection",
    }  # fmt: skip
    assert needed <= {noun.lower() for noun in nouns}
