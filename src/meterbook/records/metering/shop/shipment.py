"""A shipment as CSV: one row a register, a meter's own facts on each of its rows. Read whole or refused whole.

Columns, in any order: serial, commodity, size, manufacturer, model, channel, dials, decimals, multiplier, unit; and
if the list has them lot, endpoint, tested_on, tester, certificate, and one ``accuracy_…`` column a point of the
factory test (``accuracy_minimum``, ``accuracy_full_load`` …) in percent.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from meterbook.engine.metering.accuracy import POINTS
from meterbook.engine.metering.comparison import CHANNELS, Counts
from meterbook.engine.trace import N_, Step
from meterbook.records.metering.shop.arrived import MEASURES, Arrival, units_of
from meterbook.records.metering.shop.bench import FACTORY, Bench

if TYPE_CHECKING:
    from _csv import Reader

NEEDED = (
    "serial", "commodity", "size", "manufacturer", "model", "channel", "dials", "decimals", "multiplier", "unit",
)  # fmt: skip
OPTIONAL = ("lot", "endpoint", "tested_on", "tester", "certificate", *[f"accuracy_{point}" for point in POINTS])
#: What must be the same on every row of one meter, and how long it may be.
_LENGTHS = {
    "serial": 30, "size": 10, "manufacturer": 60, "model": 60, "lot": 40, "endpoint": 40, "tester": 80,
    "certificate": 80,
}  # fmt: skip
_OWN = ("serial", "commodity", "size", "manufacturer", "model", *OPTIONAL)
_WHOLE, _DECIMAL = re.compile(r"[0-9]{1,6}"), re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class ShipmentProblem:
    """One wrong cell of a shipment: the line of the file, the column, what was found and what was expected."""

    line: int
    field: str
    found: str
    expected: Step

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: found {self.found!r}, expected {self.expected.words(str)}"


class ShipmentRefused(ValueError):
    """The file holds rows that cannot be taken; nothing of it was stored. ``problems`` names every one."""

    def __init__(self, file_name: str, problems: list[ShipmentProblem]) -> None:
        self.problems = problems
        self.step = Step(
            N_("{file}: {count} problems; nothing was loaded. Correct the list and send it again."),
            {"file": file_name, "count": len(problems)},
        )
        super().__init__("\n".join([self.step.words(str), *map(str, problems[:20])]))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list with its line in the file."""

    line: int
    cells: dict[str, str]


def read_shipment(content: bytes, *, file_name: str) -> list[tuple[int, Arrival]]:
    """The meters of a shipment with the line each begins on; raises `ShipmentRefused` with everything wrong."""
    problems: list[ShipmentProblem] = []
    rows = _rows(content, problems)
    for row in rows:
        problems += _cells(row)
    meters: dict[str, list[Row]] = {}
    for row in rows:
        meters.setdefault(row.cells["serial"].upper(), []).append(row)
    for group in meters.values():
        problems += _group(group)
    if not rows and not problems:
        problems.append(ShipmentProblem(1, "file", "", Step(N_("a row for each register"))))
    if problems:
        raise ShipmentRefused(file_name, sorted(problems, key=lambda each: (each.line, each.field)))
    return [(group[0].line, _arrival(group)) for group in meters.values()]


def _rows(content: bytes, problems: list[ShipmentProblem]) -> list[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(ShipmentProblem(1, "file", "", Step(N_("text in UTF-8"))))
        return []
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        return _read(reader, problems)
    except csv.Error:  # a cell beyond the reader's limit, mostly a quotation mark that is never closed
        expected = Step(N_("cells of at most {most} characters, every quotation mark closed"), {
            "most": csv.field_size_limit()})  # fmt: skip
        problems.append(ShipmentProblem(reader.line_num, "row", "", expected))
        return []


def _read(reader: Reader, problems: list[ShipmentProblem]) -> list[Row]:
    head = [name.strip().lower() for name in next(reader, [])]
    for name in NEEDED:
        if name not in head:
            problems.append(ShipmentProblem(1, name, ", ".join(head), Step(N_("a column of this name"))))
    for name in head:
        if name not in (*NEEDED, *OPTIONAL) or head.count(name) > 1:
            problems.append(ShipmentProblem(1, name, name, Step(N_("a column of the list, once"))))
    if problems:
        return []
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            expected = Step(N_("{count} cells"), {"count": len(head)})
            problems.append(ShipmentProblem(reader.line_num, "row", str(len(cells)), expected))
            continue
        given = dict.fromkeys(OPTIONAL, "") | dict(zip(head, (cell.strip() for cell in cells), strict=True))
        rows.append(Row(reader.line_num, given))
    return rows


def _cells(row: Row) -> Iterator[ShipmentProblem]:
    """What one row alone shows to be wrong."""
    cells = row.cells

    def wrong(field: str, expected: str, **values: str | int) -> ShipmentProblem:
        return ShipmentProblem(row.line, field, cells[field], Step(expected, dict(values)))

    for field in NEEDED:
        if not cells[field]:
            yield wrong(field, N_("a value"))
    for field, most in _LENGTHS.items():
        if len(cells[field]) > most or "\0" in cells[field]:
            yield wrong(field, N_("at most {most} characters"), most=most)
    if cells["commodity"] and cells["commodity"] not in MEASURES:
        yield wrong("commodity", N_("one of {these}"), these=", ".join(MEASURES))
    elif cells["unit"] and cells["unit"] not in units_of(cells["commodity"]):
        yield wrong("unit", N_("one of {these}"), these=", ".join(units_of(cells["commodity"])))
    if cells["channel"] and cells["channel"] not in CHANNELS:
        yield wrong("channel", N_("one of {these}"), these=", ".join(CHANNELS))
    for field, low, high in (("dials", 3, 9), ("decimals", 0, 6)):
        if cells[field] and not (_WHOLE.fullmatch(cells[field]) and low <= int(cells[field]) <= high):
            yield wrong(field, N_("a whole number from {low} to {high}"), low=low, high=high)
    if cells["multiplier"] and not (_DECIMAL.fullmatch(cells["multiplier"]) and Decimal(cells["multiplier"]) > 0):
        yield wrong("multiplier", N_("a number above 0 with at most 6 decimals"))
    yield from _test_cells(row)


def _test_cells(row: Row) -> Iterator[ShipmentProblem]:
    tested = [f"accuracy_{point}" for point in POINTS if row.cells[f"accuracy_{point}"]]
    for field in tested:
        found = row.cells[field]
        if not _DECIMAL.fullmatch(found) or Decimal(found) > 200:
            yield ShipmentProblem(row.line, field, found, Step(N_("a percentage from 0 to 200")))
    day = row.cells["tested_on"]
    if day:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield ShipmentProblem(row.line, "tested_on", day, Step(N_("a day like 2026-03-12")))
    if bool(day) != bool(tested):
        field = tested[0] if tested else "tested_on"
        expected = Step(N_("the day of a factory test together with what it found"))
        yield ShipmentProblem(row.line, field, row.cells[field], expected)


def _group(group: list[Row]) -> Iterator[ShipmentProblem]:
    """What the rows of one meter show to be wrong together."""
    first, seen = group[0], set()
    for row in group:
        for field in _OWN:
            if row.cells[field] != first.cells[field]:
                expected = Step(N_("{value}, as on line {line}"), {
                    "value": first.cells[field] or "–", "line": first.line})  # fmt: skip
                yield ShipmentProblem(row.line, field, row.cells[field], expected)
        if row.cells["channel"] in seen:
            expected = Step(N_("each channel of a meter once"))
            yield ShipmentProblem(row.line, "channel", row.cells["channel"], expected)
        seen.add(row.cells["channel"])
    if len({"high_flow", "low_flow"} & seen) == 1:
        expected = Step(N_("a compound meter's high and low flow register"))
        yield ShipmentProblem(first.line, "channel", first.cells["channel"], expected)


def _arrival(group: list[Row]) -> Arrival:
    cells = group[0].cells
    found = {point: Decimal(cells[f"accuracy_{point}"]) for point in POINTS if cells[f"accuracy_{point}"]}
    tester = cells["tester"] or cells["manufacturer"]
    factory = None
    if found:
        factory = Bench(date.fromisoformat(cells["tested_on"]), FACTORY, found, tester, cells["certificate"])
    return Arrival(
        serial=cells["serial"], commodity=cells["commodity"], size=cells["size"], manufacturer=cells["manufacturer"],
        model=cells["model"], lot=cells["lot"], endpoint=cells["endpoint"], factory=factory,
        registers=tuple(
            Counts(
                row.cells["channel"], int(row.cells["dials"]), int(row.cells["decimals"]),
                Decimal(row.cells["multiplier"]), row.cells["unit"],
            )
            for row in group
        ),
    )  # fmt: skip
