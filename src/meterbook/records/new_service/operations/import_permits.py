"""Taking a file of permits into the queue: new ones wait, changed ones are shown again, the same one does nothing."""

from __future__ import annotations

import hashlib

from meterbook.formats.permits import Permit as PermitRecord
from meterbook.formats.registry import any_format
from meterbook.records.new_service.models import Permit
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Correction, Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR

KIND = "permits"


class NotPermits(ValueError):
    """The format named is not one of permits."""


@operation("new_service.import_permits", roles={CSR, BILLING, SUPERVISOR})
def import_permits(deed: Deed, *, format: str, file_name: str, content: bytes) -> ImportBatch:
    """Put the permits of a file into the queue; a row that cannot be taken becomes a correction.

    The same file again returns what it was taken as. Raises `WrongFormat`, `UnknownFormat`, `NotPermits`, `TooLarge`.
    """
    chosen = any_format(format)
    if chosen.kind != KIND:
        raise NotPermits(f"found the format {format} of {chosen.kind}, expected one of permits")
    digest = hashlib.sha256(content).hexdigest()
    before = ImportBatch.objects.filter(kind=KIND, sha256=digest).first()
    if before is not None:
        return before
    parsed = chosen.parse(content)
    known = {one.number: one for one in Permit.objects.select_for_update().filter(
        number__in=[one.number for one in parsed.records])}  # fmt: skip
    same = [one for one in parsed.records if one.number in known and known[one.number].said == dict(one.said)]
    batch = ImportBatch.objects.create(
        kind=KIND, format=format, file_name=file_name, sha256=digest, rows=parsed.rows, unchanged=len(same),
        loaded=len(parsed.records) - len(same), rejected=parsed.rows - len(parsed.records), deed=deed,
    )  # fmt: skip
    keep_file(deed, subject=f"importbatch:{batch.pk}", file_name=file_name, content_type="text/plain", content=content)
    for record in parsed.records:
        if record not in same:
            _put(deed, batch, format, record, known.get(record.number))
    Correction.objects.bulk_create(
        Correction(batch=batch, line=one.line, field=one.field, found=one.found, expected=one.expected, raw="")
        for one in parsed.problems
    )
    tell(deed, "new_service.permits_imported", batch=batch.pk, permits=batch.loaded, rejected=batch.rejected)
    return batch


def _put(deed: Deed, batch: ImportBatch, format: str, record: PermitRecord, before: Permit | None) -> None:
    """A new permit waits; one dealt with already stays as it is and is marked as changed."""
    fields = {
        "format": format, "issued_on": record.issued_on, "kind": record.kind, "status": record.status,
        "parcel_number": record.parcel, "street_number": record.street_number, "street": record.street,
        "unit": record.unit, "applicant": record.applicant, "said": dict(record.said),
        "meters": [list(one) for one in record.meters], "batch": batch, "deed": deed,
    }  # fmt: skip
    if before is None:
        Permit.objects.create(number=record.number, **fields)
        return
    for name, value in fields.items():
        setattr(before, name, value)
    before.changed = before.state != Permit.WAITS
    before.save()
