"""What every page's frame shows: utility, business date, the rail by role, the account in hand."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from django.http import HttpRequest

from meterbook.records.platform import queries
from meterbook.records.platform.roles import TITLES
from meterbook.records.tasks.screens import unseen
from meterbook.web.kit.access import roles_held
from meterbook.web.kit.palette.keys import EVERYWHERE, ON_ACCOUNT
from meterbook.web.kit.sections import rail_for

THEMES = ("auto", "light", "dark")
#: How many accounts stay open as tabs; the keys g 1 to g 9 reach every one.
TABS = 6


class Pinned(TypedDict):
    """The account in hand, kept in the session while other things are looked up."""

    number: str
    name: str


def context(request: HttpRequest) -> dict[str, object]:
    """Template context of the page frame."""
    theme = request.COOKIES.get("theme", "auto")
    frame: dict[str, object] = {"theme": theme if theme in THEMES else "auto", "utility_name": "Meterbook"}
    today: date | None = None
    try:
        today = queries.business_date()
        utility = queries.utility()
        frame["utility_name"], frame["practice_since"] = utility.name, utility.practice_since
    except queries.NotFounded:
        pass
    frame["business_date"] = today
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and today is not None:
        held = roles_held(request)
        frame["rail"] = rail_for(held)
        frame["role_titles"] = [TITLES[role] for role in TITLES if role in held]
        frame["section"] = getattr(request, "section", None)
        frame["pinned"] = request.session.get("pinned")
        frame["open_accounts"] = request.session.get("tabs", [])
        frame["unseen"] = unseen(user.pk)
        frame["keys_everywhere"] = EVERYWHERE
        if request.resolver_match is not None and request.resolver_match.url_name == "account":
            frame["page_keys"] = ON_ACCOUNT
    return frame


def pin(request: HttpRequest, *, number: str, name: str) -> None:
    """Keep an account in hand and open as a tab, and remember the last eight."""
    account = Pinned(number=number, name=name)
    if request.session.get("pinned") != account:
        request.session["pinned"] = account
    before = request.session.get("recent", [])
    if before[:1] != [account]:
        request.session["recent"] = [account, *(each for each in before if each["number"] != number)][:8]
    request.looked_at = number  # type: ignore[attr-defined]  # the access log is told
    open_now = request.session.get("tabs", [])
    if all(each["number"] != number for each in open_now):
        request.session["tabs"] = [*open_now, account][-TABS:]


def unpin(request: HttpRequest) -> None:
    """Put the account in hand away, and close its tab."""
    account = request.session.get("pinned")
    if account:
        close(request, account["number"])


def close(request: HttpRequest, number: str) -> None:
    """Close one of the open accounts; the one in hand is then no longer in hand."""
    request.session["tabs"] = [each for each in request.session.get("tabs", []) if each["number"] != number]
    if (request.session.get("pinned") or {}).get("number") == number:
        request.session.pop("pinned")
