"""What operations on enrolments share: their history, and moving many of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from meterbook.engine.autopay.rules import AutopayRules
from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.models import OPEN, Draft, Enrolment, EnrolmentEvent
from meterbook.records.autopay.refusals import NotEnrolled
from meterbook.records.platform.models import Deed

#: Characters of a reason that stand beside an enrolment.
_WHY = 200


def happened(
    deed: Deed, enrolments: Iterable[Enrolment], kind: str, *, code: str = "", detail: Mapping[str, Any] | None = None
) -> None:
    """Write one event in the history of each enrolment."""
    EnrolmentEvent.objects.bulk_create(
        EnrolmentEvent(enrolment=one, kind=kind, code=code, detail=dict(detail or {}), on=deed.business_date, deed=deed)
        for one in enrolments
    )


def locked(enrolment_id: int) -> Enrolment:
    """The enrolment, locked; raises `NotEnrolled` where it has ended."""
    found = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    if found.state == Enrolment.ENDED:
        raise NotEnrolled(Step(N_("This authorisation ended on {day}."), {"day": found.ended_on or ""}))
    return found


def end(deed: Deed, enrolment: Enrolment, *, why: str, code: str = "") -> None:
    """End an authorisation for good; its drafts that have not left are dropped."""
    enrolment.state, enrolment.ended_on, enrolment.why = Enrolment.ENDED, deed.business_date, _short(why)
    enrolment.save(update_fields=["state", "ended_on", "why"])
    happened(deed, [enrolment], "ended", code=code, detail={"why": why})
    drop_open(enrolment, "stopped")


def suspend(deed: Deed, enrolment: Enrolment, *, why: str, code: str = "") -> None:
    """Put an authorisation aside until somebody takes it up again; drafts that have not left are dropped."""
    enrolment.state, enrolment.why = Enrolment.SUSPENDED, _short(why)
    enrolment.save(update_fields=["state", "why"])
    happened(deed, [enrolment], "suspended", code=code, detail={"why": why})
    drop_open(enrolment, "stopped")


def _short(why: str) -> str:
    """As much of a reason as stands beside the enrolment; all of it is in its history."""
    return why if len(why) <= _WHY else f"{why[: _WHY - 1]}…"


def drop_open(enrolment: Enrolment, code: str) -> None:
    """Drafts of an enrolment that are not at the bank yet will not go there."""
    states = [state for state in OPEN if state != "filed"]
    Draft.objects.filter(enrolment=enrolment, state__in=states).update(state="dropped", dropped_for=code)


def activate_waited(deed: Deed, rules: AutopayRules, through: date) -> int:
    """Every enrolment whose prenote nobody answered in its waiting time becomes active; returns how many.

    Where the class asks for a validated account, an unanswered prenote validates it, if the policy says so.
    """
    rows = Enrolment.objects.select_for_update().filter(state=Enrolment.WAITING, drafts_from__lte=through)
    found = list(rows.order_by("pk"))
    by_prenote = "prenote" in rules.validated_by
    active = [one for one in found if one.validation != "needed" or by_prenote]
    needed = [one.pk for one in active if one.validation == "needed"]
    Enrolment.objects.filter(pk__in=needed).update(validation="validated", validated_by="prenote")
    Enrolment.objects.filter(pk__in=[one.pk for one in active]).update(state=Enrolment.ACTIVE)
    happened(deed, active, "active")
    return len(active)
