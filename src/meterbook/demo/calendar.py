"""The 26 months the city lives through: when meters are read, when bills go out.

Month 0 is August 2024, when meters were installed and accounts opened; months 1 to 26 are read from September 2024
to October 2026. Each cycle is read on its own day and billed two days later.

>>> read_on(0, 3), read_on(26, 23), bill_on(1, 8)
(datetime.date(2024, 8, 3), datetime.date(2026, 10, 23), datetime.date(2024, 9, 10))
"""

from __future__ import annotations

from datetime import date, timedelta

#: The last month: the one run before the user's eyes; the 25 before it are history.
CURRENT = 26
#: The business date the utility is recorded on, and the one its meters and accounts are loaded on.
UTILITY_ON = date(2024, 7, 1)
CITY_ON = date(2024, 8, 26)
_FIRST_YEAR, _FIRST_MONTH = 2024, 8
BILL_AFTER = timedelta(days=2)


def first_of(month: int) -> date:
    """The first day of the calendar month number ``month`` is read in."""
    months = _FIRST_MONTH - 1 + month
    return date(_FIRST_YEAR + months // 12, months % 12 + 1, 1)


def read_on(month: int, read_day: int) -> date:
    """The day the meters of a cycle with ``read_day`` are read in ``month``."""
    return first_of(month).replace(day=read_day)


def bill_on(month: int, read_day: int) -> date:
    """The bill date of that cycle in ``month``."""
    return read_on(month, read_day) + BILL_AFTER


def month_of(day: date) -> int:
    """The month number of a calendar day.

    >>> month_of(date(2026, 3, 20))
    19
    """
    return (day.year - _FIRST_YEAR) * 12 + day.month - _FIRST_MONTH


def label(month: int) -> str:
    """A month's folder name, like ``2024-09``."""
    return f"{first_of(month):%Y-%m}"
