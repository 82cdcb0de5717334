"""What a claim of revenue protection comes to, what a second person is shown, and the charge once they agreed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from meterbook.engine.billing.adjusting.fees import UnknownFee
from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.cases.rules import ProtectionRules
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.adjustments.operations.decide import decide_adjustments
from meterbook.records.adjustments.operations.propose import charge_fee, charged_before, propose_adjustment
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.adjustments.settings import fees_on
from meterbook.records.cases.models import Case, LoadEstimate, RevenueClaim
from meterbook.records.cases.operations.work import linked
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed


def fee_amounts(
    account: Account, fees: Sequence[str], service: str, allowed: Collection[str], day: date
) -> list[dict[str, Any]]:
    """Each fee with its cents, as the catalogue asks this time. Raises `UnknownFee`, `NoPolicy`."""
    if not fees:
        return []
    _, catalogue = fees_on(day)
    made = []
    for code in fees:
        fee = catalogue.get(code)
        if fee is None or code not in allowed or service not in fee.services:
            raise UnknownFee(f"no fee {code} for {service}")
        time = fee.occurrence(charged_before(account, code), day)
        made.append({"code": code, "words": dict(fee.words), "cents": fee.amount(time), "occurrence": time})
    return made


def preview_of(
    case: Case, service: str, estimate: LoadEstimate | None, price: Decimal | None, figures: dict[str, Any], note: str
) -> dict[str, Any]:
    """Exactly what is charged if somebody agrees."""
    assert case.account is not None
    usage = {} if estimate is None else {
        "usage_e6": estimate.quantity_e6, "unit": estimate.unit, "method": estimate.method, "price": str(price),
        "starts": str(estimate.starts), "ends": str(estimate.ends),
    }  # fmt: skip
    return {"case": case.pk, "account": case.account.number, "service": service, "note": note,
            "evidence": case.evidence.count(), **usage, **figures}  # fmt: skip


def above_authority(rules: ProtectionRules, roles: Collection[str], claim: RevenueClaim) -> None:
    """Raise `CaseRefused` where nobody of these roles may approve so much."""
    limits = [rules.authority[role] for role in roles if role in rules.authority]
    total = claim.approval.amount_cents
    if any(most is None or total <= most for most in limits):
        return
    most = max((one for one in limits if one is not None), default=0)
    raise CaseRefused(
        Step(
            N_("You may approve up to {most}; this is {total}. Somebody with a higher limit decides it."),
            {"most": dollars(most), "total": dollars(total)},
        )
    )


def charge(deed: Deed, claim: RevenueClaim, rules: ProtectionRules) -> list[Adjustment]:
    """Book what a claim asks for: asked by who asked for it, decided by who decides it, proved by the evidence."""
    asks = Act(claim.asked_by.actor, deed.business_date, claim.note)
    proofs = _proofs(claim.case)
    made: list[Adjustment] = []
    if claim.back_bill_cents:
        made.append(
            propose_adjustment(
                asks, account=claim.account, service=claim.service, amount_cents=claim.back_bill_cents,
                reason=rules.back_bill_reason, note=claim.note, proofs=proofs,
            )
        )  # fmt: skip
    for fee in claim.fees:
        made.append(
            charge_fee(
                asks, account=claim.account, service=claim.service, fee=fee["code"], note=claim.note, proofs=proofs
            )
        )
    for one in made:
        if one.state == Adjustment.PROPOSED and one.approval is not None:
            decide_adjustments(
                Act(deed.actor, deed.business_date, deed.reason, one.approval), request=one.approval, approve=True
            )
        linked(deed, claim.case, kind="adjustment", ref=one.pk, label=f"{one.words_en} {dollars(one.amount_cents)}")
    return made


def _proofs(case: Case) -> list[Proof]:
    """The case's evidence that is a file; a note of the case where there is none."""
    rows = case.evidence.filter(attachment__isnull=False).select_related("attachment").order_by("pk")
    files = [one.attachment for one in rows if one.attachment is not None]
    if files:
        return [Proof(one.file_name, one.content_type, bytes(one.content)) for one in files[:3]]
    text = "\n".join(f"{one.found_on} {one.kind} {one.value} {one.words}" for one in case.evidence.order_by("pk"))
    return [Proof(f"case-{case.pk}.txt", "text/plain", text.encode())]
