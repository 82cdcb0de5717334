"""The evidence of a month for the auditor: every report as a file, each with its fingerprint, in one archive.

The same books make the same bytes: figures come by accounting period alone, and nothing in the archive says when it was
made. A locked month can be proved any day by making its reports again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from meterbook.engine.ledger.closing.gl_journal import journal
from meterbook.formats.gl_journal import JournalLine, write_journal
from meterbook.records.closing.figures import reconcile, waiting
from meterbook.records.closing.figures.roll_forward import roll_forward, total
from meterbook.records.closing.figures.trial_balance import trial_balance
from meterbook.records.closing.figures.unbilled import unbilled
from meterbook.records.closing.months import Span
from meterbook.records.closing.pieces import pieces_of
from meterbook.records.closing.settings import gl_journal_on, month_end_on

#: Accounts that should be empty at a month's end, by their role.
WAITING = ("clearing", "drawer", "suspense", "transfers")
#: Every file in an archive has this time: the archive is its contents, not the moment it was made.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def journal_bytes(span: Span) -> tuple[bytes, int, int]:
    """The month's journal: its file, how many lines, cents debited. Raises `WrongMapping`, `NoPolicy`."""
    mapping, profile = gl_journal_on(span.last_day)
    lines = journal(pieces_of(span), mapping)
    rows = [JournalLine(line.fund, line.gl, line.cents, line.title) for line in lines]
    content = write_journal(rows, period=span.label, on=span.last_day, profile=profile)
    return content, len(lines), sum(line.cents for line in lines if line.cents > 0)


def reports(span: Span) -> dict[str, bytes]:
    """Every report of a span by file name, from the books alone."""
    policy = month_end_on(span.ends)
    rolled = roll_forward(span, policy)
    rows = {
        "roll-forward": [row.figures() for row in (*rolled, total(rolled))],
        "trial-balance": [row.figures() for row in trial_balance(span)],
        "aging": [_plain(row, total_cents=row.total) for row in reconcile.aged(span)],
        "reconciliation": [_plain(row, difference_cents=row.difference) for row in reconcile.receivables(span)],
        "clearing-and-suspense": [_plain(row, role=role) for role in WAITING for row in waiting.explained(role, span)],
        "deposits": [{"line": line, "cents": cents} for line, cents in waiting.deposits_rolled(span).items()],
        "unbilled-estimate": [_plain(row) for row in unbilled(span)],
    }
    made = {f"{name}.csv": csv_of(each) for name, each in rows.items()}
    return {**made, "journal.csv": journal_bytes(span)[0]}


def _plain(row: Any, **more: Any) -> dict[str, Any]:
    """What is said of a figure, its fields in their order."""
    return {**more, **{name: getattr(row, name) for name in row.__slots__}}


def csv_of(rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows with one heading; whole cents as dollars under a heading without ``_cents``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if rows:
        writer.writerow([name.removesuffix("_cents") for name in rows[0]])
    for row in rows:
        writer.writerow([_cell(name, value) for name, value in row.items()])
    return out.getvalue().encode("utf-8")


_MONEY = {
    "books", "items", "cents", "not_due", "to_30", "to_60", "to_90", "over_90", "credits", "billed_cents",
}  # fmt: skip


def _cell(name: str, value: Any) -> str:
    if isinstance(value, int) and (name.endswith("_cents") or name in _MONEY):
        return f"{Decimal(value).scaleb(-2):.2f}"
    return "" if value is None else str(value)


def hashes(files: dict[str, bytes]) -> dict[str, str]:
    """Each file's fingerprint."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


def archive(files: dict[str, bytes], manifest: dict[str, Any]) -> bytes:
    """The files and a manifest of them in one archive; the same files make the same bytes."""
    text = json.dumps({**manifest, "sha256": hashes(files)}, indent=1, sort_keys=True, ensure_ascii=False)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in _with_manifest(files, text):
            made.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_manifest(files: dict[str, bytes], text: str) -> Iterable[tuple[str, bytes]]:
    yield "manifest.json", text.encode("utf-8")
    yield from sorted(files.items())


def manifest_of(content: bytes) -> dict[str, Any]:
    """The manifest of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as kept:
        found: dict[str, Any] = json.loads(kept.read("manifest.json"))
        return found


def changed(content: bytes, span: Span) -> list[str]:
    """Reports of a kept archive that come out differently today; nothing for a locked month whose books hold."""
    kept = manifest_of(content)["sha256"]
    now = hashes(reports(span))
    return sorted(name for name in now if kept.get(name) != now[name])
