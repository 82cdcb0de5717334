"""Adding one place at a time, as part of a deed: a parcel, a premise on it, a service point at that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from meterbook.engine.trace import N_
from meterbook.records.places.models import COMMODITIES, Parcel, Premise, Route, ServicePoint
from meterbook.records.places.refusals import PlaceRefused
from meterbook.records.platform.models import Utility

_LETTERS = {"electricity": "E", "water": "W", "sewer": "S", "stormwater": "T", "refuse": "R", "street_lights": "L"}
#: Room between two stops of a route, so that a stop can be put in.
_STEP = 10


@dataclass(frozen=True, slots=True)
class Address:
    """A premise's address as it is kept."""

    street_number: str
    street: str
    unit: str
    city: str
    state: str
    postal_code: str
    premise_class: str


def parcel_numbered(number: str, *, owner: str, legal: str = "", impervious_sqft: int = 0) -> Parcel:
    """The parcel of a number, or a new one of that owner. Raises `PlaceRefused` without a number or an owner."""
    found = Parcel.objects.filter(number=number.strip()).first()
    if found is not None:
        return found
    if not number.strip() or not owner.strip():
        raise PlaceRefused(N_("A new parcel has a number and an owner."))
    return Parcel.objects.create(
        number=number.strip(), owner_name=owner.strip(), legal=legal.strip(), impervious_sqft=impervious_sqft
    )


def premise_at(parcel: Parcel, at: Address) -> Premise:
    """The premise at an address, or a new one on the parcel.

    Raises `PlaceRefused` where the address is on record on another parcel, or is incomplete.
    """
    if not (at.street_number.strip() and at.street.strip() and at.city.strip() and at.postal_code.strip()):
        raise PlaceRefused(N_("A premise has a street number, a street, a city and a postal code."))
    found = Premise.objects.filter(
        street__iexact=at.street, street_number__iexact=at.street_number, unit__iexact=at.unit,
        postal_code=at.postal_code,
    ).select_related("parcel").first()  # fmt: skip
    if found is not None and found.parcel_id != parcel.pk:
        raise PlaceRefused(
            N_("{address} is on record on parcel {found}; found {asked}."), address=found.address,
            found=found.parcel.number, asked=parcel.number,
        )  # fmt: skip
    return found or Premise.objects.create(
        parcel=parcel, street_number=at.street_number, street=at.street, unit=at.unit, city=at.city, state=at.state,
        postal_code=at.postal_code, premise_class=at.premise_class,
    )  # fmt: skip


def point_at(
    premise: Premise, *, commodity: str, connection: str, route: str, starts: date,
    water_source: ServicePoint | None = None,
) -> ServicePoint:  # fmt: skip
    """A new service point of a premise from a day on, the last stop of its route if it has a meter.

    Raises `PlaceRefused` for an unknown commodity, or a metered point without a route on record.
    """
    if commodity not in COMMODITIES or connection not in (ServicePoint.METERED, ServicePoint.PARCEL):
        raise PlaceRefused(N_("Found {found}, expected one of {known}."), found=commodity, known=", ".join(COMMODITIES))
    on, sequence = None, None
    if connection == ServicePoint.METERED:
        on = Route.objects.select_for_update().filter(code=route).first()
        if on is None:
            raise PlaceRefused(N_("A meter is read on a route; found {found}."), found=route or "–")
        last = on.service_points.aggregate(last=Max("sequence"))["last"] or 0
        sequence = last + _STEP
    number = premise.service_points.filter(commodity=commodity).count() + 1
    return ServicePoint.objects.create(
        premise=premise, code=f"{_LETTERS[commodity]}{premise.pk}-{number}", commodity=commodity,
        connection=connection, route=on, sequence=sequence, validity=(starts, None), water_source=water_source,
    )  # fmt: skip


def usual_place() -> tuple[str, str]:
    """City and state of the utility's own premises, where a permit leaves them out; the commonest one on record."""
    known = Premise.objects.order_by("pk").values_list("city", "state").first()
    return known or (Utility.objects.values_list("name", flat=True).first() or "", "")
