"""An account's allocations from scratch: what they would be if a payment had never been.

One account, item by item, in plain integers; the second face of `allocate`, which works on columns. Items arrive in
steps (the deeds that made them), and after each step the waiting credits settle open charges in the order of payment of
that day. Pinned pairs are given: somebody chose them, and they hold their cents from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from meterbook.engine.ledger.order import Order

#: Cents by (credit, charge).
Pairs = dict[tuple[int, int], int]


class OverPinned(ValueError):
    """More is pinned to a credit or a charge than there is of it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An open item as the replay sees it: ``step`` grows with time, ``amount`` in cents above zero."""

    item: int
    step: int
    side: str
    service: str
    category: str
    due_on: date
    amount: int


def replay(items: Iterable[Standing], *, order: Callable[[int], Order], pinned: Mapping[tuple[int, int], int]) -> Pairs:
    """Cents by (credit, charge) after every step, pinned pairs included.

    ``order`` is the order of payment at a step. Raises `OverPinned`.

    >>> from meterbook.engine.ledger.order import Order
    >>> first = Order(("due_on", "category", "service"), (), ())
    >>> told = [Standing(1, 1, "charge", "water", "service", date(2026, 5, 1), 4000),
    ...         Standing(2, 2, "credit", "", "service", date(2026, 5, 3), 5000),
    ...         Standing(3, 3, "charge", "sewer", "service", date(2026, 6, 1), 2000)]
    >>> replay(told, order=lambda step: first, pinned={})
    {(2, 1): 4000, (2, 3): 1000}
    """
    told = sorted(items, key=lambda one: (one.step, one.item))
    left = {one.item: one.amount for one in told}
    made: Pairs = {}
    for (credit, charge), cents in pinned.items():
        if cents:
            made[(credit, charge)] = cents
            for item in (credit, charge):
                left[item] -= cents
                if left[item] < 0:
                    raise OverPinned(f"open item {item} has {-left[item]} cents less than what is pinned to it")
    credits: list[Standing] = []
    charges: list[Standing] = []
    for step, arrived in groupby(told, key=lambda one: one.step):
        for one in arrived:
            (credits if one.side == "credit" else charges).append(one)
        credits = [one for one in credits if left[one.item]]
        charges = [one for one in charges if left[one.item]]
        if credits and charges:
            _settle(credits, charges, left=left, made=made, order=order(step))
    return made


def _settle(
    credits: list[Standing], charges: list[Standing], *, left: dict[int, int], made: Pairs, order: Order
) -> None:
    """Spend the credits as they came on the charges in their turn."""
    waiting = sorted(credits, key=lambda one: one.item)
    for charge in sorted(charges, key=lambda one: (*order.turn(one.due_on, one.category, one.service), one.item)):
        for credit in waiting:
            cents = min(left[credit.item], left[charge.item])
            if cents:
                key = (credit.item, charge.item)
                made[key] = made.get(key, 0) + cents
                left[credit.item] -= cents
                left[charge.item] -= cents
