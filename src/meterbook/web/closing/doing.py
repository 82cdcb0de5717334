"""Month-end, doing: signing, asking for the lock and deciding it, the estimate, the journal and its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.engine.ledger.closing.gl_journal import WrongMapping
from meterbook.formats.contract import WrongFormat
from meterbook.formats.gl_journal import reader
from meterbook.records.closing import screens
from meterbook.records.closing.figures.unbilled import unbilled as estimate_of
from meterbook.records.closing.months import span_of_period
from meterbook.records.closing.operations.accrue import decide_accrual, propose_accrual
from meterbook.records.closing.operations.hand_over import record_reply, write_journal
from meterbook.records.closing.operations.lock_month import decide_lock, propose_lock
from meterbook.records.closing.operations.sign import sign_item, take_signature_back
from meterbook.records.closing.pack import journal_bytes
from meterbook.records.closing.settings import gl_journal_on
from meterbook.records.platform.policies import NoPolicy
from meterbook.web.closing.shown import items, month_or_404
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.kit.sections import MONEY as SECTION


class Sign(forms.Form):
    """What was looked at, with a file that proves it."""

    note = forms.CharField(
        label=_("What was looked at"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For an exception: why it is accepted. It stays with the month for the auditor."),
    )  # fmt: skip
    evidence = forms.FileField(label=_("Evidence"), required=False, max_length=200)


class Decide(forms.Form):
    """What the second person says."""

    reason = forms.CharField(label=_("Remark"), required=False, max_length=500)


class Reply(forms.Form):
    """What the general ledger said."""

    reference = forms.CharField(
        label=_("Number in the general ledger"), required=False, max_length=60, help_text=_("If it was accepted.")
    )
    note = forms.CharField(
        label=_("Why it was refused"), required=False, max_length=500, help_text=_("If it was not accepted.")
    )


@page(SECTION)
def sign(request: HttpRequest, month: str, item: str) -> HttpResponseBase:
    """Sign an item of the checklist, or accept what it found."""
    found = month_or_404(month)
    row = next(iter(items(request, found, item)[0]), None)
    if row is None:
        raise Http404(item)
    form = Sign(sent(request), request.FILES or None)

    def done(given: dict[str, Any]) -> str:
        file = given["evidence"]
        name, content = (file.name, file.read()) if file else ("", b"")
        sign_item(act(request, given["note"]), period=found.period, item=item, note=given["note"], file_name=name,
                  content=content)  # fmt: skip
        return reverse("closing_month", args=[month])

    about = FormPage(row["title"], _("Sign"), "closing", template="closing/sign.html")
    return form_page(request, form, about, done, {"row": row, "code": month})


@require_POST
@page(SECTION)
def take_back(request: HttpRequest, month: str, item: str) -> HttpResponseBase:
    """Take the last signature of an item back."""
    note = gettext("Taken back")
    return _done(
        request, month, lambda period: take_signature_back(act(request, note), period=period, item=item, note=note)
    )


@require_POST
@page(SECTION)
def ask(request: HttpRequest, month: str) -> HttpResponseBase:
    """Ask a second person to lock the month."""
    return _done(request, month, lambda period: propose_lock(act(request, f"closing {month}"), period=period))


@page(SECTION)
def lock(request: HttpRequest, month: str) -> HttpResponseBase:
    """The request to lock a month, decided here by a second person."""
    one = month_or_404(month)
    if one.lock is None:
        raise Http404(month)
    row, mine = one.lock, one.lock.proposed_by.actor_id == request.user.pk
    about = FormPage(
        gettext("Locking %(month)s") % {"month": month}, _("Lock"), "closing", template="closing/lock.html"
    )

    def done(given: dict[str, Any]) -> str:
        decide_lock(act(request, given["reason"]), lock=row, approve=request.POST.get("decision") == "approve")
        return reverse("closing_month", args=[month])

    may_decide = row.state == "proposed" and not mine and may(request, "closing.decide_lock")
    context = {"lock": row, "code": month, "mine": mine, "may_decide": may_decide, "figures": row.figures}
    return form_page(request, Decide(sent(request)), about, done, context)


@page(SECTION)
def unbilled(request: HttpRequest, month: str) -> HttpResponseBase:
    """What was used and not yet billed at the month's end; its accrual, decided here by a second person."""
    one = month_or_404(month)
    row, rows = screens.accrual_of(one.period), estimate_of(span_of_period(one.period))
    mine = row is not None and row.proposed_by.actor_id == request.user.pk
    title = gettext("Unbilled revenue, %(month)s") % {"month": month}
    about = FormPage(title, _("Book"), "closing", template="closing/unbilled.html")

    def done(given: dict[str, Any]) -> str:
        if row is not None:
            decide_accrual(
                act(request, given["reason"]), accrual=row, approve=request.POST.get("decision") == "approve"
            )
        return reverse("closing_unbilled", args=[month])

    waits = row is not None and row.state == "proposed"
    is_open = one.period.closed_at is None
    context = {
        "code": month, "rows": rows, "cents": sum(each.cents for each in rows), "accrual": row, "mine": mine,
        "may_decide": waits and not mine and may(request, "closing.decide_accrual"),
        "may_ask": row is None and is_open and may(request, "closing.propose_accrual"),
    }  # fmt: skip
    return form_page(request, Decide(sent(request)), about, done, context)


@require_POST
@page(SECTION)
def ask_accrual(request: HttpRequest, month: str) -> HttpResponseBase:
    """Ask a second person to book the estimate."""
    return _done(
        request, month, lambda period: propose_accrual(act(request, f"unbilled {month}"), period=period),
        to="closing_unbilled",
    )  # fmt: skip


@page(SECTION)
def journal(request: HttpRequest, month: str) -> HttpResponseBase:
    """The month's journal: what would be written, or what was, and what the general ledger said."""
    one = month_or_404(month)
    title = gettext("Journal %(month)s") % {"month": month}
    about = FormPage(title, _("Record the answer"), "closing", template="closing/journal.html")

    def done(given: dict[str, Any]) -> str:
        if one.journal is not None:
            record_reply(act(request, f"journal {month}"), journal=one.journal, accepted=bool(given["reference"]),
                         reference=given["reference"], note=given["note"])  # fmt: skip
        return reverse("closing_journal", args=[month])

    return form_page(request, Reply(sent(request)), about, done, journal_context(request, one))


def journal_context(request: HttpRequest, one: screens.Month) -> dict[str, Any]:
    """The journal's lines: those of the kept file, or those that would be written now."""
    span, why, lines = span_of_period(one.period), "", []
    try:
        content = bytes(one.journal.content.content) if one.journal else journal_bytes(span)[0]
        lines = reader(gl_journal_on(span.last_day)[1])(content) if content.count(b"\n") > 1 else []
    except (WrongMapping, WrongFormat, NoPolicy) as error:
        why = str(error)
    accepted = one.reply is not None and one.reply.accepted
    return {
        "code": one.period.code, "one": one, "why": why, "lines": lines,
        "debits": sum(line.cents for line in lines if line.cents > 0),
        "replies": screens.replies_of(one.journal) if one.journal else [],
        "may_write": one.journal is None and one.period.closed_at and may(request, "closing.write_journal"),
        "may_reply": one.journal is not None and not accepted and may(request, "closing.record_reply"),
    }  # fmt: skip


@require_POST
@page(SECTION)
def write(request: HttpRequest, month: str) -> HttpResponseBase:
    """Write the locked month's journal."""
    return _done(
        request, month, lambda period: write_journal(act(request, f"journal {month}"), period=period),
        to="closing_journal",
    )  # fmt: skip


def _done(request: HttpRequest, month: str, do: Any, *, to: str = "closing_month") -> HttpResponseBase:
    """Do it and go back to the month; a refusal is said there."""
    try:
        do(month_or_404(month).period)
    except Exception as error:
        if not is_refusal(error) or (isinstance(error, PermissionError) and not hasattr(error, "step")):
            raise
        messages.error(request, in_words(error))
    return redirect(to, month)
