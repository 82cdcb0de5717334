"""Putting a move right after the fact: another day, another customer, or as if it had never been.

Agreements are corrected; bills never: what was billed of the wrong days goes into a correction case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.moves.doing.following import billed_too_far
from meterbook.records.moves.doing.making import plan_of
from meterbook.records.moves.doing.reading import Place, take_reads
from meterbook.records.moves.doing.shifting import given_to, shift, to_shift, to_undo, undone
from meterbook.records.moves.doing.telling import Told
from meterbook.records.moves.models import Move, MovePart
from meterbook.records.moves.operations.cancel import close_unused, take_back_prepared
from meterbook.records.moves.plans import Plan, written
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.moves.settings import rules_on
from meterbook.records.places.models import Premise
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR, roles_of
from meterbook.records.tasks.opening import end_tasks


@operation("moves.correct_date", roles={CSR, BILLING, SUPERVISOR})
def correct_date(deed: Deed, *, move: Move, premise: Premise, on: date, plan: Plan) -> Move:
    """Set the day of a move at one premise; ``plan`` brings the reads of that day. The new day's move is returned.

    Raises `MoveRefused` where the services went on differently since, the day is out of their bounds or too far back.
    """
    found = _to_correct(deed, move)
    parts = [one for one in found.parts.select_related("ended", "begun") if one.service_point.premise_id == premise.pk]
    if not parts or parts[0].on == on:
        raise MoveRefused(Step(N_("Say another day, at a premise of this move.")))
    first = min(on, parts[0].on)
    earliest = rules_on(deed.business_date).earliest(roles_of(deed.actor, deed.business_date), deed.business_date)
    if first < earliest or on > deed.business_date:
        raise MoveRefused(Step(N_("You may correct to a day from {day} up to today."), {"day": earliest}))
    told = Told()
    changed = to_shift(parts, on)
    told.say("agreements", N_("At {address} the day is {day} instead of {was}"), address=premise.address, day=on,
             was=parts[0].on)  # fmt: skip
    was = plan_of(found)
    made = _again(deed, found, _dated(was, premise.pk, on), told)
    take_reads(deed, made, [Place(premise.pk, on, "final_read")], plan.reads, plan.no_read, told)
    made.case = billed_too_far(deed, made, changed, told)
    _accounts(parts, parts[0].on, on)
    shift(parts, on)
    for one in found.parts.select_related("service_point"):
        day = on if one.service_point.premise_id == premise.pk else one.on
        _part(made, one, one.ended, one.begun, day)
    return _finished(deed, found, made, told)


@operation("moves.correct_customer", roles={CSR, BILLING, SUPERVISOR})
def correct_customer(deed: Deed, *, move: Move, account: Account) -> Move:
    """Somebody else moved in: the services that began are ``account``'s from their first day. Raises `MoveRefused`."""
    found = _to_correct(deed, move)
    refuse_own(deed.actor, account, deed.business_date)
    parts = list(found.parts.select_related("begun__account", "service_point"))
    begun = [one.begun for one in parts if one.begun is not None and one.begun.account_id == found.account_id]
    if not begun or account.pk == found.account_id:
        raise MoveRefused(Step(N_("Say which other account these services are on.")))
    told = Told()
    changed = given_to(begun, account)
    told.say("agreements", N_("Services of {number} are {name}'s from {day}"), number=found.account.number,
             name=account.holder.name, day=parts[0].on, href=("account", [account.number]))  # fmt: skip
    made = _again(deed, found, plan_of(found), told, account=account)
    made.case = billed_too_far(deed, made, changed, told)
    for one in parts:
        _part(made, one, one.ended, one.begun, one.on)
    if found.opened and close_unused(deed, found):
        told.say("people", N_("Account {number} closes: it was opened for this move"), number=found.account.number)
    return _finished(deed, found, made, told)


@operation("moves.undo", roles={CSR, BILLING, SUPERVISOR})
def undo(deed: Deed, *, move: Move) -> Move:
    """It never happened: who was served before is served on; who came was never there. Raises `MoveRefused`."""
    found = _to_correct(deed, move)
    told = Told()
    parts = list(found.parts.select_related("ended__account", "begun__account", "service_point__premise"))
    changed, alone = to_undo(parts)
    made = _again(deed, found, plan_of(found), told)
    made.case = billed_too_far(deed, made, alone, told, rebill=False) if alone else None
    made.case = billed_too_far(deed, made, changed, told) or made.case
    undone(deed, parts)
    end_tasks(deed, f"premise:{found.premise_id}", "moves.ask_owner", done=False)
    if orders := take_back_prepared(deed, found):
        told.say("orders", N_("Orders that are cancelled: {count}"), count=orders)
    told.say("agreements", N_("The move of {day} is taken back at {count} service points"), day=found.on,
             count=len(parts))  # fmt: skip
    for account in Account.objects.filter(pk__in=[one.ended.account_id for one in parts if one.ended]):
        if account.closed_on is not None:
            account.closed_on = None
            account.save()
            told.say("people", N_("Account {number} is open again"), number=account.number)
    if found.opened and close_unused(deed, found):
        told.say("people", N_("Account {number} closes: it was opened for this move"), number=found.account.number)
    return _finished(deed, found, made, told)


def _to_correct(deed: Deed, move: Move) -> Move:
    found = Move.objects.select_for_update(of=("self",)).select_related("account__holder").get(pk=move.pk)
    accounts = {found.account_id, *([found.left_id] if found.left_id else [])}
    lock_accounts(sorted(accounts))
    for account in Account.objects.filter(pk__in=accounts):
        refuse_own(deed.actor, account, deed.business_date)
    if found.state != Move.DONE:
        raise MoveRefused(Step(N_("Only a move that was carried out, and not corrected yet, is corrected.")))
    if not deed.reason.strip():
        raise MoveRefused(Step(N_("Say what was wrong and how it was found.")))
    return found


def _dated(plan: Plan, premise: int, on: date) -> Plan:
    entering = plan.entering
    if entering is not None and premise in (entering.premise, *entering.also):
        entering = replace(entering, on=on)
    leaving = tuple(replace(one, on=on) if one.premise == premise else one for one in plan.leaving)
    return replace(plan, leaving=leaving, entering=entering)


def _again(deed: Deed, move: Move, plan: Plan, told: Told, *, account: Account | None = None) -> Move:
    """The move that takes the place of one that was wrong."""
    return Move.objects.create(
        kind=move.kind, state=Move.DONE, on=plan.on, account=account or move.account, left=move.left,
        opened=move.opened and account is None,
        premise=move.premise, left_premise=move.left_premise, plan=written(plan), told=told.as_json(), corrects=move,
        asked=deed, done=deed,
    )  # fmt: skip


def _part(
    made: Move, one: MovePart, ended: ServiceAgreement | None, begun: ServiceAgreement | None, on: date
) -> None:  # fmt: skip
    MovePart.objects.create(move=made, service_point=one.service_point, ended=ended, begun=begun, on=on)


def _accounts(parts: Sequence[MovePart], was: date, on: date) -> None:
    """Accounts that closed or opened on the wrong day do so on the right one."""
    ended = {one.ended.account_id for one in parts if one.ended}
    for account in Account.objects.filter(pk__in=ended, closed_on=was):
        account.closed_on = max(on, account.opened_on)
        account.save()
    begun = {one.begun.account_id for one in parts if one.begun}
    for account in Account.objects.filter(pk__in=begun, opened_on__gt=on):
        account.opened_on = on
        account.save()


def _finished(deed: Deed, was: Move, made: Move, told: Told) -> Move:
    made.told = told.as_json()
    made.save()
    was.state, was.ended = Move.CORRECTED, deed
    was.save()
    tell(deed, "moves.corrected", move=was.pk, by=made.pk, case=made.case_id)
    return made
