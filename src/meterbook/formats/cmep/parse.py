"""CMEP bytes to reads and blocks of intervals.

>>> line = (b"MEPMD01,20080501,AMI,UTIL:1,77,W-1,202606031515,W-1,OK,W,CF,1.0,00000100,2,"
...         b"202606030600,R0,3,202606030700,R0,4\\n")
>>> block = parse(line).intervals[0]
>>> block.starts_at.isoformat(), block.minutes, block.values
('2026-06-03T05:00:00+00:00', 60, (Decimal('3'), Decimal('4')))
"""

from __future__ import annotations

from meterbook.formats.cmep.clock import Clock
from meterbook.formats.cmep.head import Head, read_head
from meterbook.formats.cmep.triplets import interval_block, register_reads
from meterbook.formats.cmep.words import RECORD_TYPE
from meterbook.formats.contract import (
    IntervalBlock,
    NonRead,
    ParsedReads,
    Problem,
    ReadRecord,
    WrongFormat,
    csv_rows,
    shortened,
    utf8_text,
)


def parse(data: bytes, timezone: str = "UTC") -> ParsedReads:
    """Every MEPMD01 record: an interval record as one block, a register record as its reads.

    `timezone` is where the clock of the file's times stands: UTC by the protocol, an IANA name where a sender departs
    from it. Whatever it is, blocks come with UTC instants and reads with the clock `utc`.

    A line is taken whole or not at all: one bad triplet makes the line a problem. Raises `WrongFormat` when the file
    is not UTF-8 text or no line of it is a MEPMD01 record.
    """
    text = utf8_text(data)
    clock = Clock(timezone)
    records: list[ReadRecord] = []
    intervals: list[IntervalBlock] = []
    nonreads: list[NonRead] = []
    problems: list[Problem] = []
    bad = seen = line = 0
    cells: list[str] = []
    raw = ""
    for line, cells, raw in csv_rows(text):
        seen += cells[0] == RECORD_TYPE
        found = _line(line, cells, raw, clock)
        if isinstance(found, IntervalBlock):
            intervals.append(found)
        elif isinstance(found, tuple):
            records += found[0]
            nonreads += found[1]
        else:
            problems += found
            bad += 1
    if not seen:
        raise WrongFormat("not a CMEP file", line=1, field="record type", found=text[:40].split("\n")[0],
                          expected=RECORD_TYPE)  # fmt: skip
    if text[-1] not in "\r\n" and line not in {problem.line for problem in problems}:
        _take_back(line, records, intervals, nonreads)
        problems.append(Problem(line, "row", shortened(raw[-40:]), "a line end: the last value may be cut off"))
        bad += 1
    return ParsedReads(records, problems, len(records) + len(intervals) + len(nonreads) + bad, intervals, nonreads)


def _take_back(line: int, records: list[ReadRecord], intervals: list[IntervalBlock], nonreads: list[NonRead]) -> None:
    """Drop what was read of the last line."""
    for found in (records, intervals, nonreads):
        while found and found[-1].line == line:
            found.pop()


def _line(
    line: int, cells: list[str], raw: str, clock: Clock
) -> IntervalBlock | tuple[list[ReadRecord], list[NonRead]] | list[Problem]:
    if cells[0] != RECORD_TYPE:
        expected = f"{RECORD_TYPE}; other records of CMEP carry no reads that are taken"
        return [Problem(line, "record type", shortened(cells[0]), expected)]
    head = read_head(line, cells, clock)
    if not isinstance(head, Head):
        return head
    if head.register:
        return register_reads(line, cells, raw, head, clock)
    return interval_block(line, cells, raw, head, clock)
