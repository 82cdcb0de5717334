"""Billing reads and exceptions: bytes to values, and back.

>>> data = (b"record,reference,meter,channel,read_date,read_time,reading,unit,quality,code,words\\n"
...         b"read,,W-9001,,2026-08-05,06:00,12.34,ccf,actual,,\\n"
...         b"exception,MX-1,W-9002,,2026-08-05,,,ccf,,MISSING,no data for six days\\n"
...         b"#END,2\\n")
>>> found = parse_reads(data)
>>> found.reads[0].value, found.exceptions[0].reference, found.exceptions[0].read
(Decimal('12.34'), 'MX-1', None)
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from meterbook.formats.contract import (
    UNITS,
    Problem,
    ReadKind,
    ReadRecord,
    Verdict,
    local_moment,
    plain_number,
    register_of,
    shortened,
)
from meterbook.formats.mdm_csv.rows import file_of, rows_of

HEADINGS: Final = (
    "record", "reference", "meter", "channel", "read_date", "read_time", "reading", "unit", "quality", "code", "words",
)  # fmt: skip
_UNITS = {unit.lower(): unit for unit in UNITS}
_QUALITIES: dict[str, ReadKind] = {"actual": "actual", "estimated": "estimated"}
#: What can be a number of the other system, sent back in an address.
_REFERENCE = re.compile(r"[A-Za-z0-9._:-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MdmException:
    """Something the other system asks about: a read it doubts (`read`), or one that is missing (None).

    `reference` is its number of it, `code` and `words` what it found. `on` is the local day it is about.
    """

    line: int
    reference: str
    code: str
    words: str
    meter_serial: str
    register: str
    on: dt.date
    unit: str
    read: ReadRecord | None
    raw: str


@dataclass(frozen=True, slots=True)
class ParsedMdm:
    """A file: `rows == len(reads) + len(exceptions) + len({p.line for p in problems})`."""

    reads: list[ReadRecord] = field(default_factory=list)
    exceptions: list[MdmException] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0


def parse_reads(data: bytes) -> ParsedMdm:
    """Every row as a read, an exception, or its problems. Raises `WrongFormat` for a file that is not whole."""
    reads: list[ReadRecord] = []
    exceptions: list[MdmException] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    count = 0
    for line, cells, raw in rows_of(data, HEADINGS):
        count += 1
        taken = _take(line, cells, raw)
        if isinstance(taken, MdmException):
            first = seen.setdefault(taken.reference, line)
            if first != line:
                problems.append(Problem(line, "reference", taken.reference, f"a reference not used in line {first}"))
                continue
            exceptions.append(taken)
        elif isinstance(taken, ReadRecord):
            reads.append(taken)
        else:
            problems += taken
    return ParsedMdm(reads, exceptions, problems, count)


def _take(line: int, cells: list[str], raw: str) -> ReadRecord | MdmException | list[Problem]:
    if len(cells) != len(HEADINGS):
        return [Problem(line, "row", f"{len(cells)} columns", f"{len(HEADINGS)} columns")]
    kind, reference, meter, channel, day, time, reading, unit, quality, code, words = cells
    asked = kind == "exception"
    missing = asked and not reading
    moment = local_moment(f"{day} {time or '00:00'}")
    value, canonical, read_kind = plain_number(reading), _UNITS.get(unit.lower()), _QUALITIES.get(quality.lower())
    wrong = [
        (kind not in ("read", "exception"), "record", kind, "read or exception"),
        (asked and not _REFERENCE.fullmatch(reference), "reference", reference,
         "up to 60 letters, digits and . _ : -"),
        (asked and not code, "code", code, "what was found, such as HIGH"),
        (not meter or not meter.isprintable(), "meter", meter, "a meter serial number"),
        (not channel.isprintable(), "channel", channel, "a channel id, or blank for the main register"),
        (moment is None and local_moment(f"{day} 00:00") is None, "read_date", day, "a date such as 2026-08-05"),
        (moment is None and local_moment(f"{day} 00:00") is not None, "read_time", time,
         "a time such as 06:00, or blank"),
        (not missing and value is None, "reading", reading, "a reading such as 10482 or 227.6"),
        (canonical is None, "unit", unit, f"one of {', '.join(UNITS)}"),
        (not missing and read_kind is None, "quality", quality, "actual or estimated"),
    ]  # fmt: skip
    problems = [Problem(line, name, shortened(found), expected) for bad, name, found, expected in wrong if bad]
    if problems or moment is None or canonical is None:
        return problems
    read = None
    if value is not None and read_kind is not None:
        read = ReadRecord(
            line, meter, register_of(channel), moment.date(), moment, value, canonical, read_kind, raw, "MDM"
        )
    if not asked:
        return read if read is not None else problems
    return MdmException(line, reference, code, words, meter, register_of(channel), moment.date(), canonical, read, raw)


def write_reads(reads: Iterable[ReadRecord], exceptions: Iterable[MdmException]) -> bytes:
    """The file of reads and exceptions; line numbers and raw lines of the values are not looked at.

    Raises `ValueError` for a cell that no file can hold.
    """
    rows = [_cells("read", "", each, "", "") for each in reads]
    for each in exceptions:
        if each.read is not None:
            rows.append(_cells("exception", each.reference, each.read, each.code, each.words))
        else:
            rows.append((
                "exception", each.reference, each.meter_serial, each.register, each.on.isoformat(), "", "", each.unit,
                "", each.code, each.words,
            ))  # fmt: skip
    return file_of(HEADINGS, rows)


def _cells(record: str, reference: str, read: ReadRecord, code: str, words: str) -> tuple[str, ...]:
    time = read.read_at.time().isoformat("seconds" if read.read_at.second else "minutes")
    return (
        record, reference, read.meter_serial, read.register, read.read_on.isoformat(), time, f"{read.value:f}",
        read.unit, read.kind, code, words,
    )  # fmt: skip


def judged(parsed: ParsedMdm) -> Verdict:
    """Whether every row can be taken."""
    if parsed.problems:
        first = min(parsed.problems, key=lambda each: each.line)
        bad = len({each.line for each in parsed.problems})
        found = first.found or "nothing"
        return Verdict(
            False,
            f"{bad} of {parsed.rows} rows cannot be taken; line {first.line}, {first.field}: found {found},"
            f" expected {first.expected}",
        )
    return Verdict(True, f"{parsed.rows} rows: {len(parsed.reads)} reads, {len(parsed.exceptions)} exceptions")
