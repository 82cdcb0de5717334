"""The practice copy: nobody real in it, the live figures, its banner on every page, and nothing that leaves."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import Office, act

from meterbook.jobs.practice import copying, sweeping
from meterbook.jobs.practice.anonymising import StillNamed, anonymise
from meterbook.jobs.practice.columns import EMPTIED, text_columns
from meterbook.records.autopay.operations.file_run import file_run
from meterbook.records.contacts.models import Contact
from meterbook.records.customers.models import Person
from meterbook.records.platform.deeds import OPERATIONS, OUTWARD, OnlyPractice
from meterbook.records.platform.models import Attachment, Deed, User, Utility

#: Everything by which somebody of the office could be known, however it is written.
REAL = re.compile(
    r"belmonte|ortiz|tannery|mill street|555[-) .]*\d{3}.?01\d\d|teresa|olmos|quill|pettibone|@alderbend", re.I
)
PASSWORD = "four-lamps-and-a-well"


def _words() -> dict[str, str]:
    """Every value of every column that could hold words, but for the utility's own address."""
    found = {}
    with connection.cursor() as cursor:
        for column in list(text_columns(cursor)):
            if column.table in ("platform_utility", "platform_document") or column.table.startswith(
                ("rates_", "django_")
            ):
                continue
            shown = f"convert_from({column.name}, 'LATIN1')" if column.type == "bytea" else f'"{column.name}"::text'
            cursor.execute(f"SELECT string_agg({shown}, E'\\n') FROM {column.table}")
            found[f"{column.table}.{column.name}"] = cursor.fetchone()[0] or ""
    return found


def _figures() -> list[tuple[Any, ...]]:
    """Sums of every number of the books and bills."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name ~ 'cents|_e6$' AND data_type IN ('bigint', 'integer', 'numeric') ORDER BY 1, 2"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*), sum("{column}") FROM "{table}"')
            found.append((table, column, *cursor.fetchone()))
    return found


@pytest.fixture
def noted(office: Office) -> None:
    """Ana's name and telephone where nobody would look for them: a note, a file, a payload, a search path."""
    deed = Deed.objects.create(
        kind="test.noted", actor=office.staff["csr"], business_date=date(2026, 9, 8), reason="Belmonte, Ana called",
        detail={"said": "Ana Belmonte of 214 Tannery Row, (555) 555-0149"},
    )  # fmt: skip
    Attachment.objects.create(subject=f"account:{office.ana.pk}", file_name="ana-belmonte.txt", sha256="0" * 64,
                              content_type="text/plain", content=b"Ana Belmonte, 5555550149", deed=deed)  # fmt: skip


def test_nobody_real_is_left_and_no_figure_changes(office: Office, noted: None) -> None:
    before, figures = _words(), _figures()
    assert {"customers_person.name", "platform_deed.detail", "platform_attachment.content"} <= {
        column for column, text in before.items() if REAL.search(text)
    }
    with connection.cursor() as cursor:
        made = anonymise(cursor, PASSWORD)
    after = _words()
    assert {column: REAL.findall(text) for column, text in after.items() if REAL.search(text)} == {}
    assert _figures() == figures and made.cleaned > 0
    assert Person.objects.get(pk=office.ana.holder_id).phone.startswith("(000)")
    assert User.objects.get(username="csr").check_password(PASSWORD)
    assert after["platform_deed.detail"].count("said") == before["platform_deed.detail"].count("said"), (
        "words go, facts stay"
    )


def test_the_same_person_is_the_same_invented_one_and_two_copies_differ(office: Office) -> None:
    from meterbook.jobs.practice import inventing

    assert inventing.person("salt", "Ana Belmonte") == inventing.person("salt", "ANA BELMONTE")
    assert inventing.person("salt", "Ana Belmonte") != inventing.person("pepper", "Ana Belmonte")
    with connection.cursor() as cursor:
        cursor.execute(inventing.functions("salt"))
        cursor.execute("SELECT pg_temp.person('Ana Belmonte')")
        assert cursor.fetchone()[0] == inventing.person("salt", "Ana Belmonte")


def test_a_copy_that_still_names_somebody_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meterbook.jobs.practice.anonymising.sweep", lambda *_given: 0)
    Deed.objects.create(kind="test.noted", actor=office.staff["csr"], business_date=date(2026, 9, 8),
                        detail={"said": "Ana Belmonte"})  # fmt: skip
    with connection.cursor() as cursor, pytest.raises(StillNamed, match=r"platform_deed\.detail"):
        anonymise(cursor, PASSWORD)


def test_the_live_database_is_never_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    live = "postgresql://mb@db/meterbook"
    assert copying.practice_url(live) == "postgresql://mb@db/meterbook_practice"
    monkeypatch.setattr(copying, "_restore", lambda *_given: pytest.fail("it was written"))
    with pytest.raises(copying.NotACopy, match="over the live"):
        copying.make_copy(live, live + "?host=/run", PASSWORD)
    monkeypatch.setattr(copying, "is_practice", lambda url: False)
    with pytest.raises(copying.NotACopy, match="left alone"):
        copying.make_copy(live, copying.practice_url(live), PASSWORD)
    monkeypatch.setattr(copying, "is_practice", lambda url: True)
    with pytest.raises(copying.NotACopy, match="practice copy itself"):
        copying.make_copy(live, copying.practice_url(live), PASSWORD)


def test_the_banner_is_on_every_page_and_nothing_leaves(office: Office, signed_in: SignedIn) -> None:
    desk = signed_in("billing")
    assert "Nobody here is real" not in desk.get("/").content.decode()
    Utility.objects.update(practice_since=date(2026, 9, 8))
    for address in ("/", reverse("account", args=[office.ana.number]), "/no/such/page/", "/staff/2fa/"):
        assert "Nobody here is real" in desk.get(address).content.decode(), address
    with pytest.raises(OnlyPractice):
        file_run(act(office.staff["billing"], date(2026, 9, 8)), run=None)  # type: ignore[arg-type]
    assert set(OPERATIONS) >= OUTWARD


def test_a_name_is_found_however_it_is_written() -> None:
    live = sweeping.Live()
    live.add_name("Ana María Belmonte")
    live.phones.add("5555550149")
    live.emails.add("ana@example.org")
    live.addresses.add("214 tannery row")
    for text in (
        "ANA MARÍA BELMONTE",
        "for Belmonte.",
        "(555) 555-0149",
        "555.555.0149",
        "Ana@Example.org",
        "214 Tannery Row",
    ):
        assert sweeping.cleaned(text, live, "salt") != text, text
    assert sweeping.cleaned("Meter 5555550150 read 214 at Mill", live, "salt") == "Meter 5555550150 read 214 at Mill"


def test_what_is_emptied_is_what_nobody_practises_with() -> None:
    assert "django_session" in EMPTIED and Contact._meta.db_table not in EMPTIED
