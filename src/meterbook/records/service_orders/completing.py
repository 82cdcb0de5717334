"""An outcome comes in: everything it says is put on record in one transaction, or kept for the office to decide.

    order = complete(deed, order=order, outcome=Outcome(key="phone-7:12", version=3, done_at=moment, ...))

The same ``outcome.key`` again changes nothing. Where the office changed the order meanwhile, a guard says no, something
stands out that nobody confirmed, or a record refuses what was found, nothing is applied and nothing is lost: the visit
is kept as a conflict (`OrderVisit.CONFLICT`, reasons in ``visit.conflicts``), the order stays where it was, and the
office decides (`operations/decide.py`). `visit_of(key)` tells what became of an outcome.
"""

from __future__ import annotations

from django.db import DataError, IntegrityError, transaction

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.applying import after, meters, money, places, reads, requests, status
from meterbook.records.service_orders.applying.effects import Work, day_of
from meterbook.records.service_orders.applying.keeping import keep_visit
from meterbook.records.service_orders.doubts import doubts
from meterbook.records.service_orders.guards import VALVE, objections
from meterbook.records.service_orders.models import Order, OrderVisit
from meterbook.records.service_orders.outcome import Outcome
from meterbook.records.service_orders.states import NEXT, STATE_WORDS, locked, noted, step_to
from meterbook.records.tasks.saying import kept

_METER_KINDS = ("set", "remove", "swap")


def complete(deed: Deed, *, order: Order, outcome: Outcome) -> Order:
    """Take an outcome; returns the order as it stands then. What cannot be applied is kept as a conflict."""
    found = locked(order)
    if visit_of(outcome.key) is not None:
        return found
    visit = keep_visit(deed, found, outcome)
    against = standing_against(deed, found, outcome)
    if not against:
        refusal = apply(deed, found, visit, outcome)
        against = [] if refusal is None else [refusal]
    if against:
        visit.conflicts = [kept(step) for step in against]
        visit.save(update_fields=["conflicts"])
        noted(deed, found, "conflict", against[0].words(str))
        after.ask_decision(deed, found)
        tell(deed, "service_orders.conflict", order=found.pk, visit=visit.pk, account=found.account_id)
    return locked(found)


def visit_of(key: str) -> OrderVisit | None:
    """What became of the outcome sent under a key; None if it never came."""
    return OrderVisit.objects.filter(key=key).select_related("order").first()


def standing_against(deed: Deed, order: Order, outcome: Outcome) -> list[Step]:
    """Why an outcome is not applied at once: the office changed the order, a guard says no, something stands out."""
    found = []
    if outcome.version and outcome.version != order.version:
        found.append(Step(N_("The office changed the order after the crew had it.")))
    ends = Order.COMPLETED if outcome.able else Order.UNABLE
    if ends not in NEXT[order.state]:
        found.append(Step(N_("The order is {state} already."), {"state": Step(STATE_WORDS[order.state])}))
    if day_of(outcome) > deed.business_date:
        found.append(Step(N_("The work is dated {day}, which has not come yet."), {"day": day_of(outcome)}))
    if outcome.able:
        found += objections(order, VALVE, deed.business_date)
        found += [doubt.step for doubt in doubts(order, outcome, deed.business_date)]
    return found


def apply(deed: Deed, order: Order, visit: OrderVisit, outcome: Outcome) -> Step | None:
    """Put everything on record, all or nothing; the refusal in words where a record says no.

    The order may come from any state here: whether it may is asked before.
    """
    work = Work(deed, order, visit, outcome, day_of(outcome))
    try:
        with transaction.atomic():
            _put_on_record(work)
            _end(work)
    except (IntegrityError, DataError):
        return Step(N_("What is on record contradicts it: the same meter or day stands somewhere else."))
    except Exception as error:
        step = getattr(error, "step", None)
        if not type(error).__module__.startswith("meterbook."):
            raise
        return step if isinstance(step, Step) else Step(str(error))
    return None


def _put_on_record(work: Work) -> None:
    if not work.outcome.able:
        requests.not_reached(work)
        return
    if work.order.kind in _METER_KINDS:
        meters.hang_or_take_down(work)
    elif work.order.field_request is not None:
        requests.visited(work)
    elif work.outcome.reads:
        reads.take_reads(work)
    meters.seal(work)
    status.turn(work)
    places.put_in_place(work)
    money.charge(work)
    after.propose_correction(work)


def _end(work: Work) -> None:
    """The order's own end, what the visit came to, and who hears of it."""
    order, visit, deed = work.order, work.visit, work.deed
    visit.state, visit.effects = OrderVisit.APPLIED, work.effects
    visit.save(update_fields=["state", "effects", "decided_by"])
    order.done_on = work.on
    able = work.outcome.able
    step_to(
        deed, order, Order.COMPLETED if able else Order.UNABLE, "completed" if able else "unable", work.outcome.note
    )
    tell(
        deed, "service_orders.completed" if able else "service_orders.unable", order=order.pk, kind=order.kind,
        visit=visit.pk, account=order.account_id, service_point=order.service_point_id, on=work.on.isoformat(),
        code=work.outcome.code,
    )  # fmt: skip
    after.over(deed, order, after.CONFLICT)
    after.tell_the_office(work)
