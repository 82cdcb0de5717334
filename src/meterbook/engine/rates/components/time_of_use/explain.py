"""Energy by time of use on one bill: "kWh used from noon to 6 p.m. at …, all other kWh at …"."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.rates.components.time_of_use.settings import PeriodPrice, Tier, TimeOfUseSettings, spoken
from meterbook.engine.rates.language.amounts import Measure
from meterbook.engine.rates.language.in_decimal import measured, price_of, quantity_of, reasons
from meterbook.engine.rates.spans import HUNDRED, MILLIONTH, ONE, ZERO, Charge, Entry, Facts, Span, plain, say, usd
from meterbook.engine.rates.terms import COUNT_LIMIT
from meterbook.engine.trace import N_, Step


class _Bill:
    """One bill's days under these settings."""

    def __init__(self, settings: TimeOfUseSettings, span: Span, facts: Facts, charged: Mapping[str, int],
                 component: str) -> None:  # fmt: skip
        self.settings, self.span, self.facts, self.charged = settings, span, facts, charged
        self.component = component

    def counted(self, measure: Measure, limit: Decimal | None = None) -> Decimal:
        if limit is not None:
            return measured(measure, self.span, self.facts, self.charged, component=self.component, limit=limit)
        return measured(measure, self.span, self.facts, self.charged, component=self.component)

    def kw(self) -> Decimal:
        """The kW that upper ends are multiplied by; 1 where they are not."""
        return ONE if self.settings.demand is None else self.counted(self.settings.demand, COUNT_LIMIT)

    def price(self, tier: Tier) -> Decimal:
        found = ZERO
        for formula in (tier.price, tier.adjustment):
            if formula is not None:
                found += price_of(formula, self.span, self.facts, self.charged, component=self.component)
        return found

    def end(self, tier: Tier) -> Decimal | None:
        """The tier's upper end on these days."""
        if tier.up_to is None:
            return None
        span = self.span
        written = quantity_of(tier.up_to, span, self.facts, self.charged, component=self.component) * self.kw()
        if self.settings.daily:
            return (written * span.days).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
        full = self.full(tier)
        if full == span.days:
            return written.quantize(MILLIONTH, rounding=ROUND_HALF_UP)
        step = ONE.scaleb(-span.version.proration.tier_decimals)
        return (written * span.days / full).quantize(step, rounding=ROUND_HALF_UP)

    def full(self, tier: Tier) -> int:
        """The days that carry the whole width: of a period, or of the bill as written, or those charged already."""
        if self.settings.by_days:
            return self.span.full_days
        return self.span.days if tier.rests_on_days else self.span.bill_days

    def filled(self, period: PeriodPrice, usage: Decimal) -> list[Decimal]:
        """How much of the usage each of the period's tiers holds."""
        found: list[Decimal] = []
        reached = ZERO
        for tier in period.tiers:
            end = self.end(tier)
            top = usage if end is None or end > usage else end
            found.append(max(top - reached, ZERO))
            reached = max(top, reached)
        return found

    def quantities(self) -> list[Decimal]:
        """The energy of every part in order."""
        settings = self.settings
        match settings.convention:
            case "chronological":
                return [self.counted(tier.quantity or period.quantity) for _, _, period, tier in settings.parts()]
            case "per_period":
                each = [self.filled(period, self.counted(period.quantity)) for period in settings.periods]
                return [quantity for period in each for quantity in period]
            case "shared_pro_rata" | "openstudio":
                return self.shares()
        return [self.counted(period.quantity) for period in settings.periods]

    def shares(self) -> list[Decimal]:
        """What all periods have in each tier, shared by energy; rounded so that a period's tiers sum to its energy."""
        energies = [self.counted(period.quantity) for period in self.settings.periods]
        total = sum(energies, ZERO)
        totals = [self.counted(measure) for measure in self.settings.totals]
        found: list[Decimal] = []
        for period, energy in zip(self.settings.periods, energies, strict=True):
            widths = totals[: len(period.tiers)] if totals else self.filled(period, total)
            reached, before = ZERO, ZERO
            for width in widths:
                reached += width
                upto = (energy * reached / total).quantize(MILLIONTH, ROUND_HALF_UP) if total else ZERO
                found.append(upto - before)
                before = upto
        return found


def ready(settings: TimeOfUseSettings, span: Span, *, component: str) -> Charge:
    """The charge for this span: the energy of each period and tier at its price."""
    parts = settings.parts()

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        bill = _Bill(settings, span, facts, charged, component)
        lines: list[Entry] = []
        for (part, _, _, tier), quantity in zip(parts, bill.quantities(), strict=True):
            price = bill.price(tier)
            if quantity:
                lines.append((part, 0, span.starts, span.ends, quantity, price, quantity * price * HUNDRED))
        return lines

    return charge


def _shared_words(bill: _Bill, period: PeriodPrice, number: int, quantity: Decimal, unit: str) -> list[Step]:
    """How a tier of all energy came to this period."""
    energies = {each.name: bill.counted(each.quantity) for each in bill.settings.periods}
    total, energy = sum(energies.values(), ZERO), energies[period.name]
    totals = [bill.counted(measure) for measure in bill.settings.totals]
    width = (totals or bill.filled(period, total))[number - 1]
    words = N_("All periods together used {total} {unit}; {width} {unit} of them fall into tier {tier}.")
    if totals:
        words = N_("All periods together used {total} {unit}; hour by hour, {width} {unit} came while tier {tier} was "
                   "reached.")  # fmt: skip
    found = [say(words, total=plain(total), width=plain(width), tier=number, unit=unit)]
    words = N_("Period {period} used {energy} of {total} {unit}, so {width} × {energy} ÷ {total} = {quantity} {unit} "
               "of tier {tier} are its own.")  # fmt: skip
    if width * energy != quantity * total:
        words = N_("Period {period} used {energy} of {total} {unit}, so {width} × {energy} ÷ {total} = {quantity} "
                   "{unit} of tier {tier} are its own, rounded so that its tiers sum to its energy.")  # fmt: skip
    values = {"period": spoken(period.name), "energy": plain(energy), "total": plain(total), "width": plain(width)}
    return [*found, say(words, quantity=plain(quantity), tier=number, unit=unit, **values)]


def _end_words(bill: _Bill, number: int, tier: Tier, unit: str) -> list[Step]:
    """Where the tier ends on this bill, and why."""
    end, span = bill.end(tier), bill.span
    if end is None or tier.up_to is None:
        return []
    found = reasons(tier.up_to, span, bill.facts, bill.charged, component="")
    written = quantity_of(tier.up_to, span, bill.facts, bill.charged, component="")
    if bill.settings.demand is not None:
        words = N_("Tier {tier} ends at {end} {unit} for each of {kw} kW: {product} {unit}.")
        product = plain(written * bill.kw())
        found.append(say(words, tier=number, end=plain(written), kw=plain(bill.kw()), product=product, unit=unit))
        written = written * bill.kw()
    if bill.settings.daily:
        words = N_("Tier {tier} ends at {end} {unit} a day; {days} days are charged here, so it ends at {top} {unit}.")
        return [*found, say(words, tier=number, end=plain(written), days=span.days, top=plain(end), unit=unit)]
    full = bill.full(tier)
    if span.days == full:
        if bill.settings.demand is not None:
            return found
        return [*found, say(N_("Tier {tier} ends at {top} {unit}."), tier=number, top=plain(end), unit=unit)]
    words = N_("Tier {tier} ends at {end} {unit} per {full} days; {days} days are charged here, so it ends at {top} "
               "{unit}.")  # fmt: skip
    return [*found, say(words, tier=number, end=plain(written), full=full, days=span.days, top=plain(end), unit=unit)]


def _dollars(value: Decimal) -> str:
    """Dollars without the zeros that an unrounded product ends in."""
    return usd(Decimal(plain(value)))


def steps(
    settings: TimeOfUseSettings, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """The period and tier in words: its energy, its share, its price."""
    part, quantity, price = entry[0], entry[4], entry[5]
    _, number, period, tier = settings.parts()[part - 1]
    bill = _Bill(settings, span, facts, charged, "")
    found: list[Step] = []
    if settings.convention == "chronological":
        words = N_("{used} {unit} were used in period {period} while the bill's running total was in tier {tier}.")
        found.append(say(words, used=plain(quantity), unit=unit, period=spoken(period.name), tier=number))
    else:
        if period.quantity.formula is not None:
            found += reasons(period.quantity.formula, span, facts, charged, component="")
        here = bill.counted(period.quantity)
        known = period.quantity.determinant
        whole = here if known is None else Decimal(str(facts[known.name]))
        words = N_("Period {period} used {used} {unit} on this bill.")
        found.append(say(words, period=spoken(period.name), used=plain(whole), unit=unit))
        if here != whole:
            words = N_("{days} of the bill's {bill} days carry {here} of {usage} {unit}.")
            values = {"here": plain(here), "usage": plain(whole), "unit": unit}
            found.append(say(words, days=span.days, bill=span.bill_days, **values))
    if len(period.tiers) > 1 and settings.convention != "openstudio":
        if number > 1:
            found += _end_words(bill, number - 1, period.tiers[number - 2], unit)
        found += _end_words(bill, number, tier, unit)
    if settings.convention in ("shared_pro_rata", "openstudio"):
        found += _shared_words(bill, period, number, quantity, unit)
    found += reasons(tier.price, span, facts, charged, component="", money=True)
    if tier.adjustment is not None:
        found += reasons(tier.adjustment, span, facts, charged, component="", money=True)
        more = price_of(tier.adjustment, span, facts, charged, component="")
        words = N_("The price of {base} and the adjustment of {more} make {price} for one {unit}.")
        found.append(say(words, base=usd(price - more), more=usd(more), price=usd(price), unit=unit))
    words = N_("{used} {unit} × {price} = {product}.")
    return [*found, say(words, used=plain(quantity), unit=unit, price=usd(price), product=_dollars(quantity * price))]
