"""Payment pages made, the processor's events, kiosks."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from meterbook.records.online import screens
from meterbook.web.kit.access import page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.online import doing
from meterbook.web.online.columns import CHECKOUTS, EVENTS, KIOSKS
from meterbook.web.online.forms import NewCheckout, NewKiosk


@page(MONEY)
def checkouts(request: HttpRequest) -> HttpResponseBase:
    """Every hosted page made."""
    table = Table(
        request, screens.checkouts(), CHECKOUTS, order=("-id",), name="checkouts", title=_("Payment pages"),
        empty=_("No payment page was made yet."), search=("account__number", "account__holder__name"),
        search_label=_("Account or holder"),
    )  # fmt: skip
    return table_page(request, "online/list.html", table, {"tab": "checkouts"})


@page(MONEY)
def events(request: HttpRequest) -> HttpResponseBase:
    """Every event of the card processor."""
    table = Table(
        request, screens.events(), EVENTS, order=("-id",), name="card-events", title=_("Events of the card processor"),
        empty=_("The card processor sent nothing yet."), search=("event", "intent"), search_label=_("Number"),
    )  # fmt: skip
    return table_page(request, "online/list.html", table, {"tab": "events"})


@page(MONEY)
def kiosks(request: HttpRequest) -> HttpResponseBase:
    """Every kiosk."""
    table = Table(
        request, screens.kiosks(), KIOSKS, order=("name", "id"), name="kiosks", title=_("Kiosks"),
        empty=_("No kiosk is known yet."), search=("name",), search_label=_("Name"),
    )  # fmt: skip
    return table_page(request, "online/list.html", table, {"tab": "kiosks"})


@page(MONEY)
def new_checkout(request: HttpRequest) -> HttpResponseBase:
    """Make a hosted page for an account."""
    about = FormPage(_("New payment page"), _("Make the page"), "checkouts", lead=_(
        "The customer keys the card on the processor's page. Never take a card number down."))  # fmt: skip
    return form_page(request, NewCheckout(sent(request)), about, lambda given: doing.page_made(request, given))


@page(MONEY)
def new_kiosk(request: HttpRequest) -> HttpResponseBase:
    """Make a kiosk known."""
    about = FormPage(_("New kiosk"), _("Create"), "kiosks", lead=_("Its token is shown once. Key it into the machine."))
    return form_page(request, NewKiosk(sent(request)), about, lambda given: doing.kiosk_made(request, given))


@page(MONEY)
def revoke_kiosk(request: HttpRequest, kiosk_id: int) -> HttpResponseBase:
    """Take a kiosk's token back."""
    found = screens.kiosk(kiosk_id)
    if found is None:
        raise Http404(str(kiosk_id))
    about = FormPage(found.name, _("Revoke"), "kiosks", dangerous=True, lead=_(
        "Its token is good for nothing from then on; what it took stays."))  # fmt: skip
    return form_page(
        request, ReasonForm(sent(request)), about, lambda given: doing.kiosk_revoked(request, found, given)
    )
