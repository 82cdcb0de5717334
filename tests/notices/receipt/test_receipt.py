"""The receipt on a roll and on a letter page; every word in Spanish."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

import meterbook.notices.receipt as notice
from meterbook.notices.receipt import set_receipt
from meterbook.notices.receipt.words import messages, words

SAMPLE = json.loads((Path(notice.__file__).parent / "samples" / "receipt.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("paper", "width"), [("roll", 227), ("letter", 612)])
def test_a_receipt_is_one_tagged_page_of_its_paper(paper: str, width: int) -> None:
    reader = PdfReader(BytesIO(set_receipt(SAMPLE | {"paper": paper, "void": "VOIDED"})))
    (page,) = reader.pages
    assert round(page.mediabox.width) == width and "/StructTreeRoot" in reader.trailer["/Root"]
    text = page.extract_text()
    for said in ("Receipt 12-0003", "1000017", "137.12", "Check 1042", "VOIDED"):
        assert said in text


def test_every_word_is_in_spanish() -> None:
    english, spanish = words("en"), words("es")
    same = {name for name, word in english.items() if spanish[name] == word}
    assert len(english) == len(messages()) and same == {"served"}
