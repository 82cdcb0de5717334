"""A letter the office wrote, as a page and as a Word file. See README.md."""

from meterbook.notices.office_letter.gather import render_letters
from meterbook.notices.office_letter.word import word_file
from meterbook.notices.typesetting import NotSet

__all__ = ["NotSet", "render_letters", "word_file"]
