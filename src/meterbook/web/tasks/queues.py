"""The queues of tasks, and one task with what its reader may do."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import AUDITOR, SUPERVISOR
from meterbook.records.tasks import screens
from meterbook.records.tasks.people import acting_for, may_take
from meterbook.web.kit.access import roles_held
from meterbook.web.kit.tables import Table, typed
from meterbook.web.tasks.columns import TASKS
from meterbook.web.tasks.shown import address, in_words, said

#: The keys of the queue: the page listens to them, the keyboard list and the shortcut card print them.
QUEUE_KEYS = (
    (("j", "k"), _("Next task, task before")),
    (("Enter",), _("Open the task")),
    (("c",), _("Take the task")),
    (("h",), _("Hand the task over")),
    (("d",), _("The task is done")),
)
SHOWN = {"mine": _("In hand"), "take": _("To take"), "all": _("Everybody's"), "over": _("Over")}
EMPTY = {
    "mine": _("You have nothing in hand. Look what is there to take."),
    "take": _("Nothing waits for your roles."),
    "all": _("Nobody has anything to do."),
    "over": _("No task is over yet."),
}


def queue(request: HttpRequest) -> tuple[Table, dict[str, object]]:
    """The queue the address asks for, and the others with how much waits in them."""
    day, me, held = business_date(), cast("Any", request.user), roles_held(request)
    watches = bool(held & {SUPERVISOR, AUDITOR})
    queries = {"mine": screens.in_hand(me, day), "take": screens.to_take(held)}
    if watches:
        queries |= {"all": screens.still_open(), "over": screens.over()}
    asked = typed(request, "show")
    here = asked if asked in queries else "mine"
    table = Table(
        request, queries[here], TASKS, order=("due_on", "id"), name="tasks", title=SHOWN[here], empty=EMPTY[here],
        search=("title",), search_label=_("Words"), enrich=in_words,
    )  # fmt: skip
    counts = [(key, SHOWN[key], screens.counted(rows)["count"] if key != "over" else None)
              for key, rows in queries.items()]  # fmt: skip
    return table, {"here": here, "queues": counts, "stands_in": screens.standing_in(me, day),
                   "away": screens.away(me, day), "title": _("Tasks")}  # fmt: skip


def task_context(request: HttpRequest, task: Any) -> dict[str, object]:
    """Everything the page of one task shows, and what this reader may do with it."""
    day, me = business_date(), cast("Any", request.user)
    over = task.ended_by_id is not None
    instead = None if over else acting_for(me, task, day)
    mine = task.owner_id == me.pk
    supervises = SUPERVISOR in roles_held(request)
    moves = not over and (mine or instead is not None or (supervises if task.owner else may_take(me, task, day)))
    return {
        "task": task, "words": said(task.title), "steps": screens.steps_of(task), "instead": instead, "mine": mine,
        "may_claim": not over and not mine and (instead is not None or task.owner is None) and may_take(me, task, day),
        "may_move": moves, "may_put_back": moves and task.owner is not None and bool(task.role),
        "opens": address(task.link_name, task.link_args), "title": said(task.title),
    }  # fmt: skip
