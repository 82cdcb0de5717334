"""One move: what it did, what comes next; carried out, cancelled, put right, and the documents kept with it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.moves import screens
from meterbook.records.moves.looking.standing import dials_at
from meterbook.records.moves.operations.attach import attach_document
from meterbook.records.moves.operations.cancel import cancel_move
from meterbook.records.moves.operations.correct import correct_customer, correct_date, undo
from meterbook.records.moves.operations.make import carry_out
from meterbook.records.moves.plans import Plan
from meterbook.records.moves.settings import known_rules
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.moves.flow import told
from meterbook.web.moves.forms import Correct, CorrectCustomer

SECTIONED = "moves/sectioned.html"


def _move(move_id: int) -> Any:
    found = screens.find_move(move_id)
    if found is None:
        raise Http404(str(move_id))
    return found


def _back(move: Any, words: str, request: HttpRequest) -> str:
    messages.success(request, words)
    return reverse("move", args=[move.pk])


@page(ACCOUNTS)
def one(request: HttpRequest, move_id: int) -> HttpResponseBase:
    """One move: what was done and what comes next."""
    found = _move(move_id)
    day = business_date()
    context = {
        "move": found, "title": found.account.holder.name, "told": told(found.told), "parts": _parts(found),
        "files": screens.attachments(found.pk), "due": found.state == "planned" and found.on <= day,
        "begun": found.parts.exists(), "may": may(request, "moves.make"),
        "again": found.corrections.order_by("pk").first(),
    }  # fmt: skip
    return render(request, "moves/one.html", context)


def _parts(move: Any) -> Any:
    about = ("service_point__premise", "ended__account__holder", "begun__account__holder", "begun__schedule")
    return move.parts.select_related(*about).order_by("on", "service_point__code")


@require_POST
@page(ACCOUNTS)
def now(request: HttpRequest, move_id: int) -> HttpResponseBase:
    """Carry a planned move out whose day has come."""
    found = _move(move_id)
    return _tried(request, found, lambda: carry_out(act(request, "by hand"), move=found), gettext("Done."))


def _tried(request: HttpRequest, move: Any, do: Callable[[], object], words: str) -> HttpResponseBase:
    """Do something that is one button, and say what became of it on the move's page."""
    try:
        do()
        messages.success(request, words)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        messages.error(request, in_words(error))
    return redirect("move", move.pk)


@page(ACCOUNTS)
def cancel(request: HttpRequest, move_id: int) -> HttpResponseBase:
    """Call a planned move off."""
    found = _move(move_id)
    about = FormPage(_("Cancel this move"), _("Cancel the move"), "moves", dangerous=True, lead=_(
        "Orders that were opened for it are cancelled, the deposit is asked no longer, an account opened for it and "
        "not used closes."))  # fmt: skip
    return form_page(
        request, ReasonForm(sent(request)), about,
        lambda given: _back(cancel_move(act(request, given["reason"]), move=found), gettext("Cancelled."), request),
    )  # fmt: skip


@page(ACCOUNTS)
def correct(request: HttpRequest, move_id: int, premise_id: int) -> HttpResponseBase:
    """Another day for a move at one of its premises."""
    found, premise = _move(move_id), screens.find_premise(premise_id)
    if premise is None or premise.pk not in (found.premise_id, found.left_premise_id):
        raise Http404(str(premise_id))
    rules = known_rules(business_date())
    form = Correct(sent(request))
    form.with_reads(dials_at([premise.pk], business_date()), rules)
    about = FormPage(_("The date was wrong"), _("Correct the date"), "moves", template=SECTIONED, lead=_(
        "Agreements get the right day. What was billed of the days in between is put in a correction case; bills stay "
        "as they were sent."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        plan = Plan("start", (), None, form.reads(), given.get("no_read", "estimate"))
        made = correct_date(act(request, given["reason"]), move=found, premise=premise, on=given["on"], plan=plan)
        return _back(made, gettext("Corrected."), request)

    return form_page(request, form, about, done, {"move": found, "premise": premise})


@page(ACCOUNTS)
def correct_who(request: HttpRequest, move_id: int) -> HttpResponseBase:
    """Another account for the services that began."""
    found = _move(move_id)
    about = FormPage(_("It was another customer"), _("Correct the customer"), "moves", lead=_(
        "The services are the other account's from their first day; what was billed goes into a correction case."))  # fmt: skip  # noqa: E501

    def done(given: dict[str, Any]) -> str:
        account = account_numbered(given["number"].strip())
        if account is None:
            raise screens.NoSuchAccount(given["number"])
        made = correct_customer(act(request, given["reason"]), move=found, account=account)
        return _back(made, gettext("Corrected."), request)

    return form_page(request, CorrectCustomer(sent(request)), about, done)


@page(ACCOUNTS)
def take_back(request: HttpRequest, move_id: int) -> HttpResponseBase:
    """It never happened."""
    found = _move(move_id)
    about = FormPage(_("It never happened"), _("Take the move back"), "moves", dangerous=True, lead=_(
        "Who was served before is served on, as if nobody had moved. What was billed since goes into a correction "
        "case."))  # fmt: skip
    return form_page(
        request, ReasonForm(sent(request)), about,
        lambda given: _back(undo(act(request, given["reason"]), move=found), gettext("Taken back."), request),
    )  # fmt: skip


@require_POST
@page(ACCOUNTS)
def attach(request: HttpRequest, move_id: int) -> HttpResponseBase:
    """Keep a document with a move."""
    found, file = _move(move_id), request.FILES.get("file")
    if file is None or isinstance(file, list):
        return redirect("move", found.pk)
    return _tried(
        request, found,
        lambda: attach_document(
            act(request), move=found, file_name=str(file.name)[:200], content=file.read(),
            content_type=str(file.content_type)[:100],
        ), gettext("Kept."),
    )  # fmt: skip


@page(ACCOUNTS)
def document(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A document kept with a move, to download."""
    found = screens.attachment(attachment_id)
    if found is None:
        raise Http404(str(attachment_id))
    return FileResponse(BytesIO(bytes(found.content)), as_attachment=True, filename=found.file_name)
