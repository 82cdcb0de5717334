"""What the person in the street brings back: a read, a word, a photo, or that nobody got to the meter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import polars as pl

from meterbook.records.metering.field.photos import kind_of
from meterbook.records.metering.field.refusals import NotHere, NothingSeen, ReadNeeded, WrongDay
from meterbook.records.metering.field.states import locked, refuse_jump, step_to
from meterbook.records.metering.hub.not_read import REASONS, UnknownReason
from meterbook.records.metering.hub.operations.key_reads import keyed_frame
from meterbook.records.metering.models import FieldRequest, Installation, Read, ReadException, Register
from meterbook.records.metering.queue.deciding import check_shows
from meterbook.records.metering.queue.evidence import FIELD_READ
from meterbook.records.metering.validation.take import Taken, take
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, METER_SHOP, READER, SUPERVISOR

#: Kinds that ask for a read; to the others a word is enough.
ASKS_FOR_READ = ("re_read", "estimate_limit")
_FIELD = {READER, METER_SHOP, BILLING, SUPERVISOR}


@operation("metering.record_field_read", roles=_FIELD)
def record_field_read(
    deed: Deed, *, request: FieldRequest, on: date, values: Mapping[int, Decimal], reader: str = "", note: str = ""
) -> FieldRequest:
    """Write down a visit: what each register (by id) showed on a day, and what was seen.

    A read is judged like every other and stands or waits in the queue. Of the very day in question it is only written
    down, because that day's read is what is to be decided: confirming or correcting the request settles it. Raises
    `NoSuchStep`, `ReadNeeded`, `NothingSeen`, `WrongDay`, `NotHere`, and `queue.refusals.CannotShow`.
    """
    found = locked(request)
    refuse_jump(found, FieldRequest.READ)
    if not found.raised_on <= on <= deed.business_date:
        raise WrongDay(day=on, since=found.raised_on, today=deed.business_date)
    if not values and found.kind in ASKS_FOR_READ:
        raise ReadNeeded
    if not values and not note.strip():
        raise NothingSeen
    told, queued = [], 0
    for number, value in values.items():
        register = _here(found, number, on)
        check_shows(register, value)
        taken = None if _in_question(found, register, on) else _take(deed, register, value, on, reader)
        queued += taken.queued if taken else 0
        told.append({"register": number, "value": f"{value:f}", "taken": taken is not None})
    shown = ", ".join(f"{value:f}" for value in values.values())
    step_to(deed, found, FieldRequest.READ, " · ".join(filter(None, (shown, note.strip()))))
    tell(deed, FIELD_READ, request=found.pk, on=on.isoformat(), reads=told, queued=queued, reader=reader)
    return found


@operation("metering.record_no_access", roles=_FIELD)
def record_no_access(deed: Deed, *, request: FieldRequest, reason: str, note: str = "") -> FieldRequest:
    """Write down that nobody got to the meter, and which of `hub.not_read.REASONS` it was.

    Raises `NoSuchStep`, `UnknownReason`.
    """
    if reason not in REASONS:
        raise UnknownReason(f"reason {reason!r}; expected one of {', '.join(REASONS)}")
    found = locked(request)
    refuse_jump(found, FieldRequest.NO_ACCESS)
    step_to(deed, found, FieldRequest.NO_ACCESS, " · ".join(filter(None, (REASONS[reason][0], note.strip()))))
    tell(deed, "metering.no_access", request=found.pk, kind=found.kind, reason=reason)
    return found


@operation("metering.attach_field_photo", roles=_FIELD)
def attach_field_photo(deed: Deed, *, request: FieldRequest, content: bytes) -> Attachment:
    """Keep a photo with a request. Raises `photos.NoPicture` for what is no JPEG, PNG or WebP of at most 10 MB."""
    content_type, suffix = kind_of(content)
    kept = keep_file(
        deed, subject=f"fieldrequest:{request.pk}", file_name=f"field-request-{request.pk}{suffix}",
        content_type=content_type, content=content,
    )  # fmt: skip
    tell(deed, "metering.field_photo_attached", request=request.pk, attachment=kept.pk)
    return kept


def _here(request: FieldRequest, number: int, on: date) -> Register:
    register = Register.objects.select_related("meter").get(pk=number)
    hangs = Installation.objects.filter(
        meter=register.meter_id, service_point=request.service_point_id, validity__contains=on
    )
    if not hangs.exists():
        raise NotHere(serial=register.meter.serial, day=on)
    return register


def _in_question(request: FieldRequest, register: Register, on: date) -> bool:
    """Whether the register's read of this very day is what the request is about."""
    item = request.exception
    if item is None or item.state == ReadException.RESOLVED or item.read_id is None:
        return False
    return item.register_id == register.pk and item.on == on


def _take(deed: Deed, register: Register, value: Decimal, on: date, reader: str) -> Taken:
    frame = keyed_frame(register, value, on, reader)
    known = Read.objects.filter(register=register, read_on=on, value=value, superseded=False)
    if known.exclude(status=Read.REJECTED).exists():
        return Taken(0, 0)
    frame = frame.with_columns(raw=pl.lit(f"field request: {value:f}"))
    return take(deed, frame, batch=None, origin=Read.KEYED)
