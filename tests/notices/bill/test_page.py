"""What stands on a printed bill, and that everyone can read it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pypdf
import pytest

from meterbook.formats.scanline import scanline
from meterbook.notices.bill import BillDocument, Unprintable, render_documents, sample_document
from meterbook.notices.bill.sample import sample_names


def pages(pdf: bytes) -> list[str]:
    """The text of every page, blanks made single."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def reader(document: BillDocument) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(render_documents([document])))


def structure(node: Any, found: list[Any]) -> list[Any]:
    """Every element of the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            structure(child, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(node)
        structure(node.get("/K", []), found)
    return found


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", sample_names())
def test_every_sample_is_tagged_titled_and_in_its_language(name: str, language: str) -> None:
    document = sample_document(name, language=language)
    pdf = reader(document)
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  (a PDF boolean)
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == language
    assert document.number in (pdf.metadata.title or "" if pdf.metadata else "")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712


def test_headings_tables_and_charts_are_what_they_are_called() -> None:
    document = sample_document("household")
    tags = structure(reader(document).trailer["/Root"]["/StructTreeRoot"], [])
    kinds = [str(tag["/S"]) for tag in tags]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H3") == len(document.services)
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert len(figures) == 2
    assert "March 2026: 366" not in str(figures[0]["/Alt"])
    assert "March 2026: 430 (estimated)" in str(figures[0]["/Alt"])
    assert kinds.count("/TH") >= 4 * len(document.services)


def test_a_household_s_bill_is_one_sheet_in_both_languages() -> None:
    for language, due, total, page in (
        ("en", "Due by October 26, 2026", "Total Electricity $102.24", "Page 2 of 2"),
        ("es", "Vence el 26 de octubre de 2026", "Total de Electricidad $102.24", "Página 2 de 2"),
    ):
        text = pages(render_documents([sample_document("household", language=language)]))
        assert len(text) == 2
        assert "$256.31" in text[0] and due in text[0]
        assert total in text[1] and page in text[1]


def test_the_stub_on_the_first_page_carries_the_scanline() -> None:
    for name in sample_names():
        document = sample_document(name)
        text = pages(render_documents([document]))
        line = scanline(document.account_number, max(0, document.pay_cents), document.due_date)
        assert line in text[0]
        assert not any(line in later for later in text[1:])


def test_a_line_says_its_quantity_price_days_and_amount() -> None:
    text = pages(render_documents([sample_document("household")]))[1]
    assert "Energy, first 300 kWh 300 kWh $0.1384 $41.52" in text
    assert "Power cost adjustment Sep 3 – Sep 19, 2026 290 kWh $0.0121 $3.51" in text
    assert "Utility users' tax $98.16 4% $3.93" in text
    assert "W-7781204 995.5 Sep 3, 2026 8.0 Oct 3, 2026 × 1 12.5 CCF Actual" in text
    assert "began again at zero" in text


def test_a_credit_asks_for_no_payment() -> None:
    first = pages(render_documents([sample_document("solar_credit", language="en")]))[0]
    assert "Credit balance −$149.48 Do not pay" in first
    assert "Please do not send a payment" in first
    assert "Due by October" not in first
    assert pages(render_documents([sample_document("solar_credit")]))[0].count("No pague") == 2


def test_a_bill_of_fourteen_services_numbers_its_pages() -> None:
    document = sample_document("school_district")
    assert len(document.services) == 14
    text = pages(render_documents([document]))
    assert len(text) > 3
    for number, page in enumerate(text, 1):
        assert f"Page {number} of {len(text)}" in page
    assert sum(page.count("Total Electricity") for page in text) == 7


def test_several_bills_in_one_file_each_count_their_own_pages() -> None:
    text = pages(render_documents([sample_document("household"), sample_document("flat_only")]))
    assert ["Page 1 of 2" in text[0], "Page 2 of 2" in text[1], "Page 1 of 2" in text[2]] == [True, True, True]


def test_a_preview_says_that_it_is_no_bill() -> None:
    text = pages(render_documents([replace(sample_document(), preview=True)]))
    assert "Preview: not posted." in text[0]


@pytest.mark.parametrize(
    "name", ["Оксана", "Ελένη", "ליאת כהן", "ليلى", "สมชาย", "देवी", "Nguyễn Thị Lan", "ქეთი", "e\u0301a"]
)
def test_a_name_in_these_scripts_prints(name: str) -> None:
    assert len(pages(render_documents([replace(sample_document("flat_only"), holder=name)]))) == 2


@pytest.mark.parametrize("name", ["林秀英", "김서연", "Ana 🙂"])
def test_a_name_without_glyphs_is_refused_by_bill_and_character(name: str) -> None:
    with pytest.raises(Unprintable, match=r"bill 100777-20261005: no font can print .* in") as refusal:
        render_documents([replace(sample_document("flat_only"), holder=name)])
    assert name in str(refusal.value)


def test_line_breaks_and_control_characters_in_a_name_are_blanks() -> None:
    text = pages(render_documents([replace(sample_document("flat_only"), holder="Ana\n\tIbarra\x07")]))
    assert "Ana Ibarra" in text[0]


def test_markup_in_a_name_is_only_text() -> None:
    text = pages(render_documents([replace(sample_document("flat_only"), holder="#panic() *Ana* $x$ <b>")]))
    assert "#panic() *Ana* $x$ <b>" in text[0]


def test_an_account_number_that_makes_no_scanline_is_refused() -> None:
    with pytest.raises(Unprintable, match="account number"):
        render_documents([replace(sample_document(), account_number="A-17")])
