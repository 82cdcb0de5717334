"""What matching does to the books: money goes from clearing to cash, or from cash to where it was booked."""

from __future__ import annotations

from datetime import date

from meterbook.records.banking.models import Match
from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period


def book_match(deed: Deed, match: Match) -> None:
    """Cash at the bank against clearing, on the day the bank booked it."""
    assert match.against is not None
    _book(deed, match, into=match.against, out_of=account_for("clearing"))


def book_line(deed: Deed, match: Match, *, cash: LedgerAccount) -> None:
    """Cash at the bank against the account a line without a deposit was booked to."""
    assert match.against is not None
    _book(deed, match, into=cash, out_of=match.against)


def book_fee(deed: Deed, match: Match) -> None:
    """What a processor kept of a deposit: an expense out of clearing."""
    assert match.against is not None
    _book(deed, match, into=match.against, out_of=account_for("clearing"))


def unbook_match(deed: Deed, match: Match) -> None:
    """Every entry of a match the other way, today."""
    for entry in Entry.objects.filter(source_kind="bank", source_id=match.pk).order_by("id"):
        _entry(deed, match, entry.credit, entry.debit, entry.amount_cents, deed.business_date)


def _book(deed: Deed, match: Match, *, into: LedgerAccount, out_of: LedgerAccount) -> None:
    """Cents above zero came into ``into``; below zero they went back."""
    if match.cents > 0:
        _entry(deed, match, into, out_of, match.cents, match.on)
    elif match.cents < 0:
        _entry(deed, match, out_of, into, -match.cents, match.on)


def _entry(deed: Deed, match: Match, debit: LedgerAccount, credit: LedgerAccount, cents: int, on: date) -> None:
    Entry.objects.create(
        run_id=0, debit=debit, credit=credit, amount_cents=cents, account=None, service="", effective_on=on,
        period=accounting_period(on), source_kind="bank", source_id=match.pk, deed=deed,
    )  # fmt: skip
