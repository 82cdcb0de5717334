"""Meters that were visited and not read: the reason, and the field request it leaves.

A reason is kept as a step of a `FieldRequest` of the service point: somebody must go again. Locked gates and dogs ask
for another read, a meter nobody finds for its location to be checked, one nobody can read for the meter itself. A
request that is open takes the next reason as one more step; none is ever removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from meterbook.engine.trace import N_
from meterbook.records.metering.models import FieldRequest, FieldRequestStep, Installation, Register
from meterbook.records.platform.models import Deed

#: Reason, in words, and the kind of request it leaves.
REASONS: dict[str, tuple[str, str]] = {
    "locked_gate": (N_("Locked gate"), "re_read"),
    "dog": (N_("Dog"), "re_read"),
    "nobody_home": (N_("Nobody home"), "re_read"),
    "blocked": (N_("Parked over or blocked"), "re_read"),
    "flooded": (N_("Under water or snow"), "re_read"),
    "unsafe": (N_("Not safe"), "re_read"),
    "buried": (N_("Buried or overgrown"), "location"),
    "not_found": (N_("Not found"), "location"),
    "unreadable": (N_("Face cannot be read"), "check_meter"),
    "broken": (N_("Broken or damaged"), "check_meter"),
}
#: Days until somebody should have gone again.
DUE_DAYS = 5
_PREFIX = "Not read: "


class UnknownReason(ValueError):
    """A reason that is not in the list; the message lists those that are."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A register that was visited on a day and not read, why, and by whom."""

    register: int
    on: date
    reason: str
    reader: str = ""


def note_skipped(deed: Deed, skipped: Iterable[Skipped]) -> list[FieldRequest]:
    """Put reasons on record as part of a deed that is being done; the same reason of a day again changes nothing."""
    return [_note(deed, each) for each in skipped]


def _note(deed: Deed, each: Skipped) -> FieldRequest:
    if each.reason not in REASONS:
        raise UnknownReason(f"reason {each.reason!r}; expected one of {', '.join(REASONS)}")
    words, kind = REASONS[each.reason]
    register = Register.objects.get(pk=each.register)
    place = Installation.objects.filter(meter_id=register.meter_id, validity__startswith__lte=each.on)
    point = place.order_by("-validity").values_list("service_point_id", flat=True)[0]
    note = f"{_PREFIX}{words}" + (f" ({each.reader})" if each.reader else "")
    open_one = FieldRequest.objects.filter(service_point_id=point, kind=kind).exclude(state=FieldRequest.CLOSED).first()
    if open_one is None:
        open_one = FieldRequest.objects.create(
            kind=kind, service_point_id=point, register=register, reason=note, raised_on=deed.business_date,
            due_on=deed.business_date + timedelta(days=DUE_DAYS), deed=deed,
        )  # fmt: skip
    if not open_one.steps.filter(on=each.on, note=note).exists():
        FieldRequestStep.objects.create(request=open_one, state=open_one.state, on=each.on, note=note, deed=deed)
    return open_one


def reasons_on(points: Iterable[int], since: date, until: date) -> dict[int, str]:
    """The last reason given at each service point from ``since`` to ``until``, as its code."""
    codes = {f"{_PREFIX}{words}": code for code, (words, _) in REASONS.items()}
    steps = FieldRequestStep.objects.filter(
        request__service_point_id__in=list(points), on__range=(since, until), note__startswith=_PREFIX
    )
    found: dict[int, str] = {}
    for point, note in steps.order_by("id").values_list("request__service_point_id", "note"):
        code = codes.get(note.partition(" (")[0])
        if code:
            found[point] = code
    return found
