"""The published calendar for calendar programs (iCalendar, RFC 5545): an all-day event a date.

An event keeps its UID as long as the cycle, the period and the kind of date are the same; its SEQUENCE grows by one
with every publication that moves the day, and a date dropped later stays as a cancelled event, so that a program that
subscribed takes it out. DTSTAMP is the instant of publication: the same calendar gives the same bytes at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import icalendar

from meterbook.engine.billing.calendar.words import TITLE
from meterbook.notices.billing_calendar.gather import NoCalendar, names
from meterbook.notices.billing_calendar.words import month, words
from meterbook.records.billing.calendar import queries as calendar
from meterbook.records.platform import queries

_PRODUCT = "-//Meterbook//Billing calendar//EN"


def calendar_feed(year: int, *, language: str, cycle: str | None = None) -> bytes:
    """The published dates of a year, of one cycle or of all. Raises `NoCalendar`."""
    events = calendar.events(year, cycle)
    if not events:
        raise NoCalendar(f"no published calendar of {year}" + (f" for cycle {cycle}" if cycle else ""))
    utility, w = queries.utility(), words(language)
    title = w["feed_cycle" if cycle else "feed"].format(utility=utility.name, year=year, cycle=cycle)
    return events_feed(events, title=title, host=utility.website, language=language)


def events_feed(events: Sequence[calendar.Event], *, title: str, host: str, language: str) -> bytes:
    """Events as a calendar; ``host`` is the name the UIDs end in."""
    made = icalendar.Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", icalendar.vText(title))
    w, translate = words(language), names(language)
    for event in events:
        entry = icalendar.Event()
        entry.add("uid", f"{event.cycle}-{event.month:%Y-%m}-{event.kind.replace('_', '-')}@{host}".lower())
        entry.add("dtstamp", event.published_at)
        entry.add("sequence", event.sequence)
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(days=1))
        entry.add("summary", w["summary"].format(title=translate(TITLE[event.kind]), cycle=event.cycle))
        entry.add("description", w["described"].format(month=month(event.month, language), cycle=event.cycle))
        entry.add("categories", [f"{event.cycle}"])
        entry.add("transp", "TRANSPARENT")
        entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
        made.add_component(entry)
    return bytes(made.to_ical())
