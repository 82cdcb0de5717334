"""The page as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from meterbook.notices.bill_change.document import ChangeDocument
from meterbook.notices.bill_change.gather import change_document
from meterbook.notices.fonts import font_folder
from meterbook.records.billing.change import Against

_FOLDER = Path(__file__).parent


class NotSet(RuntimeError):
    """Typst refused the page; the message is its own first line."""


def render_change(bill_id: int, against: Against, language: str | None = None) -> bytes:
    """The page of a bill in ``language`` or its holder's. Raises `NothingBefore` or `NotSet`."""
    return set_change(change_document(bill_id, against, language))


def set_change(document: ChangeDocument) -> bytes:
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
