"""Reads taken when a meter goes up or comes down, and the reads that stand in the way of a back-dated one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Max

from meterbook.engine.trace import N_
from meterbook.records.metering.models import Read, Register
from meterbook.records.metering.operations.install import NOON
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility


def registers_of(meter_id: int) -> dict[str, Register]:
    """The registers of a meter by channel."""
    return {register.channel: register for register in Register.objects.filter(meter_id=meter_id)}


def check_reads(serial: str, registers: Mapping[str, tuple[int, int]], reads: Mapping[str, Decimal]) -> None:
    """Refuse reads that leave out a register, name one that is none, or that its digits cannot show.

    ``registers`` gives digits before and after the point by channel. Raises `MeterRefused`.
    """
    if set(reads) != set(registers):
        raise MeterRefused(
            N_("Meter {serial}: found reads of {found}, expected {expected}."), serial=serial,
            found=", ".join(sorted(reads)) or "–", expected=", ".join(sorted(registers)) or "–",
        )  # fmt: skip
    for channel, value in reads.items():
        dials, decimals = registers[channel]
        if not 0 <= value < 10**dials or value != round(value, decimals):
            raise MeterRefused(
                N_("Meter {serial}: found read {value}, expected {dials} digits and {decimals} decimals."),
                serial=serial, value=value, dials=dials, decimals=decimals,
            )  # fmt: skip


def refuse_later_reads(serial: str, registers: Mapping[str, Register], on: date) -> None:
    """Refuse to take a meter down before a day it was read on: that read must be settled first.

    A read under the old serial after the exchange is the new meter's, or nobody's; left in place it would make the old
    register roll over. Raises `MeterRefused`.
    """
    later = Read.objects.filter(register__in=registers.values(), read_on__gt=on, superseded=False)
    first = later.exclude(status=Read.REJECTED).order_by("read_on", "pk").first()
    if first is not None:
        raise MeterRefused(
            N_(
                "Meter {serial} has a read of {value} on {read_on}, after {day}. It cannot be the meter's own. Set the "
                "later reads of {serial} aside, then take it down, and enter them for the meter that hung there then."
            ),
            serial=serial, value=_plain(first.value), read_on=first.read_on, day=on,
        )  # fmt: skip


def refuse_before_last_read(serial: str, registers: Mapping[str, Register], on: date) -> None:
    """Refuse to hang a meter on or before a day it was read on at another place; raises `MeterRefused`."""
    rows = Read.objects.filter(register__in=registers.values(), superseded=False, status=Read.ACCEPTED)
    last = rows.aggregate(last=Max("read_on"))["last"]
    if last is not None and last >= on:
        raise MeterRefused(
            N_("Meter {serial} was last read on {last}, where it hung before. Give a later day, found {day}."),
            serial=serial, last=last, day=on,
        )  # fmt: skip


def store_read(deed: Deed, register: Register, value: Decimal, *, on: date, starts_chain: bool) -> Read:
    """Store a read taken by the crew; the same value may already have come in by file that day.

    Raises `MeterRefused` where another value is accepted for the day.
    """
    rows = Read.objects.filter(register=register, read_on=on)
    known = rows.filter(superseded=False, status=Read.ACCEPTED).first()
    if known is not None and known.value != value:
        raise MeterRefused(
            N_("A read of {known} is on record for {day}; found {value}."), known=_plain(known.value), day=on,
            value=_plain(value),
        )  # fmt: skip
    if known is not None:
        return known
    version = (rows.aggregate(last=Max("version"))["last"] or 0) + 1
    return Read.objects.create(
        register=register, read_on=on, read_at=datetime.combine(on, NOON, ZoneInfo(utility().timezone)), value=value,
        starts_chain=starts_chain, version=version, origin=Read.KEYED, deed=deed,
    )  # fmt: skip


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
