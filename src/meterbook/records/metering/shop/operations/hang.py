"""Hanging a meter from the shelf, and taking one down: its reads, its seals, the parcel's rights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from meterbook.engine.trace import N_
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Installation, Meter
from meterbook.records.metering.queue.operations.pass_over import close_missing
from meterbook.records.metering.shop.counted import (
    check_reads,
    refuse_before_last_read,
    refuse_later_reads,
    registers_of,
    store_read,
)
from meterbook.records.metering.shop.devices import hanging_at, refuse_place, taken_from
from meterbook.records.metering.shop.life import MeterRefused, locked, take_step
from meterbook.records.metering.shop.rights import refuse_beyond_rights
from meterbook.records.metering.shop.seals import break_seals, put_seal
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, METER_SHOP, SUPERVISOR


@operation("metering.install_meter", roles={METER_SHOP, BILLING, SUPERVISOR})
def install_meter(
    deed: Deed, *, service_point: ServicePoint, serial: str, on: date, in_reads: Mapping[str, Decimal], seal: str = "",
    note: str = "",
) -> Installation:  # fmt: skip
    """Hang a meter of the shelf at an empty metered point; every register starts with ``in_reads`` by channel.

    ``seal`` is the number of the seal put on it. Raises `MeterRefused`: no passing test, a point that has a meter, a
    right that was not bought, reads its digits cannot show, a day out of the meter's or the point's order.
    """
    installation = hang(deed, service_point=service_point, serial=serial, on=on, in_reads=in_reads, note=note)
    if seal:
        put_seal(deed, number=seal, kind="seal", service_point=service_point, on=on)
    tell(
        deed, "metering.meter_installed", service_point=service_point.pk, meter=installation.meter_id,
        on=on.isoformat(),
    )  # fmt: skip
    return installation


def hang(
    deed: Deed, *, service_point: ServicePoint, serial: str, on: date, in_reads: Mapping[str, Decimal],
    note: str = "", leaving: Installation | None = None,
) -> Installation:  # fmt: skip
    """What installing and exchanging share; ``leaving`` is the installation that ends on the same day."""
    meter = locked(serial)
    refuse_place(service_point, meter.commodity, on)
    for other in taken_from(service_point, on):
        if other != leaving:
            raise MeterRefused(
                N_("{point} has meter {serial} since {since}; take it down or exchange it."),
                point=service_point.code, serial=other.meter.serial, since=other.validity.lower,
            )  # fmt: skip
    registers = registers_of(meter.pk)
    check_reads(serial, {name: (each.dials, each.decimals) for name, each in registers.items()}, in_reads)
    refuse_before_last_read(serial, registers, on)
    refuse_beyond_rights(service_point, meter.size, on, leaving=leaving)
    take_step(deed, meter, Meter.INSTALLED, on=on, note=note)
    installation = Installation.objects.create(meter=meter, service_point=service_point, validity=(on, None), deed=deed)
    for channel, value in in_reads.items():
        store_read(deed, registers[channel], value, on=on, starts_chain=True)
    return installation


@operation("metering.remove_meter", roles={METER_SHOP, BILLING, SUPERVISOR})
def remove_meter(
    deed: Deed, *, service_point: ServicePoint, on: date, out_reads: Mapping[str, Decimal], note: str = ""
) -> Installation:
    """Take the meter at ``service_point`` down on ``on``, with what every register showed then.

    Usage up to then is derived, its seals come off, and it is no longer cleared: it hangs again only after a test.
    Returns the ended installation. Raises `MeterRefused`.
    """
    hanging = hanging_at(service_point)
    if hanging is None:
        raise MeterRefused(N_("{point}: no meter hangs there."), point=service_point.code)
    take_down(deed, hanging, on=on, out_reads=out_reads, note=note)
    break_seals(deed, service_point=service_point, on=on)
    tell(deed, "metering.meter_removed", service_point=service_point.pk, meter=hanging.meter_id, on=on.isoformat())
    return hanging


def take_down(deed: Deed, hanging: Installation, *, on: date, out_reads: Mapping[str, Decimal], note: str = "") -> None:
    """What removing and exchanging share: last reads, the end of the installation, the step, usage up to then.

    Questions about reads the meter missed are closed with it.
    """
    meter = locked(hanging.meter.serial)
    if hanging.validity.lower >= on:
        raise MeterRefused(
            N_("{point}: meter {serial} has been hanging there since {since}; give a later day than that."),
            point=hanging.service_point.code, serial=meter.serial, since=hanging.validity.lower,
        )  # fmt: skip
    registers = registers_of(meter.pk)
    check_reads(meter.serial, {name: (each.dials, each.decimals) for name, each in registers.items()}, out_reads)
    refuse_later_reads(meter.serial, registers, on)
    take_step(deed, meter, Meter.REMOVED, on=on, note=note, cleared=False)
    for channel, value in out_reads.items():
        store_read(deed, registers[channel], value, on=on, starts_chain=False)
    hanging.validity = (hanging.validity.lower, on)
    hanging.save()
    store_usage(deed, [register.pk for register in registers.values()], since=on)
    close_missing(deed, meter.pk)
