"""The statement as one tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst

from meterbook.notices.agency_statement.document import statement_data
from meterbook.notices.fonts import font_folder
from meterbook.records.agencies.statement import Statement

_FOLDER = Path(__file__).parent


class NotSet(RuntimeError):
    """Typst refused the page; the message is its own first line."""


def render_statement(found: Statement, language: str, printed_on: date) -> bytes:
    """The page of one statement. Raises `NotSet`."""
    return set_statement(statement_data(found, language, printed_on))


def set_statement(data: dict[str, Any]) -> bytes:
    """Set the strings. Raises `NotSet`."""
    compiler = typst.Compiler(
        str(_FOLDER / "template.typ"), root=str(_FOLDER), font_paths=[str(font_folder())], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    except RuntimeError as problem:
        raise NotSet(str(problem).splitlines()[0]) from problem
    assert isinstance(pdf, bytes)
    return pdf
