"""Exchanging a meter: the old one's last read, the new one's first, and no day without either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Installation, Meter, Read, Register
from meterbook.records.metering.operations.install import NOON
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class CannotExchange(ValueError):
    """No meter hangs there to take down, a read is missing or does not fit, or the new serial is on record."""


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
    """The meter that is put up."""

    serial: str
    size: str
    manufacturer: str
    model: str
    registers: tuple[NewRegister, ...]


def point_of(serial: str) -> ServicePoint:
    """The service point a meter hangs at now; raises `CannotExchange`."""
    hanging = Installation.objects.select_related("service_point").filter(
        meter__serial=serial, validity__endswith__isnull=True
    )
    found = hanging.first()
    if found is None:
        raise CannotExchange(f"meter {serial} hangs nowhere")
    return found.service_point


@operation("metering.exchange_meter", roles={BILLING, SUPERVISOR})
def exchange_meter(
    deed: Deed, *, service_point: ServicePoint, on: date, out_reads: Mapping[str, Decimal], meter: NewMeter
) -> Installation:
    """Take the meter at ``service_point`` down on ``on`` and put ``meter`` up the same day.

    ``out_reads`` gives what each channel of the old meter showed. Usage up to then is derived; the new registers
    start their own chains. Returns the new installation; raises `CannotExchange`.
    """
    old = Installation.objects.select_for_update(of=("self",)).select_related("meter")
    hanging = old.filter(service_point=service_point, validity__endswith__isnull=True).first()
    if hanging is None or hanging.validity.lower >= on:
        raise CannotExchange(f"{service_point.code}: no meter has been hanging there before {on}")
    registers = {register.channel: register for register in Register.objects.filter(meter=hanging.meter)}
    _check(registers, out_reads, meter, serial=hanging.meter.serial)
    for channel, value in out_reads.items():
        _store_read(deed, registers[channel], value, on=on, starts_chain=False)
    hanging.validity = (hanging.validity.lower, on)
    hanging.save()
    store_usage(deed, [register.pk for register in registers.values()], since=on)
    device = Meter.objects.create(
        serial=meter.serial, commodity=service_point.commodity, size=meter.size, manufacturer=meter.manufacturer,
        model=meter.model,
    )  # fmt: skip
    installation = Installation.objects.create(
        meter=device, service_point=service_point, validity=(on, None), deed=deed
    )
    for new in meter.registers:
        register = Register.objects.create(
            meter=device, channel=new.channel, dials=new.dials, decimals=new.decimals, multiplier=new.multiplier,
            unit=new.unit,
        )  # fmt: skip
        _store_read(deed, register, new.in_read, on=on, starts_chain=True)
    tell(
        deed, "metering.meter_exchanged", service_point=service_point.pk, removed=hanging.meter.pk,
        installed=device.pk, on=on.isoformat(),
    )  # fmt: skip
    return installation


def _check(
    registers: Mapping[str, Register], out_reads: Mapping[str, Decimal], meter: NewMeter, *, serial: str
) -> None:
    """Refuse what would leave a register without its last or first read, or a read its dials cannot show."""
    if set(out_reads) != set(registers):
        raise CannotExchange(f"meter {serial}: found reads of {sorted(out_reads)}, expected {sorted(registers)}")
    if not meter.registers or len({new.channel for new in meter.registers}) != len(meter.registers):
        raise CannotExchange(f"meter {meter.serial}: expected registers, each channel once")
    if Meter.objects.filter(serial=meter.serial).exists():
        raise CannotExchange(f"meter {meter.serial} is on record; expected a new serial")
    shown = [
        *((serial, registers[channel].dials, registers[channel].decimals, value)
          for channel, value in out_reads.items()),
        *((meter.serial, new.dials, new.decimals, new.in_read) for new in meter.registers),
    ]  # fmt: skip
    for name, dials, decimals, value in shown:
        if not 0 <= value < 10**dials or value != round(value, decimals):
            raise CannotExchange(f"meter {name}: found read {value}, expected {dials} digits and {decimals} decimals")


def _store_read(deed: Deed, register: Register, value: Decimal, *, on: date, starts_chain: bool) -> None:
    """Store a read of the exchange; the same value may already have come in by file that day."""
    known = Read.objects.filter(register=register, read_on=on, superseded=False).first()
    if known is not None:
        if known.value != value:
            raise CannotExchange(f"a read of {known.value:f} is on record for {on}; found {value}")
        return
    Read.objects.create(
        register=register, read_on=on, read_at=datetime.combine(on, NOON, ZoneInfo(utility().timezone)), value=value,
        starts_chain=starts_chain, deed=deed,
    )  # fmt: skip
