"""Reports on screen: parameters, search, files of exactly what is shown, paper, and who may look."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from django.test import Client
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import Office

INVENTORY = {"detail": "meters"}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def at(name: str) -> str:
    return reverse("report", args=[name])


def page_of(client: Client, name: str, **query: str) -> str:
    answer = client.get(at(name), query)
    assert answer.status_code == 200
    return answer.content.decode()


def as_csv(client: Client, name: str, **query: str) -> list[list[str]]:
    answer = client.get(at(name), {**query, "as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def as_xlsx(client: Client, address: str, **query: str) -> list[list[list[str]]]:
    """The cells of each sheet as the file holds them."""
    answer = client.get(address, {**query, "as": "xlsx"})
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    book = ZipFile(io.BytesIO(answer.content))
    words = ["".join(each.itertext()) for each in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
    sheets = sorted(each for each in book.namelist() if each.startswith("xl/worksheets/sheet"))
    return [_cells(ElementTree.fromstring(book.read(each)), words) for each in sheets]


def _cells(sheet: Any, words: list[str]) -> list[list[str]]:
    return [
        [
            words[int("".join(cell.itertext()))] if cell.get("t") == "s" else "".join(cell.itertext())
            for cell in row.iter(f"{_MAIN}c")
        ]
        for row in sheet.iter(f"{_MAIN}row")
    ]


def test_the_list_names_every_report_by_area(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("supervisor").get(reverse("reports")).content.decode()
    for title in ("Misread meters", "Zero usage", "Meter tests due", "Route summary"):
        assert title in page
    assert page.index("<h2>Reads</h2>") < page.index("<h2>Usage</h2>") < page.index("<h2>Meters</h2>")


def test_a_questioned_read_opens_where_it_comes_from(office: Office, signed_in: SignedIn) -> None:
    page = page_of(signed_in("supervisor"), "misread_meters", since="9/1/2026")
    assert f'href="{reverse("account", args=[office.ana.number])}">{office.ana.number}' in page
    assert re.search(r'href="/reads/exceptions/\d+/">95<', page) and re.search(r'href="/meters/\d+/">W-9001<', page)
    assert "70 ccf in 2 days is high" in page


def test_csv_and_workbook_hold_exactly_what_is_shown(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("auditor")
    for query in ({}, {"q": "E-44"}, {"sort": "-meter"}, {"f-commodity": "water"}):
        rows = as_csv(client, "meter_inventory", **INVENTORY, **query)
        sheet, about = as_xlsx(client, at("meter_inventory"), **INVENTORY, **query)
        shown = re.findall(r'href="/meters/\d+/">([EW]-\d+)<', page_of(client, "meter_inventory", **INVENTORY, **query))
        assert [row[0] for row in rows[1:]] == shown
        assert sheet[0] == rows[0] and [row[0] for row in sheet[1:]] == shown
        assert ["Business date", "Sep 8, 2026"] in about and ["Show", "Every meter"] in about
    assert [row[0] for row in as_csv(client, "meter_inventory", **INVENTORY, sort="-meter")[1:]] == [
        "W-9001", "E-4472", "E-4471",
    ]  # fmt: skip
    assert [row[0] for row in as_csv(client, "meter_inventory", **INVENTORY, q="e-44")[1:]] == ["E-4471", "E-4472"]


def test_numbers_and_days_are_such_in_the_workbook(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("ruben")
    given = {"account": office.ana.number}
    head, *rows = as_csv(client, "consumption_history", **given)
    _, *cells = as_xlsx(client, at("consumption_history"), **given)[0]
    ends, used = head.index("To"), head.index("Usage")
    assert rows and {Decimal(row[used]) for row in rows} >= {Decimal(700), Decimal(800)}
    for row, cell in zip(rows, cells, strict=True):
        filled = [text for text in row if text]
        assert len(cell) == len(filled)
        kept = dict(zip([place for place, text in enumerate(row) if text], cell, strict=True))
        assert Decimal(kept[used]) == Decimal(row[used])
        assert int(kept[ends]) == (date.fromisoformat(row[ends]) - date(1899, 12, 30)).days


def test_search_keeps_the_parameters_and_totals_follow(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("supervisor")
    page = page_of(client, "meter_inventory", q="water", as_of="9/1/2026")
    foot = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert "1" in re.findall(r">([\d,]+)</td>", foot) and '?as_of=9%2F1%2F2026">Show all' in page
    assert "As of: Sep 1, 2026" in page
    whole = page_of(client, "meter_inventory").partition("<tfoot>")[2]
    assert "3" in re.findall(r">([\d,]+)</td>", whole)


def test_a_parameter_typed_wrong_is_said_beside_it(office: Office, signed_in: SignedIn) -> None:
    page = page_of(signed_in("billing"), "zero_usage", since="soon", periods="2")
    assert "From: “soon” is not a date like 3/12/2026." in page
    assert 'value="soon"' in page and 'value="2"' in page and 'aria-invalid="true"' in page
    assert "Type an account, a service point or a meter." in page_of(signed_in("billing"), "consumption_history")
    assert "“&lt;b&gt;” is not R1" in page_of(signed_in("billing"), "zero_usage", route="<b>")


def test_paper_has_heading_parameters_and_every_row(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("auditor")
    page = page_of(client, "meter_inventory", **INVENTORY, **{"as": "print", "paper": "a4"})
    assert 'class="sheet a4"' in page and "<h1>Meter inventory and age</h1>" in page
    assert page.count("<tr>") == 4 and "Every meter" in page and "Sep 8, 2026" in page
    assert 'class="rail"' not in page and "paper=letter" in page
    made = re.search(r"<dt>Made</dt><dd>(.+?)</dd>", page)
    assert made and re.search(r"\b20\d\d\b", made[1])
    assert 'class="sheet letter"' in page_of(client, "zero_usage", **{"as": "print", "paper": "<x>"})


def test_only_those_who_answer_for_the_figures_look(office: Office, signed_in: SignedIn) -> None:
    for username in ("auditor", "supervisor", "billing", "ruben"):
        assert signed_in(username).get(at("zero_usage")).status_code == 200
    for username in ("cashier", "csr"):
        assert signed_in(username).get(at("zero_usage")).status_code == 403
        assert signed_in(username).get(at("zero_usage"), {"as": "csv"}).status_code == 403
    assert signed_in("auditor").get("/reports/no_such/").status_code == 404


def test_no_report_shows_a_name_or_a_phone(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("auditor")
    for name in ("misread_meters", "consumption_history", "route_summary"):
        page = page_of(client, name, **({"account": office.ana.number} if name == "consumption_history" else {}))
        assert "Belmonte" not in page and "555-0149" not in page


def test_reports_speak_spanish(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("supervisor")
    client.cookies["django_language"] = "es"
    page = page_of(client, "misread_meters", since="2026-09-01")
    assert "Misread" not in page and "Business date" not in page and "Expected from" not in page


def test_other_tables_are_workbooks_too(office: Office, signed_in: SignedIn) -> None:
    (sheet,) = as_xlsx(signed_in("supervisor"), reverse("meters"), q="E-44")
    assert [row[0] for row in sheet[1:]] == ["E-4471", "E-4472"]
