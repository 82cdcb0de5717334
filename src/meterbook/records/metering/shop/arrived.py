"""Putting meters on record that came from their maker, with their registers and factory tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.metering.accuracy import AccuracyRules
from meterbook.engine.metering.comparison import Counts
from meterbook.engine.quantity import UNITS
from meterbook.engine.trace import N_
from meterbook.records.metering.models import Meter, MeterStep, MeterTest, Register
from meterbook.records.metering.shop.bench import FACTORY, Bench, judged_test
from meterbook.records.metering.shop.devices import NewMeter
from meterbook.records.metering.shop.life import MeterRefused, take_step
from meterbook.records.platform.models import Deed

#: What a meter of each commodity counts in.
MEASURES = {"electricity": ("energy", "power"), "water": ("volume",)}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A meter as its maker's list describes it; ``factory`` is its factory test, if the list holds one."""

    serial: str
    commodity: str
    size: str
    manufacturer: str
    model: str
    lot: str
    endpoint: str
    registers: tuple[Counts, ...]
    factory: Bench | None


def units_of(commodity: str) -> list[str]:
    """The units a register of that commodity may count in."""
    return [unit for unit, kind in UNITS.items() if kind in MEASURES.get(commodity, ())]


def put_on_record(
    deed: Deed, arrivals: Sequence[Arrival], *, on: date, limits: Mapping[date, AccuracyRules] | None = None
) -> list[Meter]:
    """Store meters as received, with their registers; a factory test that is passed makes one tested and cleared.

    ``limits`` gives the limits in force by day of the tests, where they were looked up already.
    """
    meters: list[Meter] = []
    steps: list[MeterStep] = []
    registers: list[Register] = []
    tests: list[MeterTest] = []
    for one in arrivals:
        meter = Meter(
            serial=one.serial, commodity=one.commodity, size=one.size, manufacturer=one.manufacturer, model=one.model,
            lot=one.lot, endpoint=one.endpoint, state=Meter.RECEIVED, cleared=False, received_on=on,
        )  # fmt: skip
        meters.append(meter)
        steps.append(MeterStep(meter=meter, state=Meter.RECEIVED, on=on, note=one.lot, deed=deed))
        registers += [
            Register(
                meter=meter, channel=each.channel, dials=each.dials, decimals=each.decimals,
                multiplier=each.multiplier, unit=each.unit,
            )
            for each in one.registers
        ]  # fmt: skip
        if one.factory is None:
            continue
        test = judged_test(deed, meter, one.factory, (limits or {}).get(one.factory.tested_on))
        tests.append(test)
        if test.passed:
            meter.state, meter.cleared = Meter.TESTED, True
            steps.append(MeterStep(meter=meter, state=Meter.TESTED, on=on, note=one.factory.certificate, deed=deed))
    Meter.objects.bulk_create(meters)
    MeterStep.objects.bulk_create(steps)
    Register.objects.bulk_create(registers)
    MeterTest.objects.bulk_create(tests)
    return meters


def take_new(deed: Deed, meter: NewMeter, *, commodity: str, on: date) -> Mapping[str, Decimal]:
    """Put a meter on record that is hung the day it came, and on the shelf; returns its reads by channel.

    Raises `MeterRefused` for a serial on record, registers it cannot have, or a factory test that is missing or fails.
    """
    if Meter.objects.filter(serial=meter.serial).exists():
        raise MeterRefused(
            N_("Meter {serial} is on record. Take it from stock, or give a new serial."), serial=meter.serial
        )
    counts = [Counts(r.channel, r.dials, r.decimals, r.multiplier, r.unit) for r in meter.registers]
    check_registers(meter.serial, commodity, counts)
    if not meter.factory_test:
        raise MeterRefused(
            N_("Meter {serial} comes without a factory test; nothing hangs without a passing test."),
            serial=meter.serial,
        )
    factory = Bench(on, FACTORY, meter.factory_test, meter.manufacturer, meter.certificate)
    arrival = Arrival(
        meter.serial, commodity, meter.size, meter.manufacturer, meter.model, "", "", tuple(counts), factory
    )
    [stored] = put_on_record(deed, [arrival], on=on)
    take_step(deed, stored, Meter.IN_STOCK, on=on)
    return {register.channel: register.in_read for register in meter.registers}


def check_registers(serial: str, commodity: str, registers: Sequence[Counts]) -> None:
    """Refuse registers that no meter has: none, one channel twice, half a compound meter, a wrong unit or digits."""
    channels = [one.channel for one in registers]
    if not channels or len(set(channels)) != len(channels):
        raise MeterRefused(N_("Meter {serial}: expected registers, each channel once."), serial=serial)
    if {Register.HIGH_FLOW, Register.LOW_FLOW} & set(channels) not in (
        set(), {Register.HIGH_FLOW, Register.LOW_FLOW},
    ):  # fmt: skip
        raise MeterRefused(N_("Meter {serial}: a compound meter has a high and a low flow register."), serial=serial)
    for one in registers:
        if one.unit not in units_of(commodity):
            raise MeterRefused(
                N_("Meter {serial}: found unit {unit}, expected one of {units}."),
                serial=serial, unit=one.unit, units=", ".join(units_of(commodity)),
            )  # fmt: skip
        if not 3 <= one.dials <= 9 or not 0 <= one.decimals <= 6 or one.multiplier <= 0:
            raise MeterRefused(
                N_("Meter {serial}: 3 to 9 digits before the point, 0 to 6 after it, and a multiplier above 0."),
                serial=serial,
            )
