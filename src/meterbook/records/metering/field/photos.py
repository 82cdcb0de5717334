"""Pictures told by their bytes, never by their name."""

from __future__ import annotations

from meterbook.engine.trace import N_
from meterbook.records.metering.field.refusals import FieldRefused

LARGEST = 10 * 2**20


class NoPicture(FieldRefused):
    """The file is no picture that can be kept with a request."""

    message = N_("Choose a photo: a JPEG, PNG or WebP picture of at most 10 MB.")


def kind_of(content: bytes) -> tuple[str, str]:
    """Content type and file suffix of a picture; raises `NoPicture`.

    >>> kind_of(b"\\x89PNG\\r\\n\\x1a\\n...")
    ('image/png', '.png')
    """
    if len(content) <= LARGEST:
        if content.startswith(b"\xff\xd8\xff"):
            return "image/jpeg", ".jpg"
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return "image/png", ".png"
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return "image/webp", ".webp"
    raise NoPicture
