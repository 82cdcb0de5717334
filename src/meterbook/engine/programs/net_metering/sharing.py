"""Exports of one meter shared among several, exactly: by percentages, the last millionths by largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

Member = TypeVar("Member")
HUNDRED = Decimal(100)


class WrongShares(ValueError):
    """Shares are percentages above zero that make a hundred."""


def check_shares(percents: Mapping[Member, Decimal]) -> None:
    """Raise `WrongShares` unless the percentages are above zero and make exactly 100."""
    if not percents or any(percent <= 0 for percent in percents.values()):
        raise WrongShares("every share is above zero")
    if sum(percents.values()) != HUNDRED:
        raise WrongShares(f"the shares make {sum(percents.values())} percent, not 100")


def shared(quantity_e6: int, percents: Mapping[Member, Decimal]) -> dict[Member, int]:
    """Share millionths of a kWh by percentages; every millionth is given once. Raises `WrongShares`.

    What whole millionths leave over goes, one by one, to the largest remainders; among equal ones to who stands first.

    >>> shared(100, {"a": Decimal("33.3334"), "b": Decimal("33.3333"), "c": Decimal("33.3333")})
    {'a': 34, 'b': 33, 'c': 33}
    """
    check_shares(percents)
    exact = {member: quantity_e6 * percent / HUNDRED for member, percent in percents.items()}
    given = {member: int(part) for member, part in exact.items()}
    left = quantity_e6 - sum(given.values())
    order = sorted(exact, key=lambda member: exact[member] - given[member], reverse=True)
    for member in order[:left]:
        given[member] += 1
    return given
