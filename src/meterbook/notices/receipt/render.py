"""A receipt as a tagged PDF (PDF/UA-1): a roll as long as it needs, or a letter page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from meterbook.notices.receipt.gather import receipt_document
from meterbook.notices.typesetting import typeset

_FOLDER = Path(__file__).parent


def render_receipt(receipt_id: int, *, paper: Literal["roll", "letter"] = "roll") -> bytes:
    """One receipt. Raises `NoReceipt` and `NotSet`."""
    return set_receipt(receipt_document(receipt_id, paper=paper))


def set_receipt(document: dict[str, Any]) -> bytes:
    """A receipt as plain values (see ``samples/``) on its paper. Raises `NotSet`."""
    return typeset(_FOLDER, document)
