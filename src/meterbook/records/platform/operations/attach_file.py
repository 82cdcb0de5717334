"""Keeping a file with a record, as it came: the original of an import, a scan, a photo."""

from __future__ import annotations

import hashlib

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, SUPERVISOR

#: Larger files belong in an archive, not in the books.
LARGEST_BYTES = 50 * 1024 * 1024


class TooLarge(ValueError):
    """The file is larger than a record may keep."""


def keep_file(deed: Deed, *, subject: str, file_name: str, content_type: str, content: bytes) -> Attachment:
    """Keep ``content`` with ``subject`` (like ``importbatch:17``) as part of a deed that is being done."""
    if len(content) > LARGEST_BYTES:
        raise TooLarge(f"{file_name} has {len(content):,} bytes; at most {LARGEST_BYTES:,} are kept with a record")
    return Attachment.objects.create(
        subject=subject,
        file_name=file_name,
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        deed=deed,
    )


@operation("platform.attach_file", roles={BILLING, SUPERVISOR, CSR, CASHIER})
def attach_file(deed: Deed, *, subject: str, file_name: str, content_type: str, content: bytes) -> Attachment:
    """Attach a file to a record. Raises `TooLarge`."""
    kept = keep_file(deed, subject=subject, file_name=file_name, content_type=content_type, content=content)
    tell(deed, "platform.file_attached", attachment=kept.pk, subject=subject)
    return kept
