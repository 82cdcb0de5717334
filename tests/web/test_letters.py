"""Letters: the office keeps a template, writes to one customer and to many, and changes nothing already written."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from docx import Document
from tests.web.conftest import SignedIn
from tests.web.lettered import WELCOME, mailing, template
from tests.web.office import BILL_2, Office, act

from meterbook.engine.trace import Step
from meterbook.records.contacts.models import Contact
from meterbook.records.correspondence.merging import FIELDS, checked, filled
from meterbook.records.correspondence.models import LetterMerge, OfficeLetter
from meterbook.records.correspondence.operations.templates import save_template
from meterbook.records.correspondence.refusals import LetterRefused


def test_a_letter_begins_from_a_template_in_the_customers_language_and_is_printed_as_it_stands(
    signed_in: SignedIn, office: Office
) -> None:
    template(office)
    teresa = signed_in("csr")
    page = teresa.get("/accounts/1000017/letters/write/?template=welcome").content.decode()
    assert "Estimado/a Ana Belmonte:" in page and "Debe $" in page and "{" not in page.split("<textarea")[1]
    sent = teresa.post(
        "/accounts/1000017/letters/write/?template=welcome",
        {"language": "es", "subject": "Bienvenidos", "text": "Estimada Ana:\r\n\r\nsu perro es bienvenido."},
    )
    letter = OfficeLetter.objects.get(subject="Bienvenidos")
    assert sent.status_code == 302 and letter.paragraphs == ["Estimada Ana:", "su perro es bienvenido."]
    assert letter.version is not None and letter.mail[0] == "Ana Belmonte"
    assert Contact.objects.filter(account=office.ana, channel="letter", words="Bienvenidos").count() == 1
    assert teresa.get(f"/letters/{letter.pk}/pdf/").content[:5] == b"%PDF-"
    word = Document(BytesIO(teresa.get(f"/letters/{letter.pk}/docx/").content))
    assert "su perro es bienvenido." in [each.text for each in word.paragraphs]


def test_a_field_nobody_knows_is_refused_with_its_line() -> None:
    with pytest.raises(LetterRefused) as refused:
        checked("Dear {name},\nyou owe {amount_due}.", where=Step("Text"))
    said = str(refused.value)
    assert "Text, line 2" in said and "{amount_due}" in said and "past_due" in said
    with pytest.raises(LetterRefused):
        checked("a brace { alone", where=Step("Text"))
    assert filled("{name}", dict.fromkeys(FIELDS, "{balance}")) == "{balance}"


def test_two_people_change_one_template_and_the_second_is_told(signed_in: SignedIn, office: Office) -> None:
    found = template(office)
    save_template(
        act(office.staff["supervisor"], BILL_2), template=found, seen=1,
        text=type(WELCOME)(WELCOME.subject_en, "Dear {name},\n\nwelcome.", WELCOME.subject_es, WELCOME.body_es),
    )  # fmt: skip
    late = {"subject_en": "Hello", "body_en": "My own words.", "subject_es": "Hola", "body_es": "Mis palabras.",
            "citation": "", "seen": "1"}  # fmt: skip
    answer = signed_in("billing").post(f"/letters/templates/{found.code}/", late)
    page = answer.content.decode()
    assert answer.status_code == 422 and "supervisor saved version 2" in page and "My own words." in page
    assert found.versions.count() == 2


def test_a_mailing_speaks_each_customers_language_and_sent_twice_is_one(signed_in: SignedIn, office: Office) -> None:
    version = template(office).versions.get(sequence=1)
    walter = signed_in("billing")
    asked = {"version": version.pk, "numbers": "1000017\n1000025\n", "cycle": "", "key": "k1"}
    shown = walter.post("/letters/mailings/new/", asked).content.decode()
    assert "It goes to 2 accounts" in shown and not LetterMerge.objects.filter(key="k1").exists()
    for _ in range(2):
        assert walter.post("/letters/mailings/new/", {**asked, "do": "write"}).status_code == 302
    [made] = LetterMerge.objects.filter(key="k1")
    said = {one.language: one.paragraphs[0] for one in made.items.all()}
    assert said == {"es": "Estimado/a Ana Belmonte:", "en": "Dear Ben Ortiz,"}
    rows = list(csv.DictReader(StringIO(walter.get(f"/letters/mailings/{made.pk}/csv/").content.decode("utf-8-sig"))))
    assert [row["account"] for row in rows] == ["1000017", "1000025"] and rows[1]["address_1"] == "Ben Ortiz"


def test_a_number_that_is_no_account_stops_the_whole_mailing(signed_in: SignedIn, office: Office) -> None:
    version = template(office).versions.get(sequence=1)
    asked = {"version": version.pk, "numbers": "1000017\n4711", "cycle": "", "key": "k2", "do": "write"}
    answer = signed_in("billing").post("/letters/mailings/new/", asked)
    assert answer.status_code == 422 and "Line 2: found 4711" in answer.content.decode()
    assert not LetterMerge.objects.filter(key="k2").exists()


def test_a_letter_written_stays_as_it_was(office: Office) -> None:
    made = mailing(office)
    before = OfficeLetter.objects.filter(merge=made).values_list("paragraphs", flat=True)[0]
    save_template(
        act(office.staff["billing"], BILL_2), template=template(office), seen=1,
        text=type(WELCOME)("New", "New words.", "Nuevo", "Palabras nuevas."),
    )  # fmt: skip
    assert OfficeLetter.objects.filter(merge=made).values_list("paragraphs", flat=True)[0] == before
