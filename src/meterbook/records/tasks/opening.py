"""Asking somebody to do something, and telling people: plain functions which every area calls inside its own deed.

open_task(deed, kind="contacts.follow_up", subject="contact:12", title=Step(N_("Call {name} back"), {"name": "Ana"}),
          role=CSR, due_on=day, link=("account", ["1000017"]))
end_tasks(deed, "contact:12")
notify(deed, user, Step(N_("{name} handed you a task"), {"name": "Dana"}), link=("task", [task.pk]))
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.tasks.models import Notification, Task, TaskStep
from meterbook.records.tasks.saying import kept

#: A page by its URL name, and what `reverse` needs beyond it.
Link = tuple[str, Sequence[str | int]]
NOWHERE: Link = ("", ())


def open_task(
    deed: Deed,
    *,
    kind: str,
    subject: str,
    title: Step,
    due_on: date,
    role: str = "",
    user: User | None = None,
    link: Link = NOWHERE,
) -> Task:
    """Ask ``role``, or ``user``, to do something by a day.

    A task of this kind about this subject that is still open stays as it is and is returned: asking twice changes
    nothing. A task for a person is in their hands at once; with a role as well, a colleague of the role may take over.
    """
    if not role and user is None:
        raise ValueError("a task is for a role or for a person")
    found, new = Task.objects.get_or_create(
        kind=kind,
        subject=subject,
        state__in=(Task.OPEN, Task.CLAIMED),
        defaults={
            "title": kept(title), "role": role, "owner": user, "due_on": due_on, "deed": deed,
            "state": Task.CLAIMED if user else Task.OPEN, "link_name": link[0], "link_args": list(link[1]),
        },
    )  # fmt: skip
    if not new:
        return found
    TaskStep.objects.create(task=found, what="opened", to=user, deed=deed)
    if user is not None and user.pk != deed.actor_id:
        notify(deed, user, Step(N_("A task for you: {task}"), {"task": title}), link=("task", [found.pk]))
    tell(deed, "tasks.opened", task=found.pk, kind=kind, subject=subject)
    return found


def end_tasks(deed: Deed, subject: str, kind: str = "", *, done: bool = True, note: str = "") -> int:
    """End every open task about a subject, or those of one kind; how many ended. What was asked has come about."""
    rows = Task.objects.filter(subject=subject, state__in=(Task.OPEN, Task.CLAIMED))
    ended = list((rows.filter(kind=kind) if kind else rows).select_for_update().order_by("pk"))
    for task in ended:
        end(deed, task, done=done, note=note)
    return len(ended)


def end(deed: Deed, task: Task, *, done: bool, note: str = "", acting_for: User | None = None) -> None:
    """End one task that is still open."""
    task.state, task.ended_by = (Task.DONE if done else Task.CANCELLED), deed
    task.save(update_fields=["state", "ended_by"])
    TaskStep.objects.create(task=task, what=task.state, note=note[:500], deed=deed, acting_for=acting_for)
    tell(deed, f"tasks.{task.state}", task=task.pk, kind=task.kind, subject=task.subject)


def notify(deed: Deed, user: User, words: Step, *, link: Link = NOWHERE) -> Notification:
    """Tell a person something; it stands under the bell until they have seen it."""
    return Notification.objects.create(
        user=user, words=kept(words), link_name=link[0], link_args=list(link[1]), deed=deed
    )
