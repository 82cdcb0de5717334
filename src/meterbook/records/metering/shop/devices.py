"""Meters on record as the engine compares them, and what an exchange at a service point would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from meterbook.engine.metering.comparison import Comparison, Counts, Device, compare
from meterbook.engine.trace import N_
from meterbook.records.metering.models import Installation, Meter, Register
from meterbook.records.metering.shop.life import MeterRefused, commodity_word
from meterbook.records.places.models import ServicePoint


@dataclass(frozen=True, slots=True)
class NewRegister:
    """A register of the meter that is put up; ``in_read`` is what it shows then."""

    channel: str
    dials: int
    decimals: int
    multiplier: Decimal
    unit: str
    in_read: Decimal


@dataclass(frozen=True, slots=True)
class NewMeter:
    """A meter not on record that is put up as it came; ``factory_test`` is percent by point of its factory test."""

    serial: str
    size: str
    manufacturer: str
    model: str
    registers: tuple[NewRegister, ...]
    factory_test: Mapping[str, Decimal] = field(default_factory=dict)
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class FromStock:
    """A meter of the shop's shelf that is put up; ``in_reads`` is what each channel shows then."""

    serial: str
    in_reads: Mapping[str, Decimal]


def device_of(meter: Meter) -> Device:
    """A meter on record as it is compared."""
    registers = Register.objects.filter(meter=meter).order_by("channel")
    counts = [Counts(r.channel, r.dials, r.decimals, r.multiplier, r.unit) for r in registers]
    return Device(meter.serial, meter.size, tuple(counts))


def device_of_new(meter: NewMeter) -> Device:
    """A meter not on record as it is compared."""
    counts = [Counts(r.channel, r.dials, r.decimals, r.multiplier, r.unit) for r in meter.registers]
    return Device(meter.serial, meter.size, tuple(counts))


def comparison_at(service_point: ServicePoint, meter: NewMeter | FromStock) -> Comparison:
    """What an exchange of the meter that hangs at ``service_point`` would change; raises `MeterRefused`."""
    hanging = hanging_at(service_point)
    if hanging is None:
        raise MeterRefused(N_("{point}: no meter hangs there."), point=service_point.code)
    return compare(device_of(hanging.meter), _put_up(meter))


def _put_up(meter: NewMeter | FromStock) -> Device:
    if isinstance(meter, NewMeter):
        return device_of_new(meter)
    found = Meter.objects.filter(serial=meter.serial).first()
    if found is None:
        raise MeterRefused(N_("No meter {serial} is on record."), serial=meter.serial)
    return device_of(found)


def hanging_at(service_point: ServicePoint) -> Installation | None:
    """The installation that has no end yet at a service point."""
    rows = Installation.objects.select_related("meter").filter(service_point=service_point)
    return rows.filter(validity__endswith__isnull=True).first()


def point_of(serial: str) -> ServicePoint:
    """The service point a meter hangs at now; raises `MeterRefused`."""
    rows = Installation.objects.select_related("service_point__premise").filter(meter__serial=serial)
    found = rows.filter(validity__endswith__isnull=True).first()
    if found is None:
        raise MeterRefused(N_("Meter {serial} hangs nowhere."), serial=serial)
    return found.service_point


def point_coded(code: str) -> ServicePoint:
    """The service point with a code; raises `MeterRefused`."""
    found = ServicePoint.objects.select_related("premise__parcel").filter(code=code).first()
    if found is None:
        raise MeterRefused(N_("No service point {code} is on record."), code=code)
    return found


def refuse_place(service_point: ServicePoint, commodity: str, on: date) -> None:
    """Refuse a point that no meter of ``commodity`` can hang at from ``on`` on; raises `MeterRefused`."""
    if service_point.connection != ServicePoint.METERED:
        raise MeterRefused(N_("{point} is not metered."), point=service_point.code)
    if service_point.commodity != commodity:
        raise MeterRefused(
            N_("{point} delivers {wanted}, the meter measures {found}."),
            point=service_point.code, wanted=commodity_word(service_point.commodity),
            found=commodity_word(commodity),
        )  # fmt: skip
    if on < service_point.validity.lower or (service_point.validity.upper and on >= service_point.validity.upper):
        raise MeterRefused(N_("{point} does not exist on {day}."), point=service_point.code, day=on)


def taken_from(service_point: ServicePoint, on: date) -> Iterable[Installation]:
    """Installations at a point that end after ``on`` or never."""
    rows = Installation.objects.select_related("meter").filter(service_point=service_point)
    return rows.filter(Q(validity__endswith__isnull=True) | Q(validity__endswith__gt=on))
