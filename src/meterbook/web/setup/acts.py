"""What the forms of setup do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.platform.operations import users
from meterbook.web.kit.access import act


def added(request: HttpRequest, given: dict[str, Any]) -> str:
    """A new colleague."""
    made = users.add_user(act(request), **given)
    messages.success(request, gettext("%(name)s can sign in.") % {"name": made})
    return reverse("staff_member", args=[made.username])


def granted(request: HttpRequest, user: Any, given: dict[str, Any]) -> str:
    """Give a role, or ask a second person where two give it."""
    why = act(request, given["reason"])
    if given["role"] in users.GUARDED:
        users.ask_role(why, user=user, role=given["role"], first=given["first"], ends=given["ends"])
        messages.success(request, gettext("A second person has been asked."))
    else:
        users.grant_role(why, user=user, role=given["role"], starts=given["first"], ends=given["ends"])
        messages.success(request, gettext("The role is given."))
    return reverse("staff_member", args=[user.username])


def ended(request: HttpRequest, grant: Any, given: dict[str, Any]) -> str:
    """Let a role end, or ask a second person where two take it."""
    why, ends = act(request, given["reason"]), given["last"] + timedelta(days=1)
    if grant.role in users.GUARDED:
        users.ask_role(why, user=grant.user, role=grant.role, first=ends, grant=grant)
        messages.success(request, gettext("A second person has been asked."))
    else:
        users.end_role(why, grant=grant, ends=ends)
        messages.success(request, gettext("The role ends."))
    return reverse("staff_member", args=[grant.user.username])


def decided(request: HttpRequest, user: Any, asked: Any, given: dict[str, Any]) -> str:
    """Agree to what was asked about a role, or not."""
    users.decide_role(act(request, given["reason"]), request=asked, approve=request.POST.get("decision") == "approve")
    messages.success(request, gettext("Your decision is recorded."))
    return reverse("staff_member", args=[user.username])


def switched(request: HttpRequest, user: Any, given: dict[str, Any]) -> str:
    """Switch a sign-in off, or on again."""
    do = users.deactivate_user if user.is_active else users.reactivate_user
    do(act(request, given["reason"]), user=user)
    messages.success(request, gettext("The sign-in is off.") if not user.is_active else gettext("The sign-in is on."))
    return reverse("staff_member", args=[user.username])
