"""The Find page."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from meterbook.records.platform.queries import business_date
from meterbook.web.find.search import find
from meterbook.web.kit.access import page
from meterbook.web.kit.contact import sees_contact
from meterbook.web.kit.sections import FIND
from meterbook.web.kit.tables import typed


@page(FIND)
def find_page(request: HttpRequest) -> HttpResponseBase:
    """Whatever was typed, answered; a whole account number goes straight to the account."""
    asked = typed(request, "q")
    found = find(asked, day=business_date(), sees_contact=sees_contact(request))
    only = found[0].matches[0] if len(found) == 1 and len(found[0].matches) == 1 else None
    if only and only.account_id and only.number == asked.replace(" ", "") and not request.GET.get("stay"):
        return redirect("account", only.number)
    recent = request.session.get("recent", [])
    return render(request, "find/find.html", {"typed": asked, "found": found, "recent": recent, "title": _("Find")})
