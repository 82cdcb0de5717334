"""What the calendar says of its dates: titles, and the sentences of a derivation, marked for translation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from meterbook.engine.trace import N_, Step, Translate, Value

TITLE = {
    "read_opens": N_("Reads from"),
    "read": N_("Read"),
    "read_closes": N_("Reads until"),
    "bill": N_("Bill"),
    "due": N_("Due"),
    "reminder": N_("Reminder"),
    "penalty": N_("Penalty"),
    "late_notice": N_("Late notice"),
    "shutoff_notice": N_("Shutoff notice"),
    "call": N_("Call"),
    "final_notice": N_("48-hour notice"),
    "shutoff": N_("Shutoff"),
}
AFTER = {
    "read_opens": N_("after the first day of reads"),
    "read": N_("after the read"),
    "read_closes": N_("after the last day of reads"),
    "bill": N_("after the bill"),
    "due": N_("after the due date"),
    "reminder": N_("after the reminder"),
    "penalty": N_("after the penalty"),
    "late_notice": N_("after the late notice"),
    "shutoff_notice": N_("after the shutoff notice"),
    "call": N_("after the call"),
    "final_notice": N_("after the 48-hour notice"),
    "shutoff": N_("after the shutoff"),
}
BEFORE = {
    "read_opens": N_("before the first day of reads"),
    "read": N_("before the read"),
    "read_closes": N_("before the last day of reads"),
    "bill": N_("before the bill"),
    "due": N_("before the due date"),
    "reminder": N_("before the reminder"),
    "penalty": N_("before the penalty"),
    "late_notice": N_("before the late notice"),
    "shutoff_notice": N_("before the shutoff notice"),
    "call": N_("before the call"),
    "final_notice": N_("before the 48-hour notice"),
    "shutoff": N_("before the shutoff"),
}
WEEKDAY = {
    "monday": N_("Monday"),
    "tuesday": N_("Tuesday"),
    "wednesday": N_("Wednesday"),
    "thursday": N_("Thursday"),
    "friday": N_("Friday"),
    "saturday": N_("Saturday"),
    "sunday": N_("Sunday"),
}
CLOSED_BECAUSE = {"day_before_holiday": N_("the day before {holiday}")}
#: The federal holidays as `holidays` names them: the same words, here for the catalogue.
HOLIDAYS = (
    N_("New Year's Day"), N_("Birthday of Martin Luther King, Jr."), N_("Washington's Birthday"), N_("Memorial Day"),
    N_("Juneteenth National Independence Day"), N_("Independence Day"), N_("Labor Day"), N_("Columbus Day"),
    N_("Veterans Day"), N_("Thanksgiving Day"), N_("Christmas Day"),
)  # fmt: skip
DayWords = Callable[[date], str]


def days_said(days: int, count: str) -> Step:
    """A number of days: 1 day, 21 days, 7 business days."""
    if count == "business":
        return Step(N_("1 business day")) if days == 1 else Step(N_("{days} business days"), {"days": days})
    return Step(N_("1 day")) if days == 1 else Step(N_("{days} days"), {"days": days})


def say(step: Step, translate: Translate, day: DayWords) -> str:
    """A sentence in a language, its dates put into words by ``day``.

    >>> say(Step("Moved from {day}", {"day": date(2026, 7, 4)}), str, lambda day: f"{day:%a %d %b}")
    'Moved from Sat 04 Jul'
    """
    values = {
        name: say(one, translate, day) if isinstance(one, Step) else day(one) if isinstance(one, date) else one
        for name, one in step.values.items()
    }
    return translate(step.message).format(**values)


def packed(step: Step) -> dict[str, Any]:
    """A sentence as plain values that JSON holds; `unpacked` makes it again.

    >>> packed(Step("Moved from {day}", {"day": date(2026, 7, 4)}))
    {'message': 'Moved from {day}', 'values': {'day': {'date': '2026-07-04'}}}
    """
    values: dict[str, Any] = {}
    for name, one in step.values.items():
        is_day = isinstance(one, date)
        values[name] = packed(one) if isinstance(one, Step) else {"date": f"{one}"} if is_day else one
    return {"message": step.message, "values": values}


def unpacked(told: dict[str, Any]) -> Step:
    """The sentence that `packed` made plain.

    >>> unpacked(packed(Step("{span}", {"span": Step("1 day")})))
    Step(message='{span}', values={'span': Step(message='1 day', values={})})
    """
    values: dict[str, Value] = {}
    for name, one in told["values"].items():
        if isinstance(one, dict):
            values[name] = date.fromisoformat(one["date"]) if "date" in one else unpacked(one)
        else:
            values[name] = one
    return Step(told["message"], values)
