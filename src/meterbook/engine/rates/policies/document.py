"""A policy document: typed inputs, named values, and results in dollars, each said by a formula.

The language is that of tariffs without days: a policy is worked out once, for a moment, not for a stretch of days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from meterbook.engine.rates.document import Field, TariffError, read_document
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.expressions import DAYS, Formula, Typed
from meterbook.engine.rates.language.keys import SOURCE
from meterbook.engine.rates.language.units import PURE
from meterbook.engine.rates.language.values import Scope, formula_at, read_inputs, read_scope
from meterbook.engine.rates.tariff import Source

RESULT = {
    "amount": shapes.Key(shapes.AMOUNT, "Dollars; a number or a formula. Rounded half-up to the cent."),
    "words": shapes.Key(shapes.BILINGUAL, "What people call it."),
    "applies": shapes.optional(shapes.MEASURE, "A condition; where it is false the result is nothing."),
}
POLICY = {
    "policy": shapes.Key(shapes.choice("late_fee", "level_pay"), "What it is about."),
    "title": shapes.Key(shapes.BILINGUAL, "Its name."),
    "effective": shapes.Key(shapes.DAY, "The first day it holds."),
    "source": shapes.Key(shapes.record(SOURCE), "What enacts it."),
    "inputs": shapes.Key({"type": "object"}, "The facts its formulas use, typed as a tariff's inputs."),
    "values": shapes.optional({"type": "object"}, "Named values, as in a tariff."),
    "results": shapes.Key(shapes.mapped(shapes.record(RESULT)), "Amounts in dollars, in order."),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One amount a policy says, in dollars."""

    name: str
    words: dict[str, str]
    amount: Formula
    applies: Formula | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy in force from ``effective``; ``digest`` is that of its text."""

    policy: str
    title: dict[str, str]
    effective: date
    source: Source
    scope: Scope
    results: tuple[Result, ...]
    file: str
    digest: str


def _source(place: Field) -> Source:
    entries = place.entries(*shapes.names(SOURCE))
    return Source(utility=entries["utility"].text(), resolution=entries["resolution"].text(),
                  section=entries["section"].text(), url=entries["url"].text(), adopted=entries["adopted"].day(),
                  note=entries["note"].text() if "note" in entries else "")  # fmt: skip


def _formula(place: Field, types: dict[str, Typed], sort: str) -> Formula:
    before = len(place.problems.found)
    formula = formula_at(place, place.text(expected="a number or a formula"), types, ())
    if len(place.problems.found) > before:
        return formula
    if formula.sort != sort:
        place.refuse(found=f"a {formula.sort}", expected=f"a {sort}")
    if sort == "number" and formula.unit not in (None, PURE, (("USD", 1),)):
        place.refuse(expected="dollars")
    _no_days(place, formula)
    return formula


def _no_days(place: Field, formula: Formula) -> None:
    days = [name for name in formula.reads if name in DAYS]
    if days:
        place.refuse(found=f"the name {days[0]}", expected="no days: a policy is worked out for a moment")


def _result(name: str, place: Field, types: dict[str, Typed]) -> Result:
    entries = place.entries(*shapes.names(RESULT))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        place.refuse(found=f"the result {name!r}", expected="a lower-case word")
    applies = _formula(entries["applies"], types, "truth") if "applies" in entries else None
    return Result(name, entries["words"].bilingual(), _formula(entries["amount"], types, "number"), applies)


def parse_policy(text: str, *, file: str) -> Policy:
    """Read one policy document; raise `TariffError` with all its problems (file, line, path, found, expected)."""
    root = read_document(text, file=file)
    entries = root.entries(*shapes.names(POLICY))
    inputs = read_inputs(entries["inputs"])
    for name, place in entries["inputs"].pairs():
        if name in inputs and inputs[name].kind == "usage":
            place.refuse(found="the kind usage", expected="per_period: a policy has no days to split it by")
    scope = read_scope(inputs, entries.get("values"), seasons=())
    for value in scope.values.values():
        for formula in value.formulas():
            _no_days(entries["values"], formula)
    types = scope.types()
    policy = Policy(
        policy=entries["policy"].choice("late_fee", "level_pay"),
        title=entries["title"].bilingual(),
        effective=entries["effective"].day(),
        source=_source(entries["source"]),
        scope=scope,
        results=tuple(_result(name, place, types) for name, place in entries["results"].pairs()),
        file=file,
        digest=sha256(text.encode()).hexdigest(),
    )
    if root.problems.found:
        raise TariffError(sorted(dict.fromkeys(root.problems.found), key=lambda problem: problem.line))
    return policy
