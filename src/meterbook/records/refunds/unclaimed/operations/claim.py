"""An owner asks for his money: evidence, a second person, then a refund out of unclaimed money."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.proofs import Proof, keep
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.refunds.opening import open_refund
from meterbook.records.refunds.operations.decide import agree, refuse_beyond
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import refund_rules_on
from meterbook.records.refunds.unclaimed.models import Unclaimed, UnclaimedClaim, UnclaimedStep

KIND = "refunds.decide_claim"


@operation("refunds.claim_unclaimed", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def claim_unclaimed(
    deed: Deed, *, unclaimed: Unclaimed, claimant: str, lines: Sequence[str], grounds: str,
    proofs: Sequence[Proof] = (),
) -> UnclaimedClaim:  # fmt: skip
    """Take in a claim with what proves it, and ask a second person. Raises `NotNow`, `OwnAccount`."""
    refuse_own(deed.actor, unclaimed.account, deed.business_date)
    locked = Unclaimed.objects.select_for_update(of=("self",)).select_related("account").get(pk=unclaimed.pk)
    where = [line.strip() for line in lines if line.strip()]
    if locked.state not in (Unclaimed.FOUND, Unclaimed.PUBLISHED):
        raise NotNow(Step(N_("This money was paid or taken over already.")))
    if not claimant.strip() or not grounds.strip() or not where or not proofs:
        raise NotNow(Step(N_("A claim names who asks, where the money goes and why, with a file that proves it.")))
    if locked.claims.filter(state="asked").exists():
        raise NotNow(Step(N_("Another claim for this money waits for its decision.")))
    made = UnclaimedClaim.objects.create(
        unclaimed=locked, claimant=claimant.strip(), lines=where, grounds=grounds.strip(), deed=deed
    )
    keep(deed, f"unclaimedclaim:{made.pk}", proofs)
    made.approval = Approval.objects.create(
        kind=KIND, subject=f"unclaimedclaim:{made.pk}", preview=preview_of(made), amount_cents=locked.amount_cents,
        requested_by=deed.actor, reason=deed.reason or made.grounds,
    )  # fmt: skip
    made.save(update_fields=["approval"])
    UnclaimedStep.objects.create(
        unclaimed=locked, kind="claim", done_on=deed.business_date, note=made.claimant, deed=deed
    )
    tell(deed, "refunds.unclaimed_claimed", claim=made.pk, unclaimed=locked.pk)
    return made


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_claim(deed: Deed, *, claim: UnclaimedClaim, grant: bool) -> UnclaimedClaim:
    """Pay the claimant a check out of unclaimed money, or refuse. Raises `SamePerson`, `BeyondLimit`, `NotNow`."""
    locked = UnclaimedClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    money = Unclaimed.objects.select_for_update(of=("self",)).get(pk=locked.unclaimed_id)
    if locked.state != "asked" or locked.approval is None:
        raise NotNow(Step(N_("This claim was decided in the meantime.")))
    refuse_own(deed.actor, money.account, deed.business_date)
    _, rules = refund_rules_on(deed.business_date)
    refuse_beyond(deed, money.amount_cents, rules.decides)
    agree(deed, locked.approval, approve=grant)
    locked.state, locked.decided_by = "granted" if grant else "refused", deed
    if grant:
        locked.refund = open_refund(
            deed, account=money.account, cents=money.amount_cents, how="check", source="unclaimed",
            out_of=account_for("unclaimed"), payee=locked.claimant, lines=locked.lines, reason="claimed",
            note=locked.grounds,
        )  # fmt: skip
        money.state = Unclaimed.CLAIMED
        money.save(update_fields=["state"])
    locked.save(update_fields=["state", "decided_by", "refund"])
    kind = "claimed" if grant else "refused"
    UnclaimedStep.objects.create(unclaimed=money, kind=kind, done_on=deed.business_date, note=deed.reason, deed=deed)
    tell(deed, f"refunds.claim_{locked.state}", claim=locked.pk, cents=money.amount_cents)
    return locked


def preview_of(claim: UnclaimedClaim) -> dict[str, object]:
    """What would be paid, to whom, out of what."""
    money = claim.unclaimed
    return {
        "unclaimed": money.pk, "account": money.account.number, "owner": money.owner, "claimant": claim.claimant,
        "lines": claim.lines, "cents": money.amount_cents, "how": "check", "grounds": claim.grounds,
    }  # fmt: skip
