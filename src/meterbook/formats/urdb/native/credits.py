"""What follows the charges: credits of net metering, minimum charges, and the true-up of the year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from meterbook.formats.urdb.conventions import Conventions
from meterbook.formats.urdb.native.charges import Entry, envelope, per, price
from meterbook.formats.urdb.native.text import plain
from meterbook.formats.urdb.record import Charge, UrdbRate

EXPORTS, CREDITS, TRUE_UP, MINIMUM = "exports", "credits", "true_up", "minimum"
_DAYS_OF_A_MONTH = Decimal(365) / 12


def credits(rate: UrdbRate, conventions: Conventions, offsets: Sequence[str]) -> Iterator[Entry]:
    """Credits in dollars: they lower the ``offsets`` to nothing, and the rest is carried.

    Where kWh are banked no dollars are: a price below zero then brings the energy charge to nothing at most.
    """
    if conventions.metering == "nem-kwh" and _pays(rate):
        look = "exact" if conventions.unrounded else "line"
        found = envelope(CREDITS, "formula", "Energy charge below zero", "Cargo de energía bajo cero")
        yield found | {"amount": "max(0, -(" + " + ".join(f"{look}({name})" for name in offsets) + "))"}
    if conventions.metering in ("nem-dollar", "net-billing-carryover"):
        found = envelope(CREDITS, "net_metering", "Net metering credits", "Créditos por medición neta")
        found |= {"option": conventions.metering, "earned": [EXPORTS], "offsets": list(offsets)}
        found |= {"brought": "credit_dollars"}
        yield found | ({"lines": "exact"} if conventions.unrounded else {})


def _pays(rate: UrdbRate) -> bool:
    """Whether any energy price is below zero."""
    return any(tier.price < 0 for tiers in rate.energy.tiers for tier in tiers) or any(each < 0 for each in rate.fuel)


def true_up(conventions: Conventions) -> Iterator[Entry]:
    """The payment of what is left when the year is settled."""
    label = ("Net metering year settled", "Liquidación anual de medición neta")
    if conventions.metering == "nem-kwh":
        rate = price(conventions.sell_rate or Decimal(0))
        found = envelope(TRUE_UP, "true_up", *label)
        yield found | {"month": conventions.true_up_month, "left": "left_kwh", "price": rate}
    elif conventions.metering in ("nem-dollar", "net-billing-carryover"):
        yield envelope(TRUE_UP, "true_up", *label) | {"month": conventions.true_up_month, "left": "left_dollars"}


def minimums(rate: UrdbRate, conventions: Conventions, base: Sequence[str]) -> Iterator[Entry]:
    """Minimum charges against the lines ``base``."""
    for at, charge in enumerate(rate.minimums if base else (), 1):
        identity = MINIMUM if at == 1 else f"{MINIMUM}_{at}"
        label = ("Minimum charge", "Cargo mínimo")
        if conventions.unrounded:
            yield envelope(identity, "formula", *label) | {"amount": _top_up(charge, base)}
            continue
        found = envelope(identity, "minimum", *label) | {"base": list(base)}
        if charge.unit == "$/year":
            amount = {"amount": price(charge.dollars), "per": "year"}
            yield found | amount | {"settled_in": 12, "so_far": "year_so_far"}
        else:
            yield found | per(charge, conventions, key="amount")


def _top_up(charge: Charge, base: Sequence[str]) -> str:
    """The minimum as a formula over unrounded lines: a bill below nothing counts as nothing.

    A yearly minimum is asked with the bill for which ``settles_year`` is 1, of what the year's bills came to.
    """
    due = "max(0, " + " + ".join(f"exact({name})" for name in base) + ")"
    if charge.unit == "$/year":
        return f"settles_year * max(0, {plain(charge.dollars)} - (year_so_far + {due}))"
    dollars = charge.dollars if charge.unit == "$/month" else charge.dollars * _DAYS_OF_A_MONTH
    return f"max(0, {plain(dollars.quantize(Decimal(1).scaleb(-12)))} - {due})"
