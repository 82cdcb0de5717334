"""What a study of a draft says: plain values, every amount in whole cents, every quantity in millionths.

Old is what today's rates come to, new what the draft comes to, on the same bills. A bill that either of them cannot
price is left out of both sides and counted in ``unpriced`` with the reason, so that sums compare like with like.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Compared:
    """An amount under today's rates and under the draft, in cents."""

    old: int
    new: int

    @property
    def difference(self) -> int:
        """New less old, in cents."""
        return self.new - self.old

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of old, to a hundredth, half-up; ``None`` where old is nothing."""
        if not self.old:
            return None
        return (Decimal(self.difference) * 100 / abs(self.old)).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)

    def __add__(self, other: Compared) -> Compared:
        return Compared(self.old + other.old, self.new + other.new)


@dataclass(frozen=True, slots=True)
class PartRevenue:
    """One tier (or other part) of a component: units in millionths and cents. ``label`` by language, if it has one.

    ``old_price`` and ``new_price`` are dollars per unit where the part has one price on every bill, else ``None``.
    """

    part: int
    label: dict[str, str] | None
    old_units: int
    new_units: int
    revenue: Compared
    old_price: Decimal | None
    new_price: Decimal | None


@dataclass(frozen=True, slots=True)
class ComponentRevenue:
    """One component: its printed label by language, what it raises, and its tiers or parts in order."""

    component: str
    label: dict[str, str]
    revenue: Compared
    parts: tuple[PartRevenue, ...]


@dataclass(frozen=True, slots=True)
class ClassRevenue:
    """One class of customers: accounts and bills that were priced, what they pay, and its extremes.

    ``largest_rise`` and ``largest_fall`` are the greatest changes of one bill in cents (zero or more each);
    ``largest_rise_percent`` the greatest rise in percent of a bill that is not zero today, of its amount without its
    sign, rounded up to a hundredth. A bill of zero has no percent to rise by: ``largest_rise_from_zero`` is the
    greatest rise of one, in cents.
    """

    name: str
    accounts: int
    bills: int
    revenue: Compared
    components: tuple[ComponentRevenue, ...]
    largest_rise: int
    largest_fall: int
    largest_rise_percent: Decimal | None
    largest_rise_from_zero: int = 0


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many changes lie from ``low`` (in) to ``high`` (out): cents, or hundredths of a percent. ``None`` is open.

    The bucket from 0 to 0 holds what does not change at all; those beside it leave zero out.
    """

    low: int | None
    high: int | None
    count: int


@dataclass(frozen=True, slots=True)
class AccountChange:
    """One account over all its bills of the study."""

    account: str
    customer_class: str
    bills: int
    revenue: Compared


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Bills that could not be priced: by which rates, why, how many, and the accounts of the first few."""

    by: Literal["today", "draft"]
    reason: str
    bills: int
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """The draft against today's rates on the study's bills.

    ``by_dollars`` and ``by_percent`` count bills by their change; ``accounts_by_percent`` counts accounts by the
    change of all their bills together. ``bills_up``, ``bills_down`` and ``bills_same`` add up to ``bills``.
    ``most_up`` and ``most_down`` are the ten accounts with the largest rise and fall in dollars, largest first.
    """

    schedule: str
    accounts: int
    bills: int
    total: Compared
    classes: tuple[ClassRevenue, ...]
    components: tuple[ComponentRevenue, ...]
    by_dollars: tuple[Bucket, ...]
    by_percent: tuple[Bucket, ...]
    accounts_by_percent: tuple[Bucket, ...]
    bills_up: int
    bills_down: int
    bills_same: int
    most_up: tuple[AccountChange, ...]
    most_down: tuple[AccountChange, ...]
    unpriced: tuple[Unpriced, ...]
