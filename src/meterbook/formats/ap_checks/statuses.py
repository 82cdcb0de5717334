"""What accounts payable or the bank says became of checks: one row each, and a trailer that counts and sums."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from meterbook.formats.contract import WrongFormat, csv_rows, utf8_text

HEADINGS = ("Voucher", "CheckNumber", "Status", "Date", "Amount", "Remark")
STATUSES = ("issued", "cleared", "voided", "stopped", "returned")
_MONEY = re.compile(r"[0-9]{1,9}\.[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CheckStatus:
    """One row: ``voucher`` is our number of the payout, '' where the bank knows only the check number."""

    line: int
    voucher: str
    check_number: str
    status: str
    on: dt.date
    cents: int
    remark: str = ""


def parse_statuses(data: bytes) -> list[CheckStatus]:
    """Read a status file whole; raises `WrongFormat` at the first thing that is wrong, and loads nothing then."""
    rows = list(csv_rows(utf8_text(data)))
    line, cells, raw = rows[0]
    if tuple(cell.strip() for cell in cells) != HEADINGS:
        raise WrongFormat("other headings", line=line, field="headings", found=raw, expected=",".join(HEADINGS))
    if len(rows) < 2 or rows[-1][1][0] != "#END":
        last = rows[-1]
        raise WrongFormat("no trailer", line=last[0], field="trailer", found=last[2], expected="#END,<rows>,<dollars>")
    found = [_row(line, cells, raw) for line, cells, raw in rows[1:-1]]
    _check(rows[-1], found)
    return found


def _row(line: int, cells: list[str], raw: str) -> CheckStatus:
    if len(cells) != len(HEADINGS):
        raise WrongFormat("wrong number of cells", line=line, field="row", found=raw, expected=str(len(HEADINGS)))
    voucher, number, status, on, amount, remark = (cell.strip() for cell in cells)
    if not voucher and not number:
        raise WrongFormat("nobody knows which check", line=line, field="Voucher", found="", expected="voucher or check")
    for field, value in (("Voucher", voucher), ("CheckNumber", number)):
        if value and not _NUMBER.fullmatch(value):
            raise WrongFormat("not a number", line=line, field=field, found=value, expected="digits")
    if status not in STATUSES:
        raise WrongFormat("unknown status", line=line, field="Status", found=status, expected=", ".join(STATUSES))
    if status == "issued" and not number:
        raise WrongFormat("an issued check has a number", line=line, field="CheckNumber", found="", expected="digits")
    if not _MONEY.fullmatch(amount):
        raise WrongFormat("not an amount", line=line, field="Amount", found=amount, expected="dollars like 43.17")
    return CheckStatus(line, voucher, number, status, _day(on, line), int(Decimal(amount).scaleb(2)), remark)


def _day(text: str, line: int) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.date.fromisoformat("?")
    except ValueError as error:
        raise WrongFormat("not a date", line=line, field="Date", found=text, expected="YYYY-MM-DD") from error


def _check(trailer: tuple[int, list[str], str], found: Sequence[CheckStatus]) -> None:
    line, cells, raw = trailer
    expected = f"#END,{len(found)},{_dollars(sum(row.cents for row in found))}"
    if raw.strip() != expected or len(cells) != 3:
        raise WrongFormat("control totals do not agree", line=line, field="trailer", found=raw, expected=expected)


def write_statuses(rows: Sequence[CheckStatus]) -> bytes:
    """The file of these rows.

    >>> write_statuses([CheckStatus(2, "17", "50021", "issued", dt.date(2025, 1, 8), 4317)]).decode().splitlines()[1:]
    ['17,50021,issued,2025-01-08,43.17,', '#END,1,43.17']
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow(
            [row.voucher, row.check_number, row.status, row.on.isoformat(), _dollars(row.cents), row.remark]
        )
    writer.writerow(["#END", len(rows), _dollars(sum(row.cents for row in rows))])
    return out.getvalue().encode()


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
