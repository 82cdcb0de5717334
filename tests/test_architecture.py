"""The house, where import-linter cannot look: foreign keys written as strings, routes past the operations."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

SRC = Path(__file__).resolve().parent.parent / "src" / "meterbook"
RANK = {
    "platform": 0, "places": 1, "rates": 1, "customers": 2, "metering": 3, "ledger": 3, "programs": 4, "billing": 5,
    "adjustments": 6, "agencies": 6, "corrections": 6, "parallel": 6, "payments": 6,
    "fees": 7, "refunds": 8, "returns": 8, "autopay": 9, "banking": 9, "cashiering": 9, "online": 9, "security": 9,
    "service_orders": 9, "closing": 10, "cases": 10, "correspondence": 10, "moves": 10, "new_service": 10,
    "tasks": 1, "registers": 1, "contacts": 3,
}  # fmt: skip


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in RANK]


def test_no_foreign_key_points_uphill() -> None:
    uphill = []
    for model in own_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not isinstance(field, models.ForeignKey) or target is None:
                continue
            there = target._meta.app_label
            if there in RANK and there != model._meta.app_label and RANK[there] >= RANK[model._meta.app_label]:
                uphill.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert not uphill, uphill


def test_every_model_says_what_it_is() -> None:
    silent = [
        model._meta.label
        for model in own_models()
        if not model.__name__.endswith("Event")
        and (not model.__doc__ or model.__doc__.startswith(f"{model.__name__}("))
    ]
    assert not silent, silent


def test_every_area_has_its_word_in_the_ranking() -> None:
    areas = {
        folder.name
        for folder in (SRC / "records").iterdir()
        if (folder / "models.py").exists() or (folder / "models").exists()
    }
    assert areas == set(RANK)


def operation_functions() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for file in SRC.glob("records/**/operations/*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(d, ast.Call) and getattr(d.func, "id", "") == "operation" for d in node.decorator_list
            ):
                found.append((f"{file.relative_to(SRC)}:{node.name}", node))
    return found


def calls_of(node: ast.AST) -> set[str]:
    """What a function calls: names, and names of a module like ``opening.end``."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


@cache
def module_of(file: Path) -> tuple[dict[str, ast.FunctionDef], dict[str, tuple[Path, str]]]:
    """The functions of a module, and what it imports of ours: name to (file, name there)."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    imported = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("meterbook.records."):
            folder = SRC / "/".join((node.module or "").split(".")[1:])
            there = folder.with_suffix(".py") if folder.with_suffix(".py").exists() else folder / "__init__.py"
            for each in node.names:
                module = (folder / each.name).with_suffix(".py")
                imported[each.asname or each.name] = (module, "") if module.exists() else (there, each.name)
    return functions, imported


def tells(file: Path, name: str, depth: int = 3) -> bool:
    """Whether a function tells an event itself, or by a function of ours that it calls."""
    functions, imported = module_of(file)
    base, _, attribute = name.partition(".")
    if attribute:
        return base in imported and depth > 0 and tells(imported[base][0], attribute, depth - 1)
    if name not in functions:
        return name in imported and depth > 0 and tells(*imported[name], depth - 1)
    called = calls_of(functions[name])
    return "tell" in called or (depth > 0 and any(tells(file, each, depth - 1) for each in called))


def test_every_operation_tells_what_happened() -> None:
    """A deed without an event would be invisible to everything downstream."""
    operations = operation_functions()
    assert len(operations) > 15
    delegating = {"request_approval", "release_document", "propose_policy", "release_policy", "propose_chart"}
    mute = []
    for name, node in operations:
        file = SRC / name.rpartition(":")[0]
        if not calls_of(node) & delegating and not tells(file, node.name):
            mute.append(name)
    assert not mute, mute


@pytest.mark.parametrize("layer", ["web", "cli", "demo", "jobs"])
def test_only_records_write(layer: str) -> None:
    """No ORM write outside records: everything changes through an operation."""
    writes = {"create", "bulk_create", "update_or_create", "get_or_create", "save", "delete", "bulk_update"}
    found = []
    for file in (SRC / layer).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = ast.unparse(node.func.value)
            if node.func.attr in writes and ".objects" in owner:
                found.append(f"{file.relative_to(SRC)}:{node.lineno} {owner}.{node.func.attr}")
    assert not found, found
