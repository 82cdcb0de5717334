"""Asking an account for a deposit, or waiving it; and no longer asking."""

from __future__ import annotations

from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.deposits.cancelling import cancel
from meterbook.records.ledger.deposits.interest import rules_in_force
from meterbook.records.ledger.deposits.standing import service_of
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR, roles_of
from meterbook.records.security.assessing import CannotAssess, Proposal, Terms, propose, working_of
from meterbook.records.security.charging import charge
from meterbook.records.security.models import Assessment, Instalment
from meterbook.records.security.seconds import DOES, NeedsSecond, ask, same

ASSESS = "security.assess"


def needs_second(deed: Deed, found: Proposal) -> bool:
    """Whether what is waived is more than this person waives alone, or a year's amount was put by hand."""
    _, rules = rules_in_force(deed.business_date)
    alone = rules.waiver(found.terms.waiver).alone_up_to(roles_of(deed.actor, deed.business_date)) if (
        found.terms.waiver
    ) else 0  # fmt: skip
    return found.waived_cents > alone or found.year.basis == "said"


@operation(ASSESS, roles={CSR, BILLING, SUPERVISOR, FINANCE})
def assess_deposit(deed: Deed, *, account: Account, terms: Terms) -> Assessment:
    """Ask an account for the deposit its class's rule computes, less what is waived; the first instalment is charged.

    Raises `CannotAssess`, `NothingToGoBy`, `OwnAccount`, `NoPolicy`, and `NeedsSecond` above one's own limit: then ask
    with `request_assessment`.
    """
    made = assessed(deed, account, terms)
    tell(deed, "security.assessed", assessment=made.pk, account=account.pk, cents=made.asked_cents)
    return made


def assessed(deed: Deed, account: Account, terms: Terms) -> Assessment:
    """Ask for a deposit as part of another deed; see `assess_deposit`."""
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    found = propose(account, terms, deed.business_date)
    if needs_second(deed, found):
        raise NeedsSecond(f"account {account.number}: {found.waived_cents} cents to waive need a second person")
    return _put_down(deed, found, None)


@operation("security.request_assessment", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def request_assessment(deed: Deed, *, account: Account, terms: Terms) -> Approval:
    """Ask a second person to waive what is above one's own limit. Raises what `assess_deposit` does."""
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    found = propose(account, terms, deed.business_date)
    request = ask(deed, kind=ASSESS, account=account, preview=_shown(found), cents=found.waived_cents)
    tell(deed, "security.second_asked", approval=request.pk, kind=ASSESS)
    return request


def _shown(found: Proposal) -> dict[str, Any]:
    terms = found.terms
    typed = {"waived_cents": terms.waived_cents, "year_cents": terms.year_cents}
    return {**found.figures(), "typed": typed}


def _agreed(deed: Deed, request: Approval) -> Assessment:
    """Do what the second person agreed to."""
    account = Account.objects.get(number=request.preview["account"])
    lock_accounts([account.pk])
    shown = request.preview
    terms = Terms(
        standing=shown["standing"], parts=shown["parts"], waiver=shown["waiver"],
        waived_cents=shown["typed"]["waived_cents"], year_cents=shown["typed"]["year_cents"],
    )  # fmt: skip
    found = propose(account, terms, deed.business_date)
    same(shown, _shown(found))
    made = _put_down(deed, found, request)
    tell(deed, "security.assessed", assessment=made.pk, account=account.pk, cents=made.asked_cents)
    return made


DOES[ASSESS] = _agreed


def _put_down(deed: Deed, found: Proposal, approval: Approval | None) -> Assessment:
    account = found.account
    if account.closed_on is not None:
        raise CannotAssess(Step(N_("The account is closed.")))
    made = Assessment.objects.create(
        account=account, document=found.document, deposit_class=found.rule.code, standing=found.terms.standing,
        basis=found.year.basis, year_cents=found.year.cents, computed_cents=found.computed_cents,
        waived_cents=found.waived_cents, waiver=found.terms.waiver, instrument=found.instrument,
        working=working_of(found.steps), approval=approval, deed=deed,
    )  # fmt: skip
    service = service_of(account.pk)
    parts = [
        Instalment.objects.create(
            assessment=made, number=number, service=service, amount_cents=part.cents, charge_on=part.charge_on,
            due_on=part.due_on,
        )
        for number, part in enumerate(found.parts, start=1)
    ]  # fmt: skip
    charge(deed, [part for part in parts if part.charge_on <= deed.business_date])
    return made


@operation("security.cancel_assessment", roles={BILLING, SUPERVISOR, FINANCE})
def cancel_assessment(deed: Deed, *, assessment: Assessment) -> Assessment:
    """Ask no longer: instalments to come are never charged, what is unpaid is taken back, what was paid stays held.

    Raises `OwnAccount`, and `CannotAssess` where it was cancelled before.
    """
    cents = cancelled(deed, assessment)
    tell(deed, "security.assessment_cancelled", assessment=assessment.pk, cents=cents)
    return Assessment.objects.get(pk=assessment.pk)


def cancelled(deed: Deed, assessment: Assessment) -> int:
    """Ask no longer as part of another deed; cents taken back. See `cancel_assessment`."""
    lock_accounts([assessment.account_id])
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    refuse_own(deed.actor, locked.account, deed.business_date)
    if locked.cancelled_by_id is not None:
        raise CannotAssess(Step(N_("This is not asked for any more.")))
    locked.cancelled_by = deed
    locked.save(update_fields=["cancelled_by"])
    day = deed.business_date
    return cancel([locked.account_id], effective_on=day, period=accounting_period(day), deed=deed)
