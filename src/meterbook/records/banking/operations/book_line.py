"""Lines without a deposit: fees, interest and the like, proposed by rule or by hand and booked by a second person."""

from __future__ import annotations

from typing import Any

from meterbook.records.banking.books import book_line as post_line
from meterbook.records.banking.models import BankAccount, Booking, Match, MatchedLine, StatementLine
from meterbook.records.banking.operations.match_lines import NotWaiting
from meterbook.records.banking.rules import bank_rules, rule_for
from meterbook.records.banking.waiting import proposed_lines, unmatched_lines
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR

KIND = "banking.decide_booking"


@operation("banking.propose_bookings", roles={BILLING, FINANCE})
def propose_bookings(deed: Deed, *, bank_account: BankAccount) -> list[Booking]:
    """Propose every unmatched line that a rule of the policy `bank-rules` knows. Raises `WrongBankRule`."""
    rules = bank_rules(deed.business_date)
    asked = set(proposed_lines().values_list("pk", flat=True))
    found = [(line, rule_for(line, rules)) for line in unmatched_lines(bank_account) if line.pk not in asked]
    made = [_propose(deed, line, rule.account(), rule.name) for line, rule in found if rule is not None]
    tell(deed, "banking.bookings_proposed", bookings=[each.pk for each in made])
    return made


@operation("banking.propose_booking", roles={BILLING, FINANCE})
def propose_booking(deed: Deed, *, line: StatementLine, account: str) -> Booking:
    """Propose to book one line to an account of the chart, by its code. Raises `NotWaiting`."""
    against = LedgerAccount.objects.filter(code=account).first()
    waits = unmatched_lines().filter(pk=line.pk).first()
    if waits is None or proposed_lines().filter(pk=line.pk).exists():
        raise NotWaiting("the line is matched, is asked for already, or its statement is held")
    if against is None or against.role in ("receivable", "unapplied", "suspense", "clearing", "interfund"):
        raise NotWaiting(f"found ledger account {account!r}, expected one that no customer's money stands on")
    made = _propose(deed, waits, against, "")
    tell(deed, "banking.bookings_proposed", bookings=[made.pk])
    return made


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_booking(deed: Deed, *, booking: Booking, approve: bool) -> Booking:
    """Book what was proposed, or refuse. Raises `SamePerson`, `AlreadyDecided` and `NotWaiting`."""
    locked = Booking.objects.select_for_update(of=("self",)).select_related("approval", "against").get(pk=booking.pk)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=locked.approval)
    decide_approval(act, request=locked.approval, approve=approve)
    if approve:
        line = unmatched_lines().filter(pk=locked.line_id).first()
        if line is None:
            raise NotWaiting("the line was matched since; refuse this")
        made = Match.objects.create(
            kind=Match.BOOKED, on=line.booked_on, cents=line.amount_cents, against=locked.against, deed=deed
        )
        MatchedLine.objects.create(match=made, line=line)
        post_line(deed, made, cash=line.statement.bank_account.ledger)
        locked.match = made
    locked.state = Booking.BOOKED if approve else Booking.REFUSED
    locked.decided_by = deed
    locked.save(update_fields=["state", "decided_by", "match"])
    tell(deed, f"banking.booking_{locked.state}", booking=locked.pk)
    return locked


def _propose(deed: Deed, line: StatementLine, against: LedgerAccount, rule: str) -> Booking:
    request = Approval.objects.create(
        kind=KIND, subject=f"bankbooking:{line.pk}", preview=_preview(line, against, rule),
        amount_cents=line.amount_cents, requested_by=deed.actor, reason=deed.reason,
    )  # fmt: skip
    return Booking.objects.create(line=line, against=against, rule=rule, approval=request, proposed_by=deed)


def _preview(line: StatementLine, against: LedgerAccount, rule: str) -> dict[str, Any]:
    cash = line.statement.bank_account.ledger
    debit, credit = (cash, against) if line.amount_cents > 0 else (against, cash)
    return {
        "bank_account": line.statement.bank_account.name, "day": str(line.booked_on), "text": line.text or line.kind,
        "rule": rule, "debit": f"{debit.code} {debit.title_en}", "credit": f"{credit.code} {credit.title_en}",
        "cents": abs(line.amount_cents),
    }  # fmt: skip
