"""What follows when payments come back: the fee by policy, a tender refused, and an event that asks for the letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from meterbook.engine.billing.adjusting.fees import months_before
from meterbook.engine.billing.adjusting.returned import ReturnRules
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.transfers import NoLedgerAccount
from meterbook.records.payments.models import PaymentReversal, ReversedPart
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.queries import accounting_period
from meterbook.records.returns.bans import ban
from meterbook.records.returns.models import ReturnedPayment
from meterbook.records.returns.settings import return_rules_on

#: Reversals that are the payer's bank's doing; a void or a payment posted by mistake has no consequences.
CAUSES = (PaymentReversal.RETURNED, PaymentReversal.CHARGEBACK)


def apply_return(deed: Deed, reversals: Sequence[PaymentReversal]) -> list[ReturnedPayment]:
    """Book the fee of each returned payment, bar tenders, tell; in the order given. Once a reversal.

    A payment nobody could place has no account to charge. Raises `NoPolicy` and `NoLedgerAccount`.
    """
    made = []
    for reversal in reversals:
        account = _payer(reversal) if reversal.kind in CAUSES else None
        if account is None or ReturnedPayment.objects.filter(reversal=reversal).exists():
            continue
        made.append(_one(deed, reversal, account))
    return made


def _payer(reversal: PaymentReversal) -> Account | None:
    """The account that had most of the payment."""
    parts = ReversedPart.objects.filter(reversal=reversal, account__isnull=False).select_related("account")
    part = parts.order_by("-amount_cents", "pk").first()
    return part.account if part else None


def _one(deed: Deed, reversal: PaymentReversal, account: Account) -> ReturnedPayment:
    on = reversal.reversed_on
    document, rules = return_rules_on(on)
    earlier = list(
        ReturnedPayment.objects.filter(account=account, waiver__isnull=True, reversal__reversed_on__lte=on).values_list(
            "reversal__reversed_on", flat=True
        )
    )
    time, cents = rules.fee(tender=reversal.payment.tender, code=reversal.code, earlier=earlier, on=on)
    service = _service(account, rules) if cents else ""
    made = ReturnedPayment.objects.create(
        reversal=reversal, account=account, occurrence=time, fee_cents=cents, service=service,
        revenue=_revenue(rules) if cents else None, document=document, deed=deed,
    )  # fmt: skip
    if cents:
        _book(deed, made, cents, on)
    bans = _bans(deed, made, rules, earlier, on)
    tell(
        deed, "returns.payment_returned", account=account.pk, returned=made.pk, payment=reversal.payment_id,
        code=reversal.code, fee_cents=cents, bans=bans, policy=document.pk,
    )  # fmt: skip
    return made


def _book(deed: Deed, made: ReturnedPayment, cents: int, on: date) -> None:
    assert made.revenue_id is not None
    row = pl.DataFrame(
        [(made.account_id, made.service, made.revenue_id, cents, made.pk)], schema=dict(BOOKED), orient="row"
    )
    due_on = on + timedelta(days=policy("billing-rules", on)["due_days"])
    book(row, source_kind="return_fee", due_on=due_on, effective_on=on, period=accounting_period(on), deed=deed)


def waive(deed: Deed, returned: ReturnedPayment) -> None:
    """Take the fee off again: a credit of the same source, on the deed's day."""
    _book(deed, returned, -returned.fee_cents, deed.business_date)


def _bans(deed: Deed, made: ReturnedPayment, rules: ReturnRules, earlier: Sequence[date], on: date) -> list[str]:
    """The scopes barred by this return."""
    months: dict[str, int] = defaultdict(int)
    for rule in rules.bans:
        if rule.strikes(made.reversal.code, earlier, on):
            months[rule.scope] = max(months[rule.scope], rule.months)
    for scope, count in sorted(months.items()):
        ban(deed, made.account, scope, starts=on, ends=months_before(on, -count), cause=made)
    return sorted(months)


def _service(account: Account, rules: ReturnRules) -> str:
    """The receivable of the fee: the first service of the policy the account ever had."""
    had = set(
        ServiceAgreement.objects.filter(account=account).values_list("service_point__commodity", flat=True).distinct()
    )
    return next((service for service in rules.services if service in had), rules.services[0])


def _revenue(rules: ReturnRules) -> LedgerAccount:
    found = LedgerAccount.objects.filter(code=rules.account).first()
    if found is None:
        raise NoLedgerAccount(f"the chart of accounts has no account {rules.account}")
    return found
