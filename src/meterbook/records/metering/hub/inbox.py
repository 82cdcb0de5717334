"""Where folders may be watched: below one root that whoever runs the server names, and nowhere else.

A source is set up on a page, and its files are moved and read as the system's own user; a folder of anybody's choice
would lay open whatever that user can read.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def inbox() -> Path:
    """The root of watched folders: ``METERBOOK_INBOX``, or ``inbox`` in the data directory; links followed."""
    return Path(settings.INBOX).resolve()


def in_inbox(location: str) -> bool:
    """Whether a folder, links followed, lies in the inbox, and in no other part of the data directory."""
    try:
        place, data = Path(location).resolve(), Path(settings.DATA_DIR).resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, or a name that can be none
        return False
    if not place.is_relative_to(inbox()):
        return False
    return not place.is_relative_to(data) or place.is_relative_to(data / "inbox")
