"""Coming: who it is, on which account, what is asked of them first; and the service that begins on the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.engine.money import dollars
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.customers.models import Account, AccountPerson, Person, ServiceAgreement
from meterbook.records.customers.operations.move_in import CannotMoveIn, begin_service
from meterbook.records.customers.operations.open_account import new_account, new_person
from meterbook.records.moves.doing.shifting import take_over_unused
from meterbook.records.moves.doing.telling import Told
from meterbook.records.moves.looking.debts import debts
from meterbook.records.moves.looking.landlords import agreement_at
from meterbook.records.moves.looking.standing import cycle_of, proposals
from meterbook.records.moves.models import LandlordAgreement, Move, MovePart
from meterbook.records.moves.plans import Entering, Plan
from meterbook.records.moves.refusals import DebtBars, MoveRefused
from meterbook.records.moves.settings import rules_on
from meterbook.records.places.models import Cycle, Premise
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import roles_of
from meterbook.records.service_orders.models import Order, ServiceStatus
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.states import WAITING, step_to
from meterbook.records.tasks.opening import end_tasks


@dataclass(frozen=True, slots=True)
class Comer:
    """Who comes, on which account, and whether it was opened for them."""

    person: Person
    account: Account
    opened: bool


def prepare(deed: Deed, plan: Plan, told: Told) -> Comer:
    """See who comes and on which account, opening what is missing. Raises `MoveRefused` and `DebtBars`."""
    entering = plan.entering
    assert entering is not None
    premise = Premise.objects.get(pk=entering.premise)
    person = Person.objects.get(pk=entering.person) if entering.person else None
    if person is None and (entering.newcomer is None or not entering.newcomer.name.strip()):
        raise MoveRefused(Step(N_("Say who moves in: somebody on record, or a name.")))
    _documents(plan, premise, deed, told)
    if plan.kind != Move.BANKRUPTCY:
        _debts(deed, plan, premise, person, told)
    if person is None:
        new = entering.newcomer
        assert new is not None
        person = new_person(
            deed, name=new.name, is_organisation=new.is_organisation, phone=new.phone, email=new.email,
            language=new.language,
        )  # fmt: skip
        told.say("people", N_("{name} is recorded as a new customer"), name=person.name)
    return _account(deed, entering, premise, person, told)


def _account(deed: Deed, entering: Entering, premise: Premise, person: Person, told: Told) -> Comer:
    cycle = cycle_of(premise, entering.on) or Cycle.objects.filter(code=entering.cycle).first()
    if cycle is None:
        raise MoveRefused(Step(N_("Nothing is metered at {address}: say its cycle."), {"address": premise.address}))
    if not entering.account:
        lines = entering.mail_lines or (premise.address, f"{premise.city}, {premise.state} {premise.postal_code}")
        account = new_account(
            deed, holder=person, cycle=cycle, mail_lines=lines, opened_on=min(entering.on, deed.business_date)
        )
        told.say("people", N_("Account {number} is opened for {name} in cycle {cycle}"), number=account.number,
                 name=person.name, cycle=cycle.code)  # fmt: skip
        return Comer(person, account, opened=True)
    account = Account.objects.select_related("holder", "cycle").get(pk=entering.account)
    about: dict[str, Value] = {"number": account.number, "cycle": account.cycle.code, "wanted": cycle.code}
    if account.closed_on is not None:
        raise MoveRefused(Step(N_("Account {number} is closed; open a new one."), about))
    if account.holder_id != person.pk:
        raise MoveRefused(Step(N_("Account {number} is somebody else's."), about))
    if account.cycle_id != cycle.pk:
        raise MoveRefused(
            Step(N_("Account {number} is billed in cycle {cycle}, the premise in {wanted}: open a new one."), about)
        )
    told.say("people", N_("On account {number} of {name}"), number=account.number, name=person.name,
             href=("account", [account.number]))  # fmt: skip
    return Comer(person, account, opened=False)


def _documents(plan: Plan, premise: Premise, deed: Deed, told: Told) -> None:
    assert plan.entering is not None
    kind = "start" if plan.kind == Move.SWAP else plan.kind
    for one in rules_on(deed.business_date).asked_for(kind, premise.premise_class):
        words = Step(_KNOWN.get(one.code, "{code}"), {"code": one.words["en"]})
        if one.code in plan.entering.documents:
            told.say("documents", N_("Seen: {document}"), document=words)
        elif one.required:
            raise MoveRefused(Step(N_("Missing: {document}. Tick it once you have seen it."), {"document": words}))
        else:
            told.say("documents", N_("Still asked for: {document}"), document=words)


#: Documents of the policy by code, where a sentence must be in the reader's language later on.
_KNOWN = {
    "photo_id": N_("Photo identification"), "lease_or_deed": N_("Lease or deed"),
    "business_licence": N_("Business licence"), "tax_number": N_("Federal tax number"),
    "petition": N_("Bankruptcy petition or notice of the court"), "death_certificate": N_("Death certificate"),
    "name_proof": N_("Proof of the new name"),
}  # fmt: skip


def _debts(deed: Deed, plan: Plan, premise: Premise, person: Person | None, told: Told) -> None:
    """Old debt is shown; it bars the start by the policy, but not that of an account which is left in the same move."""
    entering = plan.entering
    assert entering is not None
    rules = rules_on(deed.business_date)
    found = debts(entering, rules, premise, person)
    for one in found:
        told.say(
            "people", N_("Account {number} of {name} owes {cents} past due"), number=one.account.number,
            name=one.account.holder.name, cents=f"${dollars(one.past_due_cents):,}",
            href=("receivable", [one.account.number]),
        )  # fmt: skip
    left = {one.account for one in plan.leaving}
    barring = [one for one in found if one.bars and not (one.whose == "person" and one.account.pk in left)]
    if not barring:
        return
    if entering.debt_waived.strip() and roles_of(deed.actor, deed.business_date) & set(rules.debt_waived_by):
        told.say("people", N_("The old debt is let pass: {why}"), why=entering.debt_waived.strip())
        return
    total = sum(one.past_due_cents for one in barring)
    raise DebtBars(
        Step(
            N_("Account {number} owes {cents} past due: it is paid or arranged first ({citation})."),
            {"number": barring[0].account.number, "cents": f"${dollars(total):,}", "citation": barring[0].citation},
        )
    )


def come(deed: Deed, move: Move, entering: Entering, told: Told, *, before: Sequence[ServiceAgreement]) -> None:
    """Begin service at every premise of the plan, after the agreements ``before``. Raises `MoveRefused`."""
    for premise_id in (entering.premise, *entering.also):
        _begin(deed, move, entering, Premise.objects.get(pk=premise_id), told, before)


def yielding(premise: Premise | int, on: date) -> list[ServiceAgreement]:
    """The landlord's agreements between tenants that give way to who comes."""
    landlord = agreement_at(premise, on)
    if landlord is None:
        return []
    rows = ServiceAgreement.objects.filter(
        account=landlord.account_id, service_point__premise=premise, validity__endswith__isnull=True
    )
    return list(rows.select_related("service_point").order_by("pk"))


def _begin(
    deed: Deed, move: Move, entering: Entering, premise: Premise, told: Told, before: Sequence[ServiceAgreement]
) -> None:  # fmt: skip
    account, landlord = move.account, agreement_at(premise, entering.on)
    between = landlord.account_id if landlord else 0
    ended = {one.service_point_id: one for one in (*before, *yielding(premise, entering.on))}
    proposed = {one.code: one.schedule for one in proposals(premise, entering.on)}
    chosen = {code: schedule for code, schedule in {**proposed, **entering.schedules}.items()
              if schedule and code in proposed}  # fmt: skip
    unused = take_over_unused(premise, entering.on)
    try:
        begun = begin_service(
            deed, account=account, premise=premise, starts=entering.on, schedules=chosen,
            gives_way=lambda served: served.pk in unused or account.pk != served.account_id == between,
        )  # fmt: skip
    except CannotMoveIn as wrong:
        raise _refused(premise, entering) from wrong
    for one in begun:
        last = ended.get(one.service_point_id)
        same = last is not None and last.pk == one.pk
        MovePart.objects.create(
            move=move, service_point=one.service_point, ended=None if same else last, begun=one, on=entering.on
        )
        told.say(
            "agreements", N_("{point} on {schedule} for {name} from {day}"), point=one.service_point.code,
            schedule=one.schedule.code, name=account.holder.name, day=entering.on,
            href=("schedule", [one.schedule.code]),
        )  # fmt: skip
    _owner(deed, move, landlord, account, entering)
    _turn_on(deed, move, premise, entering, told)


def _refused(premise: Premise, entering: Entering) -> MoveRefused:
    served = ServiceAgreement.objects.filter(
        service_point__premise=premise, validity__overlap=(entering.on, None)
    ).select_related("account__holder").first()  # fmt: skip
    about: dict[str, Value] = {"address": premise.address}
    if served is None:
        return MoveRefused(
            Step(N_("{address} has no service point on that day, or one without a schedule: choose it."), {**about})
        )
    return MoveRefused(
        Step(
            N_("{address} is served for account {number} of {name}: let them move out the same day."),
            {**about, "number": served.account.number, "name": served.account.holder.name},
        )
    )


def _owner(deed: Deed, move: Move, landlord: LandlordAgreement | None, account: Account, entering: Entering) -> None:
    """A tenant's account names the owner, where an agreement says who it is."""
    if landlord is None or landlord.owner_id == account.holder_id:
        return
    if not AccountPerson.objects.filter(account=account, person=landlord.owner, part="owner").exists():
        AccountPerson.objects.create(account=account, person=landlord.owner, part="owner", validity=(entering.on, None))


def _turn_on(deed: Deed, move: Move, premise: Premise, entering: Entering, told: Told) -> None:
    """Service that is off is ordered on; what was asked because nobody was served is asked no longer."""
    end_tasks(deed, f"premise:{premise.pk}", "moves.ask_owner")
    waiting = Order.objects.filter(kind="off", cause="vacant", premise=premise, state__in=WAITING)
    for order in waiting.select_for_update(of=("self",)).order_by("pk"):
        step_to(deed, order, Order.CANCELLED, "cancelled", "somebody moves in")
        told.say("orders", N_("Order {number} to turn service off is cancelled"), number=order.pk)
    rows = ServiceStatus.objects.filter(service_point__premise=premise, validity__contains=entering.on)
    for status in rows.filter(state=ServiceStatus.OFF).select_related("service_point"):
        order = open_order(
            deed, kind="on", service_point=status.service_point, account=move.account,
            wanted_on=max(entering.on, deed.business_date), reason=f"Moves in on {entering.on}",
            source=("move", move.pk),
        )  # fmt: skip
        told.say("orders", N_("Order {number}: {point} is turned on"), number=order.pk,
                 point=status.service_point.code, href=("service_order", [order.pk]))  # fmt: skip
