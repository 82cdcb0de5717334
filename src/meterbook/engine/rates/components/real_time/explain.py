"""Energy at a price series on one bill: "the energy used in each hour at the market price of that hour"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.real_time.settings import RealTimeSettings
from meterbook.engine.rates.language.in_decimal import measured, price_of, reasons
from meterbook.engine.rates.spans import HUNDRED, ZERO, Charge, Entry, Facts, Span, number, plain, say, usd
from meterbook.engine.rates.terms import PRICE_LIMIT, QUANTITY_LIMIT
from meterbook.engine.trace import N_, Step

_PRICE = Decimal(1).scaleb(-8)


def ready(settings: RealTimeSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: its share of the value by days, and the adder for its energy."""

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        value = number(facts, settings.value, span=span, component=component, limit=QUANTITY_LIMIT)
        used = measured(settings.quantity, span, facts, charged, component=component)
        factor = price_of(settings.loss_factor, span, facts, charged, component=component)
        dollars = value * factor * settings.sign
        average = ZERO
        if used:
            average = (dollars * span.days / (span.bill_days * used)).quantize(_PRICE, rounding=ROUND_HALF_UP)
        if abs(average) > PRICE_LIMIT:  # a sliver of energy left by rounding: no price of one unit means anything
            average = ZERO
        lines: list[Entry] = []
        if used or dollars:
            exact = dollars * HUNDRED * span.days / span.bill_days
            lines.append((1, 0, span.starts, span.ends, used, average, exact))
        if settings.adder is not None:
            adder = price_of(settings.adder, span, facts, charged, component=component) * settings.sign
            if used:
                lines.append((2, 0, span.starts, span.ends, used, adder, used * adder * HUNDRED))
        return lines

    return charge


def steps(
    settings: RealTimeSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The value of the energy and what is made of it, in words."""
    part, quantity, price, exact = entry[0], entry[4], entry[5], entry[6]
    if part == 2 and settings.adder is not None:
        found = reasons(settings.adder, span, facts, charged, component="", money=True)
        words = N_("{used} {unit} × {price} = {product}.")
        return [*found, say(words, used=plain(quantity), unit=unit, price=usd(price), product=usd(exact / HUNDRED))]
    value = Decimal(str(facts[settings.value.name]))
    words = N_("Every interval's energy at the price of that interval ({series}) comes to {value}.")
    if settings.flow == "export":
        words = N_("Every interval's energy fed in, at the price of that interval ({series}), is worth {value}.")
    found = [say(words, series=settings.series.replace("_", " "), value=usd(value))]
    found += reasons(settings.loss_factor, span, facts, charged, component="")
    factor = price_of(settings.loss_factor, span, facts, charged, component="")
    if factor != 1:
        words = N_("With losses that is {value} × {factor} = {product}.")
        found.append(say(words, value=usd(value), factor=plain(factor), product=usd(value * factor)))
    if span.days != span.bill_days:
        words = N_("{days} of the bill's {bill} days carry {amount} of it.")
        amount = usd(Decimal(plain(exact / HUNDRED)))
        found.append(say(words, days=span.days, bill=span.bill_days, amount=amount))
    if settings.flow == "export":
        found.append(say(N_("Energy fed in is credited.")))
    if not price:
        return found
    words = N_("For {used} {unit} that is {price} for one {unit} on average.")
    return [*found, say(words, used=plain(quantity), unit=unit, price=usd(price))]
