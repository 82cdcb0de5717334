"""What the forms and buttons of autopay do; each returns the address to go to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.autopay import screens
from meterbook.records.autopay.operations.approve import cancel_run, decide_run, request_run
from meterbook.records.autopay.operations.change import resume, revoke, suspend_enrolment, validate
from meterbook.records.autopay.operations.enrol import Authorisation, BankAccount, enrol
from meterbook.records.autopay.operations.file_run import file_run
from meterbook.records.autopay.operations.prenote import send_prenotes
from meterbook.records.autopay.operations.reverse_entries import decide_reversal, request_reversal
from meterbook.records.autopay.operations.select import decide_draft, select_drafts
from meterbook.records.autopay.operations.send_refunds import send_refunds
from meterbook.records.autopay.operations.settle import settle
from meterbook.records.autopay.operations.take_bank_file import settle_answer, take_bank_file
from meterbook.records.platform.deeds import NotPermitted
from meterbook.web.adjustments.forms import proofs_of
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal

#: What may be done with an enrolment, by the word in the address.
ACTS: dict[str, str | Promise] = {
    "revoke": _("End the authorisation"),
    "suspend": _("Put it aside"),
    "resume": _("Take it up again"),
    "validate": _("Bank account validated"),
}
#: The states in which it may be done; any but ended where nothing is said.
NEEDS = {"suspend": ("new", "waiting", "active"), "resume": ("suspended",)}


def enrolled(request: HttpRequest, account: Any, given: dict[str, Any]) -> str:
    """Take the authorisation that was typed in."""
    made = enrol(
        act(request, "authorisation"), account=account,
        bank=BankAccount(given["name"], given["routing"], given["number"], given["account_type"], given["business"]),
        authorisation=Authorisation(
            given["by"], given["on"], given["how"], given["language"], tuple(proofs_of(given["evidence"]))
        ),
        day=given["day"], limit_cents=given["limit"], replace=given["replace"],
    )  # fmt: skip
    messages.success(request, gettext("Enrolled. Nothing is drawn before the prenote has waited."))
    return reverse("enrolment", args=[made.pk])


def acted(request: HttpRequest, found: Any, verb: str, given: dict[str, Any]) -> str:
    """End, put aside, take up again, validate."""
    doer = act(request, given["reason"])
    if verb == "validate":
        validate(doer, enrolment=found, by=given["by"], reference=given["reason"])
    else:
        {"revoke": revoke, "suspend": suspend_enrolment, "resume": resume}[verb](doer, enrolment=found)
    messages.success(request, gettext("Done."))
    return reverse("enrolment", args=[found.pk])


def run_moved(request: HttpRequest, run: Any, verb: str) -> str:
    """The next step of a run."""
    moves: dict[str, tuple[Callable[[], object], str]] = {
        "request": (lambda: request_run(act(request, "drafts of the day"), run=run),
                    gettext("A second person has been asked.")),
        "approve": (lambda: decide_run(act(request), run=run, approve=True), gettext("Approved.")),
        "refuse": (lambda: decide_run(act(request), run=run, approve=False), gettext("Refused. Nothing was sent.")),
        "file": (lambda: file_run(act(request), run=run), gettext("The file is written.")),
        "cancel": (lambda: cancel_run(act(request), run=run), gettext("Given up. Nothing was sent.")),
    }  # fmt: skip
    return _said(request, moves, verb, reverse("draft_run", args=[run.pk]))


def day_done(request: HttpRequest, verb: str) -> str:
    """A piece of the day's work."""
    moves: dict[str, tuple[Callable[[], object], str]] = {
        "select": (lambda: select_drafts(act(request, "drafts of the day")), gettext("Drafts are selected.")),
        "prenote": (lambda: send_prenotes(act(request, "prenotes")), gettext("The prenotes are written.")),
        "settle": (lambda: settle(act(request, "settlement")), gettext("What settles today is posted.")),
        "refunds": (lambda: send_refunds(act(request, "refunds")), gettext("The refunds are written.")),
    }
    back = {"select": "draft_runs"}.get(verb, "ach_files")
    return _said(request, moves, verb, reverse(back))


def _said(request: HttpRequest, moves: dict[str, tuple[Callable[[], object], str]], verb: str, back: str) -> str:
    """Do one of some moves and say so; a refusal is said in its own words."""
    if verb not in moves:
        raise Http404(verb)
    do, words = moves[verb]
    try:
        do()
        messages.success(request, words)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        messages.error(request, in_words(error))
    return back


def draft_decided(request: HttpRequest, draft: Any, given: dict[str, Any]) -> str:
    """Let a held draft go, or refuse it."""
    let_go = request.POST.get("decision") == "approve"
    decide_draft(act(request, given["reason"]), draft=draft, let_go=let_go)
    messages.success(request, gettext("It goes.") if let_go else gettext("Refused. This bill is not drawn."))
    return reverse("draft_run", args=[draft.run_id])


def reversal_asked(request: HttpRequest, file: Any, given: dict[str, Any]) -> str:
    """Ask to reverse every draft of a file."""
    asked = request_reversal(act(request, given["reason"]), entries=screens.entries_of_file(file.pk))
    messages.success(request, gettext("A second person has been asked."))
    return reverse("ach_reversal", args=[asked.pk])


def reversal_decided(request: HttpRequest, found: Any) -> HttpResponseBase:
    """Write the reversal, or refuse it."""
    approve = request.POST.get("decision") == "approve"
    moves: dict[str, tuple[Callable[[], object], str]] = {
        "decide": (lambda: decide_reversal(act(request), reversal=found, approve=approve),
                   gettext("The file is written.") if approve else gettext("Refused. Nothing was sent.")),
    }  # fmt: skip
    return redirect(_said(request, moves, "decide", reverse("ach_reversal", args=[found.pk])))


def taken(request: HttpRequest, given: dict[str, Any]) -> str:
    """Take in a file of the bank's and say what was in it."""
    kept = take_bank_file(
        act(request, "returns and changes"), file_name=given["file"].name, content=given["file"].read()
    )
    messages.success(
        request,
        gettext("%(returns)d returns, %(changes)d changes, %(unmatched)d not matched.")
        % {"returns": kept.returns, "changes": kept.changes, "unmatched": kept.unmatched},
    )
    return reverse("bank_answers")


def answer_settled(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """An answer nobody could match is dealt with."""
    settle_answer(act(request, given["reason"]), answer=found)
    messages.success(request, gettext("Done."))
    return reverse("bank_answers")
