"""The ordinance's view of one bill: the stretch of days one version prices, and what its days make of a charge.

Written for `explain` from the rule itself: exact ``Decimal``, dates, one bill at a time. It shares no code with the
columns of `price`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from meterbook.engine.rates.language.seasons import occurrences
from meterbook.engine.rates.tariff import Version
from meterbook.engine.rates.terms import (
    CENTS_LIMIT,
    QUANTITY_LIMIT,
    Determinant,
    MissingDeterminant,
    OutOfRange,
    UnknownKey,
)
from meterbook.engine.trace import N_, Step, Value

#: What a bill states of itself: quantities and counts as ``Decimal``, keys as text. ``None`` is missing.
Facts = Mapping[str, Decimal | str | None]
#: What a bill had used by when, by fact: the day among the served days laid end to end, the usage before it, the day.
Reads = Mapping[str, tuple[tuple[date, Decimal, date], ...]]
#: One line: part, order among the component's lines, first day, day after, quantity, price, exact cents (unrounded).
Entry = tuple[int, int, date, date, Decimal, Decimal, Decimal]
#: A component made ready for a span: the bill's facts and the cents of earlier components in, lines out.
Charge = Callable[[Facts, Mapping[str, int]], list[Entry]]

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
MILLIONTH = Decimal("0.000001")
#: What unrounded lines are carried to.
FINE = Decimal(1).scaleb(-12)


class Charged(dict[str, int]):
    """Cents of every earlier component on this span; ``exact`` has dollars to twelve decimals, line by line.

    Kept only where a formula reads unrounded lines or where a bill began under an earlier version, whose lines
    ``earlier`` has; elsewhere a plain mapping of cents does.
    """

    def __init__(self, cents: Mapping[str, int], earlier: Mapping[str, int] = MappingProxyType({})) -> None:
        super().__init__(cents)
        self.exact: dict[str, Decimal] = {}
        self.earlier = dict(earlier)


def before(charged: Mapping[str, int], component: str) -> int:
    """Cents of the component with that id on the bill's earlier stretches; zero where there are none."""
    return charged.earlier.get(component, 0) if isinstance(charged, Charged) else 0


def so_far(charged: dict[str, int]) -> dict[str, int]:
    """A copy that later lines do not change."""
    if not isinstance(charged, Charged):
        return charged.copy()
    copied = Charged(charged, charged.earlier)
    copied.exact.update(charged.exact)
    return copied


@dataclass(frozen=True, slots=True)
class Span:
    """Days ``starts`` to ``ends`` (out) of the bill ``opens`` to ``closes``, priced by ``version``.

    ``usage_unit`` is the step split usage is rounded to, set by the version in force when the bill begins. Where
    service was suspended, ``opens`` and ``closes`` hold the served days laid end to end; ``first_day`` is the bill's
    own and ``all_days`` count it whole. ``reads`` tell what was used by which day, of each fact; ``changed`` says that
    something but the rate changed inside the bill.
    """

    schedule: str
    version: Version
    starts: date
    ends: date
    opens: date
    closes: date
    usage_unit: Decimal
    season: str | None = None
    first_day: date | None = None
    all_days: int | None = None
    reads: Reads = field(default_factory=dict)
    changed: bool = False

    def seasons(self, wanted: str) -> list[Span]:
        """The stretches of this span that lie in a season (in any, cut where one ends and the next begins)."""
        found: list[Span] = []
        for one in occurrences(self.version.seasons, wanted=wanted, first=self.starts, last=self.ends):
            begins, finishes = max(self.starts, one.starts), min(self.ends, one.ends)
            if begins < finishes:
                found.append(replace(self, starts=begins, ends=finishes, season=one.season))
        return found

    @property
    def days(self) -> int:
        """Days of the span."""
        return (self.ends - self.starts).days

    @property
    def bill_days(self) -> int:
        """Days of the whole bill on which there was service."""
        return (self.closes - self.opens).days

    @property
    def began(self) -> date:
        """The bill's first day, served or not."""
        return self.opens if self.first_day is None else self.first_day

    @property
    def length(self) -> int:
        """Days of the whole bill, served or not."""
        return self.bill_days if self.all_days is None else self.all_days

    @property
    def normal(self) -> bool:
        """Whether the bill is within the tolerance, and so one normal period."""
        return self.version.proration.shortest <= self.length <= self.version.proration.longest

    @property
    def full_days(self) -> int:
        """The days that make one whole charge."""
        return self.length if self.normal else self.version.proration.normal_days

    @property
    def whole(self) -> bool:
        """Whether the span carries exactly one whole charge."""
        return self.days == self.full_days

    @property
    def last(self) -> bool:
        """Whether the span holds the bill's last day."""
        return self.ends == self.closes

    def usage_before(self, day: date, usage: Decimal, name: str = "") -> Decimal:
        """The bill's usage before a day, by days, rounded half-up; never more than there is.

        Where reads inside the bill tell of the fact ``name``, by days between the read before and the one after.
        """
        if day >= self.closes:
            return usage
        low_day, low, high_day, high = self.opens, ZERO, self.closes, usage
        for on, used, _ in self.reads.get(name, ()):
            if on <= day:
                low_day, low = on, max(low, min(used, usage))
            elif high_day == self.closes:
                high_day, high = on, min(used, usage)
        gained = max(high - low, ZERO)
        passed = gained * (day - low_day).days / (high_day - low_day).days
        return low + min(gained, passed.quantize(self.usage_unit, rounding=ROUND_HALF_UP))

    def usage_of(self, usage: Decimal, *, starts: date, ends: date, name: str = "") -> Decimal:
        """The bill's usage from one day to another (out)."""
        if starts == self.opens and ends == self.closes:
            return usage
        return self.usage_before(ends, usage, name) - self.usage_before(starts, usage, name)


def whole_bill(span: Span, charged: Mapping[str, int]) -> tuple[Span, Charged]:
    """The span with all the bill's days, and the lines of all of them: what looks at a whole bill once."""
    lines = Charged({name: amount + before(charged, name) for name, amount in charged.items()})
    if isinstance(charged, Charged):
        lines.exact.update(charged.exact)
    return replace(span, starts=span.opens), lines


def settled_once(span: Span, of_span: Callable[[Span], Charge]) -> Charge:
    """A charge that looks at a whole bill: made once, on the bill's last days, of all its lines."""
    if not span.last:
        return lambda facts, charged: []
    if span.starts == span.opens:
        return of_span(span)

    def charge(facts: Facts, charged: Mapping[str, int]) -> list[Entry]:
        bill, lines = whole_bill(span, charged)
        found = of_span(bill)(facts, lines)
        return [
            (part, sub, span.starts, ends, count, price, exact) for part, sub, _, ends, count, price, exact in found
        ]

    return charge


def cents(amount_in_cents: Decimal) -> int:
    """Exact cents rounded half-up to whole ones; raise `OutOfRange` beyond the limit of one line."""
    rounded = int(amount_in_cents.to_integral_value(rounding=ROUND_HALF_UP))
    if -CENTS_LIMIT <= rounded <= CENTS_LIMIT:
        return rounded
    raise OutOfRange(schedule="a line", what=f"comes to more than {CENTS_LIMIT // 100} dollars")


def number(facts: Facts, determinant: Determinant, *, span: Span, component: str, limit: Decimal) -> Decimal:
    """A numeric fact from 0 (a signed one from -``limit``) to ``limit``; raise `MissingDeterminant`, `OutOfRange`."""
    value = facts.get(determinant.name)
    if value is None:
        raise MissingDeterminant(schedule=span.schedule, component=component, determinant=determinant.name)
    lowest = -limit if determinant.kind == "signed" else ZERO
    if not isinstance(value, Decimal) or not lowest <= value <= limit:
        raise OutOfRange(schedule=span.schedule, what=f"determinant {determinant.name} must be from 0 to {limit}")
    return value


def key(facts: Facts, determinant: Determinant, *, span: Span, component: str, known: Sequence[str]) -> str:
    """A key that is among the ``known``; raise `MissingDeterminant` or `UnknownKey`."""
    value = facts.get(determinant.name)
    if value is None:
        raise MissingDeterminant(schedule=span.schedule, component=component, determinant=determinant.name)
    if not isinstance(value, str) or value not in known:
        raise UnknownKey(schedule=span.schedule, component=component, determinant=determinant.name, values=[str(value)])
    return value


def flat(
    span: Span, *, prorate: bool, by_day: bool = False, parts: Decimal = ONE
) -> Callable[[Decimal, Decimal], list[Entry]]:
    """A charge that does not follow usage, ready for a count and a price.

    The whole charge for a whole period; a share by days otherwise; without proration the whole charge once, at the
    rate in force on the bill's last day. ``parts`` divides it (a yearly price), ``by_day`` multiplies it by days.
    """
    starts, ends = span.starts, span.ends
    over, full = (span.days, span.full_days) if prorate and not by_day else (1, 1)
    if by_day:
        over = span.days
    below = full * parts
    if not (prorate or by_day or span.last):
        return lambda count, price: []
    if over == below:
        return lambda count, price: [(0, 0, starts, ends, count, price, count * price * HUNDRED)]

    def shared(count: Decimal, price: Decimal) -> list[Entry]:
        shown = (count * over / below).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
        if shown > QUANTITY_LIMIT:
            raise OutOfRange(schedule=span.schedule, what=f"a quantity above {QUANTITY_LIMIT}")
        return [(0, 0, starts, ends, shown, price, count * price * HUNDRED * over / below)]

    return shared


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros; quotients to a millionth.

    >>> plain(Decimal("1.500")), plain(Decimal(1200))
    ('1.5', '1200')
    """
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -8:
        value = value.quantize(MILLIONTH, rounding=ROUND_HALF_UP)
    return f"{value.normalize():f}"


def usd(value: Decimal) -> str:
    """Dollars as they were enacted or computed, with at least two decimals, the sign first.

    >>> usd(Decimal("-0.0608")), usd(Decimal("5.8")), usd(Decimal("0.2190")), usd(Decimal("20.88000000"))
    ('-$0.0608', '$5.80', '$0.2190', '$20.88')
    """
    exponent = value.as_tuple().exponent
    exact = isinstance(exponent, int) and exponent > -6  # finer than prices are enacted: a product
    digits = f"{abs(value):f}" if exact else plain(abs(value))
    whole, _, cent = digits.partition(".")
    return f"{'-' if value < 0 else ''}${whole}.{cent.ljust(2, '0')}"


def say(message: str, **values: Value) -> Step:
    """One sentence with its values; the message is marked with `N_` where it stands."""
    return Step(message, values)


def counted(count: Decimal, name: str) -> Step:
    """How often a charge is made."""
    return say(N_("This is charged {count} times ({name})."), count=plain(count), name=name)


def flat_steps(span: Span, *, prorate: bool, price: Decimal, count: Decimal) -> list[Step]:
    """How days change a charge that does not follow usage, in words."""
    whole = price * count
    if not prorate:
        if span.starts == span.opens:
            return []
        words = N_("This charge is not divided: the rate on the bill's last day applies to the whole bill.")
        if span.changed:
            words = N_("This charge is not divided: what held on the bill's last day applies to the whole bill.")
        return [say(words)]
    if span.whole:
        return []
    if span.normal:
        words = N_(
            "The rate changed during this bill. These are {days} of its {full} days, "
            "so {charge} × {days} ÷ {full} = {amount}."
        )
        if span.season is not None or span.changed:
            words = N_("These are {days} of the bill's {full} days, so {charge} × {days} ÷ {full} = {amount}.")
    else:
        words = N_(
            "This bill has {bill} days, which is not a normal period. {days} days are charged: "
            "{charge} × {days} ÷ {full} = {amount}."
        )
    amount = usd(Decimal(plain(whole * span.days / span.full_days)))
    values = {"charge": usd(whole), "amount": amount}
    return [say(words, days=span.days, full=span.full_days, bill=span.length, **values)]
