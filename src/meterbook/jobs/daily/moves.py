"""Planned moves whose day has come: carried out every morning by the worker, each exactly once."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from procrastinate.contrib.django import app

from meterbook.records.moves import screens
from meterbook.records.moves.operations.make import carry_out
from meterbook.records.moves.operations.stuck import note_stuck
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import NotFounded, business_date, user_named

log = logging.getLogger(__name__)


@dataclass
class CarriedOut:
    """What a morning came to: moves done, moves that wait for another day of theirs, and those that could not be."""

    done: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    stuck: dict[int, str] = field(default_factory=dict)


def carry_out_due(act: Act) -> CarriedOut:
    """Carry out every planned move whose day has come; one that is refused becomes somebody's task."""
    made = CarriedOut()
    for move in screens.due(act.business_date):
        try:
            after = carry_out(act, move=move)
        except MoveRefused as refused:
            made.stuck[move.pk] = str(refused)
            note_stuck(act, move=move, why=refused.step)
        else:
            (made.waiting if screens.is_planned(after) else made.done).append(move.pk)
    return made


@app.periodic(cron="10 4 * * *")
@app.task(name="meterbook.jobs.daily.moves.nightly", queue="runs", queueing_lock="planned-moves")
def nightly(timestamp: int) -> None:
    """Run by the worker at 4:10 of its clock; ``timestamp`` is the second it was due, which the moves do not need."""
    try:
        today = business_date()
    except NotFounded:
        return
    made = carry_out_due(Act(user_named("system"), today, "its day has come"))
    log.info("%s moves done, %s wait, %s could not be", len(made.done), len(made.waiting), len(made.stuck))
