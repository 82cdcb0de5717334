"""In place of the press, which takes seconds a batch: files with the numbers of their bills, five to a file."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pytest import MonkeyPatch

from meterbook.jobs import run_mail
from meterbook.notices.bill.batch import Entry
from meterbook.notices.bill.render import render_run


def typeset(batch: Any, _fonts: Path) -> list[Entry]:
    """A file with the numbers of its bills, two pages each."""
    text = "\n".join(entry.number for entry in batch.entries)
    batch.pdf.write_text(text)
    digest = sha256(text.encode()).hexdigest()
    return [replace(entry, file=batch.pdf.name, page=1, pages=2, file_sha256=digest) for entry in batch.entries]


def in_fives(monkeypatch: MonkeyPatch) -> None:
    """Let runs be printed five bills to a file, as plain text."""
    monkeypatch.setattr("meterbook.notices.bill.render.print_batch", typeset)
    monkeypatch.setattr(run_mail, "render_run", lambda *args, **more: render_run(*args, **{**more, "batch": 5}))
