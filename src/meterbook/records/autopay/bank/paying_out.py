"""Refunds through the banks: credits the refunds area owes, sent to the bank account a customer's autopay names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.formats.nacha import Draft as AchDraft
from meterbook.records.autopay.bank.files import Line
from meterbook.records.autopay.models import AchEntry, Enrolment
from meterbook.records.autopay.vault import unseal
from meterbook.records.platform.models import Deed
from meterbook.records.refunds.ach import AchCredit, mark_returned, mark_settled
from meterbook.records.refunds.models import Payout


def lines_of(credits: Sequence[AchCredit], *, settle_on: date) -> tuple[list[Line], list[AchCredit]]:
    """Entries for the credits whose bank account is known and proven by a prenote; and those that cannot be sent.

    ``bank`` names an enrolment by its id; empty is the account's own, also one that has ended since the account closed.
    """
    enrolments = Enrolment.objects.filter(account__in=[one.account for one in credits], drafts_from__isnull=False)
    by_account = {row.account_id: row for row in enrolments.order_by("pk")}
    named = Enrolment.objects.in_bulk([int(one.bank) for one in credits if one.bank.isdigit()])
    lines, left = [], []
    for one in credits:
        payer = named.get(int(one.bank)) if one.bank.isdigit() else by_account.get(one.account)
        if payer is None or payer.why.startswith("the bank returned"):
            left.append(one)
            continue
        lines.append(
            Line(
                AchDraft(
                    reference=one.account_number, name=one.payee, routing=payer.routing,
                    account=unseal(payer.sealed_number), account_type=payer.account_type,  # type: ignore[arg-type]
                    direction="credit", amount_cents=one.cents,
                ),
                kind="refund", sec="CCD" if payer.business else "PPD", purpose="refund", settle_on=settle_on,
                last_four=payer.last_four, enrolment=payer.pk, payout=one.payout,
            )
        )  # fmt: skip
    return lines, left


def settle_payouts(deed: Deed, through: date) -> int:
    """Refund entries whose day has come are paid; returns how many."""
    rows = AchEntry.objects.filter(kind="refund", settle_on__lte=through, payout__state=Payout.ISSUED)
    ids = list(rows.order_by("pk").values_list("payout_id", flat=True))
    if ids:
        mark_settled(deed, [pk for pk in ids if pk is not None], on=deed.business_date)
    return len(ids)


def payout_returned(deed: Deed, entry: AchEntry, code: str) -> Step:
    """A refund came back: the money is owed again and waits for a check."""
    assert entry.payout_id is not None
    mark_returned(deed, entry.payout_id, code=code, on=deed.business_date)
    return Step(N_("The refund came back with {code}: it waits for a check."), {"code": code})
