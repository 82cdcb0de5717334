"""Disputes: taken with the protection of what is contested, reviewed, appealed, heard."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.cases.rules import DisputeRules
from meterbook.engine.trace import N_, Step
from meterbook.records.billing.models import Bill
from meterbook.records.cases.disputing import chosen_cents, let_run_out
from meterbook.records.cases.keeping import ask, clock, locked, said, step, subject_of
from meterbook.records.cases.models import Case, Dispute
from meterbook.records.cases.operations.take import About, complaint
from meterbook.records.cases.operations.work import linked, opened_again
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.cases.settings import case_rules_on
from meterbook.records.customers.models import Account
from meterbook.records.customers.protecting import end_protection, keep_protecting, protect
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.disputes.keeping import dispute_items
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR, roles_of
from meterbook.records.tasks.opening import end_tasks, open_task

UPHELD, PARTLY, REJECTED = "upheld", "partly", "rejected"
REVIEW, HEAR = "cases.review", "cases.hear"


@operation("cases.contest", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def contest(
    deed: Deed,
    *,
    account: Account,
    ground: str,
    words: str,
    service: str = "",
    bill: Bill | None = None,
    amount_cents: int | None = None,
    case: Case | None = None,
    topic: str = "high_bill",
    channel: str = "call",
) -> Dispute:
    """Take a dispute: the charges contested are protected at once, and everything that collects leaves them alone.

    Of a ``bill`` or a ``service`` or all that is open, up to ``amount_cents`` (all of it where none is said). Belongs
    to a complaint, which is taken with it where there is none. Raises `CaseRefused`, `OwnAccount`, `NoPolicy`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    _, rules = case_rules_on(deed.business_date)
    if ground not in rules.disputes.grounds:
        raise CaseRefused(Step(N_("Choose why it is contested.")))
    if bill is not None and bill.account_id != account.pk:
        raise CaseRefused(Step(N_("Bill {number} belongs to another account."), {"number": bill.number}))
    items = chosen_cents(account, deed.business_date, service=service, bill=bill, cents=amount_cents)
    if case is None:
        case = complaint(deed, topic=topic, words=words, about=About(account=account), channel=channel)
    else:
        case = locked(deed, case)
        if case.account_id != account.pk or Dispute.objects.filter(case=case).exists():
            raise CaseRefused(Step(N_("This case has a dispute already, or is another account's.")))
    made = Dispute.objects.create(
        case=case, account=account, ground=ground, service=service, bill=bill, amount_cents=sum(items.values()),
        protection=dispute_items(deed, account=account, cents=items, evidence=said(words)),
        review_by=clock(deed.business_date, rules.disputes.review_days),
    )  # fmt: skip
    if bill is not None:
        linked(deed, case, kind="bill", ref=bill.pk, label=bill.number)
    step(deed, case, "contested", said(words))
    _ask_for(deed, made, REVIEW, rules.disputes.review, made.review_by, N_("Review the dispute of {account}"))
    tell(deed, "cases.disputed", case=case.pk, account=account.pk, cents=made.amount_cents)
    return made


@operation("cases.review_dispute", roles={SUPERVISOR, FINANCE})
def review(deed: Deed, *, dispute: Dispute, decision: str, words: str, upheld_cents: int = 0) -> Dispute:
    """Decide a dispute: upheld, partly (``upheld_cents`` of it), or rejected.

    What is upheld stays protected until the case ends with what put it right; what is rejected until it is to be paid.
    Raises `CaseRefused`, `OwnAccount`, `NoPolicy`.
    """
    found, rules = _locked(deed, dispute, Dispute.REVIEW)
    _may(deed, rules.review)
    _decided(deed, found, rules, decision, upheld_cents, said(words))
    found.decided_by = deed
    found.appeal_by = None if decision == UPHELD else deed.business_date + timedelta(days=rules.appeal_days)
    found.state = Dispute.REJECTED
    found.save()
    end_tasks(deed, subject_of(found.case), REVIEW)
    tell(deed, "cases.dispute_decided", case=found.case_id, decision=decision, upheld_cents=found.upheld_cents)
    return found


@operation("cases.appeal", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def appeal(deed: Deed, *, dispute: Dispute, words: str, hearing_on: date | None = None) -> Dispute:
    """Take an appeal against a decision, with the day of the hearing; account and amount stay protected until then.

    Raises `CaseRefused` after the last day to appeal, `OwnAccount`, `NoPolicy`.
    """
    found, rules = _locked(deed, dispute, Dispute.REJECTED, open_only=False)
    if found.appeal_by is None or deed.business_date > found.appeal_by:
        raise CaseRefused(Step(N_("The days to appeal are over, or there is nothing to appeal.")))
    day = hearing_on or deed.business_date + timedelta(days=rules.hearing_days)
    if not deed.business_date <= day <= deed.business_date + timedelta(days=rules.hearing_days):
        raise CaseRefused(Step(N_("The hearing is within {days} days from today."), {"days": rules.hearing_days}))
    keep_protecting(found.protection)
    found.appeal = protect(deed, account=found.account, kind="appeal", evidence=said(words), starts=deed.business_date)
    found.state, found.appealed_by, found.hearing_on = Dispute.APPEALED, deed, day
    found.save()
    if found.case.state == Case.CLOSED:
        opened_again(deed, found.case, said(words), by=day)
    else:
        found.case.answer_by = max(found.case.answer_by, day)
        found.case.save(update_fields=["answer_by"])
        step(deed, found.case, "appealed", said(words))
    _ask_for(deed, found, HEAR, rules.hearing, day, N_("Hear the appeal of {account}"))
    tell(deed, "cases.appealed", case=found.case_id, account=found.account_id, hearing_on=str(day))
    return found


@operation("cases.hear_appeal", roles={SUPERVISOR, FINANCE})
def hear(deed: Deed, *, dispute: Dispute, decision: str, words: str, upheld_cents: int = 0) -> Dispute:
    """Decide an appeal for good; never by who decided the dispute. Raises `CaseRefused`, `OwnAccount`, `NoPolicy`."""
    found, rules = _locked(deed, dispute, Dispute.APPEALED)
    _may(deed, rules.hearing)
    assert found.decided_by is not None and found.appeal is not None
    if found.decided_by.actor_id == deed.actor.pk:
        raise CaseRefused(Step(N_("You decided the dispute yourself; somebody else hears the appeal.")))
    _decided(deed, found, rules, decision, upheld_cents, said(words))
    end_protection(deed, found.appeal)
    found.heard_by, found.state = deed, Dispute.REJECTED
    found.save()
    end_tasks(deed, subject_of(found.case), HEAR)
    ask(deed, found.case)
    tell(deed, "cases.appeal_heard", case=found.case_id, decision=decision, upheld_cents=found.upheld_cents)
    return found


def _decided(
    deed: Deed, found: Dispute, rules: DisputeRules, decision: str, upheld_cents: int, words: str
) -> None:  # fmt: skip
    """Write the decision and move the end of the protection with it."""
    upheld = {UPHELD: found.amount_cents, REJECTED: 0}.get(decision, upheld_cents)
    if decision not in (UPHELD, PARTLY, REJECTED) or (decision == PARTLY and not 0 < upheld < found.amount_cents):
        raise CaseRefused(Step(N_("Say what was decided; of a dispute upheld in part, type how much of it.")))
    found.decision, found.upheld_cents = decision, upheld
    found.due_on = None if decision == UPHELD else deed.business_date + timedelta(days=rules.rejected_due_days)
    if decision == REJECTED:
        assert found.due_on is not None
        let_run_out(deed, found, found.due_on)
    else:
        keep_protecting(found.protection)
    step(deed, found.case, decision, words)


def _ask_for(deed: Deed, dispute: Dispute, kind: str, role: str, due_on: date, title: str) -> None:
    open_task(
        deed, kind=kind, subject=subject_of(dispute.case), role=role, due_on=due_on,
        title=Step(title, {"account": dispute.account.number}), link=("case", [dispute.case_id]),
    )  # fmt: skip


def _locked(deed: Deed, dispute: Dispute, state: str, *, open_only: bool = True) -> tuple[Dispute, DisputeRules]:
    case = locked(deed, dispute.case, open_only=open_only)
    lock_accounts([dispute.account_id])
    found = Dispute.objects.select_for_update(of=("self",)).select_related(
        "account", "protection", "appeal", "decided_by"
    ).get(pk=dispute.pk)  # fmt: skip
    found.case = case
    if found.state != state:
        raise CaseRefused(Step(N_("The dispute has moved on in the meantime. Look at where it stands now.")))
    return found, case_rules_on(deed.business_date)[1].disputes


def _may(deed: Deed, role: str) -> None:
    if role not in roles_of(deed.actor, deed.business_date):
        raise CaseRefused(Step(N_("The policy names somebody else to decide this.")))
