"""Asking: checked, tried, then done at once within one's own limit, else shown to a second person as it would post."""

from __future__ import annotations

from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.what_posts import would_post
from meterbook.records.payments.by_hand.doing import do
from meterbook.records.payments.by_hand.limits import limits_on, why_second
from meterbook.records.payments.by_hand.models import HandChange
from meterbook.records.payments.by_hand.refusals import NotPossible
from meterbook.records.payments.standing import lock_payments
from meterbook.records.platform.models import Approval, Deed

KIND = "payments.decide_change"


def ask(
    deed: Deed, kind: str, *, accounts: list[Account], cents: int, reason: str, note: str, **more: Any
) -> HandChange:
    """Do it, or let it wait for a second person; ``more`` are the other fields of the `HandChange`.

    Raises `OwnAccount`, `UnknownReason`, `NotPossible`, `NoPolicy`.
    """
    if not note.strip():
        raise NotPossible(Step(N_("Say in a sentence why; it stays with the deed.")))
    if cents <= 0:
        raise NotPossible(Step(N_("Type an amount in dollars and cents above zero.")))
    if more.get("payment") is not None:
        lock_payments([more["payment"].pk])
    lock_accounts(sorted(account.pk for account in accounts))
    for account in accounts:
        refuse_own(deed.actor, account, deed.business_date)
    document, limits = limits_on(deed.business_date)
    found = limits.reason(reason, kind)
    made = HandChange.objects.create(
        kind=kind, amount_cents=cents, effective_on=deed.business_date, reason=found.code, words_en=found.words["en"],
        words_es=found.words["es"], note=note.strip(), document=document, asked_by=deed, **more,
    )  # fmt: skip
    why = why_second(deed, kind, accounts, cents, limits)
    if why is None:
        finish(deed, made)
        return made
    shown = would_post(deed, lambda: do(deed, made))
    made.approval = Approval.objects.create(
        kind=KIND, subject=f"handchange:{made.pk}", amount_cents=cents, requested_by=deed.actor,
        reason=deed.reason or made.note,
        preview={
            "what": kind, "reason": found.code, "note": made.note, "why": why.words(str),
            "accounts": [account.number for account in accounts], **shown,
        },
    )  # fmt: skip
    made.save(update_fields=["approval"])
    return made


def finish(deed: Deed, change: HandChange) -> None:
    """Post it."""
    do(deed, change)
    change.state, change.decided_by = HandChange.DONE, deed
    change.save(update_fields=["state", "decided_by"])


def accounts_of(change: HandChange) -> list[Account]:
    """Every account a change touches."""
    ids = [change.from_account_id, change.to_account_id]
    if change.payment is not None:
        ids += [change.payment.account_id, *(move.to_account_id for move in change.payment.moves.all())]
    return list(Account.objects.filter(pk__in=[one for one in ids if one is not None]).order_by("pk"))
