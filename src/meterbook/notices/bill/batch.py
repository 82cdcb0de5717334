"""One batch of a run: its PDF and its manifest, both there and whole, or neither."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

_SOURCE = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Entry:
    """A manifest's row: where a bill stands in which file, or why it was set apart."""

    number: str
    amount: str
    file: str = ""
    page: int = 0
    pages: int = 0
    problem: str = ""
    file_sha256: str = ""
    inputs_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Isolated:
    """A bill that was not printed, and why."""

    number: str
    problem: str

    def __str__(self) -> str:
        return f"bill {self.number}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Batch:
    """Bills to print into ``stem``.pdf with ``stem``.csv; ``entries`` are all bills, ``data`` those to be set."""

    stem: Path
    data: dict[str, Any]
    entries: list[Entry]
    inputs_sha256: str

    @property
    def pdf(self) -> Path:
        """The file of the bills."""
        return self.stem.with_suffix(".pdf")

    @property
    def manifest(self) -> Path:
        """The file that says what is in it."""
        return self.stem.with_suffix(".csv")


class PressFailed(RuntimeError):
    """The process that sets a batch ended badly; its last words are the message."""


def print_batch(batch: Batch, fonts: Path) -> list[Entry]:
    """Print a batch unless it stands there already; returns its manifest. Raises `PressFailed`."""
    standing = _standing(batch)
    if standing is not None:
        return standing
    entries = batch.entries
    if batch.data["bills"]:
        part = batch.stem.with_suffix(".pdf.part")
        told = _set(batch, fonts, part)
        digest = sha256(part.read_bytes()).hexdigest() if told["places"] else ""
        entries = [_told(entry, told, batch.pdf.name, digest) for entry in entries]
        if digest:
            part.replace(batch.pdf)
    entries = [replace(entry, inputs_sha256=batch.inputs_sha256) for entry in entries]
    _write(batch.manifest, entries)
    return entries


def _set(batch: Batch, fonts: Path, part: Path) -> dict[str, Any]:
    """Run the press in a process of its own, on one core."""
    path = os.pathsep.join(filter(None, [str(_SOURCE), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "meterbook.notices.bill.press", str(fonts), str(part)],
        input=json.dumps(batch.data),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": path, "RAYON_NUM_THREADS": "1", "PYTHONUTF8": "1"},
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise PressFailed(f"{batch.stem.name}: {last[0]}")
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def _told(entry: Entry, told: dict[str, Any], file: str, digest: str) -> Entry:
    if entry.problem:
        return entry
    if entry.number not in told["places"]:
        return replace(entry, problem=told["refused"].get(entry.number, "it was not set"))
    page, pages = told["places"][entry.number]
    return replace(entry, file=file, page=page, pages=pages, file_sha256=digest)


def _standing(batch: Batch) -> list[Entry] | None:
    """The manifest of an earlier print of exactly these bills, if it and its file are whole."""
    try:
        with batch.manifest.open(encoding="utf-8", newline="") as file:
            entries = [_entry(row) for row in csv.DictReader(file)]
    except (OSError, KeyError, TypeError, ValueError):
        return None
    if [entry.number for entry in entries] != [entry.number for entry in batch.entries]:
        return None
    if any(entry.inputs_sha256 != batch.inputs_sha256 for entry in entries):
        return None
    digests = {entry.file_sha256 for entry in entries if entry.file}
    if digests and (not batch.pdf.is_file() or digests != {sha256(batch.pdf.read_bytes()).hexdigest()}):
        return None
    return entries


def _entry(row: dict[str, str]) -> Entry:
    return Entry(**{**row, "page": int(row["page"]), "pages": int(row["pages"])})  # type: ignore[arg-type]


def _write(manifest: Path, entries: list[Entry]) -> None:
    """The manifest appears whole, after its PDF: without it the batch counts as not printed."""
    part = manifest.with_suffix(".csv.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Entry)])
        writer.writeheader()
        writer.writerows(asdict(entry) for entry in entries)
    part.replace(manifest)
