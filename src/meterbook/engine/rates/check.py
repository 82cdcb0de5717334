"""Both faces against each other and against published bills.

`disagreements` is the gate of a bill run: every priced bill is computed again by `explain`'s own code, and only bills
on which every line is the same may post. `run_cases` does the same with the worked cases beside a tariff.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from meterbook.engine.money import dollars
from meterbook.engine.quantity import scaled
from meterbook.engine.rates.changing.stretches import CHANGE
from meterbook.engine.rates.changing.told import changes_of
from meterbook.engine.rates.document import Field, TariffError, read_document
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.price import LINES, price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import QUANTITY_LIMIT, Change, Refusal

#: seq, component, part, version, first day, day after, quantity (millionths), price (10**-8 USD), cents.
Line = tuple[int, str, int, str, date, date, int, int, int]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A bill on which the two faces differ: what was priced, what the ordinance says, or why it refuses."""

    row: int
    priced: list[Line]
    explained: list[Line]
    refusal: str = ""


def _determinants(tariff: Tariff, frame: pl.DataFrame) -> list[dict[str, Decimal | str | None]]:
    """The facts of every bill of a frame, as `amounts` takes them."""
    facts: list[dict[str, Decimal | str | None]] = [{} for _ in range(frame.height)]
    for name in (determinant.name for determinant in tariff.required_determinants()):
        if f"det.{name}" not in frame.columns:
            continue
        for bill, value in zip(facts, frame[f"det.{name}"].to_list(), strict=True):
            bill[name] = Decimal(value).scaleb(-6) if isinstance(value, int) else value
    return facts


def _by_row(lines: pl.DataFrame) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    columns = [lines[name].to_list() for name in LINES]
    for row, *line in zip(*columns, strict=True):
        found.setdefault(row, []).append(tuple(line))
    return found


def disagreements(tariff: Tariff, frame: pl.DataFrame, lines: pl.DataFrame) -> list[Disagreement]:
    """Every bill of ``frame`` whose priced ``lines`` are not exactly what `amounts` computes, in order of the frame.

    Dates, quantities, prices and cents must all agree; a bill without lines, or lines without a bill, disagree.
    """
    priced = _by_row(lines)
    found: list[Disagreement] = []
    prices: dict[Decimal, int] = {}
    told = frame["changes"].to_list() if "changes" in frame.columns else [None] * frame.height
    periods = zip(frame["row"].to_list(), frame["starts"].to_list(), frame["ends"].to_list(), told, strict=True)
    for (row, starts, ends, listed), facts in zip(periods, _determinants(tariff, frame), strict=True):
        mine = priced.pop(row, [])
        explained: list[Line] = []
        try:
            computed = amounts(tariff, starts, ends, facts, changes_of(listed))
        except Refusal as refusal:
            found.append(Disagreement(row, mine, [], str(refusal)))
            continue
        for name, part, version, first, cents, seq, after, quantity, unit_price, _ in computed:
            hundred_millionths = prices.get(unit_price)
            if hundred_millionths is None:
                hundred_millionths = prices[unit_price] = int(unit_price.scaleb(8))
            units = int(quantity.scaleb(6))
            explained.append((seq, name, part, version, first, after, units, hundred_millionths, cents))
        if mine != explained:
            found.append(Disagreement(row, mine, explained))
    found.extend(Disagreement(row, mine, [], "no such bill") for row, mine in priced.items())
    return found


def bills_frame(
    tariff: Tariff,
    bills: Iterable[tuple[date, date, Mapping[str, Decimal | str | None]]],
    changes: Sequence[Sequence[Change]] = (),
) -> pl.DataFrame:
    """Bills as the frame `price` takes: (first day, day after, determinants) become rows 1, 2, 3…

    ``changes`` are what differed inside each, if any is to have some.
    """
    listed = list(bills)
    data: dict[str, pl.Series] = {
        "row": pl.Series(range(1, len(listed) + 1), dtype=pl.Int64),
        "starts": pl.Series([starts for starts, _, _ in listed], dtype=pl.Date),
        "ends": pl.Series([ends for _, ends, _ in listed], dtype=pl.Date),
    }
    for determinant in tariff.required_determinants():
        values = [facts.get(determinant.name) for _, _, facts in listed]
        if determinant.kind == "key":
            data[f"det.{determinant.name}"] = pl.Series(values, dtype=pl.String)
        else:
            numbers = [None if value is None else scaled(Decimal(value)) for value in values]
            data[f"det.{determinant.name}"] = pl.Series(numbers, dtype=pl.Int64)
    if changes:
        entries = [[_entry(change) for change in of_bill] or None for of_bill in changes]
        data["changes"] = pl.Series(entries, dtype=pl.List(pl.Struct(CHANGE)))
    return pl.DataFrame(data)


def _entry(change: Change) -> dict[str, Any]:
    key, number = (change.value, None) if isinstance(change.value, str) else (None, change.value)
    counted = None if number is None else scaled(number)
    return {"before": change.before, "key": key, "name": change.name, "number": counted}


@dataclass(frozen=True, slots=True)
class Case:
    """A worked bill: what goes in, and the lines, the total or the refusal that must come out."""

    name: str
    starts: date
    ends: date
    determinants: dict[str, Decimal | str | None]
    lines: list[tuple[str, int | None, Decimal]] | None
    total: Decimal | None
    refused: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of a case: it passed, or ``problems`` say what was found and what was expected."""

    file: str
    name: str
    problems: list[str]

    @property
    def passed(self) -> bool:
        """Whether both faces gave what the case expects."""
        return not self.problems


def _case(field: Field, tariff: Tariff) -> Case:
    entries = field.entries(("name", "starts", "ends", "determinants"), ("lines", "total", "refused", "source", "note"))
    kinds = {determinant.name: determinant.kind for determinant in tariff.required_determinants()}
    facts: dict[str, Decimal | str | None] = {}
    for name, place in entries["determinants"].pairs():
        if name not in kinds:
            place.refuse(found=f"determinant {name}", expected="one of " + ", ".join(kinds))
        elif kinds[name] == "key":
            facts[name] = place.text()
        else:
            facts[name] = place.decimal(decimals=6, high=QUANTITY_LIMIT)
    lines: list[tuple[str, int | None, Decimal]] | None = None
    if "lines" in entries:
        lines = []
        for place in entries["lines"].items():
            line = place.entries(("component", "amount"), ("part",))
            part = line["part"].whole(low=0, high=99) if "part" in line else None
            lines.append((line["component"].text(), part, line["amount"].decimal(decimals=2)))
    refused = entries["refused"].text() if "refused" in entries else ""
    if not refused and "lines" not in entries and "total" not in entries:
        field.refuse(found="no expected result", expected="lines, total or refused")
    total = entries["total"].decimal(decimals=2) if "total" in entries else None
    return Case(entries["name"].text(), entries["starts"].day(), entries["ends"].day(), facts, lines, total, refused)


def read_cases(tariff: Tariff, text: str, *, file: str) -> list[Case]:
    """The cases of a ``cases:`` document; raise `TariffError` with all its problems."""
    root = read_document(text, file=file)
    cases = [_case(field, tariff) for field in root.entries(("cases",))["cases"].items()]
    if root.problems.found:
        raise TariffError(root.problems.found)
    return cases


def _outcome(case: Case, lines: list[tuple[str, int, int]], face: str) -> list[str]:
    problems: list[str] = []
    if case.refused:
        return [f"{face} gave {len(lines)} lines, expected refusal {case.refused}"]
    if case.lines is not None:
        found = [(name, part, dollars(cents)) for name, part, cents in lines]
        same = len(found) == len(case.lines) and all(
            one[0] == other[0] and other[1] in (None, one[1]) and one[2] == other[2]
            for one, other in zip(found, case.lines, strict=True)
        )
        if not same:
            shown = ", ".join(f"{name}.{part} {amount}" for name, part, amount in found)
            expected = ", ".join(
                f"{name}.{'*' if part is None else part} {amount}" for name, part, amount in case.lines
            )
            problems.append(f"{face} gave {shown}; expected {expected}")
    total = dollars(sum(cents for _, _, cents in lines))
    if case.total is not None and total != case.total:
        problems.append(f"{face} gave total {total}, expected {case.total}")
    return problems


def _run(tariff: Tariff, case: Case) -> list[str]:
    problems: list[str] = []
    faces: dict[str, list[tuple[str, int, int]]] = {}
    try:
        priced = price(tariff, bills_frame(tariff, [(case.starts, case.ends, case.determinants)]))
        faces["price"] = list(zip(priced["component"], priced["part"], priced["amount"], strict=True))
    except Refusal as refusal:
        if type(refusal).__name__ != case.refused:
            problems.append(f"price refused: {refusal}")
    try:
        computed = amounts(tariff, starts=case.starts, ends=case.ends, determinants=case.determinants)
        faces["explain"] = [(name, part, cents) for name, part, _, _, cents, *_ in computed]
    except Refusal as refusal:
        if type(refusal).__name__ != case.refused:
            problems.append(f"explain refused: {refusal}")
    for face, lines in faces.items():
        problems.extend(_outcome(case, lines, face))
    return problems


def run_cases(tariff: Tariff, cases_text: str, *, file: str) -> list[CaseResult]:
    """Price every case by both faces and compare with what it expects; raise `TariffError` if the cases are wrong."""
    return [CaseResult(file, case.name, _run(tariff, case)) for case in read_cases(tariff, cases_text, file=file)]


def split_example(text: str) -> tuple[str, str]:
    """A component's ``cases.yaml`` holds an example tariff and, after a ``---`` line, its cases."""
    tariff, _, cases = text.partition("\n---\n")
    return tariff, cases
