"""The page as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from pathlib import Path

from meterbook.notices.bill_change.document import ChangeDocument
from meterbook.notices.bill_change.gather import change_document
from meterbook.notices.typesetting import typeset
from meterbook.records.billing.change import Against

_FOLDER = Path(__file__).parent


def render_change(bill_id: int, against: Against, language: str | None = None) -> bytes:
    """The page of a bill in ``language`` or its holder's. Raises `NothingBefore` or `NotSet`."""
    return set_change(change_document(bill_id, against, language))


def set_change(document: ChangeDocument) -> bytes:
    """Set a document. Raises `NotSet`."""
    return typeset(_FOLDER, document.data())
