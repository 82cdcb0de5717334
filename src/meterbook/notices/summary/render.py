"""A summary as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from pathlib import Path

from meterbook.notices.summary.document import SummaryDocument
from meterbook.notices.summary.gather import summary_document
from meterbook.notices.typesetting import typeset

_FOLDER = Path(__file__).parent


def render_summary(summary_id: int, language: str | None = None) -> bytes:
    """A summary in ``language`` or its payer's. Raises `NoSuchSummary`, `DoesNotAdd` or `NotSet`."""
    return set_summary(summary_document(summary_id, language))


def set_summary(document: SummaryDocument) -> bytes:
    """Set a document. Raises `NotSet`."""
    return typeset(_FOLDER, document.data())
