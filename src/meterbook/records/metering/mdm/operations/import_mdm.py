"""Taking in what another MDM hands over: reads it vouches for, and exceptions that become work of our queue."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

import polars as pl

from meterbook.formats.contract import ParsedReads, ReadRecord
from meterbook.formats.mdm_csv import MdmException, parse_reads
from meterbook.records.metering.accept import judge
from meterbook.records.metering.mdm.standing import Standing, at_risk, newest_version, standing_of
from meterbook.records.metering.models import Finding, Read, ReadException
from meterbook.records.metering.queue.deciding import bring_up_to_date
from meterbook.records.metering.validation.take import take
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, SUPERVISOR

KIND, FORMAT = "reads", "mdm-reads"


@dataclass(frozen=True, slots=True)
class MdmTaken:
    """What a file of another MDM came to: its batch, new exceptions, and those known before."""

    batch: ImportBatch
    exceptions: int
    known: int


@operation("metering.import_mdm", roles={BILLING, SUPERVISOR})
def import_mdm(deed: Deed, *, file_name: str, content: bytes) -> MdmTaken:
    """Load a file of billing reads and exceptions (`formats.mdm_csv`).

    The reads are judged like every other. Each exception becomes an item of the queue with the MDM's own number; the
    read it doubts waits there, also one that was accepted here before. The same file, and the same number in another
    file, change nothing. Raises `formats.contract.WrongFormat`; nothing is loaded then.
    """
    digest = hashlib.sha256(content).hexdigest()
    before = ImportBatch.objects.filter(kind=KIND, sha256=digest).first()
    if before is not None:
        return MdmTaken(before, 0, ReadException.objects.filter(source="mdm", deed=before.deed).count())
    parsed = parse_reads(content)
    known = set(
        ReadException.objects.filter(source="mdm", reference__in=[each.reference for each in parsed.exceptions])
        .values_list("reference", flat=True)
    )  # fmt: skip
    fresh = [each for each in parsed.exceptions if each.reference not in known]
    good, corrections, counts = judge(ParsedReads(parsed.reads, parsed.problems, parsed.rows), timezone=_zone())
    sound, unknown = _meters_of(fresh)
    corrections = pl.concat([corrections, unknown]).sort("line")
    loaded = good.height + len(sound)
    batch = ImportBatch.objects.create(
        kind=KIND, format=FORMAT, file_name=file_name, sha256=digest, rows=parsed.rows, loaded=loaded,
        unchanged=counts["unchanged"] + len(known), same_day=counts["same_day"],
        rejected=corrections["line"].n_unique(), deed=deed,
    )  # fmt: skip
    keep_file(deed, subject=f"importbatch:{batch.pk}", file_name=file_name, content_type="text/csv", content=content)
    copy_in("platform_correction", _with_raw(corrections, content).with_columns(batch_id=pl.lit(batch.pk)))
    taken = take(deed, good, batch=batch, origin=Read.MDM)
    _ask(deed, batch, sound)
    tell(
        deed, "metering.mdm_imported", batch=batch.pk, reads=good.height, queued=taken.queued, exceptions=len(sound),
        known=len(known), rejected=batch.rejected,
    )  # fmt: skip
    return MdmTaken(batch, len(sound), len(known))


def _with_raw(corrections: pl.DataFrame, content: bytes) -> pl.DataFrame:
    """Corrections of rows the format refused carry their own line of the file, as the judged ones do."""
    lines = ["", *content.decode("utf-8-sig").splitlines()]
    raw = [text or lines[line] for line, text in corrections.select("line", "raw").iter_rows()]
    return corrections.with_columns(raw=pl.Series("raw", raw, dtype=pl.String))


def _zone() -> str:
    return utility().timezone


def _meters_of(exceptions: Sequence[MdmException]) -> tuple[list[tuple[MdmException, Standing]], pl.DataFrame]:
    """Exceptions with the register each is about, and the corrections of those about a register nobody knows.

    An exception without a read is judged by a read of nothing on its day, so that meter, channel, unit and day are
    checked by the same rules as every row.
    """
    records = [each.read or _nothing(each) for each in exceptions]
    _, corrections, _ = judge(ParsedReads(records, [], len(records)), timezone=_zone())
    places = standing_of(exceptions)
    bad = set(corrections["line"].to_list())
    kept = [(each, places[each.reference]) for each in exceptions if each.line not in bad and each.reference in places]
    lost = [each for each in exceptions if each.line not in bad and each.reference not in places]
    if lost:
        rows = [(each.line, "meter", each.meter_serial, "a meter that hangs somewhere on that day", each.raw)
                for each in lost]  # fmt: skip
        corrections = pl.concat([corrections, pl.DataFrame(rows, schema=corrections.schema, orient="row")])
    return kept, corrections


def _nothing(each: MdmException) -> ReadRecord:
    at = datetime.combine(each.on, time(0))
    return ReadRecord(
        each.line, each.meter_serial, each.register, each.on, at, Decimal(0), each.unit, "actual", each.raw
    )


def _ask(deed: Deed, batch: ImportBatch, asked: Sequence[tuple[MdmException, Standing]]) -> None:
    """Put every exception into the queue, the read it doubts with it."""
    for exception, place in asked:
        read = _doubted(deed, batch, exception, place) if exception.read is not None else None
        risk = at_risk(deed, read) if read is not None else {}
        item = ReadException.objects.create(
            service_point_id=place.service_point, register_id=place.register, read=read, on=exception.on, source="mdm",
            reference=exception.reference, raised_on=deed.business_date, unit=exception.unit,
            found_e6=risk.get("found"), expected_e6=risk.get("expected"), at_risk_cents=risk.get("at_risk", 0),
            deed=deed,
        )  # fmt: skip
        Finding.objects.create(
            exception=item, read=read, on=exception.on, rule="mdm", holds=True, deed=deed,
            figures={"why": exception.words or exception.code, "code": exception.code,
                     "reference": exception.reference},
        )  # fmt: skip


def _doubted(deed: Deed, batch: ImportBatch, exception: MdmException, place: Standing) -> Read | None:
    """The read an exception doubts, waiting; None where an item of our own holds it already.

    A read accepted here with the same value is put in question; it makes no usage until somebody decides.
    """
    told = exception.read
    assert told is not None
    same = Read.objects.select_for_update().filter(
        register=place.register, read_on=told.read_on, value=told.value, superseded=False
    )
    read = same.exclude(status=Read.REJECTED).first()
    if read is None:
        return Read.objects.create(
            register_id=place.register, read_on=told.read_on, read_at=place.instant(told.read_at), value=told.value,
            estimated=told.kind == "estimated", batch=batch, line=told.line, raw=told.raw, status=Read.QUEUED,
            version=newest_version(place.register, told.read_on) + 1, origin=Read.MDM, reader=told.reader, deed=deed,
        )  # fmt: skip
    if read.starts_chain or ReadException.objects.filter(read=read).exists():
        return None
    if read.status == Read.ACCEPTED:
        Read.objects.filter(pk=read.pk).update(status=Read.QUEUED)
        bring_up_to_date(deed, place.register, since=read.read_on)
    return read
