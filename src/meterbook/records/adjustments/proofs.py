"""Files that prove why: kept with an adjustment or a leak claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.operations.attach_file import keep_file


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as it was handed in."""

    file_name: str
    content_type: str
    content: bytes


def keep(deed: Deed, subject: str, proofs: Sequence[Proof]) -> list[Attachment]:
    """Keep every file with a record; raises `TooLarge`."""
    return [
        keep_file(deed, subject=subject, file_name=one.file_name, content_type=one.content_type, content=one.content)
        for one in proofs
    ]


def kept(subject: str) -> list[Attachment]:
    """The files of a record, without their content."""
    return list(Attachment.objects.filter(subject=subject).defer("content").order_by("pk"))
