"""A notice's own words in another language: the catalogue in its folder, read as it stands."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "es")
Translate = Callable[[str], str]


@cache
def translator_of(folder: Path, language: str) -> Translate:
    """The function that turns a notice's English words into a language; raises ``KeyError`` for an unknown one.

    ``folder`` is the notice's; the words are in ``locale/<language>.po`` there.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    if language == "en":
        return str
    with (folder / "locale" / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled).gettext
