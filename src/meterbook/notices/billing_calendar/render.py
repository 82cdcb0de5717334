"""The calendar as one tagged PDF (PDF/UA-1), landscape, a page a cycle and year."""

from __future__ import annotations

from pathlib import Path

from meterbook.notices.billing_calendar.document import CalendarDocument
from meterbook.notices.billing_calendar.gather import calendar_document
from meterbook.notices.typesetting import typeset

_FOLDER = Path(__file__).parent


def render_calendar(year: int, *, language: str, cycle: str | None = None, proposed: bool = False) -> bytes:
    """The year of one cycle or of all. Raises `NoCalendar` or `NotSet`."""
    return set_calendar(calendar_document(year, language=language, cycle=cycle, proposed=proposed))


def set_calendar(document: CalendarDocument) -> bytes:
    """Set a document. Raises `NotSet`."""
    return typeset(_FOLDER, document.data())
