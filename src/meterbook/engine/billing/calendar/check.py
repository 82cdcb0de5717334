"""Whether a set of dates keeps the rules: the guard on dates set by hand, and the proof of those worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from meterbook.engine.billing.calendar.days import Days
from meterbook.engine.billing.calendar.rules import DateRule, Rules
from meterbook.engine.billing.calendar.words import AFTER, BEFORE, TITLE, days_said
from meterbook.engine.trace import N_, Step, Value


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule a date breaks: ``kind`` comes too early, or on a closed day; ``other`` is what it stands too close to."""

    kind: str
    other: str
    step: Step


def breaches(rules: Rules, dates: Mapping[str, date]) -> list[Breach]:
    """Every rule that ``dates`` (by kind) break, in the order of the rules. Kinds without a date are not judged."""
    days, found, before = Days(rules), [], ""
    for rule in rules.dates:
        if rule.kind in dates:
            found += _closed(days, rule, dates) + _too_soon(days, rule, dates)
            if before and dates[rule.kind] < dates[before]:
                values: dict[str, Value] = {
                    "title": Step(TITLE[rule.kind]), "day": dates[rule.kind], "where": Step(BEFORE[before]),
                    "other": dates[before],
                }  # fmt: skip
                found.append(Breach(rule.kind, before, Step(N_("{title} on {day} is {where}, {other}."), values)))
            before = rule.kind
    return found


def _closed(days: Days, rule: DateRule, dates: Mapping[str, date]) -> list[Breach]:
    because = days.because(dates[rule.kind], rule.avoid)
    if because is None:
        return []
    values: dict[str, Value] = {"title": Step(TITLE[rule.kind]), "day": dates[rule.kind], "because": because}
    return [Breach(rule.kind, "", Step(N_("{title} never falls on {day}: {because}."), values))]


def _too_soon(days: Days, rule: DateRule, dates: Mapping[str, date]) -> list[Breach]:
    found = []
    for minimum in rule.minimums:
        if minimum.after not in dates:
            continue
        since, day = dates[minimum.after], dates[rule.kind]
        if day < days.added(since, minimum.days, minimum.count):
            values: dict[str, Value] = {
                "title": Step(TITLE[rule.kind]), "day": day, "span": days_said(minimum.days, minimum.count),
                "where": Step(AFTER[minimum.after]), "since": since, "citation": minimum.citation,
                "found": days.between(since, day, minimum.count),
            }  # fmt: skip
            message = N_(
                "{title} on {day} is too early: at least {span} {where}, {since}, and it is {found}. {citation}"
            )
            found.append(Breach(rule.kind, minimum.after, Step(message, values)))
    return found
