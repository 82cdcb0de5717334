"""ACH credits waiting to be sent: the table between refunds, which owe them, and whoever writes the ACH file.

The writer takes `waiting_credits`, writes those it has bank details for, says so with `mark_sent`, and later what the
bank answered: `mark_settled`, or `mark_returned`. What cannot be sent is given back with `mark_unsendable`: the refund
then waits for a check. All are plain functions of an operation's deed; each payout is sent once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.refunds.models import Payout, PayoutExport, Refund
from meterbook.records.refunds.opening import new_payout, set_state
from meterbook.records.refunds.paying import ended, issued, locked_payouts
from meterbook.records.refunds.standing import bounced


@dataclass(frozen=True, slots=True)
class AchCredit:
    """A credit to send: ``bank`` names bank details as their keeper does; empty: those of the account's autopay."""

    payout: int
    refund: int
    account: int
    account_number: str
    payee: str
    cents: int
    bank: str


def waiting_credits() -> list[AchCredit]:
    """Every ACH credit not sent yet, the oldest first; none whose money came back meanwhile."""
    rows = Payout.objects.filter(how="ach", state=Payout.WAITING).select_related("refund__account").order_by("pk")
    held = bounced([row.refund_id for row in rows])
    return [
        AchCredit(
            row.pk, row.refund_id, row.refund.account_id, row.refund.account.number, row.payee, row.amount_cents,
            row.bank,
        )
        for row in rows if row.refund_id not in held
    ]  # fmt: skip


def mark_sent(deed: Deed, traces: Mapping[int, str], *, file_name: str, sha256: str, sent_on: date) -> PayoutExport:
    """These payouts (id → trace number) went into an ACH file; the money leaves on ``sent_on``. Raises `NotNow`."""
    rows = locked_payouts(list(traces), states=(Payout.WAITING,))
    export = PayoutExport.objects.create(
        kind="ach", file_name=file_name, sha256=sha256, content=b"", count=len(rows),
        total_cents=sum(row.amount_cents for row in rows), made_on=sent_on, deed=deed,
    )  # fmt: skip
    for row in rows:
        row.export = export
        issued(deed, row, reference=traces[row.pk], on=sent_on)
    tell(deed, "refunds.ach_sent", export=export.pk, payouts=sorted(traces))
    return export


def mark_settled(deed: Deed, payouts: Sequence[int], *, on: date) -> None:
    """The bank paid them."""
    for row in locked_payouts(payouts, states=(Payout.ISSUED,)):
        row.state, row.cleared_on = Payout.CLEARED, on
        row.save(update_fields=["state", "cleared_on"])
        set_state(row.refund, Refund.PAID)
    tell(deed, "refunds.ach_settled", payouts=list(payouts))


def mark_returned(deed: Deed, payout: int, *, code: str, on: date) -> Payout:
    """The bank sent one back (R-code): the money is owed again and waits for a check."""
    (row,) = locked_payouts([payout], states=(Payout.ISSUED, Payout.CLEARED))
    ended(deed, row, state=Payout.RETURNED, why=code, on=on)
    made = new_payout(deed, row.refund, how="check")
    tell(deed, "refunds.ach_returned", payout=payout, code=code, check=made.pk)
    return made


def mark_unsendable(deed: Deed, payout: int, *, why: str, on: date) -> Payout:
    """One cannot be sent (no bank details, a banned account): it waits for a check instead."""
    (row,) = locked_payouts([payout], states=(Payout.WAITING,))
    ended(deed, row, state=Payout.CANCELLED, why=why, on=on)
    made = new_payout(deed, row.refund, how="check")
    tell(deed, "refunds.ach_unsendable", payout=payout, why=why, check=made.pk)
    return made
