"""Moving in, out and across: one deed does all of it, or plans it for its day."""

from __future__ import annotations

from meterbook.records.moves.doing.making import advance, make, plan_of
from meterbook.records.moves.doing.telling import Told
from meterbook.records.moves.models import Move
from meterbook.records.moves.plans import Plan
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR


@operation("moves.make", roles={CSR, BILLING, SUPERVISOR})
def make_move(deed: Deed, *, plan: Plan) -> Move:
    """Carry a plan out, or what of it is due today; the rest is planned and carried out on its day.

    Person, account, deposit, documents, reads, agreements, orders, autopay and the correction of bills made meanwhile
    are one deed: all of it or nothing. Raises `MoveRefused`, `DebtBars`, `OwnAccount`.
    """
    move = make(deed, plan)
    tell(deed, f"moves.{move.state}", move=move.pk, kind=move.kind, account=move.account_id, on=plan.on.isoformat())
    return move


@operation("moves.carry_out", roles={CSR, BILLING, SUPERVISOR})
def carry_out(deed: Deed, *, move: Move) -> Move:
    """Carry a planned move out if its day has come; again, or too early, it changes nothing. Raises `MoveRefused`."""
    found = Move.objects.select_for_update(of=("self",)).select_related("account__holder").get(pk=move.pk)
    if found.state != Move.PLANNED or found.on > deed.business_date:
        return found
    advance(deed, found, plan_of(found), Told())
    tell(deed, f"moves.{found.state}", move=found.pk, kind=found.kind, account=found.account_id)
    return found
