"""Green Button bytes to blocks of intervals and register reads.

The schema of the standard is not part of this project (its licence), so a file is judged by the rules below: links
that lead somewhere, codes of the lists, times that ascend. A feed that passes here is not proved to fit the schema.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from meterbook.formats.contract import IntervalBlock, ParsedReads, Problem, ReadRecord, WrongFormat, shortened
from meterbook.formats.espi.dst import NONE, decode
from meterbook.formats.espi.feed import Entry, entries
from meterbook.formats.espi.links import Kind, Resources, kind_of, serial_of, unknown_content
from meterbook.formats.espi.values import Value, register_read, runs, values_of


def parse(data: bytes) -> ParsedReads:
    """Every IntervalBlock of the feed: amounts as blocks of intervals in UTC, register values as reads.

    The meter is the last part of its UsagePoint's own link. Readings that follow one another in equal steps become one
    block. A block is taken whole or not at all. Raises `WrongFormat` for what is no Atom feed or holds no usage.
    """
    found = list(entries(data))
    blocks = [each for each in found if each.kind == "IntervalBlock"]
    resources = Resources(found)
    problems = [problem for each in found if (problem := unknown_content(each)) is not None]
    problems += [problem for each in found if each.kind == "LocalTimeParameters" for problem in _local_time(each)]
    if not blocks and not problems:
        raise WrongFormat("no usage in the feed", line=0, field="IntervalBlock", found="", expected="IntervalBlock")
    records: list[ReadRecord] = []
    intervals: list[IntervalBlock] = []
    kinds: dict[str, Kind | Problem] = {}
    for block in blocks:
        taken = _take(block, resources, kinds)
        if taken and isinstance(taken[0], Problem):
            problems += [each for each in taken if isinstance(each, Problem)]
            continue
        records += [each for each in taken if isinstance(each, ReadRecord)]
        intervals += [each for each in taken if isinstance(each, IntervalBlock)]
    problems.sort(key=lambda problem: problem.line)
    bad = len({problem.line for problem in problems})
    return ParsedReads(records, problems, len(records) + len(intervals) + bad, intervals)


def _take(
    block: Entry, resources: Resources, kinds: dict[str, Kind | Problem]
) -> list[ReadRecord] | list[IntervalBlock] | list[Problem]:
    """One block's values, or why they cannot be taken."""
    reading = resources.meter_reading(block)
    if reading is None:
        return [Problem(block.line, "link", shortened(block.up or block.href), "the link of a MeterReading")]
    point = resources.usage_point(reading)
    if point is None or not serial_of(point) or not serial_of(point).isprintable():
        return [Problem(block.line, "link", shortened(reading.up or reading.href), "the link of a UsagePoint")]
    type_ = resources.reading_type(reading)
    if type_ is None:
        found = ", ".join(reading.related)
        return [Problem(block.line, "link", shortened(found), "the link of a ReadingType in its MeterReading")]
    kind = kinds.setdefault(type_.href, kind_of(type_))
    if isinstance(kind, Problem):
        return [Problem(block.line, kind.field, kind.found, kind.expected)]
    if "unread" in block.fields:
        return [Problem(block.line, "IntervalBlock", shortened(block.fields["unread"]), "interval, IntervalReading")]
    if not block.readings:
        return [Problem(block.line, "IntervalBlock", "no IntervalReading", "at least one")]
    values: list[Value] = []
    for each in block.readings:
        value = values_of(each, kind)
        if isinstance(value, Problem):
            return [Problem(block.line, value.field, value.found, value.expected)]
        values.append(value)
    wrong = _order(block, values, register=kind.register)
    if wrong is not None:
        return [wrong]
    serial = serial_of(point)
    if kind.register:
        return [register_read(block.line, serial, kind, value) for value in values]
    return list(runs(block.line, serial, kind, values))


def _order(block: Entry, values: list[Value], *, register: bool) -> Problem | None:
    """Readings must ascend without overlap, and lie in the period their block states."""
    for before, after in pairwise(values):
        if after.start < (before.start if register else before.end):
            expected = f"at or after {before.end:%Y-%m-%dT%H:%M:%SZ}"
            return Problem(block.line, "start", f"{after.start:%Y-%m-%dT%H:%M:%SZ}", expected)
    if block.period is None:
        return None
    start, duration = block.period
    if not (start.isdecimal() and duration.isdecimal() and start.isascii() and duration.isascii()):
        return Problem(block.line, "interval", f"{start} {duration}", "start and duration in seconds")
    first, last = values[0].start, values[-1].end
    begins, length = int(start), int(duration)
    if int(first.timestamp()) < begins or int(last.timestamp()) > begins + length:
        found = f"{first:%Y-%m-%dT%H:%M:%SZ} to {last:%Y-%m-%dT%H:%M:%SZ}"
        return Problem(block.line, "interval", found, f"readings within {length} seconds from second {begins}")
    return None


def _local_time(entry: Entry) -> list[Problem]:
    """The feed's rule for local time is not needed, since its times are instants; it is checked all the same."""
    problems = []
    for name in ("dstStartRule", "dstEndRule"):
        text = entry.fields.get(name, "")
        if text.upper() != NONE and decode(text) is None:
            problems.append(Problem(entry.line, name, shortened(text), "a rule such as 360E2000"))
    for name in ("tzOffset", "dstOffset"):
        text = entry.fields.get(name, "")
        if not text.removeprefix("-").isdecimal() or not text.isascii() or abs(int(text[:9])) > _DAY:
            problems.append(Problem(entry.line, name, shortened(text), "seconds, at most a day"))
    return problems


_DAY = int(dt.timedelta(days=1).total_seconds())
