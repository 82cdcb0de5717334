"""Changing the people behind an account: how they are reached, who has a part, what everybody must see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.people import screens
from meterbook.records.customers.people.operations.alerts import end_alert, raise_alert
from meterbook.records.customers.people.operations.change_person import change_mailing, change_person
from meterbook.records.customers.people.operations.parts import add_part, end_part
from meterbook.records.customers.people.words import PEOPLE
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.versions import version_of
from meterbook.web.contacts.callers import caller
from meterbook.web.contacts.views import found_account
from meterbook.web.customers.people.forms import AlertForm, EndForm, MailingForm, PartForm, PersonForm
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.editing.versions import edit_page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import ACCOUNTS as SECTION

TEMPLATE = "customers/on_account_form.html"
PERSON = FormPage(_("Name, phone, e-mail, language"), _("Save"), "accounts", template=TEMPLATE)
MAILING = FormPage(_("Mailing address"), _("Save"), "accounts", template=TEMPLATE, lead=_(
    "From the next letter on. For some months only, forward the mail instead."))  # fmt: skip
ADD = FormPage(_("Add somebody to the account"), _("Add"), "accounts", template=TEMPLATE)
END = FormPage(_("End a person's part"), _("End"), "accounts", template=TEMPLATE)
ALERT = FormPage(_("Put an alert on the account"), _("Put it on"), "accounts", template=TEMPLATE)
OFF = FormPage(_("Take an alert off"), _("Take it off"), "accounts", template=TEMPLATE)
CODES = {"language": "language", "identity_kind": "identity_kind"}


def _permitted(request: HttpRequest, account: Any, kind: str) -> None:
    """Who edits contact data sees them, so they must be permitted to and the account open to them."""
    day = business_date()
    secret = account.pk in screens.confidential([account.pk], day)
    if not may(request, kind) or not caller(request, account.pk, day, confidential=secret).sees:
        raise NotPermitted(f"{request.user} may not do {kind} on {day}")


def _told(request: HttpRequest, number: str, said: str) -> str:
    messages.success(request, said)
    return reverse("account", args=[number])


@page(SECTION)
def person(request: HttpRequest, number: str, person_id: int) -> HttpResponseBase:
    """Change how a person of the account is named and reached."""
    account = found_account(number)
    found = screens.person_of(account, person_id)
    if found is None:
        raise Http404(str(person_id))
    _permitted(request, account, "customers.change_person")

    def done(given: dict[str, Any]) -> str:
        change_person(act(request), account=account, person=found, **given)
        return _told(request, number, gettext("Saved."))

    initial = {name: getattr(found, name) for name in PEOPLE["person_field"] if hasattr(found, name)}
    form = PersonForm(sent(request), version=version_of(found), initial=initial)
    context = {"account": account, "vocabulary": "person_field"}
    return edit_page(request, form, PERSON, done, vocabulary="person_field", codes=CODES, context=context)


@page(SECTION)
def mailing(request: HttpRequest, number: str) -> HttpResponseBase:
    """Change where an account's mail goes."""
    account = found_account(number)
    _permitted(request, account, "customers.change_mailing")

    def done(given: dict[str, Any]) -> str:
        lines = given["lines"].splitlines()
        change_mailing(act(request), account=account, version=given["version"], lines=lines)
        return _told(request, number, gettext("Saved."))

    form = MailingForm(sent(request), version=version_of(account), initial={"lines": "\n".join(account.mail_lines)})
    return edit_page(request, form, MAILING, done, vocabulary="person_field", context={"account": account})


@page(SECTION)
def add(request: HttpRequest, number: str) -> HttpResponseBase:
    """Give somebody a part in the account."""
    account = found_account(number)

    def done(given: dict[str, Any]) -> str:
        add_part(act(request, given.pop("reason")), account=account, **given)
        return _told(request, number, gettext("Added."))

    form = PartForm(sent(request), initial={"starts": business_date()})
    return form_page(request, form, ADD, done, {"account": account})


@page(SECTION)
def end(request: HttpRequest, number: str, part_id: int) -> HttpResponseBase:
    """End somebody's part in the account."""
    account = found_account(number)
    if part_id not in {row["id"] for row in screens.parts(account.pk, business_date())}:
        raise Http404(str(part_id))

    def done(given: dict[str, Any]) -> str:
        end_part(act(request, given["reason"]), account=account, part_id=part_id, ends=given["ends"])
        return _told(request, number, gettext("Ended."))

    return form_page(
        request, EndForm(sent(request), initial={"ends": business_date()}), END, done, {"account": account}
    )


@page(SECTION)
def alert(request: HttpRequest, number: str) -> HttpResponseBase:
    """Put an alert on the account."""
    account = found_account(number)

    def done(given: dict[str, Any]) -> str:
        raise_alert(act(request), account=account, **given)
        return _told(request, number, gettext("The alert stands."))

    form = AlertForm(sent(request), kinds=list(PEOPLE["alert"]), initial={"starts": business_date()})
    return form_page(request, form, ALERT, done, {"account": account})


@page(SECTION)
def alert_off(request: HttpRequest, number: str, alert_id: int) -> HttpResponseBase:
    """Take an alert off."""
    account = found_account(number)
    if alert_id not in {row["id"] for row in screens.alerts(account.pk, business_date())}:
        raise Http404(str(alert_id))

    def done(given: dict[str, Any]) -> str:
        end_alert(act(request, given["reason"]), account=account, alert_id=alert_id, ends=given["ends"])
        return _told(request, number, gettext("The alert is off."))

    return form_page(
        request, EndForm(sent(request), initial={"ends": business_date()}), OFF, done, {"account": account}
    )
