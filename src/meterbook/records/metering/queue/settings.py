"""The policy ``read-queue``: whose second signature is needed, when the field must have been, the pace that counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from meterbook.engine.billing.calendar.holidays import us_holidays
from meterbook.records.platform.policies import NoPolicy, policy

#: Business days until somebody must have been there, where no policy says otherwise.
_FIELD_DAYS = {"re_read": 2, "check_meter": 5, "estimate_limit": 10}
_PACE_DAYS = 10


class WrongQueuePolicy(ValueError):
    """The policy document cannot be read; the message names the key."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """What the city decided about its queue; ``approval_above_cents`` None: one person is enough."""

    approval_above_cents: int | None = None
    field_days: dict[str, int] = field(default_factory=lambda: dict(_FIELD_DAYS))
    pace_days: int = _PACE_DAYS

    def due_on(self, kind: str, raised_on: date) -> date:
        """The business day by which the field must have been there."""
        return after_business_days(raised_on, self.field_days.get(kind, _FIELD_DAYS["check_meter"]))


def queue_settings(on: date) -> QueueSettings:
    """The settings in force on a business date; raises `WrongQueuePolicy` for a document that cannot be read."""
    try:
        found = policy("read-queue", on)
    except NoPolicy:
        return QueueSettings()
    return parse(found)


def parse(found: dict[str, Any]) -> QueueSettings:
    """Read the document.

    >>> parse({"approval_above": "250.00", "field_days": {"re_read": 1}}).approval_above_cents
    25000
    """
    days = found.get("field_days", {})
    if not isinstance(days, dict) or not set(days) <= set(_FIELD_DAYS):
        raise WrongQueuePolicy(f"field_days: found {days!r}, expected days by {', '.join(_FIELD_DAYS)}")
    return QueueSettings(
        approval_above_cents=_cents(found.get("approval_above")),
        field_days=_FIELD_DAYS | {kind: _days(f"field_days.{kind}", number) for kind, number in days.items()},
        pace_days=_days("pace_days", found.get("pace_days", _PACE_DAYS)),
    )


def _cents(text: Any) -> int | None:
    if text is None:
        return None
    try:
        cents = Decimal(str(text)) * 100
    except InvalidOperation:
        cents = Decimal(-1)
    if isinstance(text, float) or cents < 0 or cents != int(cents):
        raise WrongQueuePolicy(f"approval_above: found {text!r}, expected dollars and cents in quotes")
    return int(cents)


def _days(key: str, number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 60:
        raise WrongQueuePolicy(f"{key}: found {number!r}, expected a whole number from 1 to 60")
    return number


def after_business_days(day: date, count: int) -> date:
    """The ``count``-th business day after a day.

    >>> after_business_days(date(2026, 11, 25), 1)
    datetime.date(2026, 11, 27)
    """
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def is_business_day(day: date) -> bool:
    """Whether the office works that day: no weekend, no federal holiday."""
    return day.weekday() < 5 and day not in us_holidays(day.year)
