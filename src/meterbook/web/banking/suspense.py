"""One unidentified payment with whose it may be, and a batch taken back."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from meterbook.records.banking import screens
from meterbook.records.banking.operations.unpost_batch import preview_of
from meterbook.records.banking.suggesting import WORDS, suggestions
from meterbook.web.banking import doing
from meterbook.web.banking.forms import Decide, Place
from meterbook.web.banking.views import found_or_404
from meterbook.web.kit.access import may, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import MONEY


@page(MONEY)
def payment(request: HttpRequest, payment_id: int) -> HttpResponseBase:
    """Whose a payment may be; one key places it."""
    found = found_or_404(screens.payment_in_suspense(payment_id), payment_id)
    rows = [(each, [_(WORDS[why]) for why in each.why]) for each in suggestions(found)]
    about = FormPage(_("Unidentified payment"), _("Place"), "unplaced_payments", template="banking/suspense.html")
    context = {"item": found, "rows": rows, "may_place": may(request, "banking.place_payment")}
    return form_page(
        request, Place(sent(request)), about, lambda given: doing.placed(request, found, given), context
    )  # fmt: skip


@page(MONEY)
def unpost(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """Ask to take a batch back, or decide it."""
    found = found_or_404(screens.batch_named(batch_id), batch_id)
    asked = screens.unposting_of(batch_id)
    state = asked.state if asked else ""
    mine = asked is not None and asked.approval.requested_by_id == request.user.pk
    decides = state == "proposed" and not mine and may(request, "banking.decide_unposting")
    may_ask = state in ("", "refused") and may(request, "banking.propose_unposting")
    context = {"item": found, "asked": asked, "waits": state, "mine": mine, "may_decide": decides, "may_ask": may_ask,
               "preview": asked.approval.preview if asked else preview_of(found)}  # fmt: skip
    about = FormPage(_("Take this batch back"), _("Ask"), "payment_batches", template="banking/unpost.html")
    form = Decide(sent(request)) if decides else ReasonForm(sent(request))
    return form_page(request, form, about, lambda given: doing.unposted(request, found, asked, given), context)
