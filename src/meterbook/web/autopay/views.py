"""Enrolments: the list, one with its history, taking an authorisation, ending it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.notices.autopay_confirmation import render_letter
from meterbook.records.autopay import screens
from meterbook.records.customers.screens import account as account_numbered
from meterbook.web.autopay import doing
from meterbook.web.autopay.columns import ENROLMENTS
from meterbook.web.autopay.forms import Enrol, Why
from meterbook.web.autopay.shown import enrolment_context, first_values, rules_shown, words_shown
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS, MONEY
from meterbook.web.kit.tables import Table, table_page


@page(MONEY)
def enrolments(request: HttpRequest) -> HttpResponseBase:
    """Every authorisation."""
    table = Table(
        request, screens.enrolments(), ENROLMENTS, order=("-id",), name="autopay", title=_("Autopay"),
        empty=_("Nobody is enrolled yet. Open an account and choose “Enrol in autopay”."),
        search=("account__number", "account__holder__name", "name", "last_four"),
        search_label=_("Account, name or last digits"),
    )  # fmt: skip
    return table_page(request, "autopay/list.html", table, {"status": screens.status(), "may_send": may(
        request, "autopay.send_prenotes")})  # fmt: skip


@page(MONEY)
def enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponseBase:
    """One authorisation: what was agreed, its bank account, its drafts, its history."""
    found = or_404(screens.enrolment(enrolment_id), enrolment_id)
    pin(request, number=found.account.number, name=found.account.holder.name)
    return render(request, "autopay/enrolment.html", enrolment_context(request, found))


@page(MONEY)
def enrolment_act(request: HttpRequest, enrolment_id: int, verb: str) -> HttpResponseBase:
    """End it, put it aside, take it up again, or say how the account was validated."""
    found = or_404(screens.enrolment(enrolment_id), enrolment_id)
    title = doing.ACTS[or_404(verb if verb in doing.ACTS else None, verb)]
    ways = rules_shown().validated_by if verb == "validate" else ()
    about = FormPage(title, title, "autopay", dangerous=verb in ("revoke", "suspend"))
    return form_page(
        request, Why(sent(request), ways=ways), about, lambda given: doing.acted(request, found, verb, given)
    )


@page(ACCOUNTS)
def enrol_account(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take an authorisation for an account."""
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    form = Enrol(sent(request), request.FILES or None, initial=first_values(found))
    title = gettext("Enrol %(number)s in autopay") % {"number": number}
    about = FormPage(title, _("Enrol"), "autopay", template="autopay/enrol.html")
    return form_page(request, form, about, lambda given: doing.enrolled(request, found, given), words_shown())


@page(MONEY)
def evidence(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A signed form, to download; never shown inside a page of ours."""
    found = or_404(screens.attachment(attachment_id), attachment_id)
    return attached(bytes(found.content), found.file_name)


@page(MONEY)
def letter(request: HttpRequest, enrolment_id: int) -> HttpResponseBase:
    """The letter that confirms an authorisation."""
    or_404(screens.enrolment(enrolment_id), enrolment_id)
    response = HttpResponse(render_letter(enrolment_id), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="autopay-{enrolment_id}.pdf"'
    return response


def attached(content: bytes, file_name: str) -> HttpResponse:
    """A file to download."""
    response = HttpResponse(content, content_type="application/octet-stream")
    name = file_name.replace('"', "").replace("\\", "").replace("\r", "").replace("\n", "")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
