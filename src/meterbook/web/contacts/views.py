"""The contact log and the access log: writing a contact down, reading what was said, who looked at whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.contacts import drafts, screens
from meterbook.records.contacts.operations.log import log
from meterbook.records.contacts.words import CONTACTS as CONTACT_WORDS
from meterbook.records.contacts.words import REASONS
from meterbook.records.customers import screens as customers
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import AUDITOR, SUPERVISOR
from meterbook.web.contacts.columns import CONTACTS, LOOKS
from meterbook.web.contacts.forms import ContactForm
from meterbook.web.contacts.looking import looked
from meterbook.web.kit import words
from meterbook.web.kit.access import act, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import ACCOUNTS as SECTION
from meterbook.web.kit.sections import Section
from meterbook.web.kit.tables import Table, table_page

#: The access log lies under Setup; supervisors and auditors read it.
ACCESS_LOG = Section("setup", _("Who looked at whom"), "", "access_log", frozenset({SUPERVISOR, AUDITOR}))
LOG = FormPage(_("Log a contact"), _("Save"), "accounts", template="contacts/log.html")
#: The same form, put into the account's page where the key was pressed.
IN_PLACE = FormPage(_("Log a contact"), _("Save"), "accounts", template="contacts/log_form.html")


@page(SECTION)
def log_contact(request: HttpRequest, number: str) -> HttpResponseBase:
    """Write a contact about an account down."""
    account, day = found_account(number), business_date()
    form = contact_form(request, account.pk, day)

    def done(given: dict[str, Any]) -> str:
        log(act(request), account=account, **given)
        drafts.drop(request.user.pk or 0, account.pk)
        messages.success(request, gettext("The contact is logged."))
        return reverse("account", args=[number])

    inline = request.method == "GET" and request.headers.get("HX-Request") == "true"
    if inline:
        form.fields["words"].widget.attrs.pop("autofocus")
    return form_page(request, form, IN_PLACE if inline else LOG, done, {"account": account})


def contact_form(request: HttpRequest, account_id: int, day: date) -> ContactForm:
    """The form of a contact: what was typed before and not sent stands in it again."""
    reasons = screens.reasons(day)
    due = {code: day + timedelta(days=one.follow_up_days) for code, one in reasons.items() if one.follow_up_days}
    days = {code: f"{on.month}/{on.day}/{on.year}" for code, on in due.items()}
    kept = "" if request.method == "POST" else drafts.kept(request.user.pk or 0, account_id)
    return ContactForm(sent(request), reasons=reasons, days=days, initial={"words": kept})


@require_POST
@page(SECTION)
def contact_draft(request: HttpRequest, number: str) -> HttpResponseBase:
    """Keep the words typed so far."""
    drafts.keep(request.user.pk or 0, found_account(number).pk, request.POST.get("words", ""))
    return HttpResponse(status=204)


def found_account(number: str) -> Any:
    """The account of a number, or a page that says there is none."""
    account = customers.account(number)
    if account is None:
        raise Http404(number)
    return account


@page(SECTION)
def contact_list(request: HttpRequest) -> HttpResponseBase:
    """Every contact with a customer."""
    table = Table(
        request, screens.contacts(), CONTACTS, order=("-happened_on", "-id"), name="contacts", title=_("Contacts"),
        empty=_("No contact is logged yet. Press l on an account's page to log one."),
        search=("words", "account__number", "account__holder__name"), search_label=_("Words, account or name"),
        enrich=_with_reasons,
    )  # fmt: skip
    return table_page(request, "kit/table_page.html", table)


def _with_reasons(rows: list[Row]) -> None:
    known = screens.reasons(business_date())
    for row in rows:
        row["about"] = reason_said(row["reason"], known)


def reason_said(code: str, known: Any) -> str:
    """A reason in words: those of the policy, else those the areas bring."""
    if code in known:
        return str(known[code].words[bilingual()])
    return str(REASONS.get(code, REASONS["other"]))


@page(SECTION)
def contact(request: HttpRequest, contact_id: int) -> HttpResponseBase:
    """One contact."""
    found = screens.contact(contact_id)
    if found is None:
        raise Http404(str(contact_id))
    if found.account is not None:
        looked(request, found.account.number)
    about = reason_said(found.reason, screens.reasons(business_date()))
    return render(request, "contacts/contact.html", {"contact": found, "about": about, "title": about})


@page(ACCESS_LOG)
def access_log(request: HttpRequest) -> HttpResponseBase:
    """Who looked at whom."""
    table = Table(
        request, screens.viewings(), LOOKS, order=("-at", "-id"), name="access-log", title=_("Who looked at whom"),
        empty=_("Nobody looked at an account yet."),
        search=("user__username", "account__number", "account__holder__name"),
        search_label=_("User, account or name"), enrich=_with_pages,
    )  # fmt: skip
    return table_page(request, "kit/table_page.html", table)


def _with_pages(rows: list[Row]) -> None:
    for row in rows:
        row["shown"] = words.say("looked_page", row["page"] if row["page"] in CONTACT_WORDS["looked_page"] else "")
