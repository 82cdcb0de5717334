"""Taking in a file of meter reads: good rows load, bad rows become corrections, the same file changes nothing."""

from __future__ import annotations

import hashlib

import polars as pl

from meterbook.formats.registry import read_format
from meterbook.records.metering.accept import judge
from meterbook.records.metering.models import Read
from meterbook.records.metering.validation.take import take
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("metering.import_reads", roles={BILLING, SUPERVISOR})
def import_reads(deed: Deed, *, format: str, file_name: str, content: bytes) -> ImportBatch:
    """Load a read file and derive the usage it completes.

    Raises `formats.contract.WrongFormat` when the file as a whole cannot be trusted; nothing is loaded then. A file
    with the same bytes returns the batch of the first time.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = ImportBatch.objects.filter(kind="reads", sha256=digest).first()
    if known is not None:
        return known
    parsed = read_format(format).parse(content)
    reads, corrections, counts = judge(parsed, timezone=utility().timezone)
    corrections = _with_raw(corrections, content)
    batch = ImportBatch.objects.create(
        kind="reads",
        format=format,
        file_name=file_name,
        sha256=digest,
        rows=parsed.rows,
        loaded=reads.height,
        deed=deed,
        **counts,
    )
    keep_file(deed, subject=f"importbatch:{batch.pk}", file_name=file_name, content_type="text/plain", content=content)
    _store_corrections(batch, corrections)
    taken = take(deed, reads, batch=batch, origin=Read.FILE)
    tell(
        deed, "metering.reads_imported", batch=batch.pk, loaded=reads.height, queued=taken.queued,
        rejected=counts["rejected"],
    )  # fmt: skip
    return batch


def _with_raw(corrections: pl.DataFrame, content: bytes) -> pl.DataFrame:
    """The rows a format refused carry their own line of the file, as the judged ones do."""
    lines = content.decode("utf-8-sig").splitlines()
    raw = [
        text or (lines[line - 1] if 0 < line <= len(lines) else "")
        for line, text in zip(corrections["line"].to_list(), corrections["raw"].to_list(), strict=True)
    ]
    return corrections.with_columns(raw=pl.Series("raw", raw, dtype=pl.String))


def _store_corrections(batch: ImportBatch, corrections: pl.DataFrame) -> None:
    copy_in("platform_correction", corrections.with_columns(batch_id=pl.lit(batch.pk)))
