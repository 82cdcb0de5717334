"""Seasons: half-open stretches of every year, by month and day, that together cover it exactly once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from meterbook.engine.rates.document import UNREAD, Field

#: A season that stands for whichever is in force: the bill is cut at every change of season.
EACH = "each"


@dataclass(frozen=True, slots=True)
class Season:
    """From ``start`` (month, day) until ``end`` (out); a season may run across the new year."""

    name: str
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One season of one year: days ``starts`` to ``ends`` (out)."""

    season: str
    starts: date
    ends: date


def occurrences(seasons: tuple[Season, ...], *, wanted: str, first: date, last: date) -> list[Occurrence]:
    """Every occurrence of the season (of any, for `EACH`) that touches the days ``first`` to ``last``, in order."""
    found: list[Occurrence] = []
    for season in seasons:
        if wanted not in (EACH, season.name):
            continue
        for year in range(first.year - 1, last.year + 1):
            starts = date(year, *season.start)
            ends = date(year if season.end > season.start else year + 1, *season.end)
            if starts <= last and ends > first:
                found.append(Occurrence(season.name, starts, ends))
    return sorted(found, key=lambda one: one.starts)


def _month_day(field: Field) -> tuple[int, int]:
    text = field.text(expected="a month and day MM-DD")
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
    if match:
        month, day = int(match[1]), int(match[2])
        try:
            date(2023, month, day)  # a day that every year has
        except ValueError:
            pass
        else:
            return month, day
    if text is not UNREAD:
        field.refuse(expected="a month and day MM-DD that every year has")
    return 1, 1


def read_seasons(place: Field) -> tuple[Season, ...]:
    """The seasons of a version; gaps and overlaps are problems."""
    found: list[tuple[Season, Field]] = []
    before = len(place.problems.found)
    for name, field in place.pairs(expected="a mapping from each season to {from, until}", least=1):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == EACH:
            field.refuse(found=f"the season {name!r}", expected=f"a lower-case word other than {EACH!r}")
        entries = field.entries(("from", "until"))
        found.append((Season(name, _month_day(entries["from"]), _month_day(entries["until"])), entries["until"]))
    if len(place.problems.found) > before:
        return tuple(season for season, _ in found)
    found.sort(key=lambda pair: pair[0].start)
    for at, (season, until) in enumerate(found):
        following = found[(at + 1) % len(found)][0]
        if season.end != following.start:
            month, day = following.start
            until.refuse(expected=f"{month:02}-{day:02}, where {following.name} begins: no gap, no overlap")
    return tuple(season for season, _ in found)
