"""One receipt: what is paid for, and what is handed over. Each line is covered by tenders, and cash gives change.

What is not cash is laid on the lines first, in the order it was handed over, so that all change comes out of cash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CASH, CHECK, MONEY_ORDER, CARD = "cash", "check", "money_order", "card"
#: What a counter takes. Cash, checks and money orders lie in the drawer; a card's money never does.
TENDERS = (CASH, CHECK, MONEY_ORDER, CARD)
IN_DRAWER = frozenset({CASH, CHECK, MONEY_ORDER})


class WrongReceipt(ValueError):
    """What is handed over does not make a receipt."""


class NothingOnIt(WrongReceipt):
    """No line, no tender, or an amount of nothing."""


class TooLittle(WrongReceipt):
    """Less was handed over than the lines come to; ``missing`` in cents."""

    def __init__(self, missing: int) -> None:
        self.missing = missing
        super().__init__(f"{missing} cents are missing")


class ChangeOnlyFromCash(WrongReceipt):
    """More change than cash: checks, money orders and cards are taken for what is owed and no more."""


@dataclass(frozen=True, slots=True)
class Handed:
    """One tender: its kind, one of `TENDERS`, and its cents, above zero."""

    kind: str
    cents: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Cents of tender number ``tender`` that pay for line number ``line``, both from 0."""

    line: int
    tender: int
    cents: int


@dataclass(frozen=True, slots=True)
class Laid:
    """How the tenders cover the lines, and the change to give; pieces in order of line."""

    pieces: tuple[Piece, ...]
    change: int


def lay(lines: Sequence[int], tenders: Sequence[Handed]) -> Laid:
    """Lay tenders on lines of some cents each. Raises `NothingOnIt`, `TooLittle`, `ChangeOnlyFromCash`.

    >>> lay([5000, 2500], [Handed("cash", 4000), Handed("check", 4000)])
    Laid(pieces=(Piece(line=0, tender=1, cents=4000), Piece(line=0, tender=0, cents=1000), \
Piece(line=1, tender=0, cents=2500)), change=500)
    """
    if not lines or not tenders or min(lines) <= 0 or min(each.cents for each in tenders) <= 0:
        raise NothingOnIt("every line and every tender is more than nothing")
    change = sum(each.cents for each in tenders) - sum(lines)
    if change < 0:
        raise TooLittle(-change)
    cash = sum(each.cents for each in tenders if each.kind == CASH)
    if change > cash:
        raise ChangeOnlyFromCash(f"change of {change} cents, and {cash} cents of cash")
    order = sorted(range(len(tenders)), key=lambda at: (tenders[at].kind == CASH, at))
    left = [each.cents for each in tenders]
    pieces = []
    for line, owed in enumerate(lines):
        for at in order:
            taken = min(owed, left[at])
            if taken:
                pieces.append(Piece(line, at, taken))
                left[at] -= taken
                owed -= taken
    return Laid(tuple(pieces), change)
