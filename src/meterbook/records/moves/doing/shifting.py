"""Agreements put right: their days moved, their customer another, or back to who was served before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F

from meterbook.engine.trace import N_, Step
from meterbook.records.corrections.calculating.standing import of_agreement
from meterbook.records.customers.models import Account, ServiceAgreement, ServiceSuspension
from meterbook.records.moves.models import MovePart
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.places.models import Premise
from meterbook.records.platform.models import Deed

#: Agreements whose days or customer changed, each with the day since which it was billed wrongly.
Changed = list[tuple[ServiceAgreement, date]]
_NEVER_WAS = "never_was"


def to_shift(parts: Sequence[MovePart], on: date) -> Changed:
    """Agreements whose days will change. Raises `MoveRefused` where services went on differently since the move."""
    changed: Changed = []
    for part in parts:
        ended, begun = _as_left(part)
        if (ended and ended.validity.lower >= on) or (begun and begun.validity.upper and begun.validity.upper <= on):
            raise MoveRefused(
                Step(N_("{point}: on that day another customer is served."), {"point": part.service_point.code})
            )
        _nobody_between(part, on)
        changed += [(one, min(on, part.on)) for one in (ended, begun) if one is not None]
    return changed


def shift(parts: Sequence[MovePart], on: date) -> None:
    """Move the day on which services changed hands; bills of the days between are in a case by now."""
    for part in parts:
        ended, begun = part.ended, part.begun
        # What shrinks goes first: on no day may two agreements hold.
        for one in (begun, ended) if on > part.on else (ended, begun):
            if one is not None:
                one.validity = (on, one.validity.upper) if one is begun else (one.validity.lower, on)
                one.save()


def _as_left(part: MovePart) -> tuple[ServiceAgreement | None, ServiceAgreement | None]:
    """The agreements as the move left them."""
    ended, begun = part.ended, part.begun
    same = (ended is None or ended.validity.upper == part.on) and (begun is None or begun.validity.lower == part.on)
    if not same:
        raise MoveRefused(
            Step(N_("{point}: its service was changed since the move; correct that first."),
                 {"point": part.service_point.code})
        )  # fmt: skip
    return ended, begun


def _nobody_between(part: MovePart, on: date) -> None:
    """Nobody else is served in the days that are added."""
    mine = [one.pk for one in (part.ended, part.begun) if one is not None]
    first, last = min(on, part.on), max(on, part.on)
    others = ServiceAgreement.objects.filter(service_point=part.service_point, validity__overlap=(first, last))
    if others.exclude(pk__in=mine).exists():
        raise MoveRefused(
            Step(N_("{point}: on that day another customer is served."), {"point": part.service_point.code})
        )


def given_to(begun: Sequence[ServiceAgreement], account: Account) -> Changed:
    """Make services another account's from their first day. Raises `MoveRefused` for one of another cycle."""
    changed: Changed = []
    for one in begun:
        if one.account.cycle_id != account.cycle_id or account.closed_on is not None:
            raise MoveRefused(
                Step(N_("Account {number} is closed, or billed in another cycle."), {"number": account.number})
            )
        one.account = account
        one.save()
        changed.append((one, one.validity.lower))
    if account.opened_on > begun[0].validity.lower:
        account.opened_on = begun[0].validity.lower
        account.save()
    return changed


def to_undo(parts: Sequence[MovePart]) -> tuple[Changed, Changed]:
    """Agreements that will change, and those that never were, whose bills are only taken back. Raises `MoveRefused`."""
    changed: Changed = []
    alone: Changed = []
    for part in parts:
        ended, begun = _as_left(part)
        if begun is not None and begun.validity.upper is not None:
            raise MoveRefused(
                Step(N_("{point}: its service was changed since the move; correct that first."),
                     {"point": part.service_point.code})
            )  # fmt: skip
        if ended is not None and begun is not None:
            changed.append((begun, part.on))
        elif ended is not None:
            _nobody_between(part, date.max)
        elif begun is not None:
            alone.append((begun, part.on))
    return changed, alone


def undone(deed: Deed, parts: Sequence[MovePart]) -> None:
    """Take a move back point by point."""
    for part in parts:
        ended, begun = part.ended, part.begun
        if ended is not None and begun is not None:
            begun.account, begun.schedule = ended.account, ended.schedule
            begun.save()
        elif ended is not None:
            ended.validity = (ended.validity.lower, None)
            ended.save()
        elif begun is not None:
            _never_was(deed, begun, part.on)


def take_over_unused(premise: Premise, on: date) -> set[int]:
    """The agreements of moves taken back, on a day or after, of which no bill stands: their rows are whose who comes.

    Their one day is moved to ``on``, the day without service before it, where nobody is charged for it.
    """
    rows = ServiceSuspension.objects.select_for_update(of=("self",)).select_related("agreement")
    rows = rows.filter(
        cause=_NEVER_WAS, agreement__service_point__premise=premise, validity=F("agreement__validity"),
        validity__startswith__gte=on,
    )  # fmt: skip
    found = set()
    for row in rows.order_by("-validity"):
        begun = row.agreement
        if of_agreement(begun.pk, min(on, begun.validity.lower), date.max).is_empty():
            begun.validity, row.validity = (on, on + timedelta(days=1)), (on - timedelta(days=1), on)
            begun.save()
            row.save()
            found.add(begun.pk)
    return found


def _never_was(deed: Deed, begun: ServiceAgreement, on: date) -> None:
    """An agreement is not deleted: it keeps one day, on which there was no service and nothing is charged."""
    begun.validity = (on, on + timedelta(days=1))
    begun.save()
    ServiceSuspension.objects.create(
        agreement=begun, continues=ServiceSuspension.NOTHING, cause=_NEVER_WAS,
        validity=(on, on + timedelta(days=1)), deed=deed,
    )  # fmt: skip
