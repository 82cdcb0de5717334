"""The one letter is set as it is mailed: a tagged page each, its table read as a table, nothing lost."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdf
import pytest

from meterbook.notices import letters
from meterbook.notices.letters import Letter, set_letters

SAMPLES = json.loads((Path(letters.__file__).parent / "samples" / "two_letters.json").read_text(encoding="utf-8"))


def test_the_samples_are_a_tagged_page_each_and_keep_their_values() -> None:
    document = pypdf.PdfReader(io.BytesIO(set_letters([Letter(**one) for one in SAMPLES])))
    assert "/StructTreeRoot" in document.trailer["/Root"]
    assert len(document.pages) == len(SAMPLES)
    for one, page in zip(SAMPLES, document.pages, strict=True):
        text = " ".join(page.extract_text().split())
        for said in (one["title"], one["greeting"], *one["said"], *(cell for row in one["rows"] for cell in row)):
            assert said in text, said


def test_no_letter_is_no_file() -> None:
    with pytest.raises(ValueError, match="no letter"):
        set_letters([])
