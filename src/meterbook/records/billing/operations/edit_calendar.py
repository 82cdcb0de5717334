"""Setting one date of the billing calendar by hand, within the minimums; published dates get a proposal first."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.calendar import CycleDay, period_dates
from meterbook.engine.trace import N_, Step
from meterbook.records.billing.calendar import store
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.calendar.rules import rules_of
from meterbook.records.billing.calendar.settled import DateStays, settled
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("billing.edit_calendar", roles={BILLING, SUPERVISOR})
def edit_calendar(
    deed: Deed, *, cycle: Cycle, year: int, month: date, kind: str, day: date, follow: bool = True
) -> CalendarDate:
    """Set a date of the period read in ``month`` of ``year``; returns the row of the proposal it now stands in.

    With ``follow`` the dates counted from it are counted anew, except those set by hand; without, every other date
    stays. Raises `BreaksRule` naming the rule it would break, `DateStays` for a date that has passed or that a run was
    planned with, `NothingPublished` where there is nothing to edit, `NoSuchDay`.
    """
    store.lock(cycle)
    edition = _open(deed, cycle, year)
    rows = {each.kind: each for each in edition.dates.filter(month=month)}
    if kind not in rows:
        raise store.NothingPublished(cycle.code, year)
    standing = store.rows_of(store.published(cycle, year))
    stays = {key[1]: step for key, step in settled(cycle, standing, deed.business_date).items() if key[0] == month}
    if kind in stays:
        raise DateStays(stays[kind])
    if standing and day < deed.business_date:
        raise DateStays(Step(N_("{day} has passed. Type a day from today on."), {"day": day}))
    fixed = {each.kind: each.day for each in rows.values() if not follow or each.set_by_id or each.kind in stays}
    fixed[kind] = day
    edited = rows[kind]
    rules = rules_of(edited.document)
    period = period_dates(rules, CycleDay(cycle.code, cycle.read_day), month, fixed)
    moved = {derived.kind for derived in period.dates if derived.kind in rows and derived.day != rows[derived.kind].day}
    store.guard(rules, period.days(), {kind, *moved})
    for place, derived in enumerate(period.dates):
        before = rows.get(derived.kind)
        if before is None or (derived.kind != kind and derived.kind in fixed):
            continue
        made = store.row(edition, month, place, derived, before.rule_day, before.document)
        before.day, before.steps, before.kept = made.day, made.steps, made.kept
        if derived.kind == kind:
            before.set_by = deed
        before.save()
    tell(deed, "billing.calendar_edited", cycle=cycle.code, month=f"{month:%Y-%m}", kind=kind, day=f"{day}",
         moved=sorted(moved), edition=edition.number)  # fmt: skip
    edited.refresh_from_db()
    return edited


def _open(deed: Deed, cycle: Cycle, year: int) -> CalendarEdition:
    """The proposal of a cycle's year, begun as a copy of what is published if there is none yet."""
    edition = store.proposal(cycle, year)
    if edition is not None:
        return edition
    counts = store.published(cycle, year)
    if counts is None:
        raise store.NothingPublished(cycle.code, year)
    edition = store.begin(deed, cycle, year)
    store.copied(edition, counts.dates.all())
    return edition
