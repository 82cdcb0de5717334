"""Spanish is whole, and the fonts hold what the words and figures need."""

from __future__ import annotations

import doctest
import string
from importlib import import_module

import pytest

from meterbook.notices import fonts
from meterbook.notices.bill import figures, gather, words
from meterbook.notices.translating import LANGUAGES

TEMPLATE_WORDS = words.messages()
SAME = {"kWh", "kW", "CCF", "kgal", "m³", "{month}: {quantity}"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("message", TEMPLATE_WORDS)
def test_every_word_has_its_spanish(message: str) -> None:
    spanish = words.translator("es")(message)
    assert spanish != message or message in SAME
    assert fields(spanish) == fields(message)


def test_every_word_can_be_printed() -> None:
    for language in LANGUAGES:
        for message in TEMPLATE_WORDS:
            assert fonts.unprintable(words.translator(language)(message)) == ""


def test_bold_prints_what_regular_prints() -> None:
    for family in ("FiraGO", "NotoSans"):
        regular, bold = (
            fonts.characters(bytes(import_module(f"pymupdf_fonts.{family}_{weight}").fontbuffer))
            for weight in ("Regular", "Bold")
        )
        assert regular <= bold


def test_fonts_are_written_once_and_mended(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    fonts.font_folder.cache_clear()
    folder = fonts.font_folder()
    assert folder.is_relative_to(tmp_path)
    file = folder / "FiraGO_Regular.ttf"
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    fonts.font_folder.cache_clear()
    assert fonts.font_folder() == folder
    assert file.read_bytes() == whole
    assert [other.name for other in folder.parent.iterdir()] == [folder.name]
    fonts.font_folder.cache_clear()


@pytest.mark.parametrize("module", [figures, fonts, gather, words])
def test_examples_in_the_code_hold(module) -> None:  # type: ignore[no-untyped-def]
    tried = doctest.testmod(module)
    assert tried.attempted and not tried.failed
