"""Asking for a leak credit: computed, judged, proved, and always decided by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.billing.leak.rules import allowed
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.asking import ask
from meterbook.records.adjustments.deciding import refuse_own
from meterbook.records.adjustments.leak.kept import derivation, rules_to_json
from meterbook.records.adjustments.leak.preview import Ask, LeakPreview, by_revenue, leak_preview
from meterbook.records.adjustments.models import Adjustment, LeakClaim
from meterbook.records.adjustments.operations.propose import chart_account
from meterbook.records.adjustments.proofs import Proof, keep
from meterbook.records.adjustments.refusals import NotEligible
from meterbook.records.adjustments.settings import reasons_on
from meterbook.records.billing.models import Bill
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR


@operation("adjustments.propose_leak", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def propose_leak(
    deed: Deed,
    *,
    bills: Sequence[Bill],
    repaired_on: date,
    bypassed_sewer: bool,
    note: str = "",
    waived: str = "",
    proofs: Sequence[Proof] = (),
) -> LeakClaim:
    """Compute a leak credit for bills of one account and ask a second person for it.

    ``waived`` says why rules the policy lets be waived are waived. Raises `OwnAccount`, `NotEligible`, `NoPolicy`.
    """
    account = bills[0].account
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    if any(bill.account_id != account.pk for bill in bills):
        raise NotEligible(Step(N_("The bills of a claim are one account's.")))
    if repaired_on > deed.business_date:
        raise NotEligible(Step(N_("The repair is done today or before, not on {day}."), {"day": repaired_on}))
    found = leak_preview(Ask(tuple(bills), deed.business_date, repaired_on, bypassed_sewer, len(proofs)))
    if not allowed(found.judged, waived=bool(waived.strip())):
        unmet = next(one for one in found.judged if not one.met and not (waived.strip() and one.waivable))
        raise NotEligible(unmet.says)
    if not found.credit_cents:
        raise NotEligible(Step(N_("Nothing was used beyond the base, so nothing is credited.")))
    claim = LeakClaim.objects.create(
        account=account, document=found.document, asked_on=deed.business_date, repaired_on=repaired_on,
        bypassed_sewer=bypassed_sewer, rules=rules_to_json(found.judged), waived=waived.strip(), deed=deed,
    )  # fmt: skip
    keep(deed, f"leakclaim:{claim.pk}", proofs)
    rows = _adjustments(deed, claim, found, note)
    tell(deed, "adjustments.leak_claimed", claim=claim.pk, cents=-found.credit_cents)
    shown = {
        "bills": [bill.number for bill in bills],
        "usage": [
            {
                "bill": part.bill.number,
                "service": part.segment.commodity,
                "used": str(part.used),
                "base": str(part.base),
            }
            for part in found.parts
        ],
        "waived": claim.waived,
        "note": note,
    }
    ask(deed, f"leakclaim:{claim.pk}", rows, shown)
    return claim


def _adjustments(deed: Deed, claim: LeakClaim, found: LeakPreview, note: str) -> list[Adjustment]:
    """One adjustment for each bill, service and revenue account."""
    _, reasons = reasons_on(deed.business_date)
    reason = reasons.reason(found.rules.reason)
    return [
        Adjustment.objects.create(
            account=claim.account, service=part.segment.commodity, amount_cents=-cents, reason=reason.code,
            words_en=reason.words["en"], words_es=reason.words["es"], against=chart_account(code),
            document=claim.document, effective_on=deed.business_date, note=note.strip() or deed.reason, bill=part.bill,
            claim=claim, derivation=derivation(part), proposed_by=deed,
        )
        for part in found.parts
        for code, cents in by_revenue(part).items()
    ]  # fmt: skip
