"""NEM12 bytes to blocks of intervals, one a day.

>>> day = ",".join(["0.5"] * 48)
>>> data = ("100,NEM12,202606031515,MDA1,RET1\\n200,NMI0000001,E1,1,E1,N1,E-200103,kWh,30,\\n"
...         f"300,20260602,{day},A,,,20260603010000,\\n900\\n").encode()
>>> block = parse(data).intervals[0]
>>> block.meter_serial, block.channel, block.starts_at.isoformat(), block.clock, len(block.values)
('E-200103', 'delivered', '2026-06-02T00:00:00', 'standard', 48)
"""

from __future__ import annotations

from dataclasses import replace

from meterbook.formats.contract import IntervalBlock, ParsedReads, Problem, WrongFormat, csv_rows, to_utc, utf8_text
from meterbook.formats.nem12.days import Day, Stream, block_of, read_stream
from meterbook.formats.nem12.words import B2B, DAY_TAIL, DETAILS, EVENT, HEADER

_ORDER = "100, then 200 with its 300, 400 and 500, then 900"


def parse(data: bytes, timezone: str | None = None) -> ParsedReads:
    """Every 300 record as one block of a day, in file order.

    NEM12's days are in standard time: each has 24 hours, the day summer time begins or ends too. Blocks come with the
    clock `standard`; with `timezone` (an IANA name) as UTC instants of that zone's standard time.

    Raises `WrongFormat` when records are not in their order, a line holds more than its record has, or the end record
    is missing: then a day could be taken for another meter's.
    """
    reader = _Reader()
    line = 0
    for line, cells, raw in csv_rows(utf8_text(data)):
        reader.take(line, [cell.strip() for cell in cells], raw)
    reader.finish(line)
    intervals = [_on(block, timezone) for block in reader.blocks]
    bad = len({problem.line for problem in reader.problems})
    return ParsedReads([], reader.problems, len(intervals) + bad, intervals)


def _on(block: IntervalBlock, timezone: str | None) -> IntervalBlock:
    if timezone is None:
        return block
    return replace(block, starts_at=to_utc(block.starts_at, clock="standard", timezone=timezone), clock="utc")


_NEXT: dict[str, tuple[str, ...]] = {
    "": ("100",), "100": ("200",), "200": ("300",), "300": ("300", "400", "500", "200", "900"),
    "400": ("300", "400", "500", "200", "900"), "500": ("300", "500", "200", "900"), "900": (),
}  # fmt: skip
"""Which records may stand behind each."""


class _Reader:
    """Takes record by record, keeping the stream and the day that later records belong to."""

    def __init__(self) -> None:
        self.blocks: list[IntervalBlock] = []
        self.problems: list[Problem] = []
        self._stream: Stream | None = None
        self._day: Day | None = None
        self._last = ""

    def take(self, line: int, cells: list[str], raw: str) -> None:
        """One record. Raises `WrongFormat` when it cannot stand there."""
        kind = cells[0]
        allowed = _NEXT[self._last]
        if kind not in allowed:
            _refuse("the record cannot stand there", line, "indicator", kind, f"{' or '.join(allowed) or 'the end'}")
        if kind == "100":
            self._header(line, cells)
        elif kind == "200":
            _longest(line, cells, len(DETAILS))
            self._close()
            self._stream = self._details(line, cells)
        elif kind == "300":
            self._close()
            values = 0 if self._stream is None else self._stream.count
            _longest(line, cells, 2 + (values or 288) + len(DAY_TAIL))
            self._day = Day(line, cells, raw)
        elif kind == "400":
            _longest(line, cells, len(EVENT))
            if self._day is not None:
                self._day.events.append((line, cells))
        elif kind == "500":
            _longest(line, cells, len(B2B))
        else:
            _longest(line, [cell for cell in cells if cell], 1)
            self._close()
        self._last = kind

    def finish(self, line: int) -> None:
        """Refuse a file without its end record."""
        if self._last != "900":
            _refuse("the end record is missing, the file is truncated", line, "indicator", self._last, "900")

    def _header(self, line: int, cells: list[str]) -> None:
        if len(cells) < 2 or cells[1] != "NEM12":
            _refuse("not a NEM12 file", line, "version", cells[1] if len(cells) > 1 else "", "NEM12")
        _longest(line, [cell for cell in cells if cell], len(HEADER))

    def _details(self, line: int, cells: list[str]) -> Stream | None:
        found = read_stream(line, cells)
        if isinstance(found, Stream):
            return found
        self.problems += found
        return None

    def _close(self) -> None:
        """The day before this record is complete: make it a block or a problem."""
        day, self._day = self._day, None
        if day is None:
            return
        if self._stream is None:
            expected = "a 200 record before it that can be taken"
            self.problems.append(Problem(day.line, "indicator", "300", expected))
            return
        found = block_of(day, self._stream)
        if isinstance(found, IntervalBlock):
            self._stream.last_day = found.starts_at.date()
            self.blocks.append(found)
        else:
            self.problems.append(found)


def _longest(line: int, cells: list[str], most: int) -> None:
    if len(cells) > most:
        _refuse("two records run together", line, "row", f"{len(cells)} columns", f"at most {most} for {cells[0]}")


def _refuse(reason: str, line: int, field: str, found: str, expected: str) -> None:
    raise WrongFormat(reason, line=line, field=field, found=found, expected=f"{expected} ({_ORDER})")
