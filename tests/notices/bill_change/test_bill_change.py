"""The page that says why a bill changed: one page, tagged, in one language, every part on it."""

from __future__ import annotations

import io

import pypdf
import pytest
from babel.messages.pofile import read_po

from meterbook.notices.bill_change import sample_document, set_change
from meterbook.notices.bill_change.words import _FOLDER, WORDS, translator


def test_the_sample_is_one_tagged_page() -> None:
    document = sample_document()
    pdf = set_change(document)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert len(reader.pages) == 1 and root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"  # type: ignore[index]
    said = " ".join(reader.pages[0].extract_text().split())
    for part in (*document.parts, document.total, *document.sums):
        assert part.says in said and part.amount in said
    assert reader.metadata is not None and reader.metadata.title == "Why your bill changed"


@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_word_has_its_spanish(name: str) -> None:
    assert translator("es")(WORDS[name]) != WORDS[name]


def test_the_catalogue_holds_no_dead_word() -> None:
    with (_FOLDER / "locale" / "es.po").open("rb") as file:
        assert {message.id for message in read_po(file, locale="es") if message.id} == set(WORDS.values())
