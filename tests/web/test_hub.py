"""The hub on screen: sources and their figures, expected against received, the sheet reads are keyed from."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, READ_2, Office

from meterbook.records.metering.hub.operations.keep_source import add_source
from meterbook.records.metering.models import FieldRequest, Read, ReadException, ReadSource, ReceivedFile, Register
from meterbook.records.places.models import Route
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Attachment, Deed
from meterbook.web.metering.keying import grid

HEAD = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64
SHEET = "/reads/keying/R1/?on=2026-09-08"


def file_of(*rows: str) -> bytes:
    return (HEAD + "".join(f"{row}\n" for row in rows) + f"#END,{len(rows)}\n").encode()


def register(serial: str) -> Register:
    return Register.objects.get(meter__serial=serial)


def send(client: Client, **typed: object) -> object:
    return client.post(f"{SHEET}&block=1", {"reader": "R. Soto", **typed})


def test_a_source_is_set_up_changed_and_retired(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    given = {"name": "Vendor", "format": "meterbook-reads", "via": "folder", "location": "", "pattern": "*.csv"}
    refused = client.post(reverse("add_read_source"), given)
    assert refused.status_code == 422 and "which folder is watched" in refused.content.decode()
    refused = client.post(reverse("add_read_source"), given | {"location": "/srv/reads", "timezone": "Mars"})
    assert "No time zone has this name" in refused.content.decode()
    client.post(reverse("add_read_source"), given | {"location": "/srv/reads"})
    source = ReadSource.objects.get(name="Vendor")
    client.post(
        reverse("change_read_source", args=[source.pk]), given | {"location": "/srv/other", "multiplier_applied": "on"}
    )
    source.refresh_from_db()
    assert (source.location, source.multiplier_applied) == ("/srv/other", True)
    client.post(reverse("retire_read_source", args=[source.pk]))
    page = client.get(reverse("read_source", args=[source.pk])).content.decode()
    assert "Retired" in page and reverse("change_read_source", args=[source.pk]) not in page
    assert "nothing came yet" in client.get(reverse("read_sources")).content.decode()


def test_a_csr_sees_sources_and_sets_up_none(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("csr")
    assert reverse("add_read_source") not in client.get(reverse("read_sources")).content.decode()
    given = {"name": "Vendor", "format": "meterbook-reads", "via": "upload"}
    assert client.post(reverse("add_read_source"), given).status_code == 403


def test_an_uploaded_file_of_a_source_is_counted_for_it(office: Office, signed_in: SignedIn) -> None:
    act = Act(office.staff["billing"], BILL_2, "test")
    source = add_source(act, name="Counter", format="meterbook-reads", via="upload")
    client = signed_in("billing")
    rows = [f"E-4472,,{BILL_2},08:00,99999,kWh,actual,,", f"E-0000,,{BILL_2},08:00,1,kWh,actual,,"]
    file = SimpleUploadedFile("today.csv", file_of(*rows))
    page = client.post(reverse("import_reads"), {"source": source.pk, "file": file}, follow=True).content.decode()
    assert "1 of 2 rows loaded, 1 to correct." in page and "1 waits for a decision" in page
    page = client.get(reverse("read_sources")).content.decode()
    assert "Counter" in page and "100.0 %" in page and "today" in page
    bad = SimpleUploadedFile("bad.csv", b"nothing at all")
    page = client.post(reverse("import_reads"), {"source": source.pk, "file": bad}, follow=True).content.decode()
    assert "The file was refused: line" in page and ReceivedFile.objects.filter(batch=None).count() == 1


def test_an_upload_needs_a_source_or_a_format(office: Office, signed_in: SignedIn) -> None:
    file = SimpleUploadedFile("today.csv", file_of())
    page = signed_in("billing").post(reverse("import_reads"), {"file": file})
    assert page.status_code == 422 and "Choose the source or the format" in page.content.decode()


def test_missing_reads_are_listed_and_asked_about(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    Read.objects.filter(register=register("E-4472"), read_on=READ_2).update(status="rejected")
    page = client.get(reverse("expected_reads")).content.decode()
    assert "Cycle C1" in page and "R1" in page
    page = client.get(reverse("missing_reads", args=["C1"])).content.decode()
    assert "E-4472" in page and "E-4471" not in page and "12 Mill Street" in page
    csv = b"".join(client.get(reverse("missing_reads", args=["C1"]), {"as": "csv"}).streaming_content).decode()
    assert "E-4472" in csv
    page = client.post(reverse("close_reading", args=["C1"]), follow=True).content.decode()
    assert "missing reads are in the exception queue" in page
    assert ReadException.objects.filter(register=register("E-4472"), read=None).count() == 1
    assert client.get(reverse("missing_reads", args=["NOPE"])).status_code == 404


def test_a_sheet_shows_the_read_before_and_saves_a_block(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    page = client.get(SHEET).content.decode()
    assert [page.index(serial) for serial in ("E-4471", "W-9001", "E-4472")] == sorted(
        page.index(serial) for serial in ("E-4471", "W-9001", "E-4472")
    )
    assert "1,500" in page and 'inputmode="numeric"' in page
    water, mine = register("W-9001"), register("E-4471")
    page = send(
        client,
        **{f"read-{mine.pk}": "1600", f"why-{water.pk}": "dog", f"photo-{mine.pk}": SimpleUploadedFile("a.jpg", JPEG)},
    )
    assert page.status_code == 302  # type: ignore[attr-defined]
    read = Read.objects.get(register=mine, read_on=BILL_2)
    assert (read.value, read.origin, read.reader) == (1600, "keyed", "R. Soto")
    assert Deed.objects.filter(kind="metering.key_reads").count() == 1
    assert FieldRequest.objects.get(kind="re_read").reason == "Not read: Dog (R. Soto)"
    photo = Attachment.objects.get(subject=f"read:{read.pk}")
    answer = client.get(reverse("read_photo", args=[photo.pk]))
    assert answer.content == JPEG and answer.headers["Content-Type"] == "image/jpeg"
    page = client.get(SHEET).content.decode()
    assert "Not read: Dog" in page and f'name="read-{mine.pk}"' not in page and 'value="R. Soto"' in page


def test_a_wrong_row_saves_nothing_and_keeps_what_was_typed(office: Office, signed_in: SignedIn) -> None:
    client, mine, water = signed_in("billing"), register("E-4471"), register("W-9001")
    answer = send(client, **{f"read-{mine.pk}": "1600", f"read-{water.pk}": "12.5"})
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422 and "no digits after the point" in page  # type: ignore[attr-defined]
    assert 'value="1600"' in page and 'value="12.5"' in page and not Read.objects.filter(read_on=BILL_2).exists()
    answer = send(client, **{f"photo-{mine.pk}": SimpleUploadedFile("a.jpg", JPEG)})
    assert "the photo is kept with the read" in answer.content.decode()  # type: ignore[attr-defined]
    wrong = SimpleUploadedFile("a.jpg", b"GIF89a")
    answer = send(client, **{f"read-{mine.pk}": "1600", f"photo-{mine.pk}": wrong})
    assert "This file is no photo" in answer.content.decode()  # type: ignore[attr-defined]
    assert not Read.objects.filter(read_on=BILL_2).exists()


def test_what_is_typed_is_judged_and_kept_until_it_is_saved(office: Office, signed_in: SignedIn) -> None:
    client, mine = signed_in("billing"), register("E-4471")
    address = f"{reverse('keying_row', args=['R1', mine.pk])}?on=2026-09-08"
    high = client.post(address, {f"read-{mine.pk}": "99000"}).content.decode()
    assert "Will wait for a decision" in high and "kWh" in high
    assert "digits only" in client.post(address, {f"read-{mine.pk}": "16o0"}).content.decode()
    client.post(address, {f"read-{mine.pk}": "1600"})
    assert not Read.objects.filter(read_on=BILL_2).exists()
    again = signed_in("billing")
    assert 'value="1600"' in again.get(SHEET).content.decode()
    assert 'value="1600"' not in signed_in("supervisor").get(SHEET).content.decode()
    assert 'value="1600"' not in again.get("/reads/keying/R1/?on=2026-09-07").content.decode()
    send(again, **{f"read-{mine.pk}": "1600"})
    assert client.post(address, {f"read-{mine.pk}": ""}).content.decode().strip() == ""
    assert client.get(address).status_code == 405
    assert client.post(reverse("keying_row", args=["R1", 0])).status_code == 404


def test_saving_twice_is_saving_once(office: Office, signed_in: SignedIn) -> None:
    client, mine = signed_in("billing"), register("E-4471")
    for _ in range(2):
        send(client, **{f"read-{mine.pk}": "1600"})
    assert Read.objects.filter(register=mine, read_on=BILL_2).count() == 1


def test_blocks_follow_each_other(office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "BLOCK", 1)
    client, first = signed_in("billing"), register("E-4471")
    page = client.get(SHEET).content.decode()
    assert "Block 1 of 3" in page and "E-4471" in page and "W-9001" not in page
    send(client, **{f"read-{first.pk}": "1600"})
    assert "Block 2 of 3" in client.get(SHEET).content.decode()
    assert "Block 3 of 3" in client.get(f"{SHEET}&block=99").content.decode()


@pytest.mark.parametrize("typed", ["9/31/2026", "2026-9-7", "12/1/2026", "1/1/1985", "yesterday"])
def test_a_day_that_is_none_or_to_come_saves_nothing(office: Office, signed_in: SignedIn, typed: str) -> None:
    client, meter = signed_in("billing"), register(office.meter)
    before = Read.objects.count()
    page = f"/reads/keying/R1/?on={typed}"
    answer = client.post(page, {"reader": "R. Soto", f"read-{meter.pk}": "1600"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Nothing was saved." in shown and f'value="{typed}"' in shown
    assert Read.objects.count() == before
    verdict = client.post(f"/reads/keying/R1/rows/{meter.pk}/?on={typed}", {f"read-{meter.pk}": "1600"})
    assert "business date" in verdict.content.decode() or "Type a date" in verdict.content.decode()


def test_an_address_beyond_all_bounds_is_no_fault_of_ours(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    assert client.get(f"/reads/keying/R1/?block={'9' * 5000}").status_code == 200
    for day in ("12/31/9999", "0001-01-01", "rubbish"):
        assert client.get(f"/reads/expected/C1/?on={day}").status_code == 404


def test_a_route_with_an_odd_code_breaks_no_page(office: Office, signed_in: SignedIn) -> None:
    """Codes that came before they were checked, or from a load."""
    client, cycle = signed_in("billing"), Route.objects.get(code="R1").cycle
    for code in ("A/1", "?x", "#", "R 1"):
        Route.objects.create(code=code, cycle=cycle, title="Odd", kind="walk")
        assert client.get(reverse("keying_sheet", args=[code])).status_code == 200
        assert client.get(reverse("route", args=[code])).status_code == 200
    for name in ("keying", "expected_reads", "routes"):
        assert client.get(reverse(name)).status_code == 200
    refused = client.post(reverse("new_route"), {"code": "B/2", "cycle": "C1", "title": "Odd", "kind": "walk"})
    assert refused.status_code == 422 and "letters, digits or hyphens" in refused.content.decode()


def test_a_csr_looks_and_types_nothing(office: Office, signed_in: SignedIn) -> None:
    client, mine = signed_in("csr"), register("E-4471")
    assert "readonly" in client.get(SHEET).content.decode()
    assert send(client, **{f"read-{mine.pk}": "1600"}).status_code == 403  # type: ignore[attr-defined]
