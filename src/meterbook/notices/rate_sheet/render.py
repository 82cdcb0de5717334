"""A sheet, or the list of every rate in force, as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from meterbook.notices.rate_sheet.document import SheetDocument
from meterbook.notices.rate_sheet.gather import list_document, sheet_document
from meterbook.notices.typesetting import typeset

_FOLDER = Path(__file__).parent


def render_rate_sheet(code: str, *, on: date, language: str) -> bytes:
    """One schedule with all its versions as released, as of a day. Raises `NoSuchSchedule` or `NotSet`."""
    return set_sheets(sheet_document(code, on=on, language=language))


def render_rate_list(*, on: date, language: str) -> bytes:
    """Every rate in force on a day. Raises `NotSet`."""
    return set_sheets(list_document(on=on, language=language))


def set_sheets(document: SheetDocument) -> bytes:
    """Set a document. Raises `NotSet`."""
    return typeset(_FOLDER, document.data())
