"""A planned move that could not be carried out on its day becomes somebody's task."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.moves.models import Move
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.tasks.opening import open_task


@operation("moves.note_stuck", roles={CSR, BILLING, SUPERVISOR})
def note_stuck(deed: Deed, *, move: Move, why: Step) -> Move:
    """Ask a colleague to see to a move that was refused on its day; asked once while the task is open."""
    open_task(
        deed, kind="moves.stuck", subject=f"move:{move.pk}", role=CSR, due_on=deed.business_date,
        title=Step(N_("The move of {day} at {address} could not be carried out: {why}"),
                   {"day": move.on, "address": move.premise.address, "why": why}),
        link=("move", [move.pk]),
    )  # fmt: skip
    tell(deed, "moves.stuck", move=move.pk)
    return move
