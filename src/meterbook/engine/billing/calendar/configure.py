"""Reading a `billing-calendar` policy: whole, or refused with every problem by path, found and expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from meterbook.engine.billing.calendar.derive import evaluated
from meterbook.engine.billing.calendar.holidays import FEDERAL_HOLIDAYS
from meterbook.engine.billing.calendar.rules import (
    BUSINESS,
    CALENDAR,
    CLOSED,
    CYCLE,
    EARLIER,
    KINDS,
    LATER,
    NEEDED,
    WEEKDAYS,
    Cadence,
    DateRule,
    Minimum,
    OwnHoliday,
    Rules,
)

_FEDERAL = tuple(holiday.name for holiday in FEDERAL_HOLIDAYS)
_KEYS = ("policy", "citation", "effective", "billing", "cycles", "business_days", "holidays", "dates")
_OWN_KEYS = ("name", "citation", "month", "day", "nth", "weekday", "after", "days", "once", "sunday_moves")
#: The most a date may lie from the one it is counted from, and the most a minimum may ask for: a year.
_MOST = 366


class WrongCalendar(ValueError):
    """The policy is no calendar: ``problems`` as (path, found, expected)."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        self.problems = tuple(problems)
        lines = (f"{path}: found {found}, expected {expected}" for path, found, expected in problems)
        super().__init__("billing-calendar: " + "; ".join(lines))


@dataclass
class _Reader:
    """Takes values out of the mapping and notes what is wrong with them."""

    problems: list[tuple[str, str, str]] = field(default_factory=list)

    def refuse(self, path: str, found: Any, expected: str) -> None:
        self.problems.append((path, "nothing" if found is None else repr(found), expected))

    def mapping(self, found: Any, path: str, keys: Sequence[str]) -> Mapping[str, Any]:
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            self.refuse(path, found, "a mapping")
            return {}
        for key in found:
            if key not in keys:
                self.refuse(f"{path}.{key}".lstrip("."), key, f"one of {', '.join(keys)}")
        return found

    def listed(self, found: Any, path: str) -> list[Any]:
        if found is None:
            return []
        if not isinstance(found, list):
            self.refuse(path, found, "a list")
            return []
        return found

    def number(self, found: Any, path: str, low: int, high: int, default: int | None = None) -> int:
        if found is None and default is not None:
            return default
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            self.refuse(path, found, f"a whole number from {low} to {high}")
            return default if default is not None else max(low, 1)
        return found

    def choice(self, found: Any, path: str, among: Sequence[str], default: str = "") -> str:
        if found is None and default:
            return default
        if not isinstance(found, str) or found not in among:
            self.refuse(path, found, f"one of {', '.join(among)}")
            return default or among[0]
        return found

    def text(self, found: Any, path: str) -> str:
        if not isinstance(found, str) or not found.strip():
            self.refuse(path, found, "words")
            return ""
        return " ".join(found.split())

    def truth(self, found: Any, path: str, default: bool) -> bool:
        if found is None:
            return default
        if not isinstance(found, bool):
            self.refuse(path, found, "true or false")
            return default
        return found

    def day(self, found: Any, path: str) -> date:
        if type(found) is not date:
            self.refuse(path, found, "a date")
            return date(2000, 1, 1)
        return found


def parse_rules(policy: Mapping[str, Any]) -> Rules:
    """A policy document, as read from its YAML, as rules. Raises `WrongCalendar` with every problem."""
    reader = _Reader()
    told = reader.mapping(policy, "", _KEYS)
    weekdays = reader.listed(told.get("business_days"), "business_days") or list(WEEKDAYS[:5])
    names = [reader.choice(each, f"business_days[{at}]", WEEKDAYS) for at, each in enumerate(weekdays)]
    holidays = reader.mapping(told.get("holidays"), "holidays", ("federal", "not_kept", "own"))
    not_kept = reader.listed(holidays.get("not_kept"), "holidays.not_kept")
    own = reader.listed(holidays.get("own"), "holidays.own")
    rules = Rules(
        effective=reader.day(told.get("effective"), "effective"),
        citation=reader.text(told.get("citation"), "citation"),
        dates=_dates(reader, told.get("dates")),
        cadence=_cadence(reader, told.get("billing"), "billing"),
        cycles=_cycles(reader, told.get("cycles")),
        business_days=frozenset(WEEKDAYS.index(name) for name in names),
        federal=reader.truth(holidays.get("federal"), "holidays.federal", True),
        not_kept=frozenset(
            reader.choice(each, f"holidays.not_kept[{at}]", _FEDERAL) for at, each in enumerate(not_kept)
        ),
        own=tuple(_own(reader, each, f"holidays.own[{at}]") for at, each in enumerate(own)),
    )
    if reader.problems:
        raise WrongCalendar(reader.problems)
    return rules


def _cadence(reader: _Reader, found: Any, path: str, *more: str) -> Cadence:
    told = reader.mapping(found, path, ("every_months", "first_month", *more))
    every = reader.number(told.get("every_months"), f"{path}.every_months", 1, 12, 1)
    if 12 % every:
        reader.refuse(f"{path}.every_months", every, "a part of a year: 1, 2, 3, 4, 6 or 12")
        every = 1
    return Cadence(every, reader.number(told.get("first_month"), f"{path}.first_month", 1, 12, 1))


def _cycles(reader: _Reader, found: Any) -> dict[str, Cadence]:
    cycles: dict[str, Cadence] = {}
    for at, each in enumerate(reader.listed(found, "cycles")):
        code = reader.text(each.get("cycle") if isinstance(each, Mapping) else None, f"cycles[{at}].cycle")
        if code in cycles:
            reader.refuse(f"cycles[{at}].cycle", code, "a cycle named once")
        cycles[code] = _cadence(reader, each, f"cycles[{at}]", "cycle")
    return cycles


def _own(reader: _Reader, found: Any, path: str) -> OwnHoliday:
    told = reader.mapping(found, path, _OWN_KEYS)
    names = reader.mapping(told.get("name"), f"{path}.name", ("en", "es"))
    ways = [key for key in ("month", "after", "once") if key in told]
    if len(ways) != 1:
        reader.refuse(path, ways, "exactly one of month (with day or nth and weekday), after (with days), once")
    month = reader.number(told.get("month"), f"{path}.month", 1, 12) if "month" in told else 0
    nth = reader.number(told.get("nth"), f"{path}.nth", -1, 4) if "nth" in told else 0
    day = reader.number(told.get("day"), f"{path}.day", 1, 31) if "month" in told and not nth else 0
    if month and day and not _exists(month, day):
        reader.refuse(f"{path}.day", day, f"a day every {month}th month has")
        day = 1
    return OwnHoliday(
        name=reader.text(names.get("en"), f"{path}.name.en"),
        spanish=reader.text(names.get("es"), f"{path}.name.es"),
        citation=reader.text(told.get("citation"), f"{path}.citation"),
        month=month, day=day, nth=nth,
        weekday=WEEKDAYS.index(reader.choice(told.get("weekday"), f"{path}.weekday", WEEKDAYS, "monday")),
        after=reader.choice(told.get("after"), f"{path}.after", _FEDERAL) if "after" in told else "",
        days=reader.number(told.get("days"), f"{path}.days", -31, 31, 0),
        once=reader.day(told.get("once"), f"{path}.once") if "once" in told else None,
        sunday_moves=reader.truth(told.get("sunday_moves"), f"{path}.sunday_moves", False),
    )  # fmt: skip


def _exists(month: int, day: int) -> bool:
    try:
        date(2025, month, day)
    except ValueError:
        return False
    return True


def _dates(reader: _Reader, found: Any) -> tuple[DateRule, ...]:
    rules: list[DateRule] = []
    listed = reader.listed(found, "dates")
    order = [each.get("date") if isinstance(each, Mapping) else None for each in listed]
    for at, each in enumerate(listed):
        rules.append(_date(reader, each, f"dates[{at}]", order[:at], order[at + 1 :]))
    kinds = [rule.kind for rule in rules]
    for kind in NEEDED:
        if kind not in kinds:
            reader.refuse("dates", kinds, f"a date {kind}")
    for kind in {each for each in kinds if kinds.count(each) > 1}:
        reader.refuse("dates", kind, "each kind of date once")
    due = next((rule for rule in rules if rule.kind == "due"), None)
    if due and not any(minimum.after == "bill" and minimum.days > 0 for minimum in due.minimums):
        reader.refuse("dates.due.at_least", None, "a minimum of days after the bill")
    ordered = [kind for kind in kinds if kind in NEEDED]
    if ordered != [kind for kind in NEEDED if kind in ordered]:
        reader.refuse("dates", ordered, "read, bill, due in this order")
    if not reader.problems:
        try:
            evaluated(tuple(rules))
        except ValueError as problem:
            reader.refuse("dates", str(problem), "every date counted, in the end, from the cycle's read day")
    return tuple(rules)


def _date(reader: _Reader, found: Any, path: str, earlier: list[Any], later: list[Any]) -> DateRule:
    told = reader.mapping(found, path, ("date", "from", "days", "count", "avoid", "move", "at_least"))
    kind = reader.choice(told.get("date"), f"{path}.date", KINDS)
    days = reader.number(told.get("days"), f"{path}.days", -_MOST, _MOST, 0)
    start = told.get("from")
    others = later if days < 0 else earlier if days else [*earlier, *later]
    among = [CYCLE, *(str(each) for each in others if each)]
    if start not in among:
        behind = "listed after it, for days before" if days < 0 else "listed before it" if days else "of the period"
        reader.refuse(f"{path}.from", start, f"cycle, or a date {behind}: {', '.join(among)}")
        start = CYCLE
    avoid = reader.listed(told.get("avoid"), f"{path}.avoid")
    minimums = []
    for at, each in enumerate(reader.listed(told.get("at_least"), f"{path}.at_least")):
        where = f"{path}.at_least[{at}]"
        one = reader.mapping(each, where, ("days", "count", "after", "citation"))
        minimums.append(
            Minimum(
                days=reader.number(one.get("days"), f"{where}.days", 0, _MOST),
                count=reader.choice(one.get("count"), f"{where}.count", (CALENDAR, BUSINESS), CALENDAR),
                after=reader.choice(one.get("after"), f"{where}.after", [str(each) for each in earlier] or ["nothing"]),
                citation=reader.text(one.get("citation"), f"{where}.citation"),
            )
        )
    return DateRule(
        kind=kind,
        start=str(start),
        days=days,
        count=reader.choice(told.get("count"), f"{path}.count", (CALENDAR, BUSINESS), CALENDAR),
        avoid=tuple(reader.choice(each, f"{path}.avoid[{at}]", (*CLOSED, *WEEKDAYS)) for at, each in enumerate(avoid)),
        move=reader.choice(told.get("move"), f"{path}.move", (LATER, EARLIER), LATER),
        minimums=tuple(minimums),
    )
