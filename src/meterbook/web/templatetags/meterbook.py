"""Filters and tags every template loads: figures, words and the kit's small parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from meterbook.engine.metering.estimation import methods
from meterbook.engine.trace import Step
from meterbook.web.kit import figures, words

register = template.Library()


@register.filter
def money(cents: int | None) -> str:
    """Cents as dollars with the sign; nothing for nothing."""
    return "" if cents is None else figures.money(cents)


@register.filter
def amount(cents: int | None) -> str:
    """Cents as dollars without the sign."""
    return "" if cents is None else figures.amount(cents)


@register.filter
def quantity(micro: int | None, unit: str = "") -> str:
    """Millionths of a unit."""
    return "" if micro is None else figures.quantity(micro, unit)


@register.filter
def price(e8: int | None) -> str:
    """Hundred-millionths of a dollar."""
    return "" if e8 is None else figures.price(e8)


@register.filter
def number(value: int | Decimal | None) -> str:
    """A whole or decimal number."""
    if value is None:
        return ""
    return figures.count(value) if isinstance(value, int) else figures.decimal_number(Decimal(value))


@register.filter
def day(value: date | None) -> str:
    """A date."""
    return "" if value is None else figures.day(value)


@register.filter
def long_day(value: date | None) -> str:
    """A date with its weekday."""
    return "" if value is None else figures.long_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """An instant in the utility's own time."""
    return "" if value is None else figures.moment(value)


@register.filter
def say(code: str | None, vocabulary: str) -> str:
    """The words for a code."""
    return "" if code is None else words.say(vocabulary, code)


@register.filter
def age(days: int | None) -> str:
    """An age in words."""
    return "" if days is None else words.days_old(days)


@register.simple_tag
def status(vocabulary: str, code: str) -> SafeString:
    """A status in words, with a shape and a colour that say the same."""
    return format_html('<span class="state {}">{}</span>', words.STATE.get(code, "off"), words.say(vocabulary, code))


@register.filter
def dollars(value: Decimal) -> str:
    """A price as it was enacted: with the digits the ordinance prints, cents at least."""
    places = max(2, -int(value.as_tuple().exponent))
    return f"{figures.MINUS if value < 0 else ''}${abs(value):,.{places}f}"


@register.filter
def dollars_e6(micro: int) -> str:
    """Millionths of a dollar: the base a percentage is taken of."""
    return figures.price(micro * 100)


@register.filter
def percent(e8: int) -> str:
    """A share in hundred-millionths as a percentage."""
    return f"{figures.decimal_number(Decimal(e8).scaleb(-6))} %"


@register.filter
def per(unit: str) -> str:
    """What a rate is per, in the reader's language; units stay as the field writes them."""
    known, comma, rest = unit.partition(", ")
    said = words.PER.get(known)
    text = str(said) if said is not None else known
    return f"{text}{comma}{words.say('determinant', rest).lower()}" if rest else text


@register.filter
def rate(per_second: float) -> str:
    """A speed as a whole number."""
    return figures.count(round(per_second))


@register.filter
def duration(seconds: int) -> str:
    """Seconds as people say them."""
    return words.lasting(seconds)


@register.filter
def fact(micro: int, unit: str) -> str:
    """A determinant's number with its unit; things that are counted need none."""
    return figures.quantity(micro, "" if unit in ("each", "lamp", "cart") else unit)


@register.filter
def signed(value: Decimal) -> str:
    """A change with its sign: +4.2, −0.5."""
    return f"{value:+,f}".replace("-", figures.MINUS) if value else f"{value:f}"


@register.filter
def decimals(value: Decimal | None) -> str:
    """A decimal with the digits it has, the same in both languages; nothing for nothing."""
    return "" if value is None else f"{value:,f}".replace("-", figures.MINUS)


@register.filter
def pace(per_day: Fraction) -> str:
    """Things a day, to one decimal, rounded half up."""
    return figures.decimal_number(Decimal(int(per_day * 10 + Fraction(1, 2))) / 10)


@register.filter
def points(percent: int) -> str:
    """A change in percent with its sign."""
    return f"{percent:+,d}".replace("-", figures.MINUS) if percent else "0"


@register.filter
def method(name: str) -> str:
    """A method of estimation in words."""
    return gettext(methods.title(name)) if name in methods.names() else name


@register.filter
def month_day(value: date) -> str:
    """A day of every year: May 1."""
    return figures.month_day(value)


@register.filter
def step(value: Step) -> str:
    """A sentence of the engine in the reader's language."""
    return value.words(gettext)
