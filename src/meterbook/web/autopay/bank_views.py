"""Files to the bank and from it: what was sent, what came back, what was changed, what we take back."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.autopay import screens
from meterbook.records.autopay.operations.file_run import hand_over
from meterbook.web.autopay import doing
from meterbook.web.autopay.columns import ANSWERS, ENTRIES, FILES
from meterbook.web.autopay.forms import Take
from meterbook.web.autopay.shown import answers_said, reversal_context
from meterbook.web.autopay.views import attached
from meterbook.web.kit.access import act, may, or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page


@page(MONEY)
def files(request: HttpRequest) -> HttpResponseBase:
    """Every file we wrote."""
    table = Table(
        request, screens.files(), FILES, order=("-id",), name="ach-files", title=_("ACH files"),
        empty=_("No file was written yet."),
    )  # fmt: skip
    return table_page(request, "autopay/files.html", table, {"may_settle": may(request, "autopay.settle")})


@page(MONEY)
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """One file: totals, the match with what was posted and came back, every entry."""
    found = or_404(screens.file(file_id), file_id)
    table = Table(
        request, screens.entries(file_id), ENTRIES, order=("trace",), name=found.number, title=found.number,
        empty=_("This file has no entry."), search=("trace", "enrolment__account__number"),
        search_label=_("Trace or account"),
    )  # fmt: skip
    more = {
        "file": found, "match": screens.match_of(file_id), "may_reverse": may(request, "autopay.request_reversal"),
        "may_take": may(request, "autopay.hand_over"),
    }  # fmt: skip
    return table_page(request, "autopay/file.html", table, more)


@require_POST
@page(MONEY)
def download(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file as the bank gets it; that it left is written down."""
    found = or_404(screens.file(file_id), file_id)
    return attached(hand_over(act(request, "downloaded"), file=found), found.file_name)


@page(MONEY)
def reverse_file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """Ask to reverse every draft of a file that was wrong."""
    found = or_404(screens.file(file_id), file_id)
    lead = _("Every draft of it is sent again the other way round. A second person decides; then it is owed again.")
    about = FormPage(_("Reverse this file"), _("Ask for the reversal"), "ach_files", dangerous=True, lead=lead)
    return form_page(
        request, ReasonForm(sent(request)), about, lambda given: doing.reversal_asked(request, found, given)
    )


@page(MONEY)
def reversal(request: HttpRequest, reversal_id: int) -> HttpResponseBase:
    """One reversal of entries: what goes back; decided here by a second person."""
    found = or_404(screens.reversal(reversal_id), reversal_id)
    if request.method == "POST":
        return doing.reversal_decided(request, found)
    return render(request, "autopay/reversal.html", reversal_context(request, found))


@page(MONEY)
def answers(request: HttpRequest) -> HttpResponseBase:
    """Returns and notifications of change, with what was done about each."""
    table = Table(
        request, screens.answers(), ANSWERS, order=("-id",), name="bank-answers", title=_("Returns and changes"),
        empty=_("The bank has answered nothing yet."), search=("code", "original_trace", "file__file_name"),
        search_label=_("Code, trace or file"), enrich=answers_said,
    )  # fmt: skip
    return table_page(request, "autopay/answers.html", table, {"may_take": may(request, "autopay.take_bank_file")})


@page(MONEY)
def take(request: HttpRequest) -> HttpResponseBase:
    """Take in a file of the bank's."""
    about = FormPage(_("Take in a file of the bank's"), _("Take it in"), "bank_answers", lead=_(
        "Returns take payments back; changes correct enrolments. The same file twice changes nothing."))  # fmt: skip
    form = Take(sent(request), request.FILES or None)
    return form_page(request, form, about, lambda given: doing.taken(request, given))


@page(MONEY)
def settle_one(request: HttpRequest, answer_id: int) -> HttpResponseBase:
    """Say how an answer nobody could match was dealt with."""
    found = or_404(screens.answer(answer_id), answer_id)
    about = FormPage(_("An answer nobody could match"), _("It is dealt with"), "bank_answers")
    return form_page(
        request, ReasonForm(sent(request)), about, lambda given: doing.answer_settled(request, found, given)
    )
