"""Letters about deposits: the words in both languages, the samples as they are mailed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf

from meterbook.notices import deposit
from meterbook.notices.deposit.words import WORDS, messages, words


def test_every_word_is_translated_and_keeps_its_places() -> None:
    spanish = words("es")
    for name, english in WORDS.items():
        assert spanish[name] != english, name
        places = {part.split("}")[0] for part in english.split("{")[1:]}
        assert {part.split("}")[0] for part in spanish[name].split("{")[1:]} == places, name
    assert len(messages()) == len(spanish)


def test_the_samples_are_a_tagged_page_each_and_keep_their_values() -> None:
    folder = Path(deposit.__file__).parent / "samples"
    letters = json.loads((folder / "two_letters.json").read_text(encoding="utf-8"))
    document = pypdf.PdfReader(io.BytesIO(deposit.set_letters(letters)))
    assert "/StructTreeRoot" in document.trailer["/Root"].get_object()  # type: ignore[operator]
    assert len(document.pages) == len(letters)
    for letter, page in zip(letters, document.pages, strict=True):
        text = " ".join(page.extract_text().split())
        assert letter["title"] in text and letter["rows"][0][-1] in text
