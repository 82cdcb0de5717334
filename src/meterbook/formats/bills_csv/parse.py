"""Bills as lines: bytes to values.

>>> data = (b"account,bill,bill_date,service,point,from,to,usage,charge,label,quantity,price,amount\\n"
...         b"1001,,2026-10-05,water,,2026-09-01,2026-10-01,12,W10,Service charge,1,18.50,18.50\\n"
...         b"#END,1,18.50\\n")
>>> parse(data).lines[0].amount_cents
1850
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from meterbook.formats.contract import Problem, Verdict, WrongFormat, csv_rows, shortened, utf8_text

HEADINGS: Final = (
    "account", "bill", "bill_date", "service", "point", "from", "to", "usage", "charge", "label", "quantity", "price",
    "amount",
)  # fmt: skip
TRAILER: Final = "#END"
T = TypeVar("T")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,8})?", re.ASCII)
_MONEY = re.compile(r"-?[0-9]{1,10}\.[0-9]{2}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One printed charge of a bill.

    ``starts`` is the first day of service, ``ends`` the day after the last (the day of the closing read); ``usage`` is
    the whole usage billed for the service in its unit, the same on each of its lines; ``charge`` the other system's
    code, ``quantity`` and ``price`` (dollars a unit) where the bill prints them; ``amount_cents`` signed whole cents.
    """

    line: int
    account: str
    bill: str
    bill_date: dt.date
    service: str
    point: str
    starts: dt.date | None
    ends: dt.date | None
    usage: Decimal | None
    charge: str
    label: str
    quantity: Decimal | None
    price: Decimal | None
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ParsedBills:
    """A file of bills: `rows` data rows came in; each is a line or has at least one problem."""

    lines: list[BillLine]
    problems: list[Problem]
    rows: int
    total_cents: int


def parse(data: bytes) -> ParsedBills:
    """Every data row as a line of a bill, in file order.

    Raises `WrongFormat` when the headings are not exactly `HEADINGS`, when the trailer `#END,<rows>,<dollars>` is
    missing, miscounts or does not sum, or when the file is no CSV in UTF-8: nothing may be compared then.
    """
    rows = csv_rows(utf8_text(data))
    line, cells, raw = next(rows)
    if tuple(cells) != HEADINGS:
        raise WrongFormat("wrong headings", line=line, field="heading", found=raw, expected=",".join(HEADINGS))
    taken: list[BillLine] = []
    problems: list[Problem] = []
    count, total, ended = 0, 0, False
    for line, cells, raw in rows:
        if ended:
            raise WrongFormat("text after the trailer", line=line, field="row", found=raw, expected="end of file")
        if cells[0] == TRAILER:
            _check(cells, line=line, raw=raw, rows=count, total=total)
            ended = True
            continue
        count += 1
        total += _cents(cells[-1]) or 0
        found = _line(line, cells)
        if isinstance(found, BillLine):
            taken.append(found)
        else:
            problems += found
    if not ended:
        expected = f"{TRAILER},{count},{_dollars(total)}"
        raise WrongFormat("the trailer is missing, the file is truncated", line=line, field="trailer", found=raw,
                          expected=expected)  # fmt: skip
    return ParsedBills(taken, problems, count, total)


def judged(parsed: ParsedBills) -> Verdict:
    """Whether every row can be taken; otherwise the first that cannot."""
    if parsed.problems:
        first = parsed.problems[0]
        return Verdict(False, f"line {first.line}, {first.field}: found {first.found!r}, expected {first.expected}")
    accounts = len({line.account for line in parsed.lines})
    return Verdict(True, f"{parsed.rows} lines of {accounts} accounts, {_dollars(parsed.total_cents)} dollars")


def _check(cells: list[str], *, line: int, raw: str, rows: int, total: int) -> None:
    right = len(cells) == 3 and _COUNT.fullmatch(cells[1]) and int(cells[1]) == rows and _cents(cells[2]) == total
    if not right:
        raise WrongFormat(
            "the trailer does not count and sum the rows, the file is truncated or was edited",
            line=line, field="trailer", found=raw, expected=f"{TRAILER},{rows},{_dollars(total)}",
        )  # fmt: skip


def _line(line: int, cells: list[str]) -> BillLine | list[Problem]:
    if len(cells) != len(HEADINGS):
        return [Problem(line, "row", f"{len(cells)} columns", f"{len(HEADINGS)} columns")]
    said = dict(zip(HEADINGS, (cell.strip() for cell in cells), strict=True))
    problems: list[Problem] = []

    def read(field: str, how: Callable[[str], T | None], expected: str, *, needed: bool = False) -> T | None:
        if not said[field] and not needed:
            return None
        found = how(said[field])
        if found is None:
            problems.append(Problem(line, field, shortened(said[field]), expected))
        return found

    for field in ("account", "service"):
        if not said[field] or not said[field].isprintable():
            problems.append(Problem(line, field, shortened(said[field]), f"the {field} as the bill names it"))
    if not (said["charge"] or said["label"]):
        problems.append(Problem(line, "charge", "", "the code or the label of the charge"))
    bill_date = read("bill_date", _day, "a date such as 2026-10-05", needed=True)
    starts, ends = read("from", _day, "a date such as 2026-09-01"), read("to", _day, "a date such as 2026-10-01")
    if starts is not None and ends is not None and ends <= starts:
        problems.append(Problem(line, "to", said["to"], f"a day after {said['from']}, the first day of service"))
    usage = read("usage", _number, "a number such as 12 or 12.5")
    quantity, price = (read(field, _number, "a number such as 12 or 0.0455") for field in ("quantity", "price"))
    amount = read("amount", _cents, "dollars and cents such as 18.50", needed=True)
    if problems or bill_date is None or amount is None:
        return problems
    return BillLine(
        line, said["account"], said["bill"], bill_date, said["service"], said["point"], starts, ends, usage,
        said["charge"], said["label"], quantity, price, amount,
    )  # fmt: skip


def _day(text: str) -> dt.date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _cents(text: str) -> int | None:
    return int(Decimal(text.strip()).scaleb(2)) if _MONEY.fullmatch(text.strip()) else None


def _dollars(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"
