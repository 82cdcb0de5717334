"""A sheet, or the list of every rate in force, as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import typst

from meterbook.notices.fonts import font_folder
from meterbook.notices.rate_sheet.document import SheetDocument
from meterbook.notices.rate_sheet.gather import list_document, sheet_document

_FOLDER = Path(__file__).parent


class NotSet(RuntimeError):
    """Typst refused the sheet; the message is its own first line."""


def render_rate_sheet(code: str, *, on: date, language: str) -> bytes:
    """One schedule with all its versions as released, as of a day. Raises `NoSuchSchedule` or `NotSet`."""
    return set_sheets(sheet_document(code, on=on, language=language))


def render_rate_list(*, on: date, language: str) -> bytes:
    """Every rate in force on a day. Raises `NotSet`."""
    return set_sheets(list_document(on=on, language=language))


def set_sheets(document: SheetDocument) -> bytes:
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
