"""System development charges: computed, agreed by a second person, booked part by part as the parts fall due."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.adjusting.fees import months_before
from meterbook.engine.billing.charges.development import Meters
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.fees.booking import book_charges, due_date
from meterbook.records.fees.models import DevelopmentCharge, DevelopmentInstalment, ServiceCharge
from meterbook.records.fees.refusals import FeeRefused
from meterbook.records.fees.settings import chart_account, development_on
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.places.models import Premise
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR

DECIDE = "fees.decide_development"
CODE = "development"
_WORDS = {"en": "System development charge, part {n} of {count}", "es": "Cargo por desarrollo, parte {n} de {count}"}


@operation("fees.ask_development", roles={BILLING, SUPERVISOR, FINANCE})
def ask_development(
    deed: Deed, *, account: Account, premise: Premise, service: str, new: Meters, before: Meters | None = None,
    removed_on: date | None = None, count: int = 1,
) -> DevelopmentCharge:  # fmt: skip
    """Compute a charge and its parts, and ask a second person.

    ``before`` are meters that count as credit, unless they were taken away longer ago than the policy allows. Raises
    `FeeRefused`, `NoSuchSize`, `WrongSchedule`, `OwnAccount`, `NoPolicy`.
    """
    refuse_own(deed.actor, account, deed.business_date)
    document, rules = development_on(deed.business_date)
    credit = dict(before or {})
    if removed_on is not None and removed_on < months_before(deed.business_date, 12 * rules.credit_years):
        credit = {}
    cents, steps = rules.charge(service, new, credit)
    if cents <= 0:
        raise FeeRefused(Step(N_("Nothing is to be paid: what was connected before counts for as much.")))
    parts = rules.schedule(cents, count, due_date(deed.business_date))
    preview = {
        "account": account.number, "premise": premise.address, "service": service, "cents": cents,
        "parts": [[str(part.due_on), part.principal, part.interest] for part in parts],
        "account_of_the_chart": rules.accounts[service],
    }  # fmt: skip
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    request = request_approval(act, kind=DECIDE, subject="developmentcharge:", preview=preview, amount_cents=cents)
    made = DevelopmentCharge.objects.create(
        account=account, premise=premise, service=service, new=dict(new), before=dict(before or {}),
        removed_on=removed_on, amount_cents=cents, document=document, approval=request, deed=deed,
        steps=[{"message": step.message, "values": {k: str(v) for k, v in step.values.items()}} for step in steps],
    )  # fmt: skip
    DevelopmentInstalment.objects.bulk_create(
        DevelopmentInstalment(
            development=made, number=part.number, due_on=part.due_on, principal_cents=part.principal,
            interest_cents=part.interest,
        )
        for part in parts
    )  # fmt: skip
    tell(deed, "fees.development_asked", development=made.pk, account=account.pk, cents=cents)
    return made


@operation(DECIDE, roles={SUPERVISOR, FINANCE})
def decide_development(deed: Deed, *, development: DevelopmentCharge, approve: bool) -> DevelopmentCharge:
    """Agree to a charge, which books the parts due by then, or refuse it. Raises `SamePerson`, `OwnAccount`."""
    refuse_own(deed.actor, development.account, deed.business_date)
    rows = DevelopmentCharge.objects.select_for_update(of=("self",)).select_related("account", "approval", "document")
    found = rows.get(pk=development.pk)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=found.approval)
    decide_approval(act, request=found.approval, approve=approve)
    found.state = DevelopmentCharge.AGREED if approve else DevelopmentCharge.REFUSED
    found.save(update_fields=["state"])
    if approve:
        _book_due(deed, found, due_date(deed.business_date))
    tell(deed, "fees.development_agreed" if approve else "fees.development_refused", development=found.pk)
    return found


@operation("fees.book_instalments", roles={BILLING, SUPERVISOR, FINANCE})
def book_instalments(deed: Deed, *, until: date) -> int:
    """Book every agreed part that is due by a day and not booked yet; returns how many. Again, it books nothing.

    Raises `FeeRefused` for a day so far ahead that a charge of today would be due before it.
    """
    latest = due_date(deed.business_date)
    if until > latest:
        raise FeeRefused(Step(N_("Parts due after {day} are booked when their time comes."), {"day": latest}))
    due = DevelopmentInstalment.objects.filter(
        charge__isnull=True, due_on__lte=until, development__state=DevelopmentCharge.AGREED
    )
    ids = sorted(set(due.values_list("development_id", flat=True)))
    rows = DevelopmentCharge.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    found = list(rows.select_related("account", "document"))
    lock_accounts([one.account_id for one in found])
    booked = sum(_book_due(deed, one, until) for one in found)
    tell(deed, "fees.instalments_booked", until=until.isoformat(), count=booked)
    return booked


def _book_due(deed: Deed, found: DevelopmentCharge, until: date) -> int:
    """Book the parts of one charge due by a day; its row is locked."""
    lock_accounts([found.account_id])
    _, rules = development_on(found.deed.business_date)
    parts = list(found.instalments.order_by("number"))
    due = [part for part in parts if part.charge_id is None and part.due_on <= until]
    for part in due:
        words = {language: said.format(n=part.number, count=len(parts)) for language, said in _WORDS.items()}
        charge = ServiceCharge.objects.create(
            account=found.account, code=CODE, words_en=words["en"], words_es=words["es"], service=found.service,
            amount_cents=part.principal_cents + part.interest_cents, due_on=part.due_on,
            against=chart_account(rules.accounts[found.service]), document=found.document,
            note=found.premise.address[:300], approval=found.approval, asked_by=found.deed,
        )  # fmt: skip
        book_charges(deed, [charge])
        part.charge = charge
        part.save(update_fields=["charge"])
    return len(due)
