"""The calendar as one tagged PDF (PDF/UA-1), landscape, a page a cycle and year."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from meterbook.notices.billing_calendar.document import CalendarDocument
from meterbook.notices.billing_calendar.gather import calendar_document
from meterbook.notices.fonts import font_folder

_FOLDER = Path(__file__).parent


class NotSet(RuntimeError):
    """Typst refused the page; the message is its own first line."""


def render_calendar(year: int, *, language: str, cycle: str | None = None, proposed: bool = False) -> bytes:
    """The year of one cycle or of all. Raises `NoCalendar` or `NotSet`."""
    return set_calendar(calendar_document(year, language=language, cycle=cycle, proposed=proposed))


def set_calendar(document: CalendarDocument) -> bytes:
    """Set a document. Raises `NotSet`."""
    compiler = typst.Compiler(
        str(_FOLDER / "template.typ"), root=str(_FOLDER), font_paths=[str(font_folder())], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(document.data(), ensure_ascii=False)},
    )  # fmt: skip
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    except RuntimeError as problem:
        raise NotSet(str(problem).splitlines()[0]) from problem
    assert isinstance(pdf, bytes)
    return pdf
