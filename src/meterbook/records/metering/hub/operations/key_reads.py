"""Reads keyed from a route sheet, a block at a time: judged like any other, named by their reader, never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl

from meterbook.records.metering.hub.not_read import Skipped, note_skipped
from meterbook.records.metering.models import Read, Register
from meterbook.records.metering.validation.take import take
from meterbook.records.places.models import Route
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, READER, SUPERVISOR

#: Local time of day given to a read of which only the day was keyed.
NOON = time(12)
LARGEST_PHOTO = 10 * 2**20
#: Pictures by how their bytes begin.
_KINDS = ((b"\xff\xd8\xff", "image/jpeg", ".jpg"), (b"\x89PNG\r\n\x1a\n", "image/png", ".png"))


class NotOnRoute(ValueError):
    """A register that is keyed does not hang on the route on that day."""


class NotReadable(ValueError):
    """A keyed value cannot be shown by the register."""


class NoPhoto(ValueError):
    """The file is no picture that can be kept with a read."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A value typed for a register, as displayed."""

    register: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class KeyedBlock:
    """What a saved block came to: accepted, waiting in the exception queue, already known, not read."""

    accepted: int
    queued: int
    unchanged: int
    skipped: int


@operation("metering.key_reads", roles={BILLING, SUPERVISOR, READER})
def key_reads(
    deed: Deed, *, route: Route, on: date, reader: str, reads: Sequence[Keyed], skipped: Sequence[Skipped] = ()
) -> KeyedBlock:
    """Store a block of keyed reads of a route and the reasons of meters that were not read.

    Idempotent: a value that is on record for the day, accepted or waiting, changes nothing; another value for the day
    is a read, and goes to the exception queue. Raises `NotOnRoute`, `NotReadable` and `not_read.UnknownReason`;
    nothing of the block is stored then.
    """
    Route.objects.select_for_update().get(pk=route.pk)
    if on > deed.business_date:
        raise NotReadable(f"{on} is after the business date {deed.business_date}")
    registers = _on_route(route, on, [*(each.register for each in reads), *(each.register for each in skipped)])
    frame = _frame(reads, registers, on, reader)
    standing = _standing([each.register for each in reads], on)
    known = frame.filter(
        pl.struct("register", "value").is_in(standing.select("register", "value").to_struct().implode())
    )
    fresh = frame.join(known.select("register"), on="register", how="anti").join(
        standing.filter("accepted").select("register", on_record="value"), on="register", how="left"
    )
    taken = take(deed, fresh, batch=None, origin=Read.KEYED)
    note_skipped(deed, skipped)
    tell(
        deed, "metering.reads_keyed", route=route.pk, on=on.isoformat(), accepted=taken.accepted, queued=taken.queued,
        skipped=len(skipped),
    )  # fmt: skip
    return KeyedBlock(taken.accepted, taken.queued, known.height, len(skipped))


def keyed_frame(register: Register, value: Decimal, on: date, reader: str = "") -> pl.DataFrame:
    """One typed value as `validation.take` wants it, with the other value on record for the day. Raises `NotReadable`.

    For looking before saving: what the rules would say.
    """
    frame = _frame([Keyed(register.pk, value)], {register.pk: register}, on, reader)
    standing = _standing([register.pk], on).filter("accepted").select("register", on_record="value")
    other = frame.join(standing, on="register", how="left")
    same = pl.col("on_record") == pl.col("value")
    return other.with_columns(on_record=pl.when(~same.fill_null(value=True)).then("on_record"))


def _on_route(route: Route, on: date, wanted: Sequence[int]) -> dict[int, Register]:
    found = Register.objects.select_related("meter").filter(
        pk__in=wanted, meter__installations__validity__contains=on, meter__installations__service_point__route=route
    )
    registers = {each.pk: each for each in found}
    lost = sorted(set(wanted) - set(registers))
    if lost:
        raise NotOnRoute(f"register {lost[0]} does not hang on route {route.code} on {on}")
    return registers


def _frame(reads: Sequence[Keyed], registers: dict[int, Register], on: date, reader: str) -> pl.DataFrame:
    moment = datetime.combine(on, NOON, ZoneInfo(utility().timezone))
    rows = []
    for each in {read.register: read for read in reads}.values():
        register = registers[each.register]
        value = each.value
        if not 0 <= value < 10**9 or value != round(value, register.decimals):
            raise NotReadable(
                f"{value:f} is no read of meter {register.meter.serial}: at most {register.dials} digits"
                f" and {register.decimals} after the point"
            )
        rows.append((register.pk, on, moment, int(value.scaleb(6)), f"{value:f}"))
    frame = pl.DataFrame(
        rows,
        schema={
            "register": pl.Int64, "read_on": pl.Date, "read_at": pl.Datetime("us", "UTC"), "value": pl.Int64,
            "text": pl.String,
        },
        orient="row",
    )  # fmt: skip
    return frame.with_columns(
        raw=pl.col("text"), estimated=pl.lit(value=False), line=pl.lit(None, dtype=pl.Int64), reader=pl.lit(reader[:40])
    )


def _standing(registers: Sequence[int], on: date) -> pl.DataFrame:
    """Values on record of a day that stand or wait: register, value (millionths), accepted."""
    found = Read.objects.filter(register_id__in=registers, read_on=on, superseded=False).exclude(status=Read.REJECTED)
    rows = [(key, int(value.scaleb(6)), status == Read.ACCEPTED)
            for key, value, status in found.values_list("register_id", "value", "status")]  # fmt: skip
    schema = {"register": pl.Int64, "value": pl.Int64, "accepted": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


@operation("metering.attach_photo", roles={BILLING, SUPERVISOR, READER})
def attach_photo(deed: Deed, *, read: Read, content: bytes) -> Attachment:
    """Keep a photo with a read, told by its bytes and not its name; the same photo again changes nothing.

    Raises `NoPhoto` for anything but a JPEG, PNG or WebP picture of at most 10 MB.
    """
    kind, suffix = checked_photo(content)
    subject, digest = f"read:{read.pk}", hashlib.sha256(content).hexdigest()
    known = Attachment.objects.filter(subject=subject, sha256=digest).first()
    if known is not None:
        return known
    kept = keep_file(deed, subject=subject, file_name=f"read-{read.pk}{suffix}", content_type=kind, content=content)
    tell(deed, "metering.photo_attached", read=read.pk, attachment=kept.pk)
    return kept


def checked_photo(content: bytes) -> tuple[str, str]:
    """The content type and file ending of a picture, told by its bytes. Raises `NoPhoto`."""
    if len(content) > LARGEST_PHOTO:
        raise NoPhoto(f"the photo has {len(content):,} bytes; at most {LARGEST_PHOTO:,} are kept")
    for begins, kind, suffix in _KINDS:
        if content.startswith(begins):
            return kind, suffix
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    raise NoPhoto("the file is no JPEG, PNG or WebP picture")
