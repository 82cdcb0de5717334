"""A check the bank shall know of, and what a file of them adds up to.

>>> import datetime as dt
>>> day = dt.date(2026, 6, 15)
>>> totals([IssuedCheck("1042", "700300", 2_200, day, "ANA BROOK"),
...         IssuedCheck("1041", "700300", 950, day, "BEN CASTILLO", "void", voided_on=day)])
{'issued': (1, 2200), 'void': (1, 950)}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from meterbook.formats.contract import Verdict
from meterbook.formats.judge import counted

CheckKind = Literal["issued", "void", "cancelled"]
KINDS: tuple[CheckKind, ...] = ("issued", "void", "cancelled")


@dataclass(frozen=True, slots=True)
class IssuedCheck:
    """One check: `number` and `account` (ours, at the bank) are digits without leading zeros, `amount_cents` more
    than 0. A `void` or `cancelled` check repeats the amount it was issued for, with the day it ended as `voided_on`;
    where a bank's layout does not tell the two apart, both are read as `void`.
    """

    number: str
    account: str
    amount_cents: int
    issued_on: dt.date
    payee: str
    kind: CheckKind = "issued"
    voided_on: dt.date | None = None
    line: int = 0


def totals(checks: Iterable[IssuedCheck]) -> dict[CheckKind, tuple[int, int]]:
    """Number and cents of each kind that occurs, in the order of `KINDS`: what is told the bank beside the file."""
    found: dict[CheckKind, tuple[int, int]] = {}
    for each in sorted(checks, key=lambda check: KINDS.index(check.kind)):
        number, cents = found.get(each.kind, (0, 0))
        found[each.kind] = (number + 1, cents + each.amount_cents)
    return found


def verdict(checks: list[IssuedCheck]) -> Verdict:
    """What `./meterbook formats check` says of a file that could be read."""
    parts = [f"{number} {kind} {cents // 100}.{cents % 100:02}" for kind, (number, cents) in totals(checks).items()]
    return Verdict(True, f"{counted(len(checks), 'check')}: {', '.join(parts)}")
