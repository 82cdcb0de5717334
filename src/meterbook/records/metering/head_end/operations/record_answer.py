"""Putting an answer of the head-end on record, and taking a value it gave as a read."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl

from meterbook.engine.trace import N_
from meterbook.records.metering.head_end.contract import Answer, HeadEndRefused
from meterbook.records.metering.models import Installation, Meter, Ping, Read, Register
from meterbook.records.metering.queue.deciding import check_shows
from meterbook.records.metering.validation.take import Taken, take
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Event
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, CSR, METER_SHOP, SUPERVISOR

PING, READ = "ping", "read"
_ASK = {BILLING, SUPERVISOR, CSR, METER_SHOP}
_LONGEST = 300


@operation("metering.record_ping", roles=_ASK)
def record_ping(deed: Deed, *, meter: Meter, head_end: str, answer: Answer) -> Ping:
    """Keep whether a meter talked, with the head-end's own time of it."""
    made = _kept(deed, meter, PING, head_end, answer)
    tell(deed, "metering.meter_pinged", ping=made.pk, meter=meter.pk, answered=made.answered)
    return made


@operation("metering.record_read_now", roles=_ASK)
def record_read_now(deed: Deed, *, register: Register, head_end: str, answer: Answer) -> Ping:
    """Keep what a register answered; it is no read yet, `take_answer` makes it one."""
    made = _kept(deed, register.meter, READ, head_end, answer)
    shown = f"{made.value:f}" if made.value is not None else None
    tell(
        deed, "metering.meter_read_now", ping=made.pk, meter=register.meter_id, register=register.pk,
        answered=made.answered, value=shown, unit=answer.unit,
    )  # fmt: skip
    return made


@operation("metering.take_answer", roles={BILLING, SUPERVISOR})
def take_answer(deed: Deed, *, ping: Ping) -> Taken:
    """Take a value the head-end gave as a read of the day it answered; the rules judge it like every other.

    The same answer again changes nothing. Raises `NoRead`, `OtherUnit`, `NotHung`, `AheadOfDay`, and
    `queue.refusals.CannotShow`.
    """
    register, unit = asked_of(ping)
    if register is None or ping.value is None or ping.answered_at is None:
        raise NoRead
    Register.objects.select_for_update().get(pk=register.pk)
    if unit and unit != register.unit:
        raise OtherUnit(found=unit, expected=register.unit)
    check_shows(register, ping.value)
    on = ping.answered_at.astimezone(ZoneInfo(utility().timezone)).date()
    if on > deed.business_date:
        raise AheadOfDay(day=on, today=deed.business_date)
    if not Installation.objects.filter(meter=register.meter_id, validity__contains=on).exists():
        raise NotHung(serial=register.meter.serial, day=on)
    same_day = Read.objects.filter(register=register, read_on=on, superseded=False).exclude(status=Read.REJECTED)
    if same_day.filter(value=ping.value).exists():
        taken = Taken(0, 0)
    else:
        standing = same_day.filter(status=Read.ACCEPTED).values_list("value", flat=True).first()
        taken = take(deed, _frame(register, ping, standing), batch=None, origin=Read.HEAD_END)
    tell(
        deed, "metering.answer_taken", ping=ping.pk, register=register.pk, on=on.isoformat(), accepted=taken.accepted,
        queued=taken.queued,
    )  # fmt: skip
    return taken


class NoRead(HeadEndRefused):
    """The answer holds no value."""

    message = N_("This answer holds no read that could be taken.")


class OtherUnit(HeadEndRefused):
    """The head-end reads another unit than the register's."""

    message = N_("The head-end answers in {found}, the register on record counts {expected}. Nothing was taken.")


class NotHung(HeadEndRefused):
    """The meter hung nowhere on the day of the answer."""

    message = N_("Meter {serial} hung nowhere on {day}.")


class AheadOfDay(HeadEndRefused):
    """The office has not come to the day of the answer."""

    message = N_("The answer is of {day}, and the business date is {today}. Take it when the office has come there.")


def asked_of(ping: Ping) -> tuple[Register | None, str]:
    """The register an on-demand read was asked of, and the unit it answered in."""
    told = Event.objects.filter(deed=ping.deed_id, kind="metering.meter_read_now").first()
    if told is None:
        return None, ""
    return Register.objects.select_related("meter").get(pk=told.payload["register"]), told.payload["unit"]


def _kept(deed: Deed, meter: Meter, kind: str, head_end: str, answer: Answer) -> Ping:
    return Ping.objects.create(
        meter=meter, kind=kind, head_end=head_end[:60], answered_at=answer.at, answered=answer.answered,
        value=answer.value, message=answer.message[:_LONGEST], deed=deed,
    )  # fmt: skip


def _frame(register: Register, ping: Ping, standing: Decimal | None) -> pl.DataFrame:
    assert ping.value is not None
    return pl.DataFrame(
        {
            "register": [register.pk], "read_on": [ping.answered_at], "read_at": [ping.answered_at],
            "value": [int(ping.value.scaleb(6))], "estimated": [False], "line": [None],
            "raw": [f"{ping.head_end}: {ping.value:f}"], "reader": [""], "text": [f"{ping.value:f}"],
            "on_record": [None if standing is None else int(standing.scaleb(6))],
        },
        schema={
            "register": pl.Int64, "read_on": pl.Datetime("us", "UTC"), "read_at": pl.Datetime("us", "UTC"),
            "value": pl.Int64, "estimated": pl.Boolean, "line": pl.Int64, "raw": pl.String, "reader": pl.String,
            "text": pl.String, "on_record": pl.Int64,
        },
    ).with_columns(pl.col("read_on").dt.convert_time_zone(utility().timezone).dt.date())  # fmt: skip
