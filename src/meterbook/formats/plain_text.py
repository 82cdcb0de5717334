"""What the two plain-text journals share: transactions of several postings, read back line by line and added up.

A posting is an account's name and cents; a transaction's postings add up to nothing. Names are made of a kind, a fund
and an account of the chart: ``Assets:Water:1221-Water-receivable``, which both programs take.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.formats.contract import Verdict, WrongFormat

KINDS = {"asset": "Assets", "liability": "Liabilities", "revenue": "Income", "expense": "Expenses"}
_NOT_NAME = re.compile(r"[^A-Za-z0-9]+")
_POSTING = re.compile(r"  (?P<name>[A-Z][A-Za-z]*(?::[A-Z0-9][A-Za-z0-9-]*)+)  (?P<cents>-?[0-9]+\.[0-9]{2}) USD")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One entry of the books: the day it is booked on, what it is, what it refers to, its postings in cents."""

    on: date
    says: str
    facts: Mapping[str, str]
    postings: Sequence[tuple[str, int]]


def account_name(kind: str, fund: str, code: str, title: str) -> str:
    """An account of the chart as both programs name it.

    >>> account_name("asset", "water", "1221", "Water receivable")
    'Assets:Water:1221-Water-receivable'
    """
    fund_name = _NOT_NAME.sub("-", fund).strip("-").capitalize()
    return f"{KINDS[kind]}:{fund_name}:{_NOT_NAME.sub('-', f'{code} {title}').strip('-')}"


def money(cents: int) -> str:
    """Cents as both programs write them.

    >>> money(-5)
    '-0.05 USD'
    """
    return f"{Decimal(cents).scaleb(-2):.2f} USD"


def quoted(text: str) -> str:
    """A text without what would end it."""
    return " ".join(text.replace('"', "'").split())


def posting(name: str, cents: int) -> str:
    """One posting's line."""
    return f"  {name}  {money(cents)}\n"


@dataclass(slots=True)
class ReadBack:
    """A journal read: how many transactions, and each account's balance in cents."""

    transactions: int
    balances: dict[str, int]


def read_back(lines: Iterable[str], begins: re.Pattern[str], passes: re.Pattern[str]) -> ReadBack:
    """Add up a journal whose transactions begin with a line like ``begins``; lines like ``passes`` say nothing here.

    Raises `WrongFormat` for any other line, and for a transaction that does not balance.
    """
    balances: dict[str, int] = defaultdict(int)
    count, began, left = 0, 0, 0
    for at, raw in enumerate(lines, 1):
        line = raw.rstrip("\n")
        if found := _POSTING.fullmatch(line):
            if not began:
                raise _wrong("a posting outside a transaction", at, line)
            cents = int(Decimal(found["cents"]).scaleb(2))
            balances[found["name"]] += cents
            left += cents
        elif begins.fullmatch(line):
            _whole(left, began)
            count, began, left = count + 1, at, 0
        elif not passes.fullmatch(line):
            raise _wrong("not a line of this journal", at, line)
    _whole(left, began)
    if not count:
        raise WrongFormat("no transactions", line=1, field="row", found="", expected="at least one transaction")
    return ReadBack(count, dict(balances))


def judged(found: ReadBack) -> Verdict:
    """What a journal that could be read holds."""
    return Verdict(True, f"{found.transactions} transactions over {len(found.balances)} accounts, each balanced")


def _wrong(what: str, at: int, line: str) -> WrongFormat:
    return WrongFormat(what, line=at, field="row", found=line, expected="a directive, a transaction or its posting")


def _whole(left: int, began: int) -> None:
    if left:
        raise WrongFormat(
            "the transaction does not balance", line=began, field="amount", found=money(left), expected="0.00 USD"
        )
