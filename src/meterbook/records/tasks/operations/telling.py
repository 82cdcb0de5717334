"""Notifications: seen, and the ones that days bring."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import SYSTEM
from meterbook.records.tasks.models import Notification, Task, TaskStep
from meterbook.records.tasks.opening import notify
from meterbook.records.tasks.people import STAFF, delegate_of
from meterbook.records.tasks.saying import heard


@operation("tasks.see", roles=STAFF)
def see(deed: Deed, *, notification: Notification | None = None) -> int:
    """Mark one's notifications as seen: one, or all of them; how many were new."""
    mine: QuerySet[Notification] = Notification.objects.filter(user=deed.actor, seen_at__isnull=True)
    if notification is not None:
        mine = mine.filter(pk=notification.pk)
    seen = mine.update(seen_at=timezone.now())
    tell(deed, "tasks.seen", count=seen)
    return seen


@operation("tasks.remind", roles={SYSTEM})
def remind(deed: Deed) -> int:
    """Tell everyone whose task is due today or was due before, once a task; who stands in is told as well."""
    due = Task.objects.filter(state=Task.CLAIMED, due_on__lte=deed.business_date).exclude(steps__what="reminded")
    told = 0
    for task in due.select_related("owner").order_by("due_on", "pk"):
        if task.owner is None:
            continue
        words = Step(N_("Due {day}: {task}"), {"day": task.due_on, "task": heard(task.title)})
        stands_in = delegate_of(task.owner.pk, deed.business_date)
        for person in filter(None, (task.owner, stands_in)):
            notify(deed, person, words, link=("task", [task.pk]))
        TaskStep.objects.create(task=task, what="reminded", deed=deed)
        told += 1
    tell(deed, "tasks.reminded", count=told)
    return told


def tell_asker(deed: Deed, request: Approval) -> None:
    """Tell who asked that a second person has decided."""
    values = {"name": str(deed.actor), "reason": deed.reason}
    words = N_("{name} approved what you asked for.") if request.status == Approval.APPROVED else N_(
        "{name} refused what you asked for: {reason}")  # fmt: skip
    notify(deed, request.requested_by, Step(words, {**values}), link=("approval", [request.pk]))
