"""The printed rate sheet: everything enacted stands on it, in one language, and everyone can read it."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest

from meterbook.demo.founding import enact_tariffs, found_office
from meterbook.engine.rates.check import split_example
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.notices.rate_sheet import gather, render_rate_list, render_rate_sheet, set_sheets
from meterbook.notices.rate_sheet.document import sample_document
from meterbook.notices.rate_sheet.gather import NoSuchSchedule
from meterbook.notices.rate_sheet.words import WORDS, messages, translator
from meterbook.records.rates import screens
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.queries import tariff_of

DAY = date(2026, 4, 1)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(pdf).pages)


@pytest.fixture
def office(db: None) -> Any:
    return enact_tariffs(found_office(password="correct-horse-battery"))


def test_every_message_has_its_spanish() -> None:
    assert [word for word in messages() if translator("es")(word) == word] == []


def test_the_sample_is_tagged_and_says_its_conditions() -> None:
    pdf = set_sheets(sample_document())
    root = read(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"
    assert read(pdf).metadata.title == "Rate schedule W-RES"
    assert b"pdfuaid" in pdf or "pdfuaid" in root["/Metadata"].get_data().decode()
    said = text(pdf)
    for words in ("Season: summer", "Only if low_income", "budget * 0.02", "hhsize * 60 * days / 748", "$21.78"):
        assert words in said, words


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_sheet_holds_every_rate_and_citation_of_its_schedule(office: Any, language: str) -> None:
    schedule = Schedule.objects.select_related("document").get(code="W-RES")
    pdf = render_rate_sheet("W-RES", on=DAY, language=language)
    said = text(pdf)
    tariff = tariff_of(schedule.document)
    assert tariff.title[language] in said and read(pdf).trailer["/Root"]["/Lang"] == language
    for version in tariff.versions:
        assert version.source.resolution in said
        for component in version.components:
            assert component.label[language] in said
            for rate in component.settings.rates(unit=tariff.unit):
                assert f"${rate.price:.2f}" in said
    assert ("in force" if language == "en" else "vigente") in said
    assert (WORDS["charge"] in said) == (language == "en")


def test_the_list_holds_what_is_in_force_only(office: Any) -> None:
    said = text(render_rate_list(on=DAY, language="en"))
    for schedule in Schedule.objects.all():
        assert schedule.code in said
    assert "Version 2026-03" in said and "W-RES" in said
    before = text(render_rate_list(on=date(2026, 3, 1), language="en"))
    assert "Version 2026-03" not in before
    assert "$1.91" in said and "$1.91" not in before and "$1.84" in before


def test_a_schedule_that_is_not_there_is_named(office: Any) -> None:
    with pytest.raises(NoSuchSchedule, match="X-1"):
        render_rate_sheet("X-1", on=DAY, language="en")


def test_hours_of_use_stand_among_the_rules() -> None:
    """A version as the records list it, from a document with hours; the sheet's rules tell them in its language."""
    cases = Path(__file__).parents[3] / "src/meterbook/engine/rates/components/time_of_use/cases.yaml"
    tariff = parse_tariff(split_example(cases.read_text())[0], file="tou.yaml")
    listed = screens._version(tariff.versions[0], None, tariff, day=DAY, language="es", translate=translator("es"))
    rules = gather._version(listed, "es").rules
    assert "punta de verano: summer, lunes a viernes salvo feriados: 12:00 a 18:00." in rules
    assert len([rule for rule in rules if "lunes a viernes" in rule]) == 5
