"""Service that is off for nonpayment: the exact amount, the way to the counter, the order with its window."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders.restoring.deeds import charge_restoring, restore_service
from meterbook.records.service_orders.restoring.quote import bars, quote, rules_on
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.frame import pin
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.kit.sections import ACCOUNTS

_AGAIN = 307  # the browser sends the same form on to the counter


def _account(request: HttpRequest, number: str) -> Any:
    found = account_numbered(number)
    if found is None:
        raise Http404(number)
    pin(request, number=found.number, name=found.holder.name)
    return found


@page(ACCOUNTS)
def restore(request: HttpRequest, number: str) -> HttpResponseBase:
    """What brings service back; sent, it opens the orders."""
    found, wrong = _account(request, number), ""
    visit = (request.POST if request.method == "POST" else request.GET).get("visit", "")
    if request.method == "POST":
        try:
            return _opened(request, found, visit)
        except NotPermitted:
            raise
        except Exception as error:
            if not is_refusal(error):
                raise
            wrong = in_words(error)
    return render(request, "restore/restore.html", _context(request, found, visit, wrong), status=422 if wrong else 200)


@require_POST
@page(ACCOUNTS)
def charge(request: HttpRequest, number: str) -> HttpResponseBase:
    """Charge the fee, then take the payment at the counter."""
    found, visit = _account(request, number), request.POST.get("visit", "")
    try:
        charge_restoring(act(request, "restoring service"), account=found, visit=visit)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        context = _context(request, found, visit, in_words(error))
        return render(request, "restore/restore.html", context, status=422)
    if may(request, "cashiering.take_receipt"):
        return HttpResponse(status=_AGAIN, headers={"Location": reverse("counter_slip")})
    messages.success(request, gettext("The fee is charged. Send the customer to the counter or to the payment page."))
    return redirect(f"{reverse('restore_service', args=[number])}?visit={visit}")


def _opened(request: HttpRequest, account: Any, visit: str) -> HttpResponseBase:
    orders = restore_service(act(request, "restoring service"), account=account, visit=visit)
    window = orders[0].details["window"][bilingual()]
    messages.success(request, gettext("The order is open: somebody comes %(window)s.") % {"window": window})
    return redirect("account", account.number)


def _context(request: HttpRequest, account: Any, visit: str, wrong: str) -> dict[str, Any]:
    day, language = business_date(), bilingual()
    try:
        found, visits = quote(account, day, visit=visit), rules_on(day).visits.values()
    except NoPolicy as none:
        return {"title": _("Restore service"), "account": account, "wrong": wrong or str(none), "found": None}
    against = [step.words(gettext) for step in bars(found)] if found else []
    return {
        "title": _("Restore service"), "account": account, "found": found, "wrong": wrong, "against": against,
        "visits": [(one.code, one.words[language]) for one in visits],
        "window": found.visit.window[language] if found else "",
        "amount": f"{found.total_cents // 100}.{found.total_cents % 100:02d}" if found else "",
        "may": may(request, "service_orders.restore"),
    }  # fmt: skip
