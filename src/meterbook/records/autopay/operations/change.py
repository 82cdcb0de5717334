"""What becomes of an authorisation: revoked, put aside, taken up again, its bank account validated."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.enrolling import end, happened, locked, suspend
from meterbook.records.autopay.models import Enrolment
from meterbook.records.autopay.refusals import AutopayRefused, NotEnrolled
from meterbook.records.autopay.settings import rules_on
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, SUPERVISOR


@operation("autopay.revoke", roles={CSR, CASHIER, BILLING, SUPERVISOR})
def revoke(deed: Deed, *, enrolment: Enrolment) -> Enrolment:
    """The payer said no more; drafts that have not left do not leave. Raises `NotEnrolled`, `OwnAccount`."""
    found = locked(enrolment.pk)
    refuse_own(deed.actor, found.account, deed.business_date)
    end(deed, found, why=deed.reason or "revoked by the payer")
    tell(deed, "autopay.ended", enrolment=found.pk, account=found.account_id)
    return found


@operation("autopay.suspend", roles={CSR, BILLING, SUPERVISOR})
def suspend_enrolment(deed: Deed, *, enrolment: Enrolment) -> Enrolment:
    """Draw nothing until somebody takes it up again. Raises `NotEnrolled`, `OwnAccount`."""
    found = locked(enrolment.pk)
    refuse_own(deed.actor, found.account, deed.business_date)
    suspend(deed, found, why=deed.reason)
    tell(deed, "autopay.suspended", enrolment=found.pk, account=found.account_id)
    return found


@operation("autopay.resume", roles={BILLING, SUPERVISOR})
def resume(deed: Deed, *, enrolment: Enrolment) -> Enrolment:
    """Draw again. One that never finished its prenote begins with it. Raises `NotEnrolled`, `OwnAccount`."""
    found = locked(enrolment.pk)
    refuse_own(deed.actor, found.account, deed.business_date)
    if found.state != Enrolment.SUSPENDED:
        raise NotEnrolled(Step(N_("Only a suspended authorisation is taken up again.")))
    waited = found.drafts_from is not None and found.drafts_from <= deed.business_date
    found.state, found.why = (Enrolment.ACTIVE if waited else Enrolment.NEW), ""
    found.save(update_fields=["state", "why"])
    happened(deed, [found], "resumed", detail={"why": deed.reason})
    tell(deed, "autopay.resumed", enrolment=found.pk, account=found.account_id)
    return found


@operation("autopay.validate", roles={CSR, BILLING, SUPERVISOR})
def validate(deed: Deed, *, enrolment: Enrolment, by: str, reference: str = "") -> Enrolment:
    """Say how the bank account was shown to be open and able to take a debit.

    Raises `AutopayRefused` for a way the policy does not name, `NotEnrolled`, `OwnAccount`.
    """
    found = locked(enrolment.pk)
    refuse_own(deed.actor, found.account, deed.business_date)
    _, rules = rules_on(deed.business_date)
    if by not in rules.validated_by:
        raise AutopayRefused(Step(N_("Accounts are validated by: {ways}."), {"ways": ", ".join(rules.validated_by)}))
    found.validation, found.validated_by = "validated", by
    found.save(update_fields=["validation", "validated_by"])
    happened(deed, [found], "validated", detail={"by": by, "reference": reference})
    tell(deed, "autopay.validated", enrolment=found.pk, by=by)
    return found
