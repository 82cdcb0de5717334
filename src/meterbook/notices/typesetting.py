"""Setting a page: a notice's template and its strings become one tagged PDF (PDF/UA-1), with our fonts alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from meterbook.notices.fonts import font_folder


class NotSet(RuntimeError):
    """Typst refused the page; the message is its own first line."""


def typeset(folder: Path, data: Any) -> bytes:
    """Set ``template.typ`` of a notice's folder with ``data``, plain values the template reads. Raises `NotSet`."""
    compiler = typst.Compiler(
        str(folder / "template.typ"), root=str(folder), font_paths=[str(font_folder())], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    except RuntimeError as problem:
        raise NotSet(str(problem).splitlines()[0]) from problem
    assert isinstance(pdf, bytes)
    return pdf
