"""The command palette as a page of its own, the shortcut card, and closing an account's tab."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.web.kit.access import page, roles_held
from meterbook.web.kit.frame import close
from meterbook.web.kit.palette.finding import codes, offers
from meterbook.web.kit.sections import ACCOUNTS, TODAY, rail_for
from meterbook.web.kit.tables import typed
from meterbook.web.tasks.card import card


@page(TODAY)
def palette(request: HttpRequest) -> HttpResponseBase:
    """What fits what was typed; a whole command code, and Enter in the dialog (``go``), do the first of it at once."""
    asked = typed(request, "q")
    found = offers(request, asked)
    part = request.headers.get("HX-Request") == "true"
    whole = found and found[0].code and found[0].code == asked.removeprefix(":").split(" ")[0].casefold()
    if not part and found and (whole or request.GET.get("go")):
        return redirect(found[0].href)
    context = {"offers": found, "asked": asked, "title": _("Do something")}
    return render(request, "palette/offers.html" if part else "palette/page.html", context)


@page(TODAY)
def shortcuts(request: HttpRequest) -> HttpResponseBase:
    """Every key and every command code the reader's roles have, on one sheet of paper."""
    context = {"title": _("Shortcut card"), "card": card(rail_for(roles_held(request))), "codes": codes(request)}
    return render(request, "palette/card.html", context)


@page(ACCOUNTS)
@require_POST
def close_tab(request: HttpRequest, number: str) -> HttpResponseBase:
    """Close one of the open accounts."""
    close(request, number)
    pinned = request.session.get("pinned")
    return redirect("account", pinned["number"]) if pinned else redirect("today")
