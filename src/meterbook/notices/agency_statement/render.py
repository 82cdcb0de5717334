"""The statement as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from meterbook.notices.agency_statement.document import statement_data
from meterbook.notices.typesetting import typeset
from meterbook.records.agencies.statement import Statement

_FOLDER = Path(__file__).parent


def render_statement(found: Statement, language: str, printed_on: date) -> bytes:
    """The page of one statement. Raises `NotSet`."""
    return set_statement(statement_data(found, language, printed_on))


def set_statement(data: dict[str, Any]) -> bytes:
    """Set the strings. Raises `NotSet`."""
    return typeset(_FOLDER, data)
