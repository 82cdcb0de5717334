"""What the pages of tasks show: queues, one task with its history, who stands in, what people are told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from meterbook.records.platform.models import User
from meterbook.records.platform.roles import roles_of
from meterbook.records.tasks.models import Delegation, Notification, Task, TaskStep
from meterbook.records.tasks.people import STAFF, away_for, may_take

_OPEN = (Task.OPEN, Task.CLAIMED)


def tasks() -> QuerySet[Task, Any]:
    """Every task as a row, with who has it and who asked."""
    return Task.objects.values(
        "id", "kind", "subject", "title", "role", "due_on", "state", "link_name", "link_args", "owner_id",
        owner_name=F("owner__username"), asked_by=F("deed__actor__username"), asked_on=F("deed__business_date"),
        ended_on=F("ended_by__business_date"),
    )  # fmt: skip


def in_hand(user: User, on: date) -> QuerySet[Task, Any]:
    """What a person has in hand, and what those they stand in for have that they may do in their own right."""
    mine = Q(owner=user)
    held = set(roles_of(user, on))
    if held & STAFF:
        mine |= Q(owner__in=away_for(user, on), role__in=[*held, ""])
    return tasks().filter(mine, state=Task.CLAIMED)


def to_take(roles: Collection[str]) -> QuerySet[Task, Any]:
    """What waits in the queues of these roles."""
    return tasks().filter(state=Task.OPEN, role__in=list(roles))


def still_open() -> QuerySet[Task, Any]:
    """What anybody still has to do."""
    return tasks().filter(state__in=_OPEN)


def counted(rows: QuerySet[Task, Any]) -> dict[str, Any]:
    """How many, and how long the oldest has been due."""
    return rows.order_by().aggregate(count=Count("id"), oldest=Min("due_on"))


def find_task(task_id: int) -> Task | None:
    """One task, or nothing."""
    return Task.objects.select_related("owner", "deed__actor", "ended_by__actor").filter(pk=task_id).first()


def steps_of(task: Task) -> list[TaskStep]:
    """What became of it, first to last."""
    return list(task.steps.select_related("deed__actor", "to", "acting_for").order_by("pk"))


def about(subject: str) -> list[Task]:
    """Open tasks about something, the most pressing first."""
    return list(Task.objects.select_related("owner").filter(subject=subject, state__in=_OPEN).order_by("due_on", "pk"))


def colleagues_for(task: Task, on: date) -> list[User]:
    """Everyone who could have the task, by name."""
    people = User.objects.filter(is_active=True).order_by("first_name", "last_name", "username")
    return [one for one in people if one.pk != task.owner_id and may_take(one, task, on)]


def staff(on: date) -> list[User]:
    """Everyone who has work here on a day, by name."""
    people = User.objects.filter(is_active=True).order_by("first_name", "last_name", "username")
    return [one for one in people if roles_of(one, on) & STAFF]


def delegations() -> QuerySet[Delegation, Any]:
    """Who stands in for whom, and when."""
    return Delegation.objects.filter(withdrawn=False).values(
        "id", first=F("validity__startswith"), until=F("validity__endswith"), away=F("user__username"),
        stands_in=F("delegate__username"), by=F("deed__actor__username"),
    )  # fmt: skip


def find_delegation(delegation_id: int) -> Delegation | None:
    """One delegation, or nothing."""
    return Delegation.objects.select_related("user", "delegate").filter(pk=delegation_id).first()


def standing_in(user: User, on: date) -> list[Delegation]:
    """Those this person stands in for on a day."""
    return list(Delegation.objects.select_related("user").filter(delegate=user, validity__contains=on, withdrawn=False))


def away(user: User, on: date) -> Delegation | None:
    """Who stands in for this person on a day, or nothing."""
    return (
        Delegation.objects.select_related("delegate").filter(user=user, validity__contains=on, withdrawn=False).first()
    )


def notifications(user_id: int) -> QuerySet[Notification, Any]:
    """What a person was told."""
    return Notification.objects.filter(user_id=user_id).values(
        "id", "words", "link_name", "link_args", "told_at", "seen_at"
    )


def unseen(user_id: int) -> int:
    """How many notifications a person has not seen."""
    return Notification.objects.filter(user_id=user_id, seen_at__isnull=True).count()


def find_notification(notification_id: int, user_id: int) -> Notification | None:
    """One of a person's notifications, or nothing."""
    return Notification.objects.filter(pk=notification_id, user_id=user_id).first()


def over() -> QuerySet[Task, Any]:
    """What is done or was not needed any more."""
    return tasks().filter(state__in=(Task.DONE, Task.CANCELLED))


def last_days(rows: list[dict[str, Any]]) -> None:
    """The last day away, which people name, beside the first day back, which the period holds."""
    for row in rows:
        row["last"] = row["until"] - timedelta(days=1)
