"""Working out a year's calendar of a cycle: a proposal for somebody to look at, edit and publish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from meterbook.engine.billing.calendar.words import TITLE
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.billing.calendar import store
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.calendar.settled import settled
from meterbook.records.places.models import Cycle
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class EditLost(ValueError):
    """A date set by hand is no date of the policy any more."""

    def __init__(self, month: date, kind: str) -> None:
        values: dict[str, Value] = {"title": Step(TITLE[kind]), "month": f"{month:%Y-%m}"}
        self.step = Step(N_("{title} of {month} was set by hand, and the policy has no such date any more."), values)
        super().__init__(f"{kind} of {month:%Y-%m} was set by hand, and the policy has no such date any more")


@operation("billing.compute_calendar", roles={BILLING, SUPERVISOR})
def compute_calendar(deed: Deed, *, cycle: Cycle, year: int, keep_edits: bool = True) -> CalendarEdition:
    """Propose the dates of a cycle's year by the policy in force; a proposal that stands is worked out anew.

    Dates set by hand stay unless ``keep_edits`` is false, and what is counted from them follows; dates that have
    passed or that a run was planned with stay always. Raises `BreaksRule` if a date set by hand no longer keeps the
    rules, `EditLost` if the policy dropped it, `NoPolicy`, `NoSuchDay` and `HolidaysUnknown`.
    """
    store.lock(cycle)
    proposed, counts = store.proposal(cycle, year), store.published(cycle, year)
    standing = store.rows_of(counts)
    stays = {key: standing[key] for key in settled(cycle, standing, deed.business_date)}
    known = store.rows_of(proposed) or standing
    edits = {key: each for key, each in known.items() if keep_edits and each.set_by_id is not None and key not in stays}
    kept = {**edits, **stays}
    worked = store.worked_out(cycle, year, {key: each.day for key, each in kept.items()})
    free = {period.month: period.days() for period in store.worked_out(cycle, year, {}).periods}
    for month, kind in edits:
        if kind not in free.get(month, {}):
            raise EditLost(month, kind)
    if proposed is None:
        proposed = store.begin(deed, cycle, year)
    proposed.dates.all().delete()
    rows: list[CalendarDate] = []
    for period in worked.periods:
        store.guard(period.rules, period.days(), (kind for month, kind in edits if month == period.month))
        for place, derived in enumerate(period.dates):
            key = (period.month, derived.kind)
            rule_day, document = free[period.month][derived.kind], worked.documents[period.month]
            made = store.row(proposed, period.month, place, derived, rule_day, document)
            if key in kept:
                _keep(made, kept[key])
            rows.append(made)
    CalendarDate.objects.bulk_create(rows)
    tell(deed, "billing.calendar_proposed", cycle=cycle.code, year=year, edition=proposed.number)
    return proposed


def _keep(made: CalendarDate, before: CalendarDate) -> None:
    """A date that stays keeps its own derivation, its document and who set it."""
    made.steps, made.kept, made.document = before.steps, before.kept, before.document
    made.set_by, made.rule_day = before.set_by, before.rule_day


def compute_year(act: Act, *, year: int, cycles: Sequence[str] = (), keep_edits: bool = True) -> list[CalendarEdition]:
    """Propose a year for the cycles with these codes, or for every cycle: all or none.

    Raises what `compute_calendar` raises, and `LookupError` for a code no cycle has.
    """
    chosen = [cycle_named(code) for code in cycles] or list(Cycle.objects.order_by("code"))
    with transaction.atomic():
        return [compute_calendar(act, cycle=cycle, year=year, keep_edits=keep_edits) for cycle in chosen]
