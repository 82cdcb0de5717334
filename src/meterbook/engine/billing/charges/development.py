"""System development charges: meter equivalents, credit for what was connected, instalments. Exact, cents half-up.

The policy `development-charges`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.billing.adjusting.fees import months_before
from meterbook.engine.trace import N_, Step

#: Meters by size: how many of each.
Meters = Mapping[str, int]


class NoSuchSize(LookupError):
    """The policy gives no equivalent for a meter size, or no charge for a service."""


class WrongSchedule(ValueError):
    """Too many instalments, or instalments too small; says what was found and expected."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part: due date, principal and interest in cents."""

    number: int
    due_on: date
    principal: int
    interest: int


@dataclass(frozen=True, slots=True)
class DevelopmentRules:
    """Equivalents by size; cents per equivalent and account by service; what instalments are allowed."""

    equivalents: Mapping[str, Decimal]
    per_equivalent: Mapping[str, int]
    accounts: Mapping[str, str]
    credit_years: int
    most: int
    every_months: int
    least: int
    interest_percent: Decimal

    def units(self, meters: Meters) -> Decimal:
        """Equivalents of meters. Raises `NoSuchSize`."""
        for size in meters:
            if size not in self.equivalents:
                raise NoSuchSize(f"no equivalent for a meter of {size}; known: {', '.join(self.equivalents)}")
        return sum((self.equivalents[size] * count for size, count in meters.items()), Decimal())

    def charge(self, service: str, new: Meters, before: Meters) -> tuple[int, list[Step]]:
        """Cents for new meters after credit for those there before, never below zero; and how it was found.

        >>> rules = DevelopmentRules({"5/8": Decimal(1), "1": Decimal("2.5")}, {"water": 412000}, {}, 10, 12, 1, 0,
        ...     Decimal(0))
        >>> rules.charge("water", {"1": 1}, {"5/8": 1})[0]
        618000
        """
        if service not in self.per_equivalent:
            raise NoSuchSize(f"no development charge for {service}; known: {', '.join(self.per_equivalent)}")
        bought, credit = self.units(new), self.units(before)
        net = max(bought - credit, Decimal())
        cents = int((net * self.per_equivalent[service]).quantize(Decimal(1), ROUND_HALF_UP))
        steps = [
            Step(N_("{units} equivalents are connected: {meters}."), {"units": bought, "meters": _said(new)}),
            Step(N_("{units} were connected before and count as credit: {meters}."),
                 {"units": credit, "meters": _said(before)}),
            Step(N_("{units} equivalents of {price} cents make {cents} cents."),
                 {"units": net, "price": self.per_equivalent[service], "cents": cents}),
        ]  # fmt: skip
        return cents, steps

    def schedule(self, cents: int, count: int, first_on: date) -> list[Instalment]:
        """Equal parts of the principal, the first ones a cent more; interest on what was still owed before each.

        Raises `WrongSchedule`.

        >>> rules = DevelopmentRules({}, {}, {}, 10, 12, 1, 100, Decimal(12))
        >>> [(one.principal, one.interest) for one in rules.schedule(10_000, 3, date(2026, 1, 31))]
        [(3334, 0), (3333, 67), (3333, 33)]
        """
        if not 1 <= count <= self.most:
            raise WrongSchedule(f"found {count} instalments, expected 1 to {self.most}")
        if count > 1 and cents // count < self.least:
            raise WrongSchedule(f"found instalments of {cents // count} cents, expected at least {self.least}")
        whole, more = divmod(cents, count)
        made, owed = [], cents
        for at in range(count):
            principal = whole + (1 if at < more else 0)
            rate = self.interest_percent / 100 * self.every_months / 12 if at else Decimal()
            interest = int((owed * rate).quantize(Decimal(1), ROUND_HALF_UP))
            due_on = months_before(first_on, -at * self.every_months)
            made.append(Instalment(at + 1, due_on, principal, interest))
            owed -= principal
        return made


def _said(meters: Meters) -> str:
    return ", ".join(f'{count} × {size}"' for size, count in meters.items()) or "–"


def parse_development(document: dict[str, Any]) -> DevelopmentRules:
    """The policy's text as rules. Raises `WrongSetting` naming the place."""
    sizes = document.get("equivalents")
    if not isinstance(sizes, dict) or not sizes:
        raise fields.WrongSetting("equivalents", sizes, "equivalents by meter size")
    charges = document.get("charges")
    if not isinstance(charges, dict) or not charges:
        raise fields.WrongSetting("charges", charges, "charges by service")
    read = {
        service: fields.entry(one, f"charges.{service}", ("per_equivalent", "account"))
        for service, one in charges.items()
    }
    parts = fields.entry(
        document.get("instalments"), "instalments", ("most", "every_months", "least", "interest_percent")
    )
    return DevelopmentRules(
        equivalents={str(size): fields.number(one, f"equivalents.{size}") for size, one in sizes.items()},
        per_equivalent={
            name: fields.money(one["per_equivalent"], f"charges.{name}.per_equivalent") for name, one in read.items()
        },
        accounts={name: fields.text(one["account"], f"charges.{name}.account") for name, one in read.items()},
        credit_years=fields.whole(document.get("credit_years"), "credit_years"),
        most=fields.whole(parts["most"], "instalments.most", least=1),
        every_months=fields.whole(parts["every_months"], "instalments.every_months", least=1),
        least=fields.money(parts["least"], "instalments.least"),
        interest_percent=fields.number(parts["interest_percent"], "instalments.interest_percent"),
    )


def counted(meters: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Meters listed one by one as counts by size.

    >>> counted([("1", 2), ("5/8", 1), ("1", 1)])
    {'1': 3, '5/8': 1}
    """
    found: dict[str, int] = {}
    for size, count in meters:
        found[size] = found.get(size, 0) + count
    return found
