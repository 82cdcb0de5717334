"""A run on paper: gathered set-wise, printed in batches, interrupted and taken up again."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meterbook.notices.bill import batch as batches
from meterbook.notices.bill import bill_documents, press, render_bill, render_run
from meterbook.notices.bill.gather import NoSuchBill
from meterbook.notices.bill.render import _data, _presented
from meterbook.notices.bill.sample import sample_document
from meterbook.notices.fonts import font_folder
from meterbook.records.customers.models import Person

pytestmark = pytest.mark.django_db


def manifest(file: Path) -> list[dict[str, str]]:
    with file.with_suffix(".csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_a_bill_is_gathered_whole(office: Any) -> None:
    number, bill = next(iter(office.bills.items()))
    document = bill_documents([bill.pk])[0]
    assert (document.account_number, document.amount_due_cents, document.preview) == (number, 3613, True)
    (service,) = document.services
    assert service.schedule["en"] == "Residential water service (W-RES)"
    assert (service.days, service.estimated, service.readings[0].rollover) == (30, True, True)
    assert (service.readings[0].from_value, service.readings[0].to_value) == ("999.25", "6.75")
    fixed, tier = service.charges
    assert (fixed.per, fixed.unit, fixed.label["es"]) == ("period", "", "Cargo por servicio de agua")
    assert (tier.per, tier.unit, tier.label["en"]) == ("unit", "ccf", "Water use, tier 1")
    (history,) = document.histories
    months = [(month.year, month.month, month.quantity_e6) for month in history.months]
    assert len(months) == 13
    assert months[-2:] == [(2026, 9, 8_750_000), (2026, 10, 7_500_000)]
    assert months[0] == (2025, 10, None)


def test_gathering_asks_as_often_for_many_bills_as_for_one(office: Any) -> None:
    ids = [bill.pk for bill in office.bills.values()]
    bill_documents(ids)
    with CaptureQueriesContext(
        connection,
    ) as one:
        bill_documents(ids[:1])
    with CaptureQueriesContext(connection) as all_of_them:
        assert [document.bill_id for document in bill_documents(ids)] == ids
    assert len(all_of_them) == len(one) <= 12


def test_a_bill_that_is_not_there_is_named(office: Any) -> None:
    with pytest.raises(NoSuchBill, match="987654321"):
        bill_documents([987654321])


def test_one_bill_in_the_language_asked_for(office: Any, page_texts: Any) -> None:
    bill = next(iter(office.bills.values()))
    assert "Utility bill" in page_texts(render_bill(bill.pk, "en"))[0]
    assert "Factura de servicios" in page_texts(render_bill(bill.pk, "es"))[0]


def test_a_run_prints_in_batches_with_manifests(office: Any, tmp_path: Path, page_texts: Any) -> None:
    told: list[tuple[int, int]] = []
    printed = render_run(office.run.pk, tmp_path, batch=5, progress=lambda done, of: told.append((done, of)))
    assert [file.name for file in printed.files] == [f"2026-10-05-C1-{number:04}.pdf" for number in (1, 2, 3)]
    assert (printed.bills, printed.isolated, told) == (12, (), [(5, 12), (10, 12), (12, 12)])
    rows = [row for file in printed.files for row in manifest(file)]
    assert sorted(row["number"] for row in rows) == sorted(f"{number}-20261005" for number in office.bills)
    assert {row["amount"] for row in rows} == {"36.13"}
    for file in printed.files:
        text = page_texts(file.read_bytes())
        for row in manifest(file):
            assert row["number"] in text[int(row["page"]) - 1]
            assert row["number"] in text[int(row["page"]) + int(row["pages"]) - 2]


def test_a_print_is_taken_up_where_it_stopped(office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = render_run(office.run.pk, tmp_path, batch=5)
    first, second, third = printed.files
    whole = second.read_bytes(), third.read_bytes()
    second.with_suffix(".csv").unlink()  # stopped between PDF and manifest
    third.write_bytes(whole[1][:1000])  # damaged later
    made: list[str] = []
    real = batches._set

    def counted(item: Any, fonts: Path, part: Path) -> Any:
        made.append(item.pdf.name)
        return real(item, fonts, part)

    monkeypatch.setattr(batches, "_set", counted)
    assert render_run(office.run.pk, tmp_path, batch=5) == printed
    assert sorted(made) == [second.name, third.name]
    assert (second.read_bytes(), third.read_bytes()) == whole
    assert not list(tmp_path.glob("*.part"))
    made.clear()
    again = render_run(office.run.pk, tmp_path, batch=12)
    assert [file.name for file in again.files] == made == [first.name]
    assert sorted(file.name for file in tmp_path.iterdir()) == [first.with_suffix(".csv").name, first.name]


def test_a_name_no_font_prints_stops_only_its_bill(office: Any, tmp_path: Path) -> None:
    third = manifest(render_run(office.run.pk, tmp_path / "before", batch=5).files[0])[2]["number"].split("-")[0]
    number, bill = third, office.bills[third]
    Person.objects.filter(pk=bill.account.holder_id).update(name="林秀英")
    printed = render_run(office.run.pk, tmp_path, batch=5)
    assert printed.bills == 11
    assert [str(one) for one in printed.isolated] == [f"bill {number}-20261005: no font can print '林秀英' in '林秀英'"]
    assert manifest(printed.files[0])[2]["problem"] == printed.isolated[0].problem
    assert render_run(office.run.pk, tmp_path, batch=5) == printed


def test_what_typst_refuses_is_found_by_halving() -> None:
    bills = [_presented(sample_document(name)) for name in ("household", "flat_only", "solar_credit")]
    bills[1]["to"][0] = "林"
    printed = press.press_all(_data(bills, sample_document(), "three"), fonts=font_folder())
    assert list(printed.refused) == ["100777-20261005"]
    assert "could not be displayed" in printed.refused["100777-20261005"]
    assert printed.places == {"100245-20261005": (1, 2), "101907-20261005": (3, 2)}
