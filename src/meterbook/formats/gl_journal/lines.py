"""The journal's lines, written and read back: one net amount for each account of the general ledger in a fund."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.formats.contract import Verdict, WrongFormat, utf8_text
from meterbook.formats.gl_journal.profile import DEFAULT, Profile

_MONEY = re.compile(r"-?[0-9]{1,13}\.[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: cents above zero debited, below credited."""

    fund: str
    account: str
    cents: int
    description: str = ""
    on: date | None = None
    batch: str = ""


def write_journal(lines: Iterable[JournalLine], *, period: str, on: date, profile: Profile = DEFAULT) -> bytes:
    """The file of a month's lines: the same lines make the same bytes.

    >>> write_journal([JournalLine("water", "W-12", 900), JournalLine("water", "W-40", -900)], period="2026-07",
    ...     on=date(2026, 7, 31)).decode().splitlines()[2]
    'UB-2026-07,2,2026-07-31,water,W-40,,9.00,'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=profile.delimiter, lineterminator=profile.line_end)
    if profile.header:
        writer.writerow([column.heading for column in profile.columns])
    for at, line in enumerate(lines, 1):
        plain = {
            "batch": profile.batch_of(period), "line": str(at), "date": profile.day(on), "period": period,
            "fund": line.fund, "account": line.account, "description": line.description,
            "debit": _money(line.cents) if line.cents > 0 else "",
            "credit": _money(-line.cents) if line.cents < 0 else "",
            "amount": _money(line.cents), "absolute": _money(abs(line.cents)), "side": "D" if line.cents > 0 else "C",
        }  # fmt: skip
        writer.writerow([plain.get(column.holds, column.text) for column in profile.columns])
    return out.getvalue().encode("utf-8")


def reader(profile: Profile) -> Callable[[bytes], list[JournalLine]]:
    """The reader of files laid out by a profile.

    It raises `WrongFormat` for other headings or lengths, a wrong amount or day, and a fund that does not balance.
    """

    def parse(data: bytes) -> list[JournalLine]:
        rows = csv.reader(io.StringIO(utf8_text(data), newline=""), delimiter=profile.delimiter, strict=True)
        made: list[JournalLine] = []
        try:
            for at, cells in enumerate(rows, 1):
                if at == 1 and profile.header:
                    _headed(cells, profile)
                else:
                    made.append(_line(cells, at, profile))
        except csv.Error as error:
            found, at = str(error), rows.line_num
            raise WrongFormat(
                "this is no text of rows", line=at, field="row", found=found, expected="rows of delimited text"
            ) from error
        _balanced(made)
        return made

    return parse


def judge(lines: list[JournalLine]) -> Verdict:
    """What a file that could be read holds."""
    debits = sum(line.cents for line in lines if line.cents > 0)
    return Verdict(True, f"{len(lines)} lines, {_money(debits)} debited and credited, every fund balanced")


def _headed(cells: Sequence[str], profile: Profile) -> None:
    wanted = [column.heading for column in profile.columns]
    if list(cells) != wanted:
        raise WrongFormat(
            "wrong headings", line=1, field="heading", found=profile.delimiter.join(cells),
            expected=profile.delimiter.join(wanted),
        )  # fmt: skip


def _line(cells: Sequence[str], at: int, profile: Profile) -> JournalLine:
    if len(cells) != len(profile.columns):
        raise WrongFormat(
            "wrong length", line=at, field="row", found=profile.delimiter.join(cells),
            expected=f"{len(profile.columns)} cells",
        )  # fmt: skip
    found = {column.holds: cell for column, cell in zip(profile.columns, cells, strict=True)}
    for name in ("fund", "account"):
        if not found[name]:
            raise WrongFormat("nothing there", line=at, field=name, found="", expected="a value")
    on = profile.day_of(found["date"]) if "date" in found else None
    if "date" in found and on is None:
        raise WrongFormat("wrong day", line=at, field="date", found=found["date"], expected=profile.date_format)
    return JournalLine(
        found["fund"], found["account"], _cents(found, at), found.get("description", ""), on, found.get("batch", "")
    )


def _cents(found: dict[str, str], at: int) -> int:
    """The signed cents of a line, whichever way the profile writes them."""
    if "amount" in found:
        return _amount(found["amount"], "amount", at)
    if "side" in found:
        if found["side"] not in ("D", "C"):
            raise WrongFormat("wrong side", line=at, field="side", found=found["side"], expected="D or C")
        return _amount(found["absolute"], "absolute", at) * (1 if found["side"] == "D" else -1)
    if bool(found["debit"]) == bool(found["credit"]):
        raise WrongFormat(
            "a line is debited or credited", line=at, field="debit", found=found["debit"], expected="one of the two"
        )
    side = "debit" if found["debit"] else "credit"
    return _amount(found[side], side, at) * (1 if side == "debit" else -1)


def _amount(text: str, field: str, at: int) -> int:
    if not _MONEY.fullmatch(text):
        raise WrongFormat("wrong amount", line=at, field=field, found=text, expected="dollars like 12.50")
    return int(Decimal(text).scaleb(2))


def _balanced(lines: Sequence[JournalLine]) -> None:
    if not lines:
        raise WrongFormat("the journal has no lines", line=1, field="row", found="", expected="at least two lines")
    funds: dict[str, int] = defaultdict(int)
    for line in lines:
        funds[line.fund] += line.cents
    for fund, cents in sorted(funds.items()):
        if cents:
            raise WrongFormat(
                f"fund {fund} does not balance", line=len(lines), field="amount", found=_money(cents), expected="0.00"
            )


def _money(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"
