"""The agency's page: set from its strings, every word in Spanish."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf

from meterbook.notices import agency_statement
from meterbook.notices.agency_statement import set_statement
from meterbook.notices.agency_statement.words import WORDS, words


def test_the_sample_is_one_tagged_page() -> None:
    folder = Path(agency_statement.__file__).parent
    pdf = set_statement(json.loads((folder / "samples" / "hauler.json").read_text(encoding="utf-8")))
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert "Canyon Oak Disposal" in page.extract_text()


def test_every_word_has_its_spanish() -> None:
    assert [name for name in WORDS if words("es")[name] == words("en")[name]] == []
