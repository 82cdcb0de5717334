"""The printed summary: tagged, in one language, every row on it however many there are."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pypdf

from meterbook.notices.summary.document import Row, SummaryDocument, sample_document
from meterbook.notices.summary.render import set_summary
from meterbook.notices.summary.words import messages, words

ROW = Row(
    account="2000107", bill="2000107-20261005", holder="Alder Bend Unified School District",
    address="40 College Way", services="Electricity, Water", days="Sep 3 – Oct 2, 2026", before="$0.00",
    current="$412.07", due="$412.07",
)  # fmt: skip


def document(rows: int, language: str = "en") -> SummaryDocument:
    w = words(language)
    return SummaryDocument(
        language=language, heading=w["title"], title=f"{w['title']} ABUSD-20261005", utility="City of Alder Bend",
        department="Department of Public Utilities", sender=["100 Civic Center Drive"], remit=["PO Box 400"],
        to=["Alder Bend Unified School District", "40 College Way"], facts=[(w["number"], "ABUSD-20261005")],
        due_head=w["amount_due"], due="$5,768.98", due_by=w["due_by"].format(day="October 26, 2026"), lead=w["lead"],
        heads=[w[name] for name in ("account", "address", "services", "before", "current", "due")],
        rows=[replace(ROW, account=f"20001{at:02}") for at in range(rows)],
        totals=(w["total"], "$0.00", "$5,768.98", "$5,768.98"), notes=[w["older"]], questions="", page=w["page"],
        date=(2026, 10, 5),
    )  # fmt: skip


def read(pdf: bytes) -> tuple[pypdf.PdfReader, str]:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return reader, " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_every_message_has_its_spanish() -> None:
    assert [word for name, word in words("en").items() if words("es")[name] == word] == []
    assert set(messages()) == set(words("en").values())


def test_the_sample_adds_up() -> None:
    sample = sample_document()
    for column, total in (("before", 1), ("current", 2), ("due", 3)):
        cents = sum(round(Decimal(getattr(row, column).replace("$", "").replace(",", "")) * 100) for row in sample.rows)
        assert f"${cents // 100:,}.{cents % 100:02}" == sample.totals[total]
    assert sample.due in read(set_summary(sample))[1]


def test_it_is_tagged_and_holds_every_row() -> None:
    reader, said = read(set_summary(document(60)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"
    assert reader.metadata is not None and reader.metadata.title == "Summary bill ABUSD-20261005"
    assert all(f"20001{at:02}" in said for at in range(60)) and len(reader.pages) > 1
    assert "Amount due for all accounts $5,768.98" in said


def test_in_spanish_no_english_is_left() -> None:
    _, said = read(set_summary(document(2, "es")))
    assert "Factura conjunta" in said
    for word in ("Summary", "Amount due", "All accounts", "payment"):
        assert word not in said, word
