"""Making a move: everything of a plan whose day has come is done in one deed; the rest waits for its day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.moves.doing.entering import come, prepare, yielding
from meterbook.records.moves.doing.following import along, billed_too_far, deposit, discounts, stay
from meterbook.records.moves.doing.leaving import close_left, leave
from meterbook.records.moves.doing.reading import Place, take_reads
from meterbook.records.moves.doing.telling import Told
from meterbook.records.moves.looking.landlords import agreement_at
from meterbook.records.moves.looking.standing import served_at
from meterbook.records.moves.models import Move
from meterbook.records.moves.plans import Entering, Leaving, Plan, read_back, settled, written
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.moves.settings import rules_on
from meterbook.records.places.models import Premise
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import SYSTEM, roles_of


def make(deed: Deed, plan: Plan) -> Move:
    """Make a move, or plan what of it lies ahead. Raises `MoveRefused`, `DebtBars`, `OwnAccount`."""
    if not plan.leaving and plan.entering is None:
        raise MoveRefused(Step(N_("Say who leaves or who comes.")))
    _within_limits(deed, plan)
    _own(deed, plan)
    _hold(plan)
    told = Told()
    comer = prepare(deed, plan, told) if plan.entering else None
    if comer is not None:
        plan = settled(plan, account=comer.account.pk, person=comer.person.pk)
    left = plan.leaving[0] if plan.leaving else None
    account_id = comer.account.pk if comer else left.account if left else 0
    premise_id = plan.entering.premise if plan.entering else left.premise if left else 0
    move = Move.objects.create(
        kind=plan.kind, state=Move.PLANNED, on=plan.on, opened=comer is not None and comer.opened,
        account_id=account_id,
        left_id=left.account if left else None, left_premise_id=left.premise if left and plan.entering else None,
        premise_id=premise_id, plan=written(plan),
        asked=deed,
    )  # fmt: skip
    _ahead(deed, move, plan, told)
    if plan.entering is not None:
        deposit(deed, move, plan.entering, plan.leaving, told)
        along(deed, move, plan.entering, plan.leaving, told)
    advance(deed, move, plan, told)
    return move


def _within_limits(deed: Deed, plan: Plan) -> None:
    roles, rules = roles_of(deed.actor, deed.business_date), rules_on(deed.business_date)
    earliest, latest = rules.earliest(roles, deed.business_date), rules.latest(deed.business_date)
    if plan.on < earliest and SYSTEM not in roles:
        raise MoveRefused(
            Step(
                N_("You may enter a move back to {day}; somebody with more authority goes further."), {"day": earliest}
            )
        )
    if plan.last > latest:
        raise MoveRefused(Step(N_("A move is planned up to {day} at the latest."), {"day": latest}))


def _own(deed: Deed, plan: Plan) -> None:
    named = {one.account for one in plan.leaving} | ({plan.entering.account} if plan.entering else set())
    accounts = list(Account.objects.filter(pk__in=named))
    lock_accounts(sorted(one.pk for one in accounts))
    for account in accounts:
        refuse_own(deed.actor, account, deed.business_date)


def _hold(plan: Plan) -> None:
    """Whoever plans something at the same premises meanwhile waits, and then sees this move."""
    named = {one.premise for one in plan.leaving}
    named |= {plan.entering.premise, *plan.entering.also} if plan.entering else set()
    list(Premise.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk"))


def _ahead(deed: Deed, move: Move, plan: Plan, told: Told) -> None:
    """What of the plan lies ahead: who is in the way is told now, reads of the day are seen to."""
    today = deed.business_date
    places = []
    for one in plan.leaving:
        if one.on > today:
            premise = Premise.objects.get(pk=one.premise)
            if not any(served.account_id == one.account for served in served_at(premise, today)):
                raise MoveRefused(
                    Step(N_("The account has no service at {address}."), {"address": premise.address})
                )  # fmt: skip
            places.append(Place(one.premise, one.on, "final_read"))
            told.say("agreements", N_("Planned: service at {address} ends on {day}"), address=premise.address,
                     day=one.on)  # fmt: skip
    entering = plan.entering
    if entering is not None and entering.on > today:
        _free(plan, entering, move)
        places += [Place(premise, entering.on, "initial_read") for premise in (entering.premise, *entering.also)]
        told.say("agreements", N_("Planned: service at {address} begins on {day}"), day=entering.on,
                 address=Premise.objects.get(pk=entering.premise).address)  # fmt: skip
    take_reads(deed, move, places, plan.reads, plan.no_read, told)


def _free(plan: Plan, entering: Entering, move: Move) -> None:
    """Refuse a planned start where somebody else is to come, or is served who is not on the way out by that day."""
    for premise_id in (entering.premise, *entering.also):
        premise = Premise.objects.get(pk=premise_id)
        landlord = agreement_at(premise, entering.on)
        planned = [(one, plan_of(one)) for one in Move.objects.filter(state=Move.PLANNED).exclude(pk=move.pk).filter(
            Q(plan__leaving__contains=[{"premise": premise_id}]) | Q(plan__entering__premise=premise_id)
            | Q(plan__entering__also__contains=[premise_id])
        ).select_related("account__holder")]  # fmt: skip
        for other, theirs in planned:
            if theirs.entering is not None and premise_id in (theirs.entering.premise, *theirs.entering.also):
                raise MoveRefused(
                    Step(
                        N_("Account {number} of {name} comes to {address} on {day} already: cancel that move first."),
                        {"number": other.account.number, "name": other.account.holder.name,
                         "address": premise.address, "day": theirs.entering.on},
                    )
                )  # fmt: skip
        leaving = [one for each in (plan, *(theirs for _, theirs in planned)) for one in each.leaving]
        going = {one.account for one in leaving if one.premise == premise_id and one.on <= entering.on}
        for served in served_at(premise, entering.on):
            if served.account_id not in going and not (landlord and served.account_id == landlord.account_id):
                raise MoveRefused(
                    Step(
                        N_("{address} is served for account {number} of {name}: let them move out the same day."),
                        {"address": premise.address, "number": served.account.number,
                         "name": served.account.holder.name},
                    )
                )  # fmt: skip


def advance(deed: Deed, move: Move, plan: Plan, told: Told) -> None:
    """Do every piece of a move whose day has come and that is not done yet; the move then waits for the next, or ends.

    A piece before the move's ``on`` is done: that is what makes carrying out twice the same as once.
    """
    today = deed.business_date
    entering = plan.entering if plan.entering and move.on <= plan.entering.on <= today else None
    leaving = [one for one in plan.leaving if move.on <= one.on <= today]
    _reads(deed, move, plan, leaving, entering, told)
    case = billed_too_far(deed, move, _affected(leaving, entering), told)
    before: list[ServiceAgreement] = []
    for one in leaving:
        followed = entering is not None and one.on == entering.on and one.premise in (entering.premise, *entering.also)
        before += leave(deed, move, one, followed=followed, told=told)
    if entering is not None:
        come(deed, move, entering, told, before=before)
        discounts(deed, move, entering, plan.leaving, told)
    for one in leaving:
        if plan.entering is None or one.account != move.account_id:
            close_left(deed, one, told)
        if move.kind == Move.BANKRUPTCY:
            stay(deed, move, one, told)
    ahead = [one.on for one in (*plan.leaving, *((plan.entering,) if plan.entering else ())) if one.on > today]
    move.state, move.on = (Move.PLANNED, min(ahead)) if ahead else (Move.DONE, plan.on)
    move.done = None if ahead else deed
    move.case = case or move.case
    move.told = {**move.told, **told.as_json()}
    move.save()


def _affected(leaving: list[Leaving], entering: Entering | None) -> list[tuple[ServiceAgreement, date]]:
    """Agreements that will end earlier than they stand, each with its new end: bills beyond it go into a case first."""
    found: list[tuple[ServiceAgreement, date]] = []
    for one in leaving:
        rows = ServiceAgreement.objects.filter(account=one.account, service_point__premise=one.premise)
        found += [(agreement, one.on) for agreement in rows.filter(validity__endswith__isnull=True).order_by("pk")]
    if entering is not None:
        for premise in (entering.premise, *entering.also):
            found += [(agreement, entering.on) for agreement in yielding(premise, entering.on)]
    return found


def _reads(
    deed: Deed, move: Move, plan: Plan, leaving: list[Leaving], entering: Entering | None, told: Told
) -> None:  # fmt: skip
    places = [Place(one.premise, one.on, "final_read") for one in leaving]
    if entering is not None:
        places += [Place(premise, entering.on, "initial_read") for premise in (entering.premise, *entering.also)]
    take_reads(deed, move, places, plan.reads, plan.no_read, told)


def plan_of(move: Move) -> Plan:
    """What was asked of a move."""
    return read_back(move.plan)
