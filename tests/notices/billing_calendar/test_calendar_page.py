"""The printed calendar and its feed: every date stands on it, in one language, tagged; events keep their names."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pypdf
import pytest

from meterbook.demo.founding import found_office
from meterbook.demo.policies import enact_policies
from meterbook.notices.billing_calendar import NoCalendar, calendar_feed, events_feed, render_calendar, set_calendar
from meterbook.notices.billing_calendar.document import sample_document
from meterbook.notices.billing_calendar.words import messages, translator
from meterbook.records.billing.calendar.models import CalendarDate
from meterbook.records.billing.calendar.queries import Event
from meterbook.records.billing.operations import compute_calendar, edit_calendar, publish_calendar
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import Act

FEB = date(2026, 2, 1)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(pdf).pages)


@pytest.fixture
def act(db: None) -> Act:
    staff = found_office(password="correct-horse-battery")
    enact_policies(staff)
    return Act(actor=staff["billing"], business_date=date(2025, 12, 1), reason="calendar")


@pytest.fixture
def cycles(act: Act) -> list[Cycle]:
    """Two cycles with a published year; one date of the first is set by hand."""
    made = [Cycle.objects.create(code=code, read_day=day) for code, day in (("C1", 3), ("C2", 8))]
    for cycle in made:
        compute_calendar(act, cycle=cycle, year=2026)
    edit_calendar(act, cycle=made[0], year=2026, month=FEB, kind="penalty", day=date(2026, 3, 10), follow=False)
    for cycle in made:
        publish_calendar(act, cycle=cycle, year=2026)
    return made


def events(content: bytes) -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical(content)
    return {str(each["UID"]): each for each in calendar.walk("VEVENT")}


def test_every_message_has_its_spanish() -> None:
    assert [word for word in messages() if translator("es")(word) == word] == []


def test_the_sample_is_tagged_and_landscape() -> None:
    pdf = set_calendar(sample_document())
    root = read(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"
    assert b"pdfuaid" in pdf or "pdfuaid" in root["/Metadata"].get_data().decode()
    assert [(page.mediabox.width, page.mediabox.height) for page in read(pdf).pages] == [(792, 612)] * 2
    assert read(pdf).metadata.title == "Billing calendar 2026"


@pytest.mark.parametrize(("language", "marked"), [("en", "Mar 10*"), ("es", "10 mar*")])
def test_a_page_a_cycle_with_every_date(cycles: list[Cycle], language: str, marked: str) -> None:
    pdf = render_calendar(2026, language=language)
    assert len(read(pdf).pages) == 2 and len(read(render_calendar(2026, language=language, cycle="C2")).pages) == 1
    said, root = text(pdf), read(pdf).trailer["/Root"]
    assert root["/Lang"] == language and marked in said
    for row in CalendarDate.objects.all():
        shown = f"{row.day:%b} {row.day.day}" if language == "en" else None
        assert shown is None or shown in said
    for word in ("Shutoff notice", "48-hour notice", "Day after Thanksgiving", "Juneteenth National Independence Day"):
        assert (word in said) == (language == "en")
    assert ("Día después de Acción de Gracias" in said) == (language == "es")


def test_a_proposal_says_that_it_is_one(cycles: list[Cycle], act: Act) -> None:
    with pytest.raises(NoCalendar):
        render_calendar(2027, language="en")
    compute_calendar(act, cycle=cycles[0], year=2027)
    with pytest.raises(NoCalendar):
        render_calendar(2027, language="en")
    assert "not published" in text(render_calendar(2027, language="en", proposed=True))


def test_the_feed_holds_every_date_as_a_day(cycles: list[Cycle]) -> None:
    found = events(calendar_feed(2026, language="en"))
    assert len(found) == 288
    penalty = found["c1-2026-02-penalty@utilities.alderbend.example.org"]
    assert penalty["DTSTART"].dt == date(2026, 3, 10) and penalty["DTEND"].dt == date(2026, 3, 11)
    assert penalty["DTSTART"].params["VALUE"] == "DATE" and str(penalty["SUMMARY"]) == "Penalty, cycle C1"
    assert len(events(calendar_feed(2026, language="en", cycle="C2"))) == 144
    assert calendar_feed(2026, language="en") == calendar_feed(2026, language="en")
    spanish = events(calendar_feed(2026, language="es"))
    assert set(spanish) == set(found) and str(spanish[penalty["UID"]]["SUMMARY"]) == "Recargo, ciclo C1"
    with pytest.raises(NoCalendar, match="C9"):
        calendar_feed(2026, language="en", cycle="C9")


def test_a_moved_date_keeps_its_name_and_counts_up(cycles: list[Cycle], act: Act) -> None:
    before = events(calendar_feed(2026, language="en"))
    edit_calendar(act, cycle=cycles[0], year=2026, month=FEB, kind="penalty", day=date(2026, 3, 11), follow=False)
    assert events(calendar_feed(2026, language="en")) == before
    publish_calendar(act, cycle=cycles[0], year=2026)
    after = events(calendar_feed(2026, language="en"))
    moved = {uid for uid in after if after[uid]["DTSTART"].dt != before[uid]["DTSTART"].dt}
    assert set(after) == set(before) and moved == {"c1-2026-02-penalty@utilities.alderbend.example.org"}
    assert {uid for uid in after if after[uid]["SEQUENCE"] != before[uid]["SEQUENCE"]} == moved


def test_the_feed_is_a_calendar_other_programs_read() -> None:
    at = datetime(2025, 12, 1, 17, 30, tzinfo=UTC)
    event = Event("C1", FEB, "final_notice", date(2026, 4, 23), 2, at, cancelled=True)
    content = events_feed([event], title="Alder; Bend, 2026", host="alderbend.example.org", language="en")
    lines = content.decode().split("\r\n")
    for line in (
        "BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:PUBLISH", "X-WR-CALNAME:Alder\\; Bend\\, 2026",
        "UID:c1-2026-02-final-notice@alderbend.example.org", "DTSTAMP:20251201T173000Z",
        "DTSTART;VALUE=DATE:20260423", "DTEND;VALUE=DATE:20260424", "SEQUENCE:2", "STATUS:CANCELLED",
    ):  # fmt: skip
        assert line in lines, line
    assert lines.index("UID:c1-2026-02-final-notice@alderbend.example.org") > lines.index("BEGIN:VEVENT")
    assert all(len(line.encode()) <= 75 for line in lines)
