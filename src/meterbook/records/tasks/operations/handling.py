"""Taking a task, handing it over, putting it back, and being done with it."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import SUPERVISOR, TITLES, roles_of
from meterbook.records.tasks import opening
from meterbook.records.tasks.models import Task, TaskStep
from meterbook.records.tasks.people import STAFF, acting_for, delegate_of, may_take
from meterbook.records.tasks.refusals import TaskRefused
from meterbook.records.tasks.saying import heard


@operation("tasks.claim", roles=STAFF)
def claim(deed: Deed, *, task: Task) -> Task:
    """Take a task into one's own hands, from the role's queue or from a colleague who is away.

    Raises `TaskRefused` where the task is over, a colleague has it, or the person does not hold its role.
    """
    locked = _still_open(task)
    instead = acting_for(deed.actor, locked, deed.business_date)
    if locked.owner is not None and locked.owner_id != deed.actor.pk and instead is None:
        raise TaskRefused(Step(N_("{name} has this task in hand."), {"name": str(locked.owner)}))
    if locked.owner_id != deed.actor.pk:
        _needs_role(deed.actor, locked, deed)
    return _give(deed, locked, "claimed", deed.actor, instead=instead)


@operation("tasks.hand_over", roles=STAFF)
def hand_over(deed: Deed, *, task: Task, to: User, note: str = "") -> Task:
    """Give a task to a colleague who could have taken it; they are told, and so is whoever stands in for them.

    Who may: the one who has it, who stands in for them, anybody of its role while nobody has it, and a supervisor.
    Raises `TaskRefused`.
    """
    locked = _still_open(task)
    instead = _may_move(deed, locked)
    if locked.owner_id == to.pk:
        raise TaskRefused(Step(N_("{name} has this task already."), {"name": str(to)}))
    _needs_role(to, locked, deed)
    _give(deed, locked, "handed_over", to, instead=instead, note=note)
    words = Step(N_("{name} handed you a task: {task}"), {"name": str(deed.actor), "task": heard(locked.title)})
    if to.pk != deed.actor.pk:
        opening.notify(deed, to, words, link=("task", [locked.pk]))
    stands_in = delegate_of(to.pk, deed.business_date)
    if stands_in is not None and stands_in.pk != deed.actor.pk:
        told = Step(N_("A task for {name}, who is away: {task}"), {"name": str(to), "task": heard(locked.title)})
        opening.notify(deed, stands_in, told, link=("task", [locked.pk]))
    return locked


@operation("tasks.put_back", roles=STAFF)
def put_back(deed: Deed, *, task: Task, note: str = "") -> Task:
    """Put a task back into its role's queue. Raises `TaskRefused`, also where there is no such queue."""
    locked = _still_open(task)
    instead = _may_move(deed, locked)
    if not locked.role:
        raise TaskRefused(Step(N_("This task is for one person. Hand it over instead.")))
    return _give(deed, locked, "put_back", None, instead=instead, note=note)


@operation("tasks.finish", roles=STAFF)
def finish(deed: Deed, *, task: Task, note: str = "") -> Task:
    """What was asked is done. Raises `TaskRefused`."""
    locked = _still_open(task)
    instead = _may_move(deed, locked)
    opening.end(deed, locked, done=True, note=note, acting_for=instead)
    return locked


@operation("tasks.cancel", roles=STAFF)
def cancel(deed: Deed, *, task: Task, note: str) -> Task:
    """It need not be done any more, and why. Raises `TaskRefused`."""
    locked = _still_open(task)
    instead = _may_move(deed, locked)
    opening.end(deed, locked, done=False, note=note, acting_for=instead)
    return locked


@operation("tasks.ask", roles=STAFF)
def ask(deed: Deed, *, words: str, due_on: date, role: str = "", user: User | None = None) -> Task:
    """Ask a role or a colleague for something in one's own words. Raises `TaskRefused`."""
    if (user is None) == (not role):
        raise TaskRefused(Step(N_("Choose a role or a colleague, one of both.")))
    if user is not None and not roles_of(user, deed.business_date) & STAFF:
        raise TaskRefused(Step(N_("{name} has no work here today."), {"name": str(user)}))
    return opening.open_task(
        deed, kind="tasks.asked", subject=f"deed:{deed.pk}", title=Step(N_("{words}"), {"words": words}),
        role=role, user=user, due_on=due_on,
    )  # fmt: skip


def _still_open(task: Task) -> Task:
    locked = Task.objects.select_for_update(of=("self",)).select_related("owner").get(pk=task.pk)
    if locked.ended_by_id is not None:
        raise TaskRefused(Step(N_("This task is over already.")))
    return locked


def _needs_role(user: User, task: Task, deed: Deed) -> None:
    if not may_take(user, task, deed.business_date):
        if not task.role:
            raise TaskRefused(Step(N_("{name} has no work here today."), {"name": str(user)}))
        role = str(TITLES.get(task.role, task.role))
        words = N_("{name} does not hold the role “{role}” today, so this task is not theirs to do.")
        raise TaskRefused(Step(words, {"name": str(user), "role": role}))


def _may_move(deed: Deed, task: Task) -> User | None:
    """Refuse whoever has nothing to do with the task; the colleague away for whom the actor acts, or nobody."""
    if task.owner_id == deed.actor.pk:
        return None
    if task.owner is None:
        _needs_role(deed.actor, task, deed)
        return None
    instead = acting_for(deed.actor, task, deed.business_date)
    if instead is None and SUPERVISOR not in roles_of(deed.actor, deed.business_date):
        raise TaskRefused(Step(N_("{name} has this task in hand."), {"name": str(task.owner)}))
    return instead


def _give(deed: Deed, task: Task, what: str, to: User | None, *, instead: User | None, note: str = "") -> Task:
    task.owner, task.state = to, (Task.CLAIMED if to else Task.OPEN)
    task.save(update_fields=["owner", "state"])
    TaskStep.objects.create(task=task, what=what, to=to, acting_for=instead, note=note[:500], deed=deed)
    tell(deed, f"tasks.{what}", task=task.pk, to=to.pk if to else None)
    return task
