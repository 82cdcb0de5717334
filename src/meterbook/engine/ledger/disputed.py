"""What of an account's open charges is in dispute, to the cent.

The customer names charges and amounts. A payment that comes meanwhile settles the oldest charge first, which may be
the very one in dispute; then the same amount stays in dispute on what is open instead, the oldest first. So whoever
pays all that is undisputed owes nothing that may be collected, whatever the order of payment is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenCharge:
    """A charge that is not settled: its item, when it falls due, and the cents still open."""

    item: int
    due_on: date
    open_cents: int


def disputed_parts(named: Mapping[int, int], charges: Sequence[OpenCharge]) -> dict[int, int]:
    """Cents in dispute of each open charge, by item; ``named`` are the cents disputed of each item as it was taken.

    Never more than is open on a charge, and in sum never more than was named. Charges without a part are left out.

    >>> may, june = OpenCharge(1, date(2026, 5, 1), 10_000), OpenCharge(2, date(2026, 6, 1), 5_000)
    >>> disputed_parts({1: 10_000}, [may, june])
    {1: 10000}
    >>> disputed_parts({1: 10_000}, [OpenCharge(1, date(2026, 5, 1), 5_000), june])
    {1: 5000, 2: 5000}
    """
    found = {one.item: min(named[one.item], one.open_cents) for one in charges if one.item in named}
    left = sum(named.values()) - sum(found.values())
    for one in sorted(charges, key=lambda one: (one.due_on, one.item)):
        more = min(left, one.open_cents - found.get(one.item, 0))
        if more > 0:
            found[one.item] = found.get(one.item, 0) + more
            left -= more
    return {item: cents for item, cents in sorted(found.items()) if cents > 0}
