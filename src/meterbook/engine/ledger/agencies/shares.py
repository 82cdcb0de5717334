"""Whose cents are these? Amounts divided exactly among the parts of an open item.

An item of several parts (revenue accounts) is settled by several allocations, one after the other. Each allocation is
divided in proportion to what is still open of each part, whole cents, the largest remainders first. So every
allocation is divided without a cent left over, no part gets more than it is, and a settled item gave each part
exactly what was billed for it, whatever came in between.

>>> settled([100_00, 5_00], [30_00, 75_00])
[[2857, 143], [7143, 357]]
"""

from __future__ import annotations

from collections.abc import Sequence


class NotDivisible(ValueError):
    """The parts do not add up to an amount above zero, or more is settled than they are."""


def split(amount: int, parts: Sequence[int]) -> list[int]:
    """``amount`` cents in proportion to ``parts`` (cents, of either sign, together above zero); ties: first part first.

    >>> split(10, [1, 1, 1]), split(97, [100, -3])
    ([4, 3, 3], [100, -3])
    """
    whole = sum(parts)
    if whole <= 0:
        raise NotDivisible(f"parts of {whole} cents together divide nothing")
    shares = [amount * part // whole for part in parts]
    left = amount - sum(shares)
    by_remainder = sorted(range(len(parts)), key=lambda at: (-(amount * parts[at] % whole), at))
    for at in by_remainder[:left]:
        shares[at] += 1
    return shares


def settled(parts: Sequence[int], amounts: Sequence[int]) -> list[list[int]]:
    """The division of each of ``amounts``, in their order, over what was still open of ``parts``.

    An amount below zero is a settlement taken back: it is divided over what had been settled of each part.

    >>> settled([100_00, 5_00], [105_00, -105_00])
    [[10000, 500], [-10000, -500]]
    """
    open_parts = list(parts)
    made = []
    for amount in amounts:
        if amount > sum(open_parts):
            raise NotDivisible(f"{amount} cents settled of {sum(open_parts)} that are open")
        if amount < 0:
            given = [whole - left for whole, left in zip(parts, open_parts, strict=True)]
            if -amount > sum(given):
                raise NotDivisible(f"{-amount} cents taken back of {sum(given)} that were settled")
            shares = [-share for share in split(-amount, given)]
        else:
            shares = split(amount, open_parts)
        made.append(shares)
        open_parts = [before - share for before, share in zip(open_parts, shares, strict=True)]
    return made


def part_of(cents: int, share_ppm: int) -> int:
    """A share in millionths of an amount that only grows with the days, half-up; a period's part is the difference of
    two of these, so that periods always add up to the whole.

    >>> part_of(100, 625_000), part_of(-100, 625_000)
    (63, -63)
    """
    half_up = (abs(cents) * share_ppm * 2 + 1_000_000) // 2_000_000
    return half_up if cents >= 0 else -half_up
