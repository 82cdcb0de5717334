"""Days a rule may not use, with the reason, and counting in calendar or business days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from meterbook.engine.billing.calendar.holidays import FEDERAL_HOLIDAYS, SUNDAY, Holiday, us_holidays
from meterbook.engine.billing.calendar.rules import BUSINESS, WEEKDAYS, OwnHoliday, Rules
from meterbook.engine.billing.calendar.words import CLOSED_BECAUSE, WEEKDAY
from meterbook.engine.trace import N_, Step

_DAY = timedelta(days=1)
_OBSERVED = " (observed)"


@dataclass
class Days:
    """The days of one utility: its holidays by year, worked out when a year is first asked for."""

    rules: Rules
    _years: dict[int, dict[date, Step]] = field(default_factory=dict)

    def holiday(self, day: date) -> Step | None:
        """The name of the holiday kept on a day, or nothing. Raises `HolidaysUnknown` outside the federal table."""
        if day.year not in self._years:
            self._years[day.year] = _holidays(self.rules, day.year)
        return self._years[day.year].get(day)

    def because(self, day: date, avoid: tuple[str, ...]) -> Step | None:
        """Why a day is not to be used by a date that avoids ``avoid``; nothing if it may be."""
        if "holiday" in avoid and (name := self.holiday(day)):
            return name
        weekday = WEEKDAYS[day.weekday()]
        if weekday in avoid or ("weekend" in avoid and day.weekday() > 4):
            return Step(WEEKDAY[weekday])
        if "day_before_holiday" in avoid and (name := self.holiday(day + _DAY)):
            return Step(CLOSED_BECAUSE["day_before_holiday"], {"holiday": name})
        return None

    def is_business(self, day: date) -> bool:
        """Whether the office works on a day."""
        return day.weekday() in self.rules.business_days and self.holiday(day) is None

    def added(self, day: date, days: int, count: str) -> date:
        """``days`` after a day (negative: before it). Business days leave out the first day and count the last.

        So the law counts too: Cal. Government Code 6800 excludes the first day and includes the last.
        """
        if count != BUSINESS:
            return day + timedelta(days=days)
        step = _DAY if days > 0 else -_DAY
        left = abs(days)
        while left:
            day += step
            left -= self.is_business(day)
        return day

    def between(self, first: date, last: date, count: str) -> int:
        """Days from ``first`` to ``last``, without the first and with the last; negative if ``last`` is earlier."""
        if count != BUSINESS or last <= first:
            return (last - first).days
        return sum(self.is_business(first + timedelta(days=at)) for at in range(1, (last - first).days + 1))


def _holidays(rules: Rules, year: int) -> dict[date, Step]:
    """Every holiday kept in a year; where two fall on one day, the utility's own name stands."""
    kept: dict[date, Step] = {}
    for day, name in us_holidays(year).items() if rules.federal else ():
        plain = name.removesuffix(_OBSERVED)
        if plain not in rules.not_kept:
            kept[day] = Step(plain) if plain == name else _observed(plain)
    for holiday in rules.own:
        for day in _own_days(holiday, year, rules):
            kept[day] = Step(holiday.name)
            if holiday.sunday_moves and day.weekday() == SUNDAY and (day + _DAY).year == year:
                kept[day + _DAY] = _observed(holiday.name)
    return kept


def _observed(name: str) -> Step:
    return Step(N_("{holiday} (observed)"), {"holiday": Step(name)})


def _own_days(holiday: OwnHoliday, year: int, rules: Rules) -> list[date]:
    """The days of one of the utility's own holidays in a year: one, or none."""
    if holiday.once is not None:
        return [holiday.once] if holiday.once.year == year else []
    if holiday.after:
        first = next(each for each in FEDERAL_HOLIDAYS if each.name == holiday.after)
        found = [first.on(near) + timedelta(days=holiday.days) for near in (year - 1, year, year + 1)]
        return [day for day in found if day.year == year]
    return [Holiday(holiday.name, holiday.month, holiday.citation, holiday.day, holiday.nth, holiday.weekday).on(year)]
