"""Who may do what with tasks: everyone who does work, which an auditor does not."""

from __future__ import annotations

from datetime import date

from meterbook.records.platform.models import User
from meterbook.records.platform.roles import AUDITOR, SYSTEM, TITLES, roles_of
from meterbook.records.tasks.models import Delegation, Task

#: Everyone who has tasks: the auditor reads, and is asked nothing.
STAFF = set(TITLES) - {AUDITOR, SYSTEM}


def away_for(user: User, on: date) -> list[int]:
    """The ids of those this person stands in for on a day."""
    return list(
        Delegation.objects.filter(delegate=user, validity__contains=on, withdrawn=False).values_list(
            "user_id", flat=True
        )
    )


def delegate_of(user_id: int, on: date) -> User | None:
    """Who stands in for somebody on a day, or nobody."""
    found = (
        Delegation.objects.select_related("delegate")
        .filter(user_id=user_id, validity__contains=on, withdrawn=False)
        .first()
    )
    return found.delegate if found else None


def may_take(user: User, task: Task, on: date) -> bool:
    """Whether a person could have this task: they hold its role, or it asks for none and they work here."""
    held = roles_of(user, on)
    return bool(held & STAFF) if not task.role else task.role in held


def acting_for(user: User, task: Task, on: date) -> User | None:
    """The colleague away whose task this is, if ``user`` stands in for them and could have it in their own right."""
    owner = task.owner
    if owner is None or owner == user or owner.pk not in away_for(user, on) or not may_take(user, task, on):
        return None
    return owner
