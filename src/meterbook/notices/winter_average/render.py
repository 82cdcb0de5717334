"""Letters as tagged PDFs (PDF/UA-1), some hundred to a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meterbook.notices.fonts import unprintable
from meterbook.notices.typesetting import typeset
from meterbook.notices.winter_average.gather import NoSuchLetter, letter_documents, rows_of, without_account

_FOLDER = Path(__file__).parent
BATCH = 300


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a reset: PDF files in order, how many letters, and points without anybody to write to.

    ``isolated`` are letters set apart because they hold characters no font of ours has: account and characters.
    """

    files: tuple[bytes, ...]
    letters: int
    without_account: int
    isolated: tuple[tuple[str, str], ...]


def render_letters(reset_id: int, *, batch: int = BATCH) -> Letters:
    """Every letter of a reset, by account number, ``batch`` to a file. Raises `NotSet`."""
    ids, files, isolated = rows_of(reset_id), [], []
    for at in range(0, len(ids), batch):
        letters = list(letter_documents(ids[at : at + batch]))
        wrong = {at: signs for at, letter in enumerate(letters) if (signs := unprintable(_text(letter)))}
        isolated += [(letters[at]["account"], signs) for at, signs in wrong.items()]
        kept = [letter for at, letter in enumerate(letters) if at not in wrong]
        if kept:
            files.append(set_letters(kept))
    return Letters(tuple(files), len(ids) - len(isolated), without_account(reset_id), tuple(isolated))


def render_letter(row_id: int) -> bytes:
    """One letter. Raises `NoSuchLetter` and `NotSet`."""
    found = list(letter_documents([row_id]))
    if not found:
        raise NoSuchLetter(f"there is no letter for row {row_id}")
    return set_letters(found)


def _text(letter: dict[str, Any]) -> str:
    """Everything of a letter that is a customer's or an address's own words."""
    return " ".join([*letter["mail"], letter["address"], letter["greeting"]])


def set_letters(letters: list[dict[str, Any]]) -> bytes:
    """Letters as plain values (see ``samples/``), one page each, in one file. Raises `NotSet`."""
    return typeset(_FOLDER, letters)
