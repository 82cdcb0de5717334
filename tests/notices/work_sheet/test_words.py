"""The words of work sheets are in both languages."""

from __future__ import annotations

from meterbook.notices.work_sheet.words import WORDS, messages, words


def test_every_word_is_translated_and_keeps_its_places() -> None:
    spanish = words("es")
    for name, english in WORDS.items():
        assert spanish[name] != english, name
        places = {part.split("}")[0] for part in english.split("{")[1:]}
        assert {part.split("}")[0] for part in spanish[name].split("{")[1:]} == places, name
    assert len(messages()) == len(spanish)
