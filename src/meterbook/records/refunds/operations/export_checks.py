"""Handing checks over: vouchers for accounts payable, and what the bank is to expect (positive pay)."""

from __future__ import annotations

import hashlib

from meterbook.engine.trace import N_, Step
from meterbook.formats.ap_checks import Voucher, write_vouchers
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.refunds.models import Payout, PayoutExport
from meterbook.records.refunds.paying import locked_payouts
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import refund_rules_on
from meterbook.records.refunds.standing import bounced


@operation("refunds.export_checks", roles={BILLING, SUPERVISOR, FINANCE})
def export_checks(deed: Deed) -> PayoutExport:
    """Write every waiting check into one file for accounts payable; each goes into one file only.

    A refund whose money came back meanwhile stays behind. Raises `NotNow` where nothing waits.
    """
    _, rules = refund_rules_on(deed.business_date)
    waiting = list(Payout.objects.filter(how="check", state=Payout.WAITING).values_list("pk", "refund_id"))
    held = bounced([refund for _, refund in waiting])
    rows = locked_payouts([pk for pk, refund in waiting if refund not in held], states=(Payout.WAITING,))
    if not rows:
        raise NotNow(Step(N_("No check waits to be handed over.")))
    payable = account_for("refunds").code
    content = write_vouchers(
        [_voucher(deed, row, payable) for row in rows], columns=rules.ap.columns, delimiter=rules.ap.delimiter,
        date_format=rules.ap.date_format, totals=rules.ap.totals,
    )  # fmt: skip
    made = keep(
        deed, "ap", f"refund-checks-{deed.business_date}-{deed.pk}.csv", content, [r.amount_cents for r in rows]
    )
    for row in rows:
        row.export, row.state = made, Payout.EXPORTED
        row.save(update_fields=["export", "state"])
    tell(deed, "refunds.checks_exported", export=made.pk, count=made.count, cents=made.total_cents)
    return made


def keep(deed: Deed, kind: str, name: str, content: bytes, cents: list[int]) -> PayoutExport:
    """Keep a file as it was handed over, with its count and total."""
    return PayoutExport.objects.create(
        kind=kind, file_name=name, sha256=hashlib.sha256(content).hexdigest(), content=content, count=len(cents),
        total_cents=sum(cents), made_on=deed.business_date, deed=deed,
    )  # fmt: skip


def _voucher(deed: Deed, payout: Payout, payable: str) -> Voucher:
    number = payout.refund.account.number
    return Voucher(
        str(payout.pk), payout.payee, tuple(payout.lines), payout.amount_cents, deed.business_date,
        f"Utility refund {number}", number, payable,
    )  # fmt: skip
