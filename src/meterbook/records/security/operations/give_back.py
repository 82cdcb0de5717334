"""Deposits go back: after clean months, to the account or paid out, with their interest; a second person agrees."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.deposits.operations.apply_deposit import apply_all
from meterbook.records.ledger.models import DepositUse, OpenItem
from meterbook.records.ledger.settle import lock_accounts, open_items
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.refunds.opening import FromCredit, open_refund
from meterbook.records.security.models import CreditEvent
from meterbook.records.security.seconds import DOES, ask
from meterbook.records.security.standing import worklist

GIVE_BACK = "security.give_back"
WAYS = ("account", "check")


class NotDue(ValueError):
    """An account's deposit does not go back; ``step`` says why."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What went back to one account, in cents: to its balance, and of that paid out."""

    account: str
    cents: int
    paid_out_cents: int


@operation("security.request_give_back", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def request_give_back(deed: Deed, *, accounts: Sequence[Account], way: str, early: bool = False) -> Approval:
    """Ask a second person to give deposits back to these accounts. Raises `NotDue` and `OwnAccount`.

    ``early``: although their months are not over or not clean; the deed's reason says why.
    """
    for account in accounts:
        refuse_own(deed.actor, account, deed.business_date)
    if early and not deed.reason.strip():
        raise NotDue(Step(N_("Say why the deposit goes back before its time.")))
    shown = _shown(deed, accounts, way, early)
    cents = int(shown["held_cents"]) + int(shown["interest_cents"])
    only = accounts[0] if len(accounts) == 1 else None
    request = ask(deed, kind=GIVE_BACK, account=only, preview=shown, cents=cents)
    tell(deed, "security.second_asked", approval=request.pk, kind=GIVE_BACK)
    return request


def _shown(deed: Deed, accounts: Sequence[Account], way: str, early: bool) -> dict[str, Any]:
    """What would go back, sealed by account. Raises `NotDue`."""
    if way not in WAYS or not accounts:
        raise NotDue(Step(N_("Choose accounts, and whether the money goes to the account or by check.")))
    found = worklist(deed.business_date, [account.pk for account in accounts])
    if len(found) != len({account.pk for account in accounts}):
        raise NotDue(Step(N_("Nothing is held for one of these accounts.")))
    for one in found:
        if not one.judged.due and not early:
            why = next(step for met, step in one.judged.reasons if not met)
            raise NotDue(Step(N_("{account}: {why}"), {"account": one.number, "why": why}))
    seal = hashlib.sha256(repr([(one.number, one.held_cents) for one in found]).encode()).hexdigest()
    return {
        "accounts": [one.number for one in found], "way": way, "early": early, "sha256": seal,
        "held_cents": sum(one.held_cents for one in found),
        "interest_cents": sum(one.interest_cents for one in found),
    }  # fmt: skip


def _give_back(deed: Deed, request: Approval) -> list[GivenBack]:
    """Give back what was agreed to: each account's deposits with interest up to today, whatever they earned since.

    What is held must be what was shown, cent by cent; interest runs on by days.
    """
    shown = request.preview
    accounts = list(Account.objects.filter(number__in=shown["accounts"]).order_by("pk"))
    lock_accounts([account.pk for account in accounts])
    now = _shown(deed, accounts, shown["way"], shown["early"])
    if now["sha256"] != shown["sha256"]:
        raise NotDue(Step(N_("What is held changed since it was shown; refuse this and ask again.")))
    return [_one(deed, account, shown["way"]) for account in accounts]


DOES[GIVE_BACK] = _give_back


def _one(deed: Deed, account: Account, way: str) -> GivenBack:
    day = deed.business_date
    cents = apply_all(
        account.pk, bill="", due_on=day, effective_on=day, period=accounting_period(day), deed=deed,
        kind=DepositUse.REFUNDED,
    )  # fmt: skip
    paid = _paid_out(deed, account) if way == "check" else 0
    tell(deed, "security.given_back", account=account.pk, cents=cents, paid_out=paid)
    return GivenBack(account.number, cents, paid)


def _paid_out(deed: Deed, account: Account) -> int:
    """Hand what the account owes nothing for to refunds: what is unspent of these credits."""
    mine = set(OpenItem.objects.filter(deed=deed, account=account, side=OpenItem.CREDIT).values_list("pk", flat=True))
    left = [(row["item"], row["remaining"]) for row in open_items([account.pk], "credit").iter_rows(named=True)]
    credits = [FromCredit(item, cents) for item, cents in left if item in mine]
    cents = sum(one.cents for one in credits)
    if cents:
        open_refund(
            deed, account=account, cents=cents, how="check", source="deposit", credits=credits, reason="deposit",
            note=deed.reason,
        )  # fmt: skip
    return cents


@operation("security.record_credit_event", roles={CSR, BILLING, SUPERVISOR})
def record_credit_event(deed: Deed, *, account: Account, kind: str, note: str = "") -> CreditEvent:
    """Put down a late notice or a cutoff for nonpayment; the same day's once. Raises `NotDue` for another kind."""
    if kind not in ("late_notice", "cutoff"):
        raise NotDue(Step(N_("Only a late notice or a cutoff spoils a record.")))
    made, _ = CreditEvent.objects.get_or_create(
        account=account, kind=kind, on=deed.business_date, defaults={"note": note, "deed": deed}
    )
    tell(deed, "security.record_spoiled", account=account.pk, event=kind)
    return made
