"""A letter as a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from meterbook.notices.deposit.gather import letter_document
from meterbook.notices.typesetting import typeset
from meterbook.records.customers.models import Account

_FOLDER = Path(__file__).parent


def render_letter(account: Account, kind: str, day: date) -> bytes:
    """One letter. Raises `NothingToSay` and `NotSet`."""
    return set_letters([letter_document(account, kind, day)])


def set_letters(letters: list[dict[str, Any]]) -> bytes:
    """Letters as plain values (see ``samples/``), one page each, in one file. Raises `NotSet`."""
    return typeset(_FOLDER, letters)
