"""Account list, account page, an account's transfers, and the premise page."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.customers import screens
from meterbook.records.customers.finding.matches import matches as listed
from meterbook.records.customers.people import screens as people
from meterbook.records.ledger import screens as ledger
from meterbook.records.metering import screens as metering
from meterbook.records.metering.shop.rights import rights_of
from meterbook.records.places import screens as places
from meterbook.records.platform.queries import business_date
from meterbook.web.customers.account import account_context
from meterbook.web.customers.columns import ACCOUNTS, entry_columns
from meterbook.web.kit.access import may, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.frame import pin, unpin
from meterbook.web.kit.sections import ACCOUNTS as SECTION
from meterbook.web.kit.sections import FIND
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.map.drawing import around_premise
from meterbook.web.moves.panels import premise_panel


def _with_address_and_balance(rows: list[Row]) -> None:
    ids = [row["id"] for row in rows]
    matches = {match.account_id: match for match in listed(ids)}
    balances = ledger.balances(ids)
    for row in rows:
        match = matches[row["id"]]
        row["address"] = gettext("Address kept secret") if match.secret else match.address
        row["balance"] = balances.get(row["id"], 0)


@page(SECTION)
def account_list(request: HttpRequest) -> HttpResponseBase:
    """Every account."""
    table = Table(
        request, screens.accounts(), ACCOUNTS, order=("number",), name="accounts", title=_("Accounts"),
        empty=_("No account yet. Accounts come in with the first load of customers."),
        search=("number", "holder__name"), search_label=_("Number or name"), enrich=_with_address_and_balance,
    )  # fmt: skip
    return table_page(request, "customers/accounts.html", table)


@page(SECTION)
def account(request: HttpRequest, number: str) -> HttpResponseBase:
    """One account; it stays in hand while other things are looked up."""
    found = screens.account(number)
    if found is None:
        raise Http404(number)
    pin(request, number=found.number, name=found.holder.name)
    return render(request, "customers/account.html", account_context(request, found, day=business_date()))


@page(SECTION)
def account_entries(request: HttpRequest, number: str) -> HttpResponseBase:
    """Every transfer of one account."""
    found = screens.account(number)
    if found is None:
        raise Http404(number)
    table = Table(
        request, ledger.entries(found.pk), entry_columns(), order=("-effective_on", "-id"), name=f"entries-{number}",
        title=_("Ledger entries"), empty=_("Nothing has been booked on this account yet."),
    )  # fmt: skip
    return table_page(request, "customers/entries.html", table, {"account": found})


def _served(service_points: list[int]) -> list[Row]:
    """Who was served at these points; nobody whose address is secret is named with it."""
    rows = screens.agreements_at(service_points)
    secret = people.secret_numbers([row["number"] for row in rows], business_date())
    return [{**row, "name": gettext("Kept secret"), "number": ""} if row["number"] in secret else row for row in rows]


@page(FIND)
def premise(request: HttpRequest, premise_id: int) -> HttpResponseBase:
    """One premise: what reaches it, what hangs there, who was served."""
    found = places.premise(premise_id)
    if found is None:
        raise Http404(str(premise_id))
    points = places.service_points(premise_id)
    ids = [point["id"] for point in points]
    context = {"premise": found, "points": points, "facts": places.facts_on(ids, business_date())}
    context |= {"meters": metering.meters_at(ids), "agreements": _served(ids), "title": found.address}
    context |= {"premise_moves": premise_panel(premise_id)}
    context |= {"rights": rights_of(found.parcel, business_date()), "may_buy": may(request, "places.buy_connections")}
    context["on_map"] = around_premise(premise_id)
    return render(request, "customers/premise.html", context)


@require_POST
@page(SECTION)
def put_away(request: HttpRequest) -> HttpResponseBase:
    """Put the account in hand away."""
    unpin(request)
    return redirect("find")
