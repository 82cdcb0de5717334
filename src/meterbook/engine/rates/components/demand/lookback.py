"""The highest demand of the months a ratchet looks back on, from a history of months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Lookback:
    """The ``months_back`` months before the one that is billed; only the ``months`` of the year named, if any are."""

    months_back: int = 11
    months: tuple[int, ...] = ()


def highest_before(history: Mapping[tuple[int, int], Decimal], *, year: int, month: int,
                   lookback: Lookback) -> Decimal | None:  # fmt: skip
    """The highest demand (kW) of the months looked back on from a year and month; ``None`` if none is known.

    ``history`` has the highest demand of each (year, month); months it lacks do not count, the billed month never.

    >>> kw = {(2026, 1): Decimal(200), (2026, 2): Decimal(90)}
    >>> highest_before(kw, year=2026, month=3, lookback=Lookback(months_back=1))
    Decimal('90')
    """
    found: list[Decimal] = []
    at = year * 12 + month - 1
    for back in range(1, lookback.months_back + 1):
        place = ((at - back) // 12, (at - back) % 12 + 1)
        if place in history and (not lookback.months or place[1] in lookback.months):
            found.append(history[place])
    return max(found, default=None)


def highest_in_year(demand: Sequence[Decimal], *, month: int, lookback: Lookback) -> Decimal:
    """The same within one year that repeats: January looks back on December of the same twelve months.

    ``demand`` has the kW of January to December. This is how public rate models reckon a single year. Zero where no
    month is looked back on.
    """
    repeated = {(year, at + 1): demand[at] for year in range(4) for at in range(12)}
    return highest_before(repeated, year=3, month=month, lookback=lookback) or Decimal(0)
