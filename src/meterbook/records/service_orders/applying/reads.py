"""Reads of a visit into metering: judged like every other read, standing or waiting in the exception queue."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

import polars as pl

from meterbook.engine.trace import N_, Step, Value
from meterbook.records.metering.hub.operations.key_reads import keyed_frame
from meterbook.records.metering.models import Installation, Read, Register
from meterbook.records.metering.queue.deciding import check_shows
from meterbook.records.metering.validation.take import take
from meterbook.records.service_orders.applying.effects import Work
from meterbook.records.service_orders.outcome import MeterRead
from meterbook.records.service_orders.refusals import OrderRefused


def take_reads(work: Work) -> None:
    """Take every read of the meter that hangs there. Raises `OrderRefused` for a meter that does not."""
    for register, read in registers_read(work):
        check_shows(register, read.value)
        _take(work, register, read)


def registers_read(work: Work) -> list[tuple[Register, MeterRead]]:
    """The register of each read; refuses a meter that does not hang there, or has no such register."""
    found = []
    for read in work.outcome.reads:
        hung = Installation.objects.filter(
            service_point=work.order.service_point, meter__serial=read.serial, validity__contains=work.on
        )
        register = Register.objects.filter(meter__in=hung.values("meter"), channel=read.channel).first()
        if register is None:
            raise OrderRefused(
                N_("Meter {serial} with register {channel} does not hang there on {day}."),
                serial=read.serial, channel=read.channel, day=work.on,
            )  # fmt: skip
        found.append((register, read))
    return found


def _take(work: Work, register: Register, read: MeterRead) -> None:
    known = Read.objects.filter(register=register, read_on=work.on, value=read.value, superseded=False)
    values: dict[str, Value] = {"serial": read.serial, "value": shown(read.value)}
    if known.exclude(status=Read.REJECTED).exists():
        work.changed(Step(N_("Meter {serial}: {value} was on record already."), values))
        return
    moment = pl.lit(read.at.astimezone(UTC)).cast(pl.Datetime("us", "UTC"))
    frame = keyed_frame(register, read.value, work.on, work.by).with_columns(
        raw=pl.lit(f"order {work.order.pk}: {read.value:f}"), read_at=moment
    )
    taken = take(work.deed, frame, batch=None, origin=Read.KEYED)
    work.stands_out = work.stands_out or bool(taken.queued)
    said = N_("Meter {serial}: {value} waits in the queue.") if taken.queued else N_("Meter {serial}: {value} is read.")
    work.changed(Step(said, values))


def shown(value: Decimal) -> str:
    """A read as on the meter's face."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
