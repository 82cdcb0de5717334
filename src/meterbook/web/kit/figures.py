"""Figures as people read them: money, quantities, prices, counts and days, the same on every page.

American English and American Spanish share one number style (1,234.56); only the words and the order of a date
differ. A minus stands before the dollar sign, as accountants write it: −$12.30.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from django.utils import timezone, translation

MINUS = "\N{MINUS SIGN}"
_LOCALES = {"es": "es_US"}


def babel_locale() -> str:
    """The Babel locale of the current language."""
    return _LOCALES.get((translation.get_language() or "en")[:2], "en_US")


def amount(cents: int) -> str:
    """Cents as dollars without the sign, for columns that say what they hold.

    >>> amount(123456), amount(-5)
    ('1,234.56', '−0.05')
    """
    whole, rest = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}{whole:,}.{rest:02}"


def money(cents: int) -> str:
    """Cents as dollars.

    >>> money(-1230)
    '−$12.30'
    """
    return f"{MINUS if cents < 0 else ''}${amount(abs(cents))}"


def plain_amount(cents: int) -> str:
    """Cents as a number a spreadsheet reads.

    >>> plain_amount(-123456)
    '-1234.56'
    """
    return f"{Decimal(cents).scaleb(-2):.2f}"


def quantity(micro: int, unit: str = "") -> str:
    """Millionths of a unit, without idle zeros.

    >>> quantity(1227600000, "kWh")
    '1,227.6 kWh'
    """
    whole, rest = divmod(abs(micro), 10**6)
    decimals = f".{rest:06}".rstrip("0") if rest else ""
    shown = f"{MINUS if micro < 0 else ''}{whole:,}{decimals}"
    return f"{shown} {unit}" if unit else shown


def price(e8: int) -> str:
    """Hundred-millionths of a dollar: at least cents, and every digit the tariff has.

    >>> price(12345000), price(3150000000)
    ('$0.12345', '$31.50')
    """
    whole, rest = divmod(abs(e8), 10**8)
    decimals = f"{rest:08}".rstrip("0").ljust(2, "0")
    return f"{MINUS if e8 < 0 else ''}${whole:,}.{decimals}"


def count(number: int) -> str:
    """A whole number with thousands separated.

    >>> count(28145)
    '28,145'
    """
    return f"{number:,}".replace("-", MINUS)


def decimal_number(value: Decimal) -> str:
    """A decimal with thousands separated and no idle zeros: meter reads, determinants.

    >>> decimal_number(Decimal("10482.500000"))
    '10,482.5'
    """
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", MINUS)


def day(value: date) -> str:
    """A date in the reader's language: Mar 12, 2026."""
    return str(format_date(value, "medium", locale=babel_locale()))


def long_day(value: date) -> str:
    """A date with its weekday: Thursday, March 12, 2026."""
    return str(format_date(value, "full", locale=babel_locale()))


def short_month(value: date) -> str:
    """A month for an axis: Mar."""
    return str(format_date(value, "LLL", locale=babel_locale()))


def month(value: date) -> str:
    """A month and its year: Mar 2026."""
    return str(format_date(value, "LLL y", locale=babel_locale()))


def month_day(value: date) -> str:
    """A day of every year: May 1."""
    locale = babel_locale()
    return str(format_date(value, "d 'de' MMMM" if locale.startswith("es") else "MMMM d", locale=locale))


def moment(value: datetime) -> str:
    """An instant in the utility's own time."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return str(format_datetime(local, "medium", locale=babel_locale(), tzinfo=local.tzinfo))
