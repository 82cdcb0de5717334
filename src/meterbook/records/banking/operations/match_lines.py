"""Lines and deposits that are the same money: found by themselves, said by a person, undone."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.records.banking.books import book_match, unbook_match
from meterbook.records.banking.deposits import InTransit, in_transit
from meterbook.records.banking.matching import Line, automatic
from meterbook.records.banking.models import BankAccount, Match, MatchedDeposit, MatchedLine, StatementLine
from meterbook.records.banking.waiting import unmatched_lines
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE


class DoesNotAddUp(ValueError):
    """The lines and the deposits are different amounts; a difference is booked by itself, with two people."""


class NotWaiting(ValueError):
    """A line or a deposit is matched already, is held, or is not there."""


@operation("banking.match_automatically", roles={BILLING, FINANCE})
def match_automatically(deed: Deed, *, bank_account: BankAccount) -> list[Match]:
    """Match every line of an account that is certainly one deposit, or several of a day; the rest stays open."""
    _alone(bank_account)
    lines = {each.pk: each for each in unmatched_lines(bank_account)}
    seen = [Line(each.pk, each.amount_cents, each.booked_on, _words(each)) for each in lines.values()]
    made = [
        _match(deed, Match.AUTOMATIC, [lines[line.id]], deposits) for line, deposits in automatic(seen, in_transit())
    ]
    tell(deed, "banking.matched", bank_account=bank_account.pk, matches=len(made))
    return made


@operation("banking.match_by_hand", roles={BILLING, FINANCE})
def match_by_hand(deed: Deed, *, lines: Sequence[int], deposits: Sequence[str]) -> Match:
    """Say that lines (their ids) and deposits (their keys) are the same money.

    Raises `NotWaiting` and `DoesNotAddUp`.
    """
    first = StatementLine.objects.select_related("statement__bank_account").filter(pk__in=lines).first()
    if first is None or not deposits:
        raise NotWaiting("choose at least one line and one deposit")
    _alone(first.statement.bank_account)
    found = [each for each in unmatched_lines(first.statement.bank_account) if each.pk in set(lines)]
    waiting = in_transit(list(deposits))
    if len(found) != len(set(lines)) or len(waiting) != len(set(deposits)):
        raise NotWaiting("a line or a deposit is matched already, or its statement is held")
    made = _match(deed, Match.MANUAL, found, waiting)
    tell(deed, "banking.matched", bank_account=first.statement.bank_account_id, matches=1)
    return made


@operation("banking.undo_match", roles={FINANCE})
def undo_match(deed: Deed, *, match: Match) -> Match:
    """Put the lines and deposits of a match back among those that wait. Raises `NotWaiting` where that was done."""
    locked = Match.objects.select_for_update().get(pk=match.pk)
    if locked.undone_id is not None or locked.kind not in (Match.AUTOMATIC, Match.MANUAL):
        raise NotWaiting(f"match {locked.pk} does not stand, or was booked by two people")
    locked.undone = deed
    locked.save(update_fields=["undone"])
    locked.lines.update(stands=False)
    locked.deposits.update(stands=False)
    unbook_match(deed, locked)
    tell(deed, "banking.match_undone", match=locked.pk)
    return locked


def _match(deed: Deed, kind: str, lines: Sequence[StatementLine], deposits: Sequence[InTransit]) -> Match:
    at_bank, waiting = sum(each.amount_cents for each in lines), sum(each.cents for each in deposits)
    if at_bank != waiting:
        raise DoesNotAddUp(f"the lines make {at_bank} cents, the deposits {waiting}")
    account = lines[0].statement.bank_account.ledger
    on = max(each.booked_on for each in lines)
    made = Match.objects.create(kind=kind, on=on, cents=at_bank, against=account, deed=deed)
    MatchedLine.objects.bulk_create(MatchedLine(match=made, line=each) for each in lines)
    MatchedDeposit.objects.bulk_create(MatchedDeposit(match=made, key=each.key, cents=each.cents) for each in deposits)
    book_match(deed, made)
    return made


def _alone(account: BankAccount) -> None:
    """One person at a time matches an account."""
    BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def _words(line: StatementLine) -> str:
    return f"{line.reference} {line.bank_reference} {line.text}"
