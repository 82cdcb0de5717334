"""What the bank's forms do, each one operation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from meterbook.formats.registry import any_format
from meterbook.jobs.money.payment_file import post_file
from meterbook.records.banking import screens
from meterbook.records.banking.operations.book_line import decide_booking, propose_booking, propose_bookings
from meterbook.records.banking.operations.import_statement import accept_statement, import_statement
from meterbook.records.banking.operations.match_lines import match_automatically, match_by_hand, undo_match
from meterbook.records.banking.operations.place_payment import place_payment
from meterbook.records.banking.operations.unpost_batch import decide_unposting, propose_unposting
from meterbook.records.platform.operations.approvals import AlreadyDecided
from meterbook.web.kit.access import act


class NoSuchAccount(ValueError):
    """No account has that number."""


def taken(request: HttpRequest, given: dict[str, Any]) -> str:
    """Take a statement or post a payment file; where to go then."""
    format, file = given["format"], given["file"]
    doing, content = act(request, file.name), file.read()
    if any_format(format.partition("/")[0]).kind == "statements":
        made = import_statement(doing, format=format, file_name=file.name, content=content)
        return reverse("bank_statement", args=[made[0].pk]) if made else reverse("bank_statements")
    batch = post_file(doing, format=format, file_name=file.name, content=content)
    return reverse("payment_batch", args=[batch.pk])


def matched(request: HttpRequest) -> None:
    """Match every account's lines, and propose what the rules know."""
    found = proposed = 0
    for account in screens.bank_accounts():
        found += len(match_automatically(act(request, account.name), bank_account=account))
        proposed += len(propose_bookings(act(request, account.name), bank_account=account))
    said = ngettext("%(count)d line matched.", "%(count)d lines matched.", found) % {"count": found}
    if proposed:
        said += " " + ngettext(
            "%(count)d booking waits for a second person.", "%(count)d bookings wait for a second person.", proposed
        ) % {"count": proposed}
    messages.success(request, said)


def matched_line(request: HttpRequest, line: Any, keys: list[str]) -> None:
    """Say that a line is these deposits."""
    match_by_hand(act(request, "matched by hand"), lines=[line.pk], deposits=keys)
    messages.success(request, gettext("Matched."))


def asked_booking(request: HttpRequest, line: Any, given: dict[str, Any]) -> str:
    """Ask a second person to book a line."""
    propose_booking(act(request, given["reason"]), line=line, account=given["account"].strip())
    return reverse("bank_line", args=[line.pk])


def decided_booking(request: HttpRequest, line: Any, booking: Any, given: dict[str, Any]) -> str:
    """Book a line, or refuse."""
    if booking is None:
        raise AlreadyDecided("nobody has to decide about it")
    approve = request.POST.get("decision") == "approve"
    decide_booking(act(request, given["reason"]), booking=booking, approve=approve)
    return reverse("bank_line", args=[line.pk])


def accepted(request: HttpRequest, statement: Any, given: dict[str, Any]) -> str:
    """Accept a held statement."""
    accept_statement(act(request, given["reason"]), statement=statement)
    return reverse("bank_statement", args=[statement.pk])


def undone(request: HttpRequest, match: Any, given: dict[str, Any]) -> str:
    """Undo a match."""
    undo_match(act(request, given["reason"]), match=match)
    return reverse("bank")


def placed(request: HttpRequest, payment: Any, given: dict[str, Any]) -> str:
    """Give a payment to an account."""
    account = screens.account_numbered(given["number"].strip())
    if account is None:
        raise NoSuchAccount(gettext("No account has the number %(number)s.") % {"number": given["number"]})
    place_payment(act(request, f"payment {payment.pk}"), payment=payment, account=account)
    messages.success(request, gettext("Placed on account %(number)s.") % {"number": account.number})
    return reverse("unplaced_payments")


def unposted(request: HttpRequest, batch: Any, asked: Any, given: dict[str, Any]) -> str:
    """Ask to take a batch back, or decide it."""
    if asked is None or asked.state == "refused":
        propose_unposting(act(request, given["reason"]), batch=batch)
    else:
        approve = request.POST.get("decision") == "approve"
        decide_unposting(act(request, given["reason"]), unposting=asked, approve=approve)
    return reverse("unpost_batch", args=[batch.pk])
