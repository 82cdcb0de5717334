"""A month's credit under each of the five options, and the state it leaves behind.

Dollars are exact ``Decimal`` and nothing is rounded here: a bill line is rounded where every line is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from meterbook.engine.programs.net_metering.netting import Netted
from meterbook.engine.programs.net_metering.rule import Bank, Rule
from meterbook.engine.rates.spans import plain, usd
from meterbook.engine.trace import N_, Step

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Month:
    """One month to settle.

    ``month`` is its number (1 to 12), ``charges`` the dollars a credit may offset (the energy charge, unless a tariff
    names more), ``earned`` the dollars its exports earn at the sell rates, ``netted`` its kWh after netting.
    """

    month: int
    charges: Decimal
    earned: Decimal
    netted: Netted


@dataclass(frozen=True, slots=True)
class Settlement:
    """``credit`` (0 or negative) lowers the bill before any minimum; ``paid`` (0 or negative) is settled after it.

    ``bank`` is the state the next month begins with; ``expired`` is what true-up took without payment, in dollars
    (kWh under ``nem-kwh``).
    """

    credit: Decimal
    paid: Decimal
    bank: Bank
    expired: Decimal = ZERO
    steps: tuple[Step, ...] = field(default=())


def settle(rule: Rule, month: Month, *, bank: Bank) -> Settlement:
    """Settle one month under ``rule``; ``bank`` is what the month began with.

    >>> from meterbook.engine.programs.net_metering.netting import Netted
    >>> nothing = Netted({}, {}, Decimal(0), {}, Decimal(0), ())
    >>> june = Month(6, charges=Decimal(10), earned=Decimal(14), netted=nothing)
    >>> done = settle(Rule("nem-dollar"), june, bank=Bank(dollars=Decimal(1)))
    >>> done.credit, done.bank.dollars
    (Decimal('-10'), Decimal('5'))
    """
    if rule.option == "nem-kwh":
        found = _banked_kwh(month, bank)
    elif rule.option == "nem-dollar":
        found = _offset(month, available=bank.dollars + month.earned, later=ZERO)
    elif rule.option == "net-billing-carryover":
        now = month.earned if rule.credit_from == "same-month" else ZERO
        found = _offset(month, available=bank.dollars + now, later=month.earned - now)
    else:
        found = _sold(month, buy_all=rule.option == "buy-all")
    return true_up(rule, month.month, found)


def _banked_kwh(month: Month, bank: Bank) -> Settlement:
    """Surplus kWh are banked by period; the running balance of the whole meter is what true-up pays for."""
    total = max(bank.total_kwh + month.netted.total, ZERO)
    steps = month.netted.steps
    if month.netted.surplus:
        words = N_("{kwh} kWh left over are carried to the next bill.")
        steps = (*steps, Step(words, {"kwh": plain(sum(month.netted.surplus.values(), ZERO))}))
    return Settlement(ZERO, ZERO, Bank(dict(month.netted.surplus), total, bank.dollars), steps=steps)


def _offset(month: Month, *, available: Decimal, later: Decimal) -> Settlement:
    """Dollars that may lower the charges to nothing, not below; what is left is carried."""
    left = max(available - month.charges, ZERO)
    credit = max(month.charges - available, ZERO) - month.charges
    steps = list(month.netted.steps)
    if month.earned:
        steps.append(Step(N_("What was fed in earns {dollars}."), {"dollars": usd(month.earned)}))
    if credit:
        words = N_("Of {available} in credits, {used} lower the charges of {charges}.")
        steps.append(Step(words, {"available": usd(available), "used": usd(-credit), "charges": usd(month.charges)}))
    if left + later:
        steps.append(Step(N_("{dollars} are carried to the next bill."), {"dollars": usd(left + later)}))
    return Settlement(credit, ZERO, Bank(dollars=left + later), steps=tuple(steps))


def _sold(month: Month, *, buy_all: bool) -> Settlement:
    """What is fed in is sold at once, even beyond the charges."""
    words = N_("What was fed in is sold for {dollars}, credited in full on this bill.")
    if buy_all:
        words = N_("Everything generated is sold for {dollars}; everything used is bought.")
    steps = (Step(words, {"dollars": usd(month.earned)}),) if month.earned else ()
    return Settlement(-month.earned, ZERO, Bank(), steps=(*month.netted.steps, *steps))


def true_up(rule: Rule, month: int, found: Settlement) -> Settlement:
    """Settle the year if ``month`` is the month that does: pay, expire or keep what ``found`` left in the bank."""
    bank = found.bank
    if month != rule.true_up_month or rule.at_true_up == "keep" or bank.empty:
        return found
    due = bank.dollars + (bank.total_kwh * rule.surplus_rate if rule.option == "nem-kwh" else ZERO)
    if rule.at_true_up == "expire":
        lost = bank.total_kwh if rule.option == "nem-kwh" else bank.dollars
        said = f"{plain(lost)} kWh" if rule.option == "nem-kwh" else usd(lost)
        words = N_("The year ends with this bill: {left} in unused credits expire.")
        return Settlement(found.credit, found.paid, Bank(), lost, (*found.steps, Step(words, {"left": said})))
    words = N_("The year ends with this bill: {dollars} in unused credits are paid.")
    if rule.option == "nem-kwh":
        words = N_("The year ends with this bill: {kwh} kWh left over × {rate} = {dollars} are paid.")
        values = {"dollars": usd(due), "kwh": plain(bank.total_kwh), "rate": usd(rule.surplus_rate)}
        step = Step(words, {**values})
    else:
        step = Step(words, {"dollars": usd(due)})
    return Settlement(found.credit, found.paid - due, Bank(), ZERO, (*found.steps, step))
