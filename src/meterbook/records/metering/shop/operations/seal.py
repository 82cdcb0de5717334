"""Sealing and locking by number, and taking seals and locks off."""

from __future__ import annotations

from datetime import date

from meterbook.records.metering.models import Seal
from meterbook.records.metering.shop.seals import put_seal, take_seal
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, METER_SHOP, READER, SUPERVISOR

_ROLES = {METER_SHOP, READER, BILLING, SUPERVISOR}


@operation("metering.place_seal", roles=_ROLES)
def place_seal(deed: Deed, *, number: str, service_point: ServicePoint, on: date) -> Seal:
    """Put a numbered seal on; every number is used once. Raises `MeterRefused`."""
    seal = put_seal(deed, number=number, kind=Seal.SEAL, service_point=service_point, on=on)
    tell(deed, "metering.seal_placed", seal=seal.pk, service_point=service_point.pk, on=on.isoformat())
    return seal


@operation("metering.remove_seal", roles=_ROLES)
def remove_seal(deed: Deed, *, number: str, on: date, note: str) -> Seal:
    """Take a seal off; ``note`` says how it was found: whole, broken, gone. Raises `MeterRefused`."""
    seal = take_seal(deed, number=number, kind=Seal.SEAL, on=on, note=note)
    tell(deed, "metering.seal_removed", seal=seal.pk, service_point=seal.service_point_id, on=on.isoformat())
    return seal


@operation("metering.place_lock", roles=_ROLES)
def place_lock(deed: Deed, *, number: str, service_point: ServicePoint, on: date) -> Seal:
    """Lock a service shut with a numbered lock; a point has one lock at a time. Raises `MeterRefused`."""
    seal = put_seal(deed, number=number, kind=Seal.LOCK, service_point=service_point, on=on)
    tell(deed, "metering.lock_placed", lock=seal.pk, service_point=service_point.pk, on=on.isoformat())
    return seal


@operation("metering.remove_lock", roles=_ROLES)
def remove_lock(deed: Deed, *, number: str, on: date, note: str) -> Seal:
    """Take a lock off, so that the service may be used again. Raises `MeterRefused`."""
    seal = take_seal(deed, number=number, kind=Seal.LOCK, on=on, note=note)
    tell(deed, "metering.lock_removed", lock=seal.pk, service_point=seal.service_point_id, on=on.isoformat())
    return seal
