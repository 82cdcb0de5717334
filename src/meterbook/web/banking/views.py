"""The bank: what waits on either side, one line, statements, what was matched."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.formats.registry import discover
from meterbook.records.banking import screens
from meterbook.records.payments.layouts import choices
from meterbook.records.platform.queries import business_date
from meterbook.web.banking import doing
from meterbook.web.banking.columns import LINES, MATCHES, OPEN_LINES, STATEMENTS
from meterbook.web.banking.forms import Book, Decide, TakeFile
from meterbook.web.kit.access import may, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page


def found_or_404(found: Any, what: object) -> Any:
    """What was asked for, or the page that says it is not there."""
    if found is None:
        raise Http404(str(what))
    return found


@page(MONEY)
def bank(request: HttpRequest) -> HttpResponseBase:
    """The bank's lines that match nothing yet."""
    table = Table(
        request, screens.open_lines(), OPEN_LINES, order=("booked_on", "id"), name="open-bank-lines",
        title=_("At the bank, not matched"), empty=_("Every line of the bank's has been matched."),
    )  # fmt: skip
    may_match = may(request, "banking.match_automatically")
    return table_page(request, "banking/bank.html", table, {"standing": screens.standing(), "may_match": may_match})


@page(MONEY)
def deposits(request: HttpRequest) -> HttpResponseBase:
    """Deposits that wait for the bank."""
    context = {"title": _("On the way to the bank"), "rows": screens.open_deposits(business_date()),
               "standing": screens.standing()}  # fmt: skip
    return render(request, "banking/deposits.html", context)


@page(MONEY)
def take(request: HttpRequest) -> HttpResponseBase:
    """Take a statement or a payment file."""
    known = sorted(name for name, each in discover().items() if each.kind == "statements")
    form = TakeFile(sent(request), request.FILES or None, formats=[*known, *choices(business_date())])
    about = FormPage(_("Take a file"), _("Take it"), "bank", lead=_("The same file twice changes nothing."))
    return form_page(request, form, about, lambda given: doing.taken(request, given))


@require_POST
@page(MONEY)
def match(request: HttpRequest) -> HttpResponseBase:
    """Match what is certain."""
    doing.matched(request)
    return redirect("bank")


@page(MONEY)
def line(request: HttpRequest, line_id: int) -> HttpResponseBase:
    """One line: deposits it may be, or where it is booked; a booking is decided here."""
    found = found_or_404(screens.line_named(line_id), line_id)
    booking, match = screens.line_booking(found), screens.line_match(found)
    mine = booking is not None and booking.approval.requested_by_id == request.user.pk
    waits = booking.state if booking else ""
    decides = waits == "proposed" and not mine and may(request, "banking.decide_booking")
    context = {"item": found, "booking": booking, "match": match, "mine": mine, "may_decide": decides, "waits": waits,
               "rows": [] if match else screens.line_candidates(found)}  # fmt: skip
    about = FormPage(_("Line of a statement"), _("Approve"), "bank", template="banking/line.html")
    form = Decide(sent(request))
    return form_page(request, form, about, lambda given: doing.decided_booking(request, found, booking, given), context)


@require_POST
@page(MONEY)
def match_line(request: HttpRequest, line_id: int) -> HttpResponseBase:
    """Say which deposits a line is."""
    found = found_or_404(screens.line_named(line_id), line_id)
    about = FormPage(_("Line of a statement"), _("Match"), "bank", template="kit/form_page.html")

    def done(_given: dict[str, Any]) -> str:
        doing.matched_line(request, found, request.POST.getlist("deposit"))
        return "bank"

    return form_page(request, Decide(sent(request)), about, done)


@page(MONEY)
def book(request: HttpRequest, line_id: int) -> HttpResponseBase:
    """Ask a second person to book a line to an account of the chart."""
    found = found_or_404(screens.line_named(line_id), line_id)
    about = FormPage(
        _("Book this line"), _("Ask"), "bank", lead=_("A second person decides; nothing is booked before.")
    )
    return form_page(request, Book(sent(request)), about, lambda given: doing.asked_booking(request, found, given))


@page(MONEY)
def statements(request: HttpRequest) -> HttpResponseBase:
    """Every statement taken."""
    table = Table(
        request, screens.statements(), STATEMENTS, order=("-as_of", "-id"), name="bank-statements",
        title=_("Bank statements"), empty=_("No statement yet. Take the bank's file."),
    )  # fmt: skip
    return table_page(request, "banking/statements.html", table)


@page(MONEY)
def statement(request: HttpRequest, statement_id: int) -> HttpResponseBase:
    """One statement with the lines it brought."""
    found = found_or_404(screens.statement_named(statement_id), statement_id)
    table = Table(
        request, screens.statement_lines(statement_id), LINES, order=("line", "id"), name=f"statement-{statement_id}",
        title=str(found.bank_account.name), empty=_("It brought no line that was not there before."),
    )  # fmt: skip
    held = bool(found.questions) and found.accepted_id is None
    may_accept = held and may(request, "banking.accept_statement")
    return table_page(request, "banking/statement.html", table, {"item": found, "held": held, "may_accept": may_accept})


@page(MONEY)
def accept(request: HttpRequest, statement_id: int) -> HttpResponseBase:
    """Accept a held statement, with the reason."""
    found = found_or_404(screens.statement_named(statement_id), statement_id)
    about = FormPage(_("Accept this statement"), _("Accept"), "bank_statements", dangerous=True, lead=_(
        "Its own figures do not agree; say what the bank answered."))  # fmt: skip
    return form_page(request, ReasonForm(sent(request)), about, lambda given: doing.accepted(request, found, given))


@page(MONEY)
def matches(request: HttpRequest) -> HttpResponseBase:
    """Everything matched or booked."""
    table = Table(
        request, screens.matches(), MATCHES, order=("-on", "-id"), name="bank-matches", title=_("Matched"),
        empty=_("Nothing has been matched yet."),
    )  # fmt: skip
    return table_page(request, "banking/matches.html", table)


@page(MONEY)
def undo(request: HttpRequest, match_id: int) -> HttpResponseBase:
    """Undo a match."""
    found = found_or_404(screens.match_named(match_id), match_id)
    about = FormPage(_("Undo this match"), _("Undo"), "bank_matches", dangerous=True, lead=_(
        "The lines and deposits wait again, and the books go back to clearing."))  # fmt: skip
    return form_page(request, ReasonForm(sent(request)), about, lambda given: doing.undone(request, found, given))
