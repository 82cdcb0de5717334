"""What a morning brings besides moves: owners told of tasks that are due, late cases brought further, discounts ended.

Each is a deed of its own and does nothing twice; one that fails does not keep the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from procrastinate.contrib.django import app

from meterbook.records.cases.operations.work import escalate_overdue
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import NotFounded, business_date, user_named
from meterbook.records.programs.discounts.operations.enrol import expire_discounts
from meterbook.records.tasks.operations.telling import remind

log = logging.getLogger(__name__)
#: What is done, by the word the log says it with.
DONE: dict[str, Callable[[Act], int]] = {
    "owners told": remind, "cases brought further": escalate_overdue, "discounts ended": expire_discounts,
}  # fmt: skip


def morning(act: Act) -> dict[str, int]:
    """Do what the morning brings; how many of each. Where a city has no policy for one, there is nothing to do."""
    made = {}
    for words, operation in DONE.items():
        try:
            made[words] = operation(act)
        except NoPolicy:
            made[words] = 0
    return made


@app.periodic(cron="20 4 * * *")
@app.task(name="meterbook.jobs.daily.morning.nightly", queue="runs", queueing_lock="morning")
def nightly(timestamp: int) -> None:
    """Run by the worker at 4:20 of its clock; ``timestamp`` is the second it was due."""
    try:
        today = business_date()
    except NotFounded:
        return
    log.info("%s", morning(Act(user_named("system"), today, "the morning's work")))
