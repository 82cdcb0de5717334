"""The policy ``locates``: by when a locate ticket is answered, and what may be answered.

California: two working days, the day of the notice not counted, or the later start the excavator gave. Oregon: two full
business days, which begin at midnight after the notice. Emergencies count hours.

>>> rules = parse_locates({
...     "clocks": [{"types": ["NEW"], "working_days": 2, "until": "same_time", "wait_for_work": True},
...                {"types": ["EMERGENCY"], "hours": 2}],
...     "holidays": "federal", "soon_hours": 24, "orders": ["NEW", "EMERGENCY"],
...     "codes": {"001": {"en": "Clear", "es": "Libre", "ends": True}},
... })
>>> rules.due("NEW", datetime(2026, 9, 4, 7, 31), None)       # Friday before Labor Day
datetime.datetime(2026, 9, 9, 7, 31)
>>> rules.due("EMERGENCY", datetime(2026, 9, 5, 23, 0), None)
datetime.datetime(2026, 9, 6, 1, 0)
>>> rules.due("REMARK", datetime(2026, 9, 5, 23, 0), None) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from meterbook.engine.billing.calendar.holidays import us_holidays

UNTIL = ("same_time", "end_of_day")
HOLIDAYS = ("federal", "none")
_SATURDAY = 5
_MOST_DAYS, _MOST_HOURS = 30, 240


class WrongLocates(ValueError):
    """The policy cannot be read; the message names the key, what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class Clock:
    """By when tickets of some types are answered: hours, or working days after the day of the notice.

    ``until`` the time of the notice on the last day, or that day's end; ``wait_for_work``: the start the excavator gave
    counts where it is later.
    """

    types: tuple[str, ...]
    hours: int = 0
    working_days: int = 0
    until: str = "same_time"
    wait_for_work: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A code of the centre in both languages; ``ends``: nothing more is owed on the ticket."""

    en: str
    es: str
    ends: bool

    def words(self, language: str) -> str:
        """The words in a language."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True)
class LocateRules:
    """The whole policy. ``orders``: types for which a crew's order is opened at once."""

    clocks: tuple[Clock, ...] = ()
    codes: Mapping[str, Answer] | None = None
    federal: bool = True
    soon_hours: int = 24
    orders: tuple[str, ...] = ()

    def due(self, kind: str, called: datetime, work: datetime | None) -> datetime | None:
        """By when a ticket of a type must be answered, in local time; None where no clock is set for it."""
        clock = next((each for each in self.clocks if kind in each.types), None)
        if clock is None:
            return None
        if clock.hours:
            return called + timedelta(hours=clock.hours)
        day = called.date()
        for _ in range(clock.working_days):
            day = self._next_working_day(day)
        last = datetime.combine(day, called.time() if clock.until == "same_time" else time(23, 59))
        return max(last, work) if clock.wait_for_work and work else last

    def answers(self) -> Mapping[str, Answer]:
        """Every code."""
        return self.codes or {}

    def _next_working_day(self, day: date) -> date:
        found = day + timedelta(days=1)
        while found.weekday() >= _SATURDAY or (self.federal and found in us_holidays(found.year)):
            found += timedelta(days=1)
        return found


def parse_locates(found: Mapping[str, Any]) -> LocateRules:
    """Read the document; raises `WrongLocates`."""
    clocks, codes, orders = found.get("clocks"), found.get("codes"), found.get("orders", [])
    if not isinstance(clocks, list) or not clocks:
        raise WrongLocates(f"clocks: found {clocks!r}, expected a list")
    if not isinstance(codes, dict) or not codes:
        raise WrongLocates(f"codes: found {codes!r}, expected codes with words")
    if not isinstance(orders, list) or not all(isinstance(each, str) for each in orders):
        raise WrongLocates(f"orders: found {orders!r}, expected types of tickets")
    if found.get("holidays") not in HOLIDAYS:
        raise WrongLocates(f"holidays: found {found.get('holidays')!r}, expected one of {', '.join(HOLIDAYS)}")
    return LocateRules(
        clocks=tuple(_clock(at, each) for at, each in enumerate(clocks)),
        codes={str(code): _answer(str(code), each) for code, each in codes.items()},
        federal=found["holidays"] == "federal", soon_hours=_whole(found, "soon_hours", "soon_hours", _MOST_HOURS),
        orders=tuple(orders),
    )  # fmt: skip


def _clock(at: int, found: Any) -> Clock:
    where = f"clocks[{at}]"
    if not isinstance(found, dict) or set(found) - {*Clock.__dataclass_fields__, "citation"}:
        raise WrongLocates(f"{where}: found {found!r}, expected types and hours or working_days")
    types, until, waits = found.get("types"), found.get("until", "same_time"), found.get("wait_for_work", False)
    if not isinstance(types, list) or not types or not all(isinstance(each, str) for each in types):
        raise WrongLocates(f"{where}.types: found {types!r}, expected types of tickets")
    if until not in UNTIL or not isinstance(waits, bool):
        raise WrongLocates(f"{where}.until: found {until!r}, expected one of {', '.join(UNTIL)}; wait_for_work a truth")
    if ("hours" in found) == ("working_days" in found):
        raise WrongLocates(f"{where}: found {found!r}, expected either hours or working_days")
    if "hours" in found:
        return Clock(tuple(types), hours=_whole(found, "hours", f"{where}.hours", _MOST_HOURS))
    days = _whole(found, "working_days", f"{where}.working_days", _MOST_DAYS)
    return Clock(tuple(types), working_days=days, until=until, wait_for_work=waits)


def _answer(code: str, found: Any) -> Answer:
    known = isinstance(found, dict) and isinstance(found.get("ends"), bool)
    if not known or len(code) > 3 or not all(isinstance(found.get(key), str) and found[key] for key in ("en", "es")):
        raise WrongLocates(f"codes.{code}: found {found!r}, expected words in en and es, and ends")
    return Answer(found["en"], found["es"], found["ends"])


def _whole(found: Mapping[str, Any], key: str, where: str, most: int) -> int:
    value = found.get(key)
    if type(value) is not int or not 1 <= value <= most:
        raise WrongLocates(f"{where}: found {value!r}, expected a whole number from 1 to {most}")
    return value
