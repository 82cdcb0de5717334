"""People and their roles as rows and pages show them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from meterbook.records.platform.operations.users import GUARDED
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.staffing import people as staff
from meterbook.web.kit import figures, words
from meterbook.web.kit.access import may
from meterbook.web.kit.cells import Row


def _named(row: Row) -> None:
    row["name"] = f"{row['first_name']} {row['last_name']}".strip()


def people_in_words(rows: list[Row]) -> None:
    """Names, states, and the roles of today."""
    roles = staff.roles_on(business_date(), [row["id"] for row in rows])
    for row in rows:
        _named(row)
        row["roles"] = ", ".join(words.say("role", role) for role in roles[row["id"]])
        row["state"] = "on" if row["is_active"] else "off"


def review_in_words(rows: list[Row], deeds: dict[int, int]) -> None:
    """Names, the last day instead of the first without, who decided, how much they did."""
    for row in rows:
        _named(row)
        row["last"] = row["until"] and row["until"] - timedelta(days=1)
        row["state"] = "on" if row["active"] else "off"
        row["deeds"] = deeds.get(row["user_id"], 0)


def member_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """One of the staff, and what this reader may do about them."""
    day, asked, myself = business_date(), staff.asked_about(found), request.user.pk == found.pk
    grants = [
        {"grant": each, "last": each.validity.upper and each.validity.upper - timedelta(days=1),
         "state": _state(each, day), "guarded": each.role in GUARDED}
        for each in staff.grants_of(found)
    ]  # fmt: skip
    supervises = may(request, "platform.grant_role") and not myself
    return {
        "member": found, "grants": grants, "asked": asked, "myself": myself, "may_change": supervises,
        "may_decide": asked is not None and asked.requested_by_id != request.user.pk and not myself
        and may(request, "platform.decide_role"),
        "asks": _asks(asked) if asked else "",
    }  # fmt: skip


def _state(grant: Any, day: Any) -> str:
    if grant.validity.upper is not None and grant.validity.upper <= day:
        return "over"
    return "to_come" if grant.validity.lower > day else "valid"


def _asks(asked: Any) -> str:
    """What is asked for, in words."""
    said = asked.preview
    values = {"role": words.say("role", said["role"]), "day": figures.day(date.fromisoformat(said["first_day"]))}
    if said["does"] == "end":
        return _("The role “%(role)s” would end; %(day)s is the first day without it.") % values
    return _("The role “%(role)s” would be held from %(day)s.") % values
