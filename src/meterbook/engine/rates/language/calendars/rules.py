"""Reading a version's ``time_of_use``: readable rules or a schedule of months by hours, to one `Calendar`.

Overlaps, gaps, unknown seasons and hours that are not hours are refused where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meterbook.engine.rates.document import UNREAD, Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.calendars.calendar import (
    DAY,
    HOLIDAY,
    KINDS,
    WEEKDAYS,
    Calendar,
    Profile,
    combinations,
)
from meterbook.engine.rates.language.calendars.holidays import read_holidays, read_shift
from meterbook.engine.rates.language.seasons import Season

#: The name of the calendar that stands under the key of the same name.
TIME_OF_USE_NAME = "time_of_use"
#: Most periods of one calendar.
PERIODS_LIMIT = 99
_GROUPS = {"weekdays": (0, 1, 2, 3, 4), "weekends": (5, 6), "holidays": (HOLIDAY,)}
_DAY_WORDS = (*_GROUPS, *WEEKDAYS)

_DAYS = shapes.choice(*_DAY_WORDS)

RULE = {
    "seasons": shapes.optional({"anyOf": [shapes.WORD, shapes.listed(shapes.WORD, most=12)]}, "Only these seasons."),
    "months": shapes.optional(shapes.listed(shapes.WHOLE, most=12), "Only these months, 1 to 12."),
    "days": shapes.optional({"anyOf": [_DAYS, shapes.listed(_DAYS, most=9)]}, "Only these days; all if left out."),
    "from": shapes.optional(shapes.TEXT, "From this time, HH:MM; with 'until'. All hours if left out."),
    "until": shapes.optional(shapes.TEXT, "Until this time, HH:MM, not included; 24:00 is midnight."),
}
PERIOD = {
    "label": shapes.optional(shapes.BILINGUAL, "The words printed for the period."),
    "when": shapes.optional(shapes.listed(shapes.record(RULE), most=99), "The hours of the period, by rules."),
    "otherwise": shapes.optional(shapes.FLAG, "The one period that has every other hour."),
}
_ROW: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": shapes.WORD}]}
_ROWS: dict[str, Any] = {"type": "array", "items": _ROW, "minItems": 12, "maxItems": 12}
SCHEDULE = {
    "weekdays": shapes.Key(_ROWS, "Twelve rows, one a month: 24 period names, or words such as 'off*7 on*10 off*7'."),
    "weekends": shapes.Key(_ROWS, "The same for Saturdays and Sundays, and for holidays if there are any."),
}
SHIFT = {
    "saturday": shapes.optional(shapes.choice("friday", "monday", "stays"), "Where a fixed holiday is kept."),
    "sunday": shapes.optional(shapes.choice("monday", "friday", "stays"), "Where a fixed holiday is kept."),
}
TIME_OF_USE = {
    "periods": shapes.Key(shapes.mapped(shapes.record(PERIOD)), "The periods by name, in print order."),
    "schedule": shapes.optional(shapes.record(SCHEDULE), "Months by hours, in place of rules."),
    "holidays": shapes.optional(shapes.mapped(shapes.TEXT), "Holidays: MM-DD, or 'last monday of may'."),
    "observed": shapes.optional(shapes.record(SHIFT), "Where fixed holidays on a weekend are kept."),
    "source": shapes.Key(shapes.TEXT, "What enacts the hours: section, schedule or tariff sheet."),
}
_WHEN = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Hours of one period: in which seasons (none: all), months and kinds of day, and which stretches of minutes."""

    period: int
    seasons: frozenset[str]
    months: frozenset[int]
    kinds: frozenset[int]
    stretches: tuple[_WHEN, ...]
    place: Field

    def covers(self, season: str, month: int, kind: int) -> bool:
        return (not self.seasons or season in self.seasons) and month in self.months and kind in self.kinds


def _minute(place: Field, *, last: bool) -> int | None:
    text = place.text(expected="a time HH:MM")
    match = re.fullmatch(r"([0-9]{2}):([0-9]{2})", text)
    if match and int(match[2]) < 60 and (int(match[1]) < 24 or (last and text == "24:00")):
        return int(match[1]) * 60 + int(match[2])
    if text is not UNREAD:
        place.refuse(expected="a time from 00:00 to 24:00" if last else "a time from 00:00 to 23:59")
    return None


def _hours(place: Field, entries: Mapping[str, Field]) -> tuple[_WHEN, ...]:
    if "from" not in entries and "until" not in entries:
        return ((0, DAY),)
    if "from" not in entries or "until" not in entries:
        place.refuse(found="one of 'from' and 'until'", expected="both, or neither for all hours")
        return ()
    begins, ends = _minute(entries["from"], last=False), _minute(entries["until"], last=True)
    if begins is None or ends is None:
        return ()
    if begins == ends:
        entries["until"].refuse(expected="a time other than 'from'; leave both out for all hours")
        return ()
    if begins < ends:
        return ((begins, ends),)
    return ((0, ends), (begins, DAY)) if ends else ((begins, DAY),)


def _kinds(place: Field | None) -> frozenset[int]:
    if place is None:
        return frozenset(range(len(KINDS)))
    found: set[int] = set()
    fields = [place] if place.is_scalar() else place.items(most=9)
    for one in fields:
        word = one.choice(*_DAY_WORDS)
        found |= set(_GROUPS[word] if word in _GROUPS else (WEEKDAYS.index(word),))
    return frozenset(found)


def _names(place: Field | None, known: Sequence[str]) -> frozenset[str]:
    if place is None:
        return frozenset()
    if not known:
        place.refuse(expected="no seasons: this version has none")
        return frozenset()
    fields = [place] if place.is_scalar() else place.items(most=12)
    return frozenset(one.choice(*known) for one in fields)


def _rule(place: Field, period: int, seasons: tuple[Season, ...]) -> _Rule:
    entries = place.entries(*shapes.names(RULE))
    months = frozenset(range(1, 13))
    if "months" in entries:
        months = frozenset(one.whole(low=1, high=12) for one in entries["months"].items(most=12))
    named = _names(entries.get("seasons"), [season.name for season in seasons])
    return _Rule(period, named, months, _kinds(entries.get("days")), _hours(place, entries), place)


class _Day:
    """One kind of day being divided: stretches with their period, and where each was claimed."""

    def __init__(self, what: str) -> None:
        self.what, self.taken = what, list[tuple[int, int, int]]()

    def claim(self, rule: _Rule, names: Sequence[str]) -> bool:
        """Take the rule's hours; refuse hours that another rule has. Whether all went well."""
        for begins, ends in rule.stretches:
            for first, last, other in self.taken:
                if begins < last and first < ends:
                    hour = _clock(max(begins, first))
                    rule.place.refuse(found=f"{hour} {self.what} again, which {names[other]} has",
                                      expected="every hour in one rule")  # fmt: skip
                    return False
            self.taken.append((begins, ends, rule.period))
        return True

    def profile(self, otherwise: int | None) -> Profile | str:
        """The whole day, or the first minute that no rule has."""
        starts: list[int] = []
        periods: list[int] = []
        reached = 0
        for begins, ends, period in [*sorted(self.taken), (DAY, DAY, -1)]:
            if begins > reached:
                if otherwise is None:
                    return _clock(reached)
                starts.append(reached)
                periods.append(otherwise)
            if period >= 0:
                starts.append(begins)
                periods.append(period)
            reached = ends
        keep = [at for at in range(len(starts)) if at == 0 or periods[at] != periods[at - 1]]
        return Profile(tuple(starts[at] for at in keep), tuple(periods[at] for at in keep))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


class _Profiles:
    """Profiles, each once."""

    def __init__(self) -> None:
        self.places: dict[Profile, int] = {}

    def place(self, profile: Profile) -> int:
        return self.places.setdefault(profile, len(self.places))


def _by_rules(
    place: Field, rules: Sequence[_Rule], otherwise: int | None, seasons: tuple[Season, ...], names: Sequence[str]
) -> tuple[tuple[Profile, ...], dict[tuple[str, int, int], int]]:
    profiles, days = _Profiles(), dict[tuple[str, int, int], int]()
    for season, month in combinations(seasons):
        for kind, word in enumerate(KINDS):
            day = _Day(f"on {word} of month {month}" + (f" ({season})" if season else ""))
            if not all(day.claim(rule, names) for rule in rules if rule.covers(season, month, kind)):
                return tuple(profiles.places), days
            found = day.profile(otherwise)
            if isinstance(found, str):
                place.refuse(found=f"no period at {found} {day.what}",
                             expected="rules for every hour, or 'otherwise: true' in one period")  # fmt: skip
                return tuple(profiles.places), days
            days[season, month, kind] = profiles.place(found)
    return tuple(profiles.places), days


def _row(place: Field, names: Sequence[str]) -> list[int] | None:
    words: list[str] = []
    fields = [(place, word) for word in place.text().split()] if place.is_scalar() else []
    if place.is_list():
        fields = [(field, field.text()) for field in place.items(most=24)]
    for field, word in fields:
        name, _, times = word.partition("*")
        if name not in names or not (times.isdigit() or "*" not in word):
            field.refuse(found=repr(word), expected="the name of a period, or name*hours: one of " + ", ".join(names))
            return None
        words += [name] * (int(times) if times else 1)
    if len(words) != 24:
        place.refuse(found=f"{len(words)} hours", expected="24 hours")
        return None
    return [names.index(word) for word in words]


def _by_schedule(
    place: Field, seasons: tuple[Season, ...], names: Sequence[str]
) -> tuple[tuple[Profile, ...], dict[tuple[str, int, int], int]]:
    entries = place.entries(*shapes.names(SCHEDULE))
    months: dict[str, list[list[int] | None]] = {}
    for part in ("weekdays", "weekends"):
        rows = entries[part].items(most=12)
        if rows and len(rows) != 12:
            entries[part].refuse(found=f"{len(rows)} rows", expected="12 rows, one a month")
        months[part] = [_row(row, names) for row in rows]
    profiles, days = _Profiles(), dict[tuple[str, int, int], int]()
    for season, month in combinations(seasons):
        for kind in range(len(KINDS)):
            rows_of = months["weekdays" if kind < 5 else "weekends"]
            hours = rows_of[month - 1] if len(rows_of) == 12 else None
            if hours is not None:
                keep = [hour for hour in range(24) if hour == 0 or hours[hour] != hours[hour - 1]]
                profile = Profile(tuple(hour * 60 for hour in keep), tuple(hours[hour] for hour in keep))
                days[season, month, kind] = profiles.place(profile)
    return tuple(profiles.places), days


def read_calendar(place: Field, seasons: tuple[Season, ...]) -> Calendar:
    """The calendar of a version; problems are reported through the fields."""
    entries = place.entries(*shapes.names(TIME_OF_USE))
    names: list[str] = []
    labels: list[dict[str, str] | None] = []
    rules: list[_Rule] = []
    otherwise: int | None = None
    named = entries["periods"].pairs(expected="a mapping from each period to its hours", least=1)
    if len(named) > PERIODS_LIMIT:
        entries["periods"].refuse(found=f"{len(named)} periods", expected=f"at most {PERIODS_LIMIT}")
    for name, field in named:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            field.refuse(found=f"the period {name!r}", expected="a lower-case word (letters, digits, underscore)")
        own = field.entries(*shapes.names(PERIOD))
        rest = "otherwise" in own and own["otherwise"].flag()
        ruled = "when" in own or rest
        if ruled is ("schedule" in entries):
            expected = "no rules beside 'schedule'" if ruled else "'when', 'otherwise: true', or a 'schedule'"
            field.refuse(found="rules" if ruled else "no hours", expected=expected)
        if "when" in own:
            rules += [_rule(one, len(names), seasons) for one in own["when"].items(most=99)]
        if rest:
            if otherwise is not None:
                own["otherwise"].refuse(expected=f"one such period; {names[otherwise]} is it already")
            otherwise = len(names)
        labels.append(own["label"].bilingual() if "label" in own else None)
        names.append(name)
    holidays = read_holidays(entries.get("holidays"))
    if not holidays and any(rule.kinds == {HOLIDAY} for rule in rules):
        place.refuse(found="hours of holidays, but no holidays", expected="the key 'holidays'")
    if "schedule" in entries:
        profiles, days = _by_schedule(entries["schedule"], seasons, names)
    else:
        profiles, days = _by_rules(entries["periods"], rules, otherwise, seasons, names)
    return Calendar(
        periods=tuple(names),
        labels=tuple(labels),
        profiles=profiles,
        days=days,
        seasons=seasons,
        holidays=holidays,
        shift=read_shift(entries.get("observed")),
        source=entries["source"].text(),
    )


def read_calendars(main: Field | None, others: Field | None, seasons: tuple[Season, ...]) -> dict[str, Calendar]:
    """The calendars of a version by name; a period's name may stand in one of them only."""
    places = [] if main is None else [(TIME_OF_USE_NAME, main)]
    if others is not None:
        places += others.pairs(expected="a mapping from each name to a calendar", least=1)
    found: dict[str, Calendar] = {}
    for name, place in places:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in found:
            place.refuse(found=f"the calendar {name!r}", expected="a lower-case word, once")
        calendar = read_calendar(place, seasons)
        for other, earlier in found.items():
            for period in set(calendar.periods) & set(earlier.periods):
                place.refuse(found=f"the period {period}, which {other} has", expected="a name of its own")
        found[name] = calendar
    return found
