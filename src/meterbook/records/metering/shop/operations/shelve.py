"""Meters in the shop: put in stock, refurbished, retired."""

from __future__ import annotations

from datetime import date

from meterbook.records.metering.models import Meter
from meterbook.records.metering.shop.life import locked, take_step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import METER_SHOP, SUPERVISOR


@operation("metering.put_in_stock", roles={METER_SHOP, SUPERVISOR})
def put_in_stock(deed: Deed, *, serial: str, on: date, note: str = "") -> Meter:
    """Put a tested meter on the shelf, from where it may be hung; raises `MeterRefused`."""
    meter = locked(serial)
    take_step(deed, meter, Meter.IN_STOCK, on=on, note=note)
    tell(deed, "metering.meter_put_in_stock", meter=meter.pk, on=on.isoformat())
    return meter


@operation("metering.refurbish_meter", roles={METER_SHOP, SUPERVISOR})
def refurbish(deed: Deed, *, serial: str, on: date, note: str) -> Meter:
    """Write down that a meter was repaired; it must pass a test again before it hangs. Raises `MeterRefused`."""
    meter = locked(serial)
    take_step(deed, meter, Meter.REFURBISHED, on=on, note=note, cleared=False)
    tell(deed, "metering.meter_refurbished", meter=meter.pk, on=on.isoformat())
    return meter


@operation("metering.retire_meter", roles={METER_SHOP, SUPERVISOR})
def retire(deed: Deed, *, serial: str, on: date, note: str) -> Meter:
    """End a meter's life: scrapped, sold back, lost. It stays on record. Raises `MeterRefused`."""
    meter = locked(serial)
    take_step(deed, meter, Meter.RETIRED, on=on, note=note, cleared=False)
    tell(deed, "metering.meter_retired", meter=meter.pk, on=on.isoformat())
    return meter
