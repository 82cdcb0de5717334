"""The Find page, and what it answers under the box while somebody types."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from meterbook.records.platform.queries import business_date
from meterbook.web.contacts.callers import sees_unasked
from meterbook.web.find.asked import Found
from meterbook.web.find.search import LIMIT, find
from meterbook.web.kit.access import page, roles_held
from meterbook.web.kit.contact import sees_contact
from meterbook.web.kit.sections import FIND, MONEY
from meterbook.web.kit.tables import typed

#: Of a kind, under the box: as many as fit without scrolling.
UNDER_THE_BOX = 5


@page(FIND)
def find_page(request: HttpRequest) -> HttpResponseBase:
    """Whatever was typed, answered; a whole account, bill or meter number goes straight there."""
    asked = typed(request, "q")
    found = _found(request, asked, LIMIT)
    if found and found[0].straight_to and not request.GET.get("stay"):
        return redirect(found[0].straight_to)
    recent = request.session.get("recent", [])
    return render(request, "find/find.html", {"typed": asked, "found": found, "recent": recent, "title": _("Find")})


@page(FIND)
def as_typed(request: HttpRequest) -> HttpResponseBase:
    """The answers so far: under the box, or on the Find page itself."""
    asked, on_page = typed(request, "q"), request.headers.get("HX-Target") == "found"
    found = _found(request, asked, LIMIT if on_page else UNDER_THE_BOX)
    template = "find/found.html" if on_page else "find/as_typed.html"
    return render(request, template, {"typed": asked, "found": found})


def _found(request: HttpRequest, asked: str, limit: int) -> list[Found]:
    sees_money = bool(MONEY.roles & roles_held(request))
    day = business_date()
    return find(asked, day=day, sees_contact=sees_contact(request), sees_money=sees_money, limit=limit,
                in_full=sees_unasked(request, day))  # fmt: skip
