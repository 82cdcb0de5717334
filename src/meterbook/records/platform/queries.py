"""Questions every screen asks of the platform."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, TypeVar

from meterbook.records.platform.models import AccountingPeriod, BusinessClock, Correction, Deed, Event, User, Utility

Found = TypeVar("Found")
_NOTES: ContextVar[dict[Hashable, Any] | None] = ContextVar("notes", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within this, `remembered` asks each question once.

    For a page that changes nothing: what it asks (the business date, policies in force) stands still meanwhile. Every
    deed asks anew.
    """
    token = _NOTES.set({})
    try:
        yield
    finally:
        _NOTES.reset(token)


def remembered(question: Hashable, ask: Callable[[], Found]) -> Found:
    """The answer of ``ask``, asked once for each ``question`` where `asking_once` holds, else every time."""
    notes = _NOTES.get()
    if notes is None:
        return ask()
    if question not in notes:
        notes[question] = ask()
    found: Found = notes[question]
    return found


class NotFounded(LookupError):
    """The database holds no utility yet."""


def business_date() -> date:
    """The office's current business date; raises `NotFounded` before the utility is founded."""
    found = remembered("business date", lambda: BusinessClock.objects.filter(only=True).first())
    if found is None:
        raise NotFounded("no business date: the utility is not founded yet")
    return found.business_date


def utility() -> Utility:
    """The utility this installation serves; raises `NotFounded` before it is founded."""
    found = Utility.objects.first()
    if found is None:
        raise NotFounded("no utility on record")
    return found


def accounting_period(day: date) -> AccountingPeriod:
    """The open accounting period a posting on ``day`` belongs to: that month's, or the earliest open after it."""
    period = (
        AccountingPeriod.objects.filter(closed_at__isnull=True, validity__endswith__gt=day).order_by("validity").first()
    )
    if period is None:
        raise LookupError(f"no open accounting period for {day}")
    return period


def user_named(username: str) -> User:
    """The user with a sign-in name; raises `LookupError`."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise LookupError(f"nobody signs in as {username}")
    return user


def corrections_of(batch_id: int) -> list[dict[str, Any]]:
    """A batch's correction list: line, field, found, expected, raw, in the file's order."""
    found = Correction.objects.filter(batch_id=batch_id).order_by("line", "pk")
    return [dict(row) for row in found.values("line", "field", "found", "expected", "raw")]


def user_with_id(user_id: int) -> User:
    """A user by id."""
    return User.objects.get(pk=user_id)


def event_with_id(event_id: int) -> Event:
    """An event with its deed, by id."""
    return Event.objects.select_related("deed").get(pk=event_id)


def founded() -> bool:
    """Whether a utility is on record."""
    return Utility.objects.exists()


def newest_deed() -> Deed:
    """What was done last. Raises `Deed.DoesNotExist` where nothing was ever done."""
    return Deed.objects.latest("pk")
