"""Statements to a BAI2 file, as a bank would send it: for a demonstration city, for tests, for a trial."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence

from meterbook.formats.statements import BankLine, BankStatement

_WIDTH = 80


def write(
    statements: Sequence[BankStatement], *, sender: str, receiver: str, created_at: dt.datetime, file_id: str
) -> bytes:
    """One group a day, one account record a statement; ASCII, long texts continued with 88.

    Raises `ValueError` for a line without a three-digit type code, or whose sign contradicts it.
    """
    lines = [f"01,{sender},{receiver},{created_at:%y%m%d},{created_at:%H%M},{file_id},{_WIDTH},,2/"]
    total = groups = 0
    for day in sorted({each.as_of for each in statements}):
        of_day = [each for each in statements if each.as_of == day]
        group = [f"02,{receiver},{sender},1,{day:%y%m%d},2359,{of_day[0].currency},2/"]
        group_total = 0
        for statement in of_day:
            account, account_total = _account(statement)
            group += account
            group_total += account_total
        group.append(f"98,{group_total},{len(of_day)},{len(group) + 1}/")
        lines += group
        total, groups = total + group_total, groups + 1
    lines.append(f"99,{total},{groups},{len(lines) + 1}/")
    return ("\n".join(lines) + "\n").encode("ascii", "replace")


def _account(statement: BankStatement) -> tuple[list[str], int]:
    credits = [each.amount_cents for each in statement.lines if each.amount_cents > 0]
    debits = [-each.amount_cents for each in statement.lines if each.amount_cents < 0]
    figures: list[tuple[str, int, str]] = []
    if statement.opening is not None:
        figures.append(("010", statement.opening.amount_cents, ""))
    if statement.closing is not None:
        figures.append(("015", statement.closing.amount_cents, ""))
    figures += [("100", sum(credits), str(len(credits))), ("400", sum(debits), str(len(debits)))]
    said = ",".join(f"{code},{amount},{count}," for code, amount, count in figures)
    lines = [f"03,{statement.account},{statement.currency},{said}/"]
    total = sum(amount for _, amount, _ in figures)
    for each in statement.lines:
        lines += _transaction(each)
        total += abs(each.amount_cents)
    lines.append(f"49,{total},{len(lines) + 1}/")
    return lines, total


def _transaction(line: BankLine) -> list[str]:
    if not (len(line.code) == 3 and line.code.isdigit()):
        raise ValueError(f"type code {line.code!r}: three digits are needed")
    if (line.amount_cents >= 0) != (100 <= int(line.code) <= 399):
        raise ValueError(f"type code {line.code} contradicts {line.amount_cents}: 100 to 399 came in, 400 to 699 out")
    funds = "Z" if line.value_on is None else f"V,{line.value_on:%y%m%d},"
    text = " ".join(line.text.replace("/", "-").split())
    head = f"16,{line.code},{abs(line.amount_cents)},{funds},{_plain(line.bank_reference)},{_plain(line.reference)},"
    first, *others = textwrap.wrap(text, _WIDTH - 4, initial_indent=" " * min(len(head), _WIDTH - 20)) or [""]
    return [f"{head}{first.strip()}/", *(f"88,{each}/" for each in others)]


def _plain(reference: str) -> str:
    return reference.replace(",", " ").replace("/", "-").strip()
