"""Presented bills become one PDF. No Django and no database here: a batch is set in a process of its own.

`python -m meterbook.notices.bill.press FONTS PDF` reads a batch as JSON from standard input, writes the PDF and
prints what became of each bill. A process per batch, because Typst keeps in memory whatever it has set.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent


class NotSet(Exception):
    """Typst refused the bills; the message is its own first line."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, each bill's first page and number of pages (from 1), and the bills that could not be set, with why."""

    pdf: bytes
    places: dict[str, tuple[int, int]]
    refused: dict[str, str]


def template_sha256(fonts_sha256: str) -> str:
    """The digest of the template, its parts, the fonts and the Typst version: what decides how a bill looks."""
    digest = sha256(f"{version('typst')} {fonts_sha256}".encode())
    for file in [_FOLDER / "template.typ", *sorted((_FOLDER / "parts").glob("*.typ"))]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def press(batch: dict[str, Any], *, fonts: Path) -> Printed:
    """Set a batch ``{title, author, lang, date, words, bills}``; raise `NotSet` if Typst refuses any of it."""
    compiler = typst.Compiler(
        str(_FOLDER / "template.typ"),
        root=str(_FOLDER),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(batch, ensure_ascii=False)},
    )
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"])  # tagged, titled, every glyph present
        marks = json.loads(compiler.query("<page-mark>", field="value"))
    except RuntimeError as problem:
        raise NotSet(str(problem).splitlines()[0]) from problem
    assert isinstance(pdf, bytes)
    places = {mark["bill"]: (mark["first"], mark["pages"]) for mark in marks}
    return Printed(pdf=pdf, places=places, refused={})


def press_all(batch: dict[str, Any], *, fonts: Path) -> Printed:
    """Set every bill that can be set; those Typst refuses are found by halving and left out, with its words."""
    try:
        return press(batch, fonts=fonts)
    except NotSet:
        refused = _refused(batch, batch["bills"], fonts=fonts)
    good = [bill for bill in batch["bills"] if bill["number"] not in refused]
    printed = press({**batch, "bills": good}, fonts=fonts) if good else Printed(b"", {}, {})
    return Printed(pdf=printed.pdf, places=printed.places, refused=refused)


def _refused(batch: dict[str, Any], bills: list[dict[str, Any]], *, fonts: Path) -> dict[str, str]:
    """The bills among these that cannot be set, with why."""
    try:
        press({**batch, "bills": bills}, fonts=fonts)
    except NotSet as problem:
        if len(bills) == 1:
            return {bills[0]["number"]: str(problem)}
        half = len(bills) // 2
        return _refused(batch, bills[:half], fonts=fonts) | _refused(batch, bills[half:], fonts=fonts)
    return {}


def _main(fonts: str, target: str) -> None:
    printed = press_all(json.load(sys.stdin), fonts=Path(fonts))
    if printed.pdf:
        Path(target).write_bytes(printed.pdf)
    json.dump({"places": printed.places, "refused": printed.refused}, sys.stdout)


if __name__ == "__main__":
    _main(*sys.argv[1:])
