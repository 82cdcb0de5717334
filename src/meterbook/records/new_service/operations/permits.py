"""Dealing with a permit: its places are taken over, or it needs nothing of us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.new_service.models import Permit, PermitPoint
from meterbook.records.new_service.refusals import NewServiceRefused
from meterbook.records.places.adding import Address, parcel_numbered, point_at, premise_at
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.service_orders.opening import open_order


@dataclass(frozen=True, slots=True)
class PointAsked:
    """A service point to add: a meter's size and route where it has one."""

    commodity: str
    metered: bool
    size: str = ""
    route: str = ""


@operation("new_service.take_permit", roles={BILLING, SUPERVISOR})
def take_permit(
    deed: Deed, *, permit: Permit, parcel: str, owner: str, address: Address, points: Sequence[PointAsked],
    starts: date, set_meters: bool, impervious_sqft: int = 0,
) -> Permit:  # fmt: skip
    """Add what a permit brings: the parcel and premise if they are new, and its service points from ``starts``.

    With ``set_meters`` an order to set a meter is opened for each metered point. Raises `NewServiceRefused` for a
    permit dealt with already, `PlaceRefused`.
    """
    found = _waiting(permit)
    land = parcel_numbered(parcel, owner=owner, impervious_sqft=impervious_sqft)
    premise = premise_at(land, address)
    water = premise.service_points.filter(commodity="water", validity__contains=starts).order_by("pk").first()
    for one in sorted(points, key=lambda each: each.commodity == "sewer"):
        made = point_at(
            premise, commodity=one.commodity, route=one.route, starts=starts,
            connection=ServicePoint.METERED if one.metered else ServicePoint.PARCEL,
            water_source=water if one.commodity == "sewer" else None,
        )  # fmt: skip
        water = water or (made if one.commodity == "water" else None)
        PermitPoint.objects.create(permit=found, service_point=made, size=one.size, deed=deed)
        if one.metered and set_meters:
            open_order(
                deed, kind="set", service_point=made, wanted_on=None, source=("permit", found.pk),
                reason=f"Permit {found.number}", details={"size": one.size, "permit": found.number},
            )  # fmt: skip
    _decided(deed, found, Permit.TAKEN, premise_id=premise.pk)
    tell(deed, "new_service.permit_taken", permit=found.pk, premise=premise.pk, points=len(points))
    return found


@operation("new_service.dismiss_permit", roles={CSR, BILLING, SUPERVISOR})
def dismiss_permit(deed: Deed, *, permit: Permit) -> Permit:
    """A permit needs nothing of us; the deed's reason says why. Raises `NewServiceRefused`."""
    found = _waiting(permit)
    if not deed.reason.strip():
        raise NewServiceRefused(Step(N_("Say why it needs nothing of us.")))
    _decided(deed, found, Permit.DISMISSED)
    tell(deed, "new_service.permit_dismissed", permit=found.pk)
    return found


@operation("new_service.look_again", roles={CSR, BILLING, SUPERVISOR})
def look_again(deed: Deed, *, permit: Permit, reopen: bool) -> Permit:
    """A permit changed after it was dealt with: it waits again, or somebody saw that nothing follows.

    Raises `NewServiceRefused` where nothing changed.
    """
    found = Permit.objects.select_for_update(of=("self",)).get(pk=permit.pk)
    if not found.changed:
        raise NewServiceRefused(Step(N_("Permit {number} did not change."), {"number": found.number}))
    found.changed = False
    found.state = Permit.WAITS if reopen else found.state
    found.save()
    tell(deed, "new_service.permit_seen_again", permit=found.pk, reopened=reopen)
    return found


def _waiting(permit: Permit) -> Permit:
    found = Permit.objects.select_for_update(of=("self",)).get(pk=permit.pk)
    if found.state != Permit.WAITS:
        raise NewServiceRefused(Step(N_("Permit {number} was dealt with already."), {"number": found.number}))
    return found


def _decided(deed: Deed, found: Permit, state: str, premise_id: int | None = None) -> None:
    found.state, found.decided_by, found.changed = state, deed, False
    found.premise_id, found.note = premise_id or found.premise_id, deed.reason.strip()[:300]
    found.save()
