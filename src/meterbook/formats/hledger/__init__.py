"""The whole ledger as hledger reads it. See README.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from meterbook.formats.contract import Format, utf8_text
from meterbook.formats.plain_text import ReadBack, Transaction, judged, posting, quoted, read_back

_BEGINS = re.compile(r"\d{4}-\d\d-\d\d \* [^;]*(?:  ; .*)?")
_PASSES = re.compile(r"|;.*|account \S+(?:  ; .*)?|commodity .*|decimal-mark \.")


def heading(title: str, accounts: Iterable[str], since: date) -> Iterator[str]:
    """What stands before the transactions: the title, how money is written, every account."""
    yield f"; {quoted(title)}, from {since}\ndecimal-mark .\ncommodity 1000.00 USD\n\n"
    for name in accounts:
        yield f"account {name}\n"
    yield "\n"


def transaction(one: Transaction) -> str:
    """One transaction.

    >>> postings = [("Assets:W:1", 5), ("Income:W:4", -5)]
    >>> print(transaction(Transaction(date(2026, 7, 8), "bill", {"entry": "12"}, postings)))
    2026-07-08 * bill  ; entry: 12
      Assets:W:1  0.05 USD
      Income:W:4  -0.05 USD
    <BLANKLINE>
    <BLANKLINE>
    """
    facts = ", ".join(f"{name}: {_plain(value)}" for name, value in one.facts.items())
    said = f"  ; {facts}" if facts else ""
    return f"{one.on} * {_plain(one.says)}{said}\n{''.join(posting(*each) for each in one.postings)}\n"


def _plain(text: str) -> str:
    """A text without what would begin a comment or end a tag."""
    return quoted(text).replace(";", " ").replace(",", " ").replace(":", " ")


def parse(data: bytes) -> ReadBack:
    """The journal added up. Raises `WrongFormat`."""
    return read_back(utf8_text(data).splitlines(), _BEGINS, _PASSES)


def write(transactions: Iterable[Transaction], *, title: str, since: date) -> bytes:
    """A whole journal at once; `heading` and `transaction` write a long one piece by piece."""
    every = list(transactions)
    accounts = sorted({name for one in every for name, _ in one.postings})
    return "".join([*heading(title, accounts, since), *map(transaction, every)]).encode("utf-8")


FORMAT: Format[ReadBack] = Format(
    name="hledger", title="Whole ledger as an hledger journal", kind="ledger", parse=parse, write=write, judge=judged
)
