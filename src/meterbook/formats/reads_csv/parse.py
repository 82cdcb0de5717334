"""Meterbook reads: bytes to reads.

>>> data = (b"meter,channel,read_date,read_time,reading,unit,kind,reader,comment\\n"
...         b"E-2001,,2025-03-04,09:15,10482,kWh,actual,R. Vega,\\n"
...         b"#END,1\\n")
>>> parse(data).records[0].value
Decimal('10482')
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from meterbook.formats.contract import (
    UNITS,
    ParsedReads,
    Problem,
    ReadKind,
    ReadRecord,
    WrongFormat,
    csv_rows,
    local_moment,
    plain_number,
    register_of,
    shortened,
    utf8_text,
)

HEADINGS: Final = (
    "meter",
    "channel",
    "read_date",
    "read_time",
    "reading",
    "unit",
    "kind",
    "reader",
    "comment",
)
TRAILER: Final = "#END"

_CANONICAL_UNIT = {unit.lower(): unit for unit in UNITS}
_KINDS: dict[str, ReadKind] = {"actual": "actual", "estimated": "estimated"}
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)


def parse(data: bytes) -> ParsedReads:
    """Every data row as a read, in file order.

    Raises `WrongFormat` when the headings are not exactly `HEADINGS` in that order, when the trailer `#END,<rows>`
    is missing, miscounted or not last, when quotes do not balance or the file is not UTF-8: nothing may be loaded.
    """
    rows = csv_rows(utf8_text(data))
    line, cells, raw = next(rows)
    if tuple(cells) != HEADINGS:
        raise WrongFormat("wrong headings", line=line, field="heading", found=raw, expected=",".join(HEADINGS))
    records: list[ReadRecord] = []
    problems: list[Problem] = []
    moments: dict[tuple[str, str], dt.datetime | None] = {}
    count = 0
    ended = False
    for line, cells, raw in rows:
        if ended:
            raise WrongFormat("text after the trailer", line=line, field="row", found=raw, expected="end of file")
        if cells[0] == TRAILER:
            _check_trailer(cells, line=line, raw=raw, rows=count)
            ended = True
            continue
        count += 1
        taken = _take(line, cells, raw, moments)
        if isinstance(taken, ReadRecord):
            records.append(taken)
        else:
            problems.extend(taken)
    if not ended:
        raise WrongFormat(
            "the trailer is missing, the file is truncated",
            line=line,
            field="trailer",
            found=raw,
            expected=f"{TRAILER},{count} or more rows",
        )
    return ParsedReads(records=records, problems=problems, rows=count)


def _check_trailer(cells: list[str], *, line: int, raw: str, rows: int) -> None:
    if len(cells) == 2 and _COUNT.fullmatch(cells[1]) and int(cells[1]) == rows:
        return
    raise WrongFormat(
        "the trailer does not count the rows, the file is truncated or was edited",
        line=line,
        field="trailer",
        found=raw,
        expected=f"{TRAILER},{rows}",
    )


def _take(
    line: int, cells: list[str], raw: str, moments: dict[tuple[str, str], dt.datetime | None]
) -> ReadRecord | list[Problem]:
    """One row; `moments` remembers dates and times already read, since a route repeats them."""
    if len(cells) != len(HEADINGS):
        return [Problem(line, "row", f"{len(cells)} columns", f"{len(HEADINGS)} columns")]
    meter, channel, date, time, reading, unit, kind, reader, _comment = (cell.strip() for cell in cells)
    if (date, time) not in moments:
        moments[date, time] = local_moment(f"{date} {time or '00:00'}")
    read_at = moments[date, time]
    value = plain_number(reading)
    canonical = _CANONICAL_UNIT.get(unit.lower())
    read_kind = _KINDS.get(kind.lower())
    problems = []
    if not meter or not meter.isprintable():
        problems.append(Problem(line, "meter", shortened(meter), "a meter serial number"))
    if not channel.isprintable():
        problems.append(Problem(line, "channel", shortened(channel), "a channel id, or blank for the main register"))
    if read_at is None:
        field, found, expected = _blame(date, time)
        problems.append(Problem(line, field, shortened(found), expected))
    if value is None:
        problems.append(Problem(line, "reading", shortened(reading), "a reading such as 10482 or 227.6"))
    if canonical is None:
        problems.append(Problem(line, "unit", shortened(unit), f"one of {', '.join(UNITS)}"))
    if read_kind is None:
        problems.append(Problem(line, "kind", shortened(kind), "actual or estimated"))
    if problems or read_at is None or value is None or canonical is None or read_kind is None:
        return problems
    return ReadRecord(
        line, meter, register_of(channel), read_at.date(), read_at, value, canonical, read_kind, raw, _shown(reader)
    )


def _shown(name: str) -> str:
    """A reader's name without what cannot be shown; the raw line keeps it as it came."""
    return name if name.isprintable() else "".join(each for each in name if each.isprintable()).strip()


def _blame(date: str, time: str) -> tuple[str, str, str]:
    """Which of the two cells of an unreadable moment is wrong."""
    if local_moment(f"{date} 00:00") is None:
        return "read_date", date, "a date such as 2025-03-04"
    return "read_time", time, "a time such as 09:15, or blank"
