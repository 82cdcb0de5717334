"""Calling a planned move off: what was prepared for it is taken back; what was done before its day is put right."""

from __future__ import annotations

from django.db.models import F

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.customers.operations.close_account import close
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.screens import balances
from meterbook.records.moves.models import Move
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.security.models import Assessment
from meterbook.records.security.operations.assess import cancelled
from meterbook.records.service_orders.models import Order
from meterbook.records.service_orders.states import WAITING, step_to


@operation("moves.cancel", roles={CSR, BILLING, SUPERVISOR})
def cancel_move(deed: Deed, *, move: Move) -> Move:
    """Call a planned move off; its orders are cancelled, its deposit is asked no longer, its account closes if unused.

    Raises `MoveRefused` for one that is carried out: then it is corrected; and without a reason.
    """
    found = Move.objects.select_for_update(of=("self",)).select_related("account").get(pk=move.pk)
    refuse_own(deed.actor, found.account, deed.business_date)
    if found.state != Move.PLANNED or found.parts.exists():
        raise MoveRefused(Step(N_("Only a planned move is cancelled; one that was carried out is corrected.")))
    if not deed.reason.strip():
        raise MoveRefused(Step(N_("Say why it is cancelled.")))
    take_back_prepared(deed, found)
    if found.opened:
        close_unused(deed, found)
    found.state, found.ended = Move.CANCELLED, deed
    found.save()
    tell(deed, "moves.cancelled", move=found.pk, account=found.account_id)
    return found


def take_back_prepared(deed: Deed, move: Move) -> int:
    """Orders that wait and deposits asked for a move, or for one it corrects, are asked no longer; how many orders."""
    chain, orders = [move], 0
    while chain[-1].corrects is not None:
        chain.append(chain[-1].corrects)
    for one in chain:
        rows = Order.objects.filter(source_kind="move", source_id=one.pk, state__in=WAITING)
        for order in rows.select_for_update(of=("self",)).order_by("pk"):
            step_to(deed, order, Order.CANCELLED, "cancelled", deed.reason)
            orders += 1
        for assessment in Assessment.objects.filter(account=one.account_id, deed=one.asked_id, cancelled_by=None):
            cancelled(deed, assessment)
    return orders


def close_unused(deed: Deed, move: Move) -> bool:
    """Close the account a move opened, if nothing was ever served on it and nothing is owed; whether it closed.

    A service that never was, because its move was taken back, is none.
    """
    account = move.account
    if account.closed_on is not None or balances([account.pk]).get(account.pk, 0):
        return False
    served = ServiceAgreement.objects.filter(account=account)
    never = served.filter(suspensions__cause="never_was", suspensions__validity=F("validity"))
    if served.exclude(pk__in=never.values("pk")).exists():
        return False
    last = max((one.validity.upper for one in never), default=deed.business_date)
    close(account, max(deed.business_date, account.opened_on, last))
    return True
