"""How late a ticket is, in a word, a shape and a colour."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from meterbook.records.platform.queries import business_date, utility
from meterbook.records.service_orders.locates.rules import locate_rules

_HOUR, _DAY = 3600, 86400


def moment() -> datetime:
    """Now, on the business date."""
    zone = ZoneInfo(utility().timezone)
    return datetime.combine(business_date(), timezone.now().astimezone(zone).time(), zone)


def clock(state: str, due: datetime | None, now: datetime, soon_hours: int) -> str:
    """A code of the vocabulary ``locate_clock``."""
    if state != "waiting":
        return f"locate_{state}"
    if due is None:
        return "locate_unclocked"
    left = (due - now).total_seconds()
    return "locate_late" if left < 0 else "locate_soon" if left <= soon_hours * _HOUR else "locate_time"


def clocked(rows: list[dict[str, Any]]) -> None:
    """Give each row of the list its clock."""
    now, soon = moment(), locate_rules(business_date()).soon_hours
    for row in rows:
        row["clock"] = clock(row["state"], row["due_at"], now, soon)


def left(due: datetime | None, now: datetime) -> str:
    """How long there is still time, or since when it is late."""
    if due is None:
        return ""
    seconds = int((due - now).total_seconds())
    sentence = gettext("%(time)s late") if seconds < 0 else gettext("%(time)s left")
    return sentence % {"time": _lasting(abs(seconds))}


def _lasting(seconds: int) -> str:
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // 60
    if days:
        return gettext("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
