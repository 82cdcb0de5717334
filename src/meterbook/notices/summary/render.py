"""A summary as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from meterbook.notices.fonts import font_folder
from meterbook.notices.summary.document import SummaryDocument
from meterbook.notices.summary.gather import summary_document

_FOLDER = Path(__file__).parent


class NotSet(RuntimeError):
    """Typst refused the summary; the message is its own first line."""


def render_summary(summary_id: int, language: str | None = None) -> bytes:
    """A summary in ``language`` or its payer's. Raises `NoSuchSummary`, `DoesNotAdd` or `NotSet`."""
    return set_summary(summary_document(summary_id, language))


def set_summary(document: SummaryDocument) -> bytes:
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
