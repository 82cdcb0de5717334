"""What every file format hands over, and the two ways it says no.

A format is a pure pair of functions: bytes in, values out, and back. It never opens a file, asks the time or knows
an account; whoever calls it does. Two kinds of trouble are kept apart, because they end differently:

* a `Problem` is one row that cannot be taken. The good rows load and the problem goes to the correction list with
  line, field, found and expected.
* `WrongFormat` is a file that cannot be trusted as a whole (truncated, other headings, control totals that do not
  add up). It loads nothing.

>>> Problem(line=7, field="Read", found="12,5", expected="a number such as 227.6")
Problem(line=7, field='Read', found='12,5', expected='a number such as 227.6')
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from meterbook.formats.intervals import OTHER_UNITS, UNITS, Clock, IntervalBlock, Quality, to_utc

__all__ = [
    "MAIN_REGISTER", "OTHER_UNITS", "UNITS", "Clock", "Format", "FormatKind", "IntervalBlock", "NonRead",
    "ParsedPayments", "ParsedReads", "PaymentKind", "PaymentRecord", "Problem", "Quality", "ReadKind", "ReadRecord",
    "Verdict", "WrongFormat", "csv_rows", "in_local_time", "local_moment", "plain_number", "register_of", "shortened",
    "to_utc", "utf8_text",
]  # fmt: skip

MAIN_REGISTER = ""
"""The only register of an ordinary meter. Files say it as a blank or as register 1; both arrive as this."""

ReadKind = Literal["actual", "estimated"]
FormatKind = Literal[
    "reads", "routes", "payments", "scanline", "tariffs", "mdm", "bills", "agencies", "statements", "ach", "checks",
    "unclaimed", "ledger", "locates", "permits",
]  # fmt: skip

PaymentKind = Literal["payment", "reversal", "refund", "chargeback", "adjustment"]

_FOUND_LIMIT = 120  # characters of the file quoted back in a message
_PLAIN_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(?::[0-9]{2})?", re.ASCII)


class WrongFormat(ValueError):
    """The file as a whole cannot be taken and nothing of it is loaded.

    `line` counts from 1 (0 when no line can be blamed); `found` and `expected` are in the file's own words.

    >>> str(WrongFormat("control total does not match", line=9, field="record count", found="8", expected="9"))
    'line 9, record count: control total does not match; found 8, expected 9'
    """

    def __init__(self, reason: str, *, line: int, field: str, found: str, expected: str) -> None:
        self.reason = reason
        self.line = line
        self.field = field
        self.found = shortened(found)
        self.expected = expected
        super().__init__(f"line {line}, {field}: {reason}; found {self.found or 'nothing'}, expected {expected}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of the correction list: `line` counts from 1 in the file as it came."""

    line: int
    field: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One meter read as the file states it, not yet matched to a meter.

    `read_on` is the local date and `read_at` the naive local time as in the file. Where `clock` is not `local`, both
    are naive times of that clock: `in_local_time` turns them. `value` is the register as displayed, before the
    multiplier, in `unit` (one of `UNITS` or `OTHER_UNITS`). `register` is the channel id, `MAIN_REGISTER` for the
    only one. `raw` is the original line.

    The rest only where the file says it: `reader` who or what took the read, `dials` the digits the register has,
    `multiplier` the factor of the meter (not applied to `value`).
    """

    line: int
    meter_serial: str
    register: str
    read_on: dt.date
    read_at: dt.datetime
    value: Decimal
    unit: str
    kind: ReadKind
    raw: str
    reader: str = ""
    dials: int | None = None
    multiplier: Decimal | None = None
    clock: Clock = "local"


@dataclass(frozen=True, slots=True)
class NonRead:
    """A meter that was visited and not read: `reason` is what the reader or device gave, in the file's own word."""

    line: int
    meter_serial: str
    register: str
    visited_at: dt.datetime | None
    reason: str
    reader: str
    raw: str


@dataclass(frozen=True, slots=True)
class ParsedReads:
    """A read file: `rows` data rows came in, and none of them is lost.

    Each row is one record, one block of intervals, one non-read, or a line with at least one problem, so always
    `rows == len(records) + len(intervals) + len(nonreads) + len({p.line for p in problems})`. A line that carries
    several reads counts once for each, and once if it cannot be taken: then none of its reads is.
    """

    records: list[ReadRecord]
    problems: list[Problem]
    rows: int
    intervals: list[IntervalBlock] = field(default_factory=list)
    nonreads: list[NonRead] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """One check or remittance: `amount_cents` in cents, `received_on` the day the bank received it.

    `account_number` is '' when the file names none: the money is real and belongs to unidentified payments.
    `reference` is the check or trace number, `raw` the original line or lines.

    The rest where a file says it. `kind`: what is not a payment has a negative amount (a reversal takes back one of
    an earlier file, `original` its reference), an adjustment either sign. `fee_cents` is what the processor kept of
    it. `tender` is the sender's word (card, echeck). Of a check: `routing` and `bank_account` of its MICR line,
    `written_on`, and `invoice`, a second number beside the account.
    """

    line: int
    account_number: str
    amount_cents: int
    received_on: dt.date
    reference: str
    payer: str
    raw: str
    kind: PaymentKind = "payment"
    fee_cents: int = 0
    tender: str = ""
    original: str = ""
    routing: str = ""
    bank_account: str = ""
    written_on: dt.date | None = None
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPayments:
    """A payment file. Money at the bank is never dropped for a bad field, so always
    `sum(r.amount_cents for r in records) == control_total_cents` and `len(records) == control_count`.

    A problem therefore comes *beside* a record of the same line and says why it cannot be applied as it stands (no
    account number, impossible check date). `deposit_on` is the first deposit's date, `origin` the sending bank.
    `controls` says in words what the file's own totals confirmed.
    """

    records: list[PaymentRecord]
    problems: list[Problem]
    control_total_cents: int
    control_count: int
    deposit_on: dt.date
    origin: str
    controls: str = ""


Parsed = TypeVar("Parsed", covariant=True)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether every part of a file can be taken, and why not or what there is, in one line."""

    valid: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Format(Generic[Parsed]):
    """What a format folder exposes as `FORMAT`, by which screens, commands and the catalogue find it.

    `parse` takes the whole file's bytes and raises `WrongFormat`; `write` takes the values its README names. A
    folder of several formats exposes them as `FORMATS`. `judge` says what a parsed file amounts to, where the kind
    alone does not (reads and payments are judged alike: `formats.judge`). `parse_zoned` reads the file with its times
    on the clock of the timezone given (an IANA name), where senders differ in that; None where the format settles it.
    `profiled` takes a profile (YAML text) and gives the reader of a file laid out like it, where partners differ; it
    raises `ValueError` for a wrong one.
    `multiplier_applied`: its reads already carry the meter's multiplier (a property of some layouts).
    """

    name: str
    title: str
    kind: FormatKind
    parse: Callable[[bytes], Parsed]
    write: Callable[..., bytes] | None
    judge: Callable[[Any], Verdict] | None = None
    parse_zoned: Callable[[bytes, str], Parsed] | None = None
    multiplier_applied: bool = False
    profiled: Callable[[str], Callable[[bytes], Parsed]] | None = None


def shortened(text: str, limit: int = _FOUND_LIMIT) -> str:
    """`text`, cut to `limit` characters for a message.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def utf8_text(data: bytes) -> str:
    """The file as text, a leading UTF-8 byte order mark removed.

    Raises `WrongFormat` for an empty file, for anything that is not UTF-8 (nothing is guessed: a wrong guess changes
    names silently) and for NUL characters, which no text file holds.

    >>> utf8_text(b"\\xef\\xbb\\xbfmeter")
    'meter'
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WrongFormat(
            "the file must be UTF-8 text",
            line=line,
            field="encoding",
            found=f"byte 0x{data[error.start]:02X} at offset {error.start}",
            expected="UTF-8 (save the file as CSV UTF-8)",
        ) from error
    if not text or text.isspace():
        raise WrongFormat("the file is empty", line=0, field="file", found="", expected="a heading line and rows")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise WrongFormat("not a text file", line=line, field="encoding", found="NUL", expected="UTF-8 text")
    return text


def csv_rows(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Each CSV row as (first line, cells, raw text without its line end); blank lines are passed over.

    Quoting is strict: a stray or unbalanced quote raises `WrongFormat`, since every later row would be misread.

    >>> list(csv_rows('a,b\\r\\n\\r\\n"x, y",2\\r\\n'))
    [(1, ['a', 'b'], 'a,b'), (3, ['x, y', '2'], '"x, y",2')]
    """
    pending: list[str] = []

    def feed() -> Iterator[str]:
        for piece in io.StringIO(text, newline=""):
            pending.append(piece)
            yield piece

    reader = csv.reader(feed(), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise WrongFormat(
                "quotes do not balance, the file is cut off or damaged",
                line=line,
                field="row",
                found=("".join(pending[:1])).rstrip("\r\n"),
                expected=f"complete CSV rows ({error})",
            ) from error
        if cells is None:
            return
        if cells:
            yield line, cells, "".join(pending).rstrip("\r\n")
        line = reader.line_num + 1
        pending.clear()


def plain_number(text: str) -> Decimal | None:
    """A register reading: digits, at most 12 before and 6 after a decimal point; no sign, exponent or commas.

    >>> plain_number("00227.60"), plain_number("1,234"), plain_number("-3")
    (Decimal('227.60'), None, None)
    """
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else None


def local_moment(text: str) -> dt.datetime | None:
    """`YYYY-MM-DD HH:MM`, optionally with `:SS`, as naive local time; None when it is anything else.

    >>> local_moment("2024-08-01 00:59"), local_moment("2024-02-30 00:00"), local_moment("8/1/2024 0:59")
    (datetime.datetime(2024, 8, 1, 0, 59), None, None)
    """
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def register_of(text: str) -> str:
    """The channel id of a register cell: blank and '1' both mean the main register.

    >>> register_of(" 1 "), register_of("H")
    ('', 'H')
    """
    stripped = text.strip()
    return MAIN_REGISTER if stripped == "1" else stripped


def in_local_time(parsed: ParsedReads, *, timezone: str) -> ParsedReads:
    """The same reads with every `read_at` and `read_on` on the local clock of `timezone` (an IANA name).

    >>> read = ReadRecord(1, "W-1", "", dt.date(2026, 6, 3), dt.datetime(2026, 6, 3, 6), Decimal(4), "ccf", "actual",
    ...                   "", clock="utc")
    >>> in_local_time(ParsedReads([read], [], 1), timezone="America/Los_Angeles").records[0].read_on
    datetime.date(2026, 6, 2)
    """
    if all(each.clock == "local" for each in parsed.records):
        return parsed
    zone = ZoneInfo(timezone)

    def local(record: ReadRecord) -> ReadRecord:
        if record.clock == "local":
            return record
        moment = record.read_at.replace(tzinfo=dt.UTC) if record.clock == "utc" else record.read_at
        there = to_utc(moment, clock=record.clock, timezone=timezone).astimezone(zone).replace(tzinfo=None, fold=0)
        return replace(record, read_at=there, read_on=there.date(), clock="local")

    return replace(parsed, records=[local(each) for each in parsed.records])
