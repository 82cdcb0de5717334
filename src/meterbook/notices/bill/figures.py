"""Numbers and dates as a bill prints them. Spanish bills in the United States write numbers as English ones do."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.dates import format_date

from meterbook.engine.money import dollars
from meterbook.engine.quantity import unscaled

MINUS = "\N{MINUS SIGN}"
_LOCALES = {"en": "en_US", "es": "es_US"}


def money(cents: int) -> str:
    """Cents as dollars, the minus sign first.

    >>> money(-123456)
    '−$1,234.56'
    """
    return f"{MINUS if cents < 0 else ''}${dollars(abs(cents)):,.2f}"


def quantity(micro: int) -> str:
    """Millionths as a plain number with all its decimals.

    >>> quantity(1_234_500_000)
    '1,234.5'
    """
    value = unscaled(abs(micro))
    return f"{MINUS if micro < 0 else ''}{value:,f}"


def rounded(micro: int) -> str:
    """Millionths as a number of three figures or the whole units, for charts and averages only.

    >>> rounded(12_345_678), rounded(1_512_400_000)
    ('12.3', '1,512')
    """
    value = Decimal(micro).scaleb(-6)
    if abs(value) >= 100 or value == value.to_integral_value():
        return f"{value.quantize(Decimal(1), rounding=ROUND_HALF_UP):,f}"
    return f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,f}"


def price(price_e8: int) -> str:
    """A unit price with its own decimals, two at least.

    >>> price(12_340_000), price(1_100_000_000), price(-5_650_000)
    ('$0.1234', '$11.00', '−$0.0565')
    """
    value = Decimal(abs(price_e8)).scaleb(-8).normalize()
    exponent = value.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{MINUS if price_e8 < 0 else ''}${value:,.{places}f}"


def percent(price_e8: int) -> str:
    """A share as a percentage.

    >>> percent(5_000_000), percent(4_250_000)
    ('5%', '4.25%')
    """
    value = Decimal(price_e8).scaleb(-6)
    whole = value.to_integral_value().quantize(Decimal(1))
    shown = whole if value == whole else value.normalize()
    return f"{MINUS if value < 0 else ''}{abs(shown):f}%"


@lru_cache(maxsize=4096)
def day(value: date, language: str) -> str:
    """A date with the month abbreviated: ``Oct 5, 2026``, ``5 oct 2026``."""
    return format_date(value, "medium", locale=_LOCALES[language])


@lru_cache(maxsize=4096)
def long_day(value: date, language: str) -> str:
    """A date with the month in full: ``October 5, 2026``, ``5 de octubre de 2026``."""
    return format_date(value, "long", locale=_LOCALES[language])


@lru_cache(maxsize=4096)
def month(year: int, number: int, language: str, pattern: str = "MMMM y") -> str:
    """A month by a pattern of Babel's: in full by default, ``MMMMM`` its initial."""
    return format_date(date(year, number, 1), pattern, locale=_LOCALES[language])


@lru_cache(maxsize=4096)
def span(starts: date, last: date, language: str) -> str:
    """A closed span of days, as people read it.

    >>> span(date(2026, 9, 3), date(2026, 10, 2), "en")
    'Sep 3 – Oct 2, 2026'
    """
    if starts.year != last.year:
        return f"{day(starts, language)} – {day(last, language)}"
    pattern = "MMM d" if language == "en" else "d MMM"
    return f"{format_date(starts, pattern, locale=_LOCALES[language])} – {day(last, language)}"
