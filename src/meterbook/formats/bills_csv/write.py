"""Bills to the plain CSV of lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from meterbook.formats.bills_csv.parse import HEADINGS, TRAILER, BillLine


def write(lines: Iterable[BillLine]) -> bytes:
    """The CSV of ``lines`` with headings and a trailer that counts and sums them: UTF-8, each line ended.

    What ``write`` makes, ``parse`` takes back unchanged (but for line numbers).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    count, total = 0, 0
    for line in lines:
        writer.writerow(_cells(line))
        count, total = count + 1, total + line.amount_cents
    writer.writerow((TRAILER, count, _dollars(total)))
    return out.getvalue().encode("utf-8")


def _cells(line: BillLine) -> tuple[str, ...]:
    return (
        line.account, line.bill, line.bill_date.isoformat(), line.service, line.point,
        line.starts.isoformat() if line.starts else "", line.ends.isoformat() if line.ends else "",
        _plain(line.usage), line.charge, " ".join(line.label.split()), _plain(line.quantity), _plain(line.price),
        _dollars(line.amount_cents),
    )  # fmt: skip


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _dollars(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"
