"""The pages of the billing calendar: the year, the month, one date with Why, another day, publishing, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import icalendar
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from meterbook.demo.founding import found_office
from meterbook.demo.policies import enact_policies
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations import compute_calendar, publish_calendar
from meterbook.records.billing.operations.publish_calendar import fingerprint
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.business_date import advance_business_date

TODAY = date(2026, 7, 27)
Browser = Callable[..., Client]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The office, built once and rolled back; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_city()
        transaction.set_rollback(True)


@pytest.fixture
def city(built: dict[str, Any], db: None) -> dict[str, Any]:
    """The office, for a test that may change it."""
    return built


def build_city() -> dict[str, Any]:
    """Two cycles with a published 2026, on the day a bill falls due."""
    staff = found_office(password="correct-horse-battery")
    enact_policies(staff)
    act = Act(actor=staff["billing"], business_date=date(2025, 12, 1), reason="calendar")
    for code, day in (("C1", 3), ("C2", 8)):
        cycle = Cycle.objects.create(code=code, read_day=day)
        compute_calendar(act, cycle=cycle, year=2026)
        publish_calendar(act, cycle=cycle, year=2026)
    advance_business_date(Act(actor=staff["system"], business_date=TODAY, reason="morning"), to=TODAY)
    return staff


@pytest.fixture
def browser(city: dict[str, Any]) -> Browser:
    def sign_in(who: str = "billing", language: str = "en") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        client.force_login(city[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def row(kind: str, month: date = date(2026, 7, 1), status: str = "published", cycle: str = "C1") -> CalendarDate:
    found = CalendarDate.objects.filter(kind=kind, month=month, edition__status=status, edition__cycle__code=cycle)
    return found.order_by("-edition__number")[0]


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_year_shows_every_date_and_marks_today(browser: Browser) -> None:
    said = page(browser("csr"), "calendar")
    assert "Billing calendar 2026" in said and said.count('data-head="Shutoff"') == 24
    now = CalendarDate.objects.filter(day=TODAY, edition__status="published").count()
    assert said.count("<strong>today</strong>") == now > 1 and 'class="now" data-head="Due"' in said
    assert "edition 1, published Dec 1, 2025 by Walter Quill" in said and "Compute</a>" not in said
    only = page(browser(), "calendar_year", 2026, query="?f-cycle_code=C2")
    assert only.count('data-head="Shutoff"') == 12 and "Compute</a>" in only
    spanish = page(browser(language="es"), "calendar")
    for words in ("Calendario de facturación 2026", "Aviso de corte", "<i>lun</i> 27 jul"):
        assert words in spanish


def test_an_empty_year_says_what_to_do(browser: Browser) -> None:
    assert "No calendar of this year is published yet" in page(browser(), "calendar_year", 2030)
    assert browser().get("/bills/calendar/17/").status_code == 404


def test_the_csv_is_what_is_shown(browser: Browser) -> None:
    query = "?f-cycle_code=C2&sort=-month&as=csv"
    answer = browser().get(reverse("calendar_year", args=[2026]) + query)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Cycle,Period,Reads from,Read,Reads until,Bill,Due")
    assert len(lines) == 13 and lines[1].startswith("C2,2026-12-01,2026-12-01,2026-12-08,2026-12-10,2026-12-10,")


def test_a_year_sorts_by_any_date(browser: Browser) -> None:
    said = page(browser(), "calendar_year", 2026, query="?sort=-shutoff")
    assert said.index(">December<") < said.index(">January<") and 'aria-sort="descending"' in said
    assert page(browser(), "calendar_compute", query="?year=" + "9" * 5000)


def test_the_month_shows_its_days_and_holidays(browser: Browser) -> None:
    said = page(browser(), "calendar_month", 2026, 7)
    assert "Independence Day (observed)" in said and "<strong>today</strong>" in said
    both, one = said.count('<span class="code">'), page(browser(), "calendar_month", 2026, 7, query="?cycle=C1")
    assert both > one.count('<span class="code">') > 5 and 'class="code">C2<' not in one
    assert browser().get("/bills/calendar/2026/13/").status_code == 404
    assert "Día de la Independencia (observado)" in page(browser(language="es"), "calendar_month", 2026, 7)


def test_a_date_explains_itself_in_place_or_on_its_own_page(browser: Browser) -> None:
    shutoff = row("shutoff", date(2026, 8, 1))
    own = page(browser(), "calendar_date", shutoff.pk)
    for words in ("61 days after the due date, Wed, Aug 26, 2026.", "Cal. Health &amp; Safety Code 116908", "<html"):
        assert words in own
    part = browser().get(reverse("calendar_date", args=[shutoff.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Set another day" in part
    assert "Set another day" not in page(browser("csr"), "calendar_date", shutoff.pk)
    passed = page(browser(), "calendar_date", row("bill", date(2026, 2, 1)).pk)
    assert "Bill was on Thu, Feb 5, 2026 and has passed." in passed and "Set another day" not in passed
    assert "cycle=" in passed and "bill_date=2026-02-05" in passed
    assert browser().get(reverse("calendar_date", args=[0])).status_code == 404


def test_own_holidays_are_spanish_on_a_spanish_page(browser: Browser) -> None:
    reminder = row("late_notice", date(2026, 11, 1))
    assert "Nochebuena" in page(browser(language="es"), "calendar_date", reminder.pk)


def test_setting_a_day_makes_a_proposal_that_is_published(browser: Browser) -> None:
    client, penalty = browser(), row("penalty", date(2026, 9, 1))
    address = reverse("calendar_set", args=[penalty.pk])
    assert client.get(address).status_code == 200
    refused = client.post(address, {"day": "10/2/2026", "follow": "on", "reason": "council meets"})
    assert refused.status_code == 422
    assert "Penalty never falls on Fri, Oct 2, 2026: Friday." in refused.content.decode()
    assert "council meets" in refused.content.decode()
    assert not CalendarEdition.objects.filter(status="proposed").exists()
    sent = client.post(address, {"day": "10/13/2026", "follow": "on", "reason": "council meets"})
    assert sent.headers["Location"] == reverse("calendar_proposal", args=[2026])
    proposal = page(client, "calendar_proposal", 2026)
    assert "was Thu, Oct 8" in proposal and "2 of them differ" in proposal and "*</span>" in proposal
    assert "nobody has published yet" in page(client, "calendar_year", 2026)
    changed = row("penalty", date(2026, 9, 1), "proposed")
    said = page(client, "calendar_date", changed.pk)
    assert "Set by Walter Quill on Jul 27, 2026: “council meets”" in said and "it would be Thu, Oct 8, 2026" in said
    assert "2 published dates move" in page(client, "calendar_publish", 2026)
    client.post(reverse("calendar_publish", args=[2026]), {"seen": fingerprint(2026)})
    assert row("penalty", date(2026, 9, 1)).day == date(2026, 10, 13)
    assert "There is no proposal" in page(client, "calendar_publish", 2026)


def test_what_is_published_is_what_was_shown(browser: Browser) -> None:
    client, publish = browser(), reverse("calendar_publish", args=[2026])
    first = reverse("calendar_set", args=[row("penalty", date(2026, 9, 1)).pk])
    client.post(first, {"day": "10/13/2026", "follow": "on", "reason": "council meets"})
    shown = re.search(r'name="seen" value="([0-9a-f]{64})"', page(client, "calendar_publish", 2026))
    assert shown is not None
    again = reverse("calendar_set", args=[row("penalty", date(2026, 9, 1), "proposed").pk])
    browser("supervisor").post(again, {"day": "10/14/2026", "follow": "on", "reason": "another day"})
    for stale in ({"seen": shown[1]}, {}):
        refused = client.post(publish, stale)
        assert refused.status_code == 422 and "was changed since this page was shown" in refused.content.decode()
    assert row("penalty", date(2026, 9, 1)).day == date(2026, 10, 8)
    assert client.post(publish, {"seen": fingerprint(2026)}).status_code == 302
    assert row("penalty", date(2026, 9, 1)).day == date(2026, 10, 14)


def test_a_refusal_names_days_as_the_page_does_in_spanish(browser: Browser) -> None:
    address = reverse("calendar_set", args=[row("due", date(2026, 9, 1)).pk])
    refused = browser(language="es").post(address, {"day": "9/10/2026", "reason": "feria", "follow": ""})
    assert "jue 10 sept 2026" in refused.content.decode() and "21 días" in refused.content.decode()


def test_a_year_is_computed_and_taken_back(browser: Browser) -> None:
    client = browser("supervisor")
    assert 'value="2027"' in page(client, "calendar_compute")
    sent = client.post(reverse("calendar_compute"), {"year": "2027", "cycles": ["C2"], "keep_edits": "on"})
    assert sent.headers["Location"] == reverse("calendar_proposal", args=[2027])
    assert [each.cycle.code for each in CalendarEdition.objects.filter(year=2027)] == ["C2"]
    client.post(reverse("calendar_withdraw", args=[2027]))
    assert not CalendarEdition.objects.filter(status="proposed").exists()
    refused = client.post(reverse("calendar_compute"), {"year": "1999", "keep_edits": "on"})
    assert "No billing-calendar policy is in force in 1999." in refused.content.decode()


@pytest.mark.parametrize("name", ["calendar_publish", "calendar_withdraw", "calendar_compute", "calendar_set"])
def test_who_may_not_is_told_kindly(browser: Browser, city: dict[str, Any], name: str) -> None:
    compute_calendar(Act(city["billing"], TODAY, "next"), cycle=Cycle.objects.get(code="C1"), year=2027)
    args = [] if name == "calendar_compute" else [row("due", date(2026, 9, 1)).pk if name == "calendar_set" else 2027]
    sent = {"year": "2027", "day": "10/5/2026", "reason": "x", "seen": fingerprint(2027)}
    answer = browser("cashier").post(reverse(name, args=args), sent)
    assert answer.status_code == 403 and "Billing technician" in answer.content.decode()


def test_the_files_are_the_calendar(browser: Browser) -> None:
    client = browser()
    for query in ("", "?cycle=C1&language=es"):
        pdf = client.get(reverse("calendar_pdf", args=[2026]) + query)
        assert pdf.headers["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    feed = client.get(reverse("calendar_ics", args=[2026]) + "?cycle=C1")
    assert len(icalendar.Calendar.from_ical(feed.content).walk("VEVENT")) == 144
    for name, query in (("calendar_pdf", ""), ("calendar_ics", ""), ("calendar_pdf", "?edition=proposal")):
        assert client.get(reverse(name, args=[2031]) + query).status_code == 404


def test_a_run_is_planned_from_its_bill_date(browser: Browser) -> None:
    bill, client = row("bill"), browser()
    cycle = bill.edition.cycle_id
    form = page(client, "plan_run", query=f"?cycle={cycle}&bill_date={bill.day}")
    assert f'value="{cycle}" selected' in form and f'value="{bill.day}"' in form
    client.post(reverse("plan_run"), {"cycle": str(cycle), "bill_date": f"{bill.day}"})
    run = BillRun.objects.get()
    assert (run.bill_date, run.due_date) == (date(2026, 7, 5), date(2026, 7, 27))
    assert "was planned with this date" in page(client, "calendar_date", bill.pk)
