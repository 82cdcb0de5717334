"""One billed period in a customer's ledger of net metering: what came, what was used, what is carried on.

Whole numbers throughout: millionths of a kWh, and cents. What is carried is what was carried before, plus what was
banked, less what was used, expired and paid: an identity the ledger's table checks as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from meterbook.engine.programs.net_metering.netting import NetEnergy, netted
from meterbook.engine.programs.net_metering.rule import Bank, Option, Rule
from meterbook.engine.programs.net_metering.terms import Terms
from meterbook.engine.quantity import unscaled
from meterbook.engine.rates.components.net_metering.settings import BROUGHT, CARRIED

_ALL = "all"
_E6 = 10**6


@dataclass(frozen=True, slots=True)
class Carried:
    """What is carried into a period: millionths of a kWh, and cents."""

    kwh_e6: int = 0
    cents: int = 0

    def bank(self) -> Bank:
        """The same as the value the tariff's formulas know."""
        kwh = unscaled(self.kwh_e6)
        return Bank({_ALL: kwh} if kwh else {}, kwh, Decimal(self.cents).scaleb(-2))


@dataclass(frozen=True, slots=True)
class Metered:
    """What a period's registers counted, in millionths of a kWh: ``credited_e6`` of the exports count here."""

    imports_e6: int
    exports_e6: int
    credited_e6: int


@dataclass(frozen=True, slots=True)
class Lines:
    """What a period's bill says, in cents, by the components of `Terms`: ``earned``, ``brought`` and ``paid`` as
    positive amounts, ``carried`` what the line "carried to the next bill" says, ``charges`` what credits may lower."""

    earned: int = 0
    charges: int = 0
    brought: int = 0
    carried: int = 0
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """A period's entry. ``billed_e6`` are the kWh billed after netting, ``surplus_cents`` what the ``paid_e6`` kWh come
    to; the rest moves the bank."""

    before: Carried
    after: Carried
    billed_e6: int
    banked_e6: int = 0
    used_e6: int = 0
    expired_e6: int = 0
    paid_e6: int = 0
    earned_cents: int = 0
    banked_cents: int = 0
    used_cents: int = 0
    expired_cents: int = 0
    paid_cents: int = 0
    surplus_cents: int = 0


class CreditsDisagree(ValueError):
    """The priced lines do not say what the rule makes of the same figures."""


def lines_of(terms: Terms, lines: Sequence[tuple[str, int, int]]) -> Lines:
    """The credits of a bill's lines: component, part, cents."""

    def total(names: tuple[str, ...], part: int | None = None) -> int:
        return sum(cents for name, at, cents in lines if name in names and part in (None, at))

    credits = (terms.credits,) if terms.credits else ()
    surplus = (terms.surplus,) if terms.surplus else ()
    return Lines(
        earned=-total(terms.earned), charges=total(terms.offsets), brought=-total(credits, BROUGHT),
        carried=total(credits, CARRIED), paid=-total(surplus),
    )  # fmt: skip


def left_kwh(before: Carried, metered: Metered) -> Decimal:
    """kWh left after a period under ``nem-kwh``: what true-up pays for.

    >>> left_kwh(Carried(), Metered(500_000_000, 620_000_000, 620_000_000))
    Decimal('120')
    """
    return max(unscaled(before.kwh_e6 + metered.credited_e6 - metered.imports_e6), Decimal(0))


def movement(
    option: Option, terms: Terms, before: Carried, metered: Metered, lines: Lines, *, settles: bool
) -> Movement:
    """The entry of one billed period. Raises `CreditsDisagree`.

    Under ``nem-kwh`` the bank moves by the meter alone; otherwise by the lines, and the rule is asked whether it would
    have carried the same.
    """
    if option == "nem-kwh":
        return _kwh(terms, before, metered, lines, settles=settles)
    if option in ("net-billing", "buy-all"):
        return Movement(before, before, metered.imports_e6, earned_cents=lines.earned)
    return _dollars(terms, before, metered, lines, settles=settles)


def _kwh(terms: Terms, before: Carried, metered: Metered, lines: Lines, *, settles: bool) -> Movement:
    energy = NetEnergy({_ALL: unscaled(metered.imports_e6)}, {_ALL: unscaled(metered.credited_e6)})
    month = netted(Rule("nem-kwh"), energy, bank=before.bank(), carry={_ALL: _ALL})
    billed = int(month.used.get(_ALL, Decimal(0)).scaleb(6))
    left = int(month.surplus.get(_ALL, Decimal(0)).scaleb(6))
    made = Movement(
        before, replace(before, kwh_e6=left), billed,
        banked_e6=max(left - before.kwh_e6, 0), used_e6=max(before.kwh_e6 - left, 0),
    )  # fmt: skip
    if not settles or terms.at_true_up == "keep":
        return made
    emptied = replace(made, after=replace(before, kwh_e6=0))
    if terms.at_true_up == "expire":
        return replace(emptied, expired_e6=left)
    return replace(emptied, paid_e6=left, surplus_cents=lines.paid)


def _dollars(terms: Terms, before: Carried, metered: Metered, lines: Lines, *, settles: bool) -> Movement:
    _agrees(terms, before, lines)
    left = lines.carried
    made = Movement(
        before, replace(before, cents=left), metered.imports_e6, earned_cents=lines.earned,
        banked_cents=max(left - before.cents, 0), used_cents=max(before.cents - left, 0),
    )  # fmt: skip
    if not settles or terms.at_true_up == "keep":
        return made
    emptied = replace(made, after=replace(before, cents=0))
    if terms.at_true_up == "expire":
        return replace(emptied, expired_cents=left)
    if lines.paid != left:
        raise CreditsDisagree(f"{left} cents are left at the end of the year, {lines.paid} are paid")
    return replace(emptied, paid_cents=left)


def _agrees(terms: Terms, before: Carried, lines: Lines) -> None:
    """What was brought is what the ledger carried, and what is carried on is what the rule leaves."""
    if lines.brought != before.cents:
        raise CreditsDisagree(f"the bill brings {lines.brought} cents, the ledger carries {before.cents}")
    at_once = terms.option == "nem-dollar"
    now = lines.earned if at_once else 0
    left = max(before.cents + now - lines.charges, 0) + lines.earned - now
    same_month = max(before.cents + lines.earned - lines.charges, 0)
    if lines.carried not in ({left} if at_once else {left, same_month}):
        raise CreditsDisagree(f"the bill carries {lines.carried} cents on, the rule {left}")
