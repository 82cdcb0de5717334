"""An upload's reads and non-reads, and the upload a handheld would write of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.formats.contract import NonRead, ParsedReads, Problem, ReadRecord, plain_number, register_of, shortened
from meterbook.formats.layout.cells import Value
from meterbook.formats.layout.composing import compose
from meterbook.formats.layout.cutting import cut
from meterbook.formats.layout.routes import RouteStop
from meterbook.formats.layout.shape import Layout, Section
from meterbook.formats.layout.tree import Fault, Node, rows


@dataclass(frozen=True, slots=True)
class HandheldRead:
    """What a reader keyed at a stop: a reading as displayed, or None with the reason there is none."""

    stop: RouteStop
    at: dt.datetime
    reading: Decimal | None
    kind: str = "actual"
    nonread: str = ""
    comment: str = ""

    def values(self) -> dict[str, Value]:
        """By field name, as a layout asks for them."""
        return self.stop.values() | {
            "read_on": self.at.date(), "read_time": self.at.time(), "reading": self.reading, "kind": self.kind,
            "nonread": self.nonread, "comment": self.comment,
        }  # fmt: skip


def write_reads(layout: Layout, reads: Iterable[HandheldRead]) -> bytes:
    """The upload of `reads` in their order. Raises `ValueError` for a value its field cannot hold."""
    return compose(layout, _upload(layout), (read.values() for read in reads))


def parse_reads(layout: Layout, data: bytes) -> ParsedReads:
    """The reads of an upload. A bad field is a problem of the rows it belongs to; the other rows are read.

    A stop without a reading is a non-read if the file gives a reason, else a problem. Times are on the layout's clock.
    Raises `WrongFormat` where the structure cannot be trusted (see `cutting.cut`).
    """
    section = _upload(layout)
    roots = cut(layout, section, data)
    records: list[ReadRecord] = []
    nonreads: list[NonRead] = []
    problems: list[Problem] = []
    for node, values, faults in rows(section, roots):
        taken = _take(layout, node, values, faults)
        if isinstance(taken, ReadRecord):
            records.append(taken)
        elif isinstance(taken, NonRead):
            nonreads.append(taken)
        else:
            problems += taken
    problems += _childless(section, roots)
    problems.sort(key=lambda problem: problem.line)
    bad = len({problem.line for problem in problems})
    return ParsedReads(records, problems, len(records) + len(nonreads) + bad, [], nonreads)


def _childless(section: Section, roots: list[Node]) -> list[Problem]:
    """Records that should have had a row below them, and have none: a meter without its reading."""
    found = []
    for node in (each for root in roots for each in root.all()):
        if not node.record.row and not any(each.record.row for each in node.all()):
            found += [
                Problem(node.line, f"{node.record.name}.{name}", found_, expected)
                for name, found_, expected in node.faults
                if name in {record.name for record in section.records}
            ]
    return found


def _take(
    layout: Layout, node: Node, values: Mapping[str, Value], faults: list[Fault]
) -> ReadRecord | NonRead | list[Problem]:
    problems = [Problem(node.line, name, found, expected) for name, found, expected in faults]
    if problems:
        return problems
    serial, reading, unit = _word(values, "meter_serial"), values.get("reading"), _word(values, "unit")
    on, time = values.get("read_on"), values.get("read_time")
    nonread, reader = _word(values, "nonread"), _word(values, "reader")
    register = register_of(_word(values, "register"))
    day = on if isinstance(on, dt.date) else None
    at = None if day is None else dt.datetime.combine(day, time if isinstance(time, dt.time) else dt.time())
    if serial and reading is None and nonread:
        return NonRead(node.line, serial, register, at, nonread, reader, node.raw)
    kind = _word(values, "kind")
    checks = (
        (bool(serial), "meter_serial", serial, "a meter number"),
        (isinstance(reading, Decimal), "reading", "", "a reading, or the reason there is none"),
        (at is not None, "read_on", "", "the day it was read"),
        (bool(unit), "unit", "", "a unit"),
        (_multiplier(values) != 0, "multiplier", "0", "a multiplier above 0"),
    )
    problems = [
        Problem(node.line, name, shortened(found), expected) for fine, name, found, expected in checks if not fine
    ]
    if problems or at is None or not isinstance(reading, Decimal):
        return problems
    if plain_number(f"{reading:f}") is None:
        return [Problem(node.line, "reading", f"{reading:f}", "at most 12 digits and 6 decimals")]
    dials = values.get("dials")
    return ReadRecord(
        node.line, serial, register, at.date(), at, reading, unit, "estimated" if kind == "estimated" else "actual",
        node.raw, reader, int(dials) if isinstance(dials, Decimal) else None, _multiplier(values), layout.clock,
    )  # fmt: skip


def _multiplier(values: Mapping[str, Value]) -> Decimal | None:
    found = values.get("multiplier")
    return found if isinstance(found, Decimal) else None


def _word(values: Mapping[str, Value], name: str) -> str:
    found = values.get(name)
    return found if isinstance(found, str) else ""


def _upload(layout: Layout) -> Section:
    if layout.upload is None:
        raise ValueError(f"layout {layout.name}: it has no upload")
    return layout.upload
