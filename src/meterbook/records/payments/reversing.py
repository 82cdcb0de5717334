"""Payments that turned out not to be any: returned, charged back, voided, posted by mistake.

What each had settled is owed again from its own due date, and the account's other payments settle what they would have
settled without it (`ledger.taking_back`). The payment stays on record; it can be taken back once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.taking_back import TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment, PaymentReversal, ReversedPart
from meterbook.records.payments.standing import Part, lock_payments, parts_of
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.queries import accounting_period


class AlreadyReversed(ValueError):
    """The payment was taken back before."""


@dataclass(frozen=True, slots=True)
class ToReverse:
    """A payment to take back, and the reason code the bank or the office gives.

    ``out_of`` is the account its money leaves, where the caller knows: a drawer that gives it back over the counter.
    """

    payment: Payment
    code: str = ""
    out_of: LedgerAccount | None = None


def reverse_payments(
    deed: Deed, wanted: Sequence[ToReverse], *, kind: str, reversed_on: date, out_of: LedgerAccount | None = None
) -> list[PaymentReversal]:
    """Take payments back, each whole; ``out_of`` is credited, else the account the money once went into.

    Money that once went into a drawer leaves on its way to the bank, unless the caller names the drawer: what is in a
    drawer is changed by its receipts, voids and bags alone, and the bank never asks a drawer for money.

    Raises `AlreadyReversed` naming the payment, and changes nothing then.
    """
    ids = [one.payment.pk for one in wanted]
    _locked(ids)
    before = PaymentReversal.objects.filter(payment__in=ids).first()
    if before is not None:
        raise AlreadyReversed(f"payment {before.payment_id} was taken back on {before.reversed_on}")
    period = accounting_period(reversed_on)
    now: dict[int, list[Part]] = defaultdict(list)
    for part in parts_of(ids):
        now[part.payment].append(part)
    made = []
    taken: dict[int, list[TakenBack]] = defaultdict(list)
    for one in sorted(wanted, key=lambda each: each.payment.pk):
        gone = one.out_of or out_of or _leaves(one.payment)
        reversal = PaymentReversal.objects.create(
            payment=one.payment, kind=kind, code=one.code, reversed_on=reversed_on, out_of=gone, deed=deed
        )
        made.append(reversal)
        taken[gone.pk] += _parts(reversal, now[one.payment.pk], gone, period)
    for gone_id, parts in taken.items():
        take_back(
            parts, source_kind="reversal", against=LedgerAccount.objects.get(pk=gone_id), effective_on=reversed_on,
            period=period, deed=deed, spent=True,
        )  # fmt: skip
    return made


def _leaves(payment: Payment) -> LedgerAccount:
    """The account a payment's money is taken out of when nobody gives it back by hand."""
    if payment.into is None:
        return account_for("cash")
    return account_for("clearing") if payment.into.role == "drawer" else payment.into


def _parts(
    reversal: PaymentReversal, now: Sequence[Part], gone: LedgerAccount, period: AccountingPeriod
) -> list[TakenBack]:
    """Record what is taken from each account; what is in suspense goes out of it at once."""
    found = []
    by_account: dict[int | None, int] = defaultdict(int)
    for part in now:
        by_account[part.account] += part.cents
    rows = {
        account: ReversedPart.objects.create(reversal=reversal, account_id=account, amount_cents=cents)
        for account, cents in by_account.items()
    }
    for part in now:
        row = rows[part.account]
        if part.item is not None:
            found.append(TakenBack(credit=part.item, cents=part.cents, source=row.pk))
        else:
            Entry.objects.create(
                run_id=0, debit=account_for("suspense"), credit=gone, amount_cents=part.cents, account=None,
                service="", effective_on=reversal.reversed_on, period=period, source_kind="reversal",
                source_id=row.pk, deed=reversal.deed,
            )  # fmt: skip
    return found


def _locked(payments: Sequence[int]) -> None:
    """Lock the payments and, in their order, every account that ever held one of them."""
    lock_payments(payments)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id FROM payments_payment WHERE id = ANY(%(p)s) AND account_id IS NOT NULL"
            " UNION SELECT to_account_id FROM payments_paymentmove WHERE payment_id = ANY(%(p)s)"
            " AND to_account_id IS NOT NULL",
            {"p": list(payments)},
        )
        accounts = [row[0] for row in cursor.fetchall()]
    lock_accounts(accounts)
