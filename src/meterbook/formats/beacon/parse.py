"""BEACON bytes to reads.

>>> from meterbook.formats.beacon import BeaconRow, write
>>> import datetime as dt, decimal
>>> row = BeaconRow("1470158170", dt.datetime(2024, 8, 1, 0, 59), decimal.Decimal("227.6"), "ccf")
>>> parsed = parse(write([row]))
>>> parsed.rows, parsed.problems
(1, [])
>>> parsed.records[0].meter_serial, parsed.records[0].value, parsed.records[0].unit
('1470158170', Decimal('227.6'), 'ccf')
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Literal

from meterbook.formats.beacon.columns import CANONICAL_UNIT, ESTIMATED, HEADINGS
from meterbook.formats.contract import (
    ParsedReads,
    Problem,
    ReadRecord,
    WrongFormat,
    csv_rows,
    local_moment,
    plain_number,
    register_of,
    shortened,
    utf8_text,
)

ReadingColumn = Literal["Read", "Raw_Read"]

#: `Dials` is a hint beside the reading, often blank: what is no plausible count of digits is passed over.
_DIALS = {str(count): count for count in range(1, 13)}


def parse(data: bytes, *, reading: ReadingColumn = "Read") -> ParsedReads:
    """Every row of a BEACON range report as a read, in file order; several rows per meter are all returned.

    `reading` names the column that holds the register as displayed: `Read` (a number in `Read_Unit`), or
    `Raw_Read` (the dial digits, for sources whose `Read` already carries the register resolution). `Flow` is the
    use between two reads, in a unit of its own, and is never taken.

    Raises `WrongFormat` when the headings differ, quotes do not balance, the last line is cut off, the file is not
    UTF-8 or holds no rows: then nothing may be loaded.
    """
    text = utf8_text(data)
    rows = csv_rows(text)
    heading_line, headings, _ = next(rows)
    taker = _RowTaker(_positions(headings, line=heading_line), reading=reading)
    records: list[ReadRecord] = []
    problems: list[Problem] = []
    count = 0
    line, cells, raw = heading_line, headings, ""
    for line, cells, raw in rows:
        count += 1
        taken = taker.take(line, cells, raw)
        if isinstance(taken, ReadRecord):
            records.append(taken)
        else:
            problems.extend(taken)
    _refuse_cut_off(text, line=line, cells=cells, raw=raw, rows=count)
    return ParsedReads(records=records, problems=problems, rows=count)


def _positions(headings: list[str], *, line: int) -> dict[str, int]:
    """Where each heading stands. Their order is free (the requester chooses it); their set is not."""
    counted = Counter(headings)
    repeated = [name for name, times in counted.items() if times > 1]
    missing = [name for name in HEADINGS if name not in counted]
    unknown = [name for name in counted if name not in HEADINGS]
    for reason, names in (("missing", missing), ("repeated", repeated), ("unknown", unknown)):
        if names:
            raise WrongFormat(
                f"{reason} heading{'s' if len(names) > 1 else ''} {shortened(', '.join(map(repr, names)))}",
                line=line,
                field="heading",
                found=",".join(headings),
                expected=f"each of the {len(HEADINGS)} BEACON headings once",
            )
    return {name: position for position, name in enumerate(headings)}


def _refuse_cut_off(text: str, *, line: int, cells: list[str], raw: str, rows: int) -> None:
    """A last line without its line end is whole only if it has every column and its last cell is quoted."""
    if rows == 0:
        raise WrongFormat("no rows after the headings", line=line, field="row", found="", expected="reads")
    if text[-1] in "\r\n" or (len(cells) == len(HEADINGS) and raw.endswith('"')):
        return
    raise WrongFormat(
        "the last line is cut off, the file is truncated",
        line=line,
        field="row",
        found=f"{len(cells)} columns ending in {raw[-30:]!r}",
        expected=f"{len(HEADINGS)} columns and a line end",
    )


class _RowTaker:
    """Takes one row at a time; remembers moments already read, since hourly rows repeat them."""

    def __init__(self, at: dict[str, int], *, reading: ReadingColumn) -> None:
        self._reading = reading
        self._value_at = at[reading]
        self._serial_at, self._meter_id_at = at["Meter_SN"], at["Meter_ID"]
        self._time_at, self._unit_at = at["Read_Time"], at["Read_Unit"]
        self._flag_at, self._register_at = at["Estimated_Flag"], at["Register_Number"]
        self._dials_at = at["Dials"]
        self._moments: dict[str, dt.datetime | None] = {}

    def take(self, line: int, cells: list[str], raw: str) -> ReadRecord | list[Problem]:
        if len(cells) != len(HEADINGS):
            return [Problem(line, "row", f"{len(cells)} columns", f"{len(HEADINGS)} columns")]
        serial = cells[self._serial_at].strip() or cells[self._meter_id_at].strip()
        value = plain_number(cells[self._value_at].strip())
        read_at = self._moment(cells[self._time_at])
        unit = CANONICAL_UNIT.get(cells[self._unit_at].strip().lower())
        estimated = ESTIMATED.get(cells[self._flag_at].strip().lower())
        register = register_of(cells[self._register_at])
        if (
            serial.isprintable()
            and serial
            and value is not None
            and read_at is not None
            and unit is not None
            and estimated is not None
            and register.isprintable()
        ):
            kind: Literal["actual", "estimated"] = "estimated" if estimated else "actual"
            dials = _DIALS.get(cells[self._dials_at].strip())
            return ReadRecord(line, serial, register, read_at.date(), read_at, value, unit, kind, raw, "", dials)
        return self._problems(line, cells, serial=serial, value=value, read_at=read_at)

    def _moment(self, text: str) -> dt.datetime | None:
        if text not in self._moments:
            self._moments[text] = local_moment(text.strip())
        return self._moments[text]

    def _problems(
        self, line: int, cells: list[str], *, serial: str, value: Decimal | None, read_at: dt.datetime | None
    ) -> list[Problem]:
        checks = (
            (bool(serial) and serial.isprintable(), "Meter_ID", serial, "a meter number in Meter_SN or Meter_ID"),
            (value is not None, self._reading, cells[self._value_at], "a reading such as 227.6"),
            (read_at is not None, "Read_Time", cells[self._time_at], "a date such as 2024-08-01 00:59"),
            (
                cells[self._unit_at].strip().lower() in CANONICAL_UNIT,
                "Read_Unit",
                cells[self._unit_at],
                "one of CCF, Gallons, CF, kGal, M3, KWH",
            ),
            (
                cells[self._flag_at].strip().lower() in ESTIMATED,
                "Estimated_Flag",
                cells[self._flag_at],
                "0 (actual) or 1 (estimated)",
            ),
            (
                cells[self._register_at].strip().isprintable(),
                "Register_Number",
                cells[self._register_at],
                "a register such as L, H or blank",
            ),
        )
        return [Problem(line, field, shortened(found), expected) for fine, field, found, expected in checks if not fine]
