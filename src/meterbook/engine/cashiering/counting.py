"""Cash counted by denomination."""

from __future__ import annotations

from collections.abc import Mapping

#: Bills and coins of the United States, in cents, as a drawer holds them: the largest first.
DENOMINATIONS = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1)


class WrongCount(ValueError):
    """A count names no denomination, or fewer than none of one."""


def counted_cents(pieces: Mapping[int, int]) -> int:
    """What so many pieces of each denomination come to. Raises `WrongCount`.

    >>> counted_cents({2000: 4, 100: 7, 25: 3})
    8775
    """
    for denomination, count in pieces.items():
        if denomination not in DENOMINATIONS or count < 0:
            raise WrongCount(f"found {count} pieces of {denomination} cents")
    return sum(denomination * count for denomination, count in pieces.items())
