"""A total that only a person knows, spread over the periods it was used in: by days, nothing made and nothing lost."""

from __future__ import annotations

from collections.abc import Sequence


def spread_by_days(total: int, days: Sequence[int], *, step: int = 1) -> list[int]:
    """``total`` in whole steps in proportion to ``days``, by largest remainder; what no step holds goes to the last.

    >>> spread_by_days(100, [30, 31, 30])
    [33, 34, 33]
    >>> spread_by_days(7_500_000, [10, 10], step=1_000_000)
    [4000000, 3500000]
    """
    whole = sum(days)
    if whole <= 0 or min(days) < 0 or total < 0 or step < 1:
        raise ValueError(f"found {total} over {list(days)} in steps of {step}, expected days and a total not below 0")
    steps, rest = divmod(total, step)
    shares = [steps * each // whole for each in days]
    remainders = [(steps * each % whole, -at) for at, each in enumerate(days)]
    for _, at in sorted(remainders, reverse=True)[: steps - sum(shares)]:
        shares[-at] += 1
    spread = [share * step for share in shares]
    spread[-1] += rest
    return spread
