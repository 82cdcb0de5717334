"""The same letters as a Word file, for whoever must add to them by hand."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as WordFile
from docx.shared import Inches, Pt

from meterbook.notices.letters import Letter
from meterbook.notices.office_letter.gather import letter_of
from meterbook.records.correspondence.models import OfficeLetter

#: How Word names the languages of its text.
_LANGUAGES = {"en": "en-US", "es": "es-US"}


def word_file(letters: Sequence[OfficeLetter]) -> bytes:
    """Letters (with ``account__holder``) as one .docx, each on a page of its own. Raises `ValueError` for none."""
    if not letters:
        raise ValueError("there is no letter to write")
    file = Document()
    section = file.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    file.styles["Normal"].font.name, file.styles["Normal"].font.size = "Calibri", Pt(11)
    file.core_properties.title, file.core_properties.author = letters[0].subject, letter_of(letters[0]).utility
    file.core_properties.language = _LANGUAGES[letters[0].language]
    for at, letter in enumerate(letters):
        _write(file, letter_of(letter), breaks=at > 0)
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def _write(file: WordFile, letter: Letter, *, breaks: bool) -> None:
    head = file.add_paragraph()
    head.paragraph_format.page_break_before = breaks
    head.add_run(letter.utility).bold = True
    head.add_run(f"\n{letter.department}\n{letter.date}\n{letter.account}")
    file.add_paragraph("\n".join(letter.mail)).paragraph_format.space_before = Pt(36)
    file.add_heading(letter.title, level=1)
    for said in (letter.greeting, *letter.said):
        file.add_paragraph(said)
    if letter.rule:
        file.add_paragraph().add_run(letter.rule).font.size = Pt(9)
