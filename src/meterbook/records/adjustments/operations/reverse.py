"""Undoing a booked adjustment: the same amount the other way, under the same reason, limits and second person."""

from __future__ import annotations

from meterbook.engine.billing.adjusting.reasons import Reason
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.asking import ask
from meterbook.records.adjustments.booking import book_adjustments
from meterbook.records.adjustments.deciding import refuse_own, why_second
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.refusals import AlreadyUndone
from meterbook.records.adjustments.settings import reasons_on
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR


@operation("adjustments.reverse", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def reverse_adjustment(deed: Deed, *, adjustment: Adjustment, note: str) -> Adjustment:
    """Book the opposite of a booked adjustment, or ask for it. Raises `OwnAccount`, `AlreadyUndone`."""
    lock_accounts([adjustment.account_id])
    refuse_own(deed.actor, adjustment.account, deed.business_date)
    undone = adjustment.reversed_by.filter(state__in=[Adjustment.PROPOSED, Adjustment.BOOKED]).exists()
    if adjustment.state != Adjustment.BOOKED or undone or adjustment.reverses_id is not None:
        raise AlreadyUndone(
            Step(N_("Only a booked adjustment is reversed, once; a reversal is followed by a new adjustment."))
        )
    made = Adjustment.objects.create(
        account=adjustment.account, service=adjustment.service, amount_cents=-adjustment.amount_cents,
        reason=adjustment.reason, words_en=f"Reversed: {adjustment.words_en}"[:120],
        words_es=f"Revertido: {adjustment.words_es}"[:120], against=adjustment.against, document=adjustment.document,
        effective_on=deed.business_date, note=note.strip() or deed.reason, bill=adjustment.bill, reverses=adjustment,
        proposed_by=deed,
    )  # fmt: skip
    tell(deed, "adjustments.reversal_proposed", adjustment=made.pk, reverses=adjustment.pk)
    second = _why_second(deed, made)
    if second is None:
        book_adjustments(deed, [made])
        tell(deed, "adjustments.booked", adjustments=[made.pk], cents=made.amount_cents)
    else:
        ask(deed, f"adjustment:{made.pk}", [made], {"reverses": adjustment.pk, "note": made.note})
    return made


def _why_second(deed: Deed, made: Adjustment) -> Step | None:
    """Why a second person decides: by the reason's limits; always for what is not a reason by hand (fees, leaks)."""
    _, reasons = reasons_on(deed.business_date)
    found: Reason | None = reasons.reasons.get(made.reason)
    if found is None or not found.by_hand:
        return Step(N_("Fees and computed credits are reversed by a second person."))
    return why_second(deed, made.account, reasons, found, made.amount_cents)
