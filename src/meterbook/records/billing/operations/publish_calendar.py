"""Publishing a proposed calendar, or taking the proposal back. What is published never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from meterbook.engine.trace import N_, Step
from meterbook.records.billing.calendar import store
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.calendar.settled import DateStays, settled
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class NothingProposed(LookupError):
    """The cycle has no proposal for the year."""

    def __init__(self, cycle: str, year: int) -> None:
        message = N_("Cycle {cycle} has no proposal for {year}.") if cycle else N_("There is no proposal for {year}.")
        self.step = Step(message, {"cycle": cycle, "year": f"{year}"})
        super().__init__(self.step.words(str))


class ProposalMoved(ValueError):
    """The proposal is no longer the one that was shown."""

    def __init__(self, year: int) -> None:
        message = N_(
            "The proposal for {year} was changed since this page was shown. Look at it again, then publish it."
        )
        self.step = Step(message, {"year": f"{year}"})
        super().__init__(self.step.words(str))


def fingerprint(year: int) -> str:
    """What is proposed for a year, in 64 hexadecimal digits: another date or another edition gives others."""
    rows = CalendarDate.objects.filter(edition__year=year, edition__status=CalendarEdition.PROPOSED)
    shown = rows.order_by("edition_id", "month", "kind").values_list("edition_id", "month", "kind", "day")
    return hashlib.sha256(repr([tuple(map(str, row)) for row in shown]).encode()).hexdigest()


@operation("billing.publish_calendar", roles={BILLING, SUPERVISOR})
def publish_calendar(deed: Deed, *, cycle: Cycle, year: int) -> CalendarEdition:
    """Publish a cycle's proposal: from now on runs, screens and exports take its dates.

    Raises `NothingProposed`, and `DateStays` if the proposal moves a date that has passed, or that a run was planned
    with, since it was made.
    """
    store.lock(cycle)
    edition = _proposal(cycle, year)
    _guard(edition, deed.business_date)
    changed = _count_changes(edition, _published_rows(edition))
    CalendarEdition.objects.filter(pk=edition.pk).update(
        status=CalendarEdition.PUBLISHED, published_by=deed, published_at=Now()
    )
    edition.refresh_from_db()
    tell(deed, "billing.calendar_published", cycle=cycle.code, year=year, edition=edition.number, changed=changed)
    return edition


@operation("billing.withdraw_calendar", roles={BILLING, SUPERVISOR})
def withdraw_calendar(deed: Deed, *, cycle: Cycle, year: int) -> CalendarEdition:
    """Take a proposal back; what is published stays as it is. Raises `NothingProposed`."""
    store.lock(cycle)
    edition = _proposal(cycle, year)
    edition.status, edition.withdrawn_by = CalendarEdition.WITHDRAWN, deed
    edition.save()
    tell(deed, "billing.calendar_withdrawn", cycle=cycle.code, year=year, edition=edition.number)
    return edition


def publish_year(act: Act, *, year: int, seen: str | None = None) -> list[CalendarEdition]:
    """Publish every proposal of a year, all or none. Raises `NothingProposed` if there is none.

    ``seen`` is the `fingerprint` of what was shown to whoever publishes; raises `ProposalMoved` where it is another.
    """
    with transaction.atomic():
        for cycle in Cycle.objects.filter(calendar_editions__year=year).distinct().order_by("code"):
            store.lock(cycle)
        if seen is not None and seen != fingerprint(year):
            raise ProposalMoved(year)
        return _each(act, year, publish_calendar)


def withdraw_year(act: Act, *, year: int) -> list[CalendarEdition]:
    """Take back every proposal of a year, all or none. Raises `NothingProposed` if there is none."""
    return _each(act, year, withdraw_calendar)


def _each(act: Act, year: int, deed: Callable[..., CalendarEdition]) -> list[CalendarEdition]:
    with transaction.atomic():
        found = Cycle.objects.filter(
            calendar_editions__year=year, calendar_editions__status=CalendarEdition.PROPOSED
        ).order_by("code")
        cycles = list(found)
        if not cycles:
            raise NothingProposed("", year)
        return [deed(act, cycle=cycle, year=year) for cycle in cycles]


def _proposal(cycle: Cycle, year: int) -> CalendarEdition:
    edition = store.proposal(cycle, year)
    if edition is None:
        raise NothingProposed(cycle.code, year)
    return edition


def _guard(edition: CalendarEdition, today: date) -> None:
    standing, proposed = store.rows_of(store.published(edition.cycle, edition.year)), store.rows_of(edition)
    for key, because in settled(edition.cycle, standing, today).items():
        if key not in proposed or proposed[key].day != standing[key].day:
            raise DateStays(because)


def _published_rows(edition: CalendarEdition) -> dict[store.Key, CalendarDate]:
    """For each date, the row of the newest published edition that had it."""
    rows = CalendarDate.objects.filter(
        edition__cycle=edition.cycle, edition__year=edition.year, edition__status=CalendarEdition.PUBLISHED
    ).select_related("edition")
    return {(each.month, each.kind): each for each in rows.order_by("edition__number")}


def _count_changes(edition: CalendarEdition, before: dict[store.Key, CalendarDate]) -> int:
    """Give each date its sequence number, as calendars that subscribed need it; returns how many days changed.

    A date that was gone in between counts two more: leaving was a change as well.
    """
    last = max((each.edition.number for each in before.values()), default=0)
    rows, changed = list(edition.dates.all()), 0
    for each in rows:
        known = before.get((each.month, each.kind))
        away = known is not None and known.edition.number < last
        moved = known is not None and known.day != each.day
        each.sequence = 0 if known is None else known.sequence + (2 if away else int(moved))
        changed += known is None or away or moved
    CalendarDate.objects.bulk_update(rows, ["sequence"])
    return changed
