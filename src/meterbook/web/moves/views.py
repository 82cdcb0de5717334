"""Moving in, out and across; bankruptcy; one move and the list of all."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.moves import screens
from meterbook.web.kit.access import page
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.kit.tables import Table, table_page, typed
from meterbook.web.moves import asking, building
from meterbook.web.moves.columns import MOVES
from meterbook.web.moves.flow import FlowPage, flow_page

START = FlowPage(_("Move in"), _("Type what the caller says, look at what will happen, save."), "moves")
STOP = FlowPage(_("Move out"), _("The last day, the reads, where the final bill goes."), "accounts")
TRANSFER = FlowPage(
    _("Transfer"), _("From one address to another in one go: both reads, deposit, autopay."), "accounts"
)
_SPLIT = _("The account ends on the day of the petition and nobody collects it; a new one goes on from that day.")
BANKRUPT = FlowPage(_("Bankruptcy"), _SPLIT, "accounts")


def account_or_404(request: HttpRequest, number: str) -> Any:
    """The account, in hand from now on."""
    found = account_numbered(number.replace("\0", ""))
    if found is None:
        raise Http404(number)
    pin(request, number=found.number, name=found.holder.name)
    return found


def _premise(text: str) -> Any:
    found = screens.find_premise(int(text)) if text.isdecimal() and len(text) < 12 else None
    if text and found is None:
        raise Http404(text)
    return found


@page(ACCOUNTS)
def start(request: HttpRequest) -> HttpResponseBase:
    """Somebody moves in: ``?premise=`` where, ``?account=`` who, if they are on record."""
    premise, number = _premise(typed(request, "premise")), typed(request, "account")
    account = account_or_404(request, number) if number else None
    if premise is None:
        return _where(request, _("Move in"), {"account": number})
    form, context = asking.start_form(request, premise, account)
    return flow_page(
        request, form, START,
        lambda: building.start_plan(form, premise, context["occupant"], context["person"]), context,
    )  # fmt: skip


@page(ACCOUNTS)
def stop(request: HttpRequest, number: str) -> HttpResponseBase:
    """An account moves out."""
    account = account_or_404(request, number)
    form, context = asking.stop_form(request, account, typed(request, "premise"))
    return flow_page(request, form, STOP, lambda: building.stop_plan(form, account), context)


@page(ACCOUNTS)
def transfer(request: HttpRequest, number: str) -> HttpResponseBase:
    """A customer moves across town: ``?premise=`` where to."""
    account, premise = account_or_404(request, number), _premise(typed(request, "premise"))
    if premise is None:
        return _where(request, _("Transfer"), {})
    form, context = asking.transfer_form(request, account, premise)
    return flow_page(
        request, form, TRANSFER,
        lambda: building.transfer_plan(form, account, premise, context["occupant"], stays=context["stays"]), context,
    )  # fmt: skip


@page(ACCOUNTS)
def bankruptcy(request: HttpRequest, number: str) -> HttpResponseBase:
    """An account is split at a petition."""
    account = account_or_404(request, number)
    form, context = asking.bankrupt_form(request, account)
    if not context["served"]:
        raise Http404(number)
    return flow_page(request, form, BANKRUPT, lambda: building.bankrupt_plan(form, account, context["served"]), context)


def _where(request: HttpRequest, title: Any, carried: dict[str, str]) -> HttpResponseBase:
    """Find the premise; the only one found is taken at once."""
    asked = typed(request, "q")
    found = screens.premises_found(asked) if asked else []
    given = {name: value for name, value in carried.items() if value}
    if len(found) == 1:
        query = "&".join(f"{name}={value}" for name, value in {**given, "premise": str(found[0].pk)}.items())
        return redirect(f"{request.path}?{query}")
    return render(
        request, "moves/where.html", {"title": title, "asked": asked, "found": found, "carried": given.items()}
    )


@page(ACCOUNTS)
def moves(request: HttpRequest) -> HttpResponseBase:
    """Every move, planned and done."""
    table = Table(
        request, screens.moves(), MOVES, order=("-on", "-id"), name="moves", title=_("Moves"),
        empty=_("Nobody has moved yet. Choose “Move in”, or open an account and choose “Move out”."),
        search=("account__number", "account__holder__name", "address"), search_label=_("Account, name or address"),
    )  # fmt: skip
    return table_page(request, "moves/list.html", table, {"here": "moves"})
