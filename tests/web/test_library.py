"""The library: what holds on which day, lists with fields of their own, files kept long enough."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.web import shelved
from tests.web.office import BILL_2, act

from meterbook.records.platform.operations.approvals import SamePerson
from meterbook.records.registers import screens
from meterbook.records.registers.models import ArticleVersion, DestructionList, Register, RegisterEntry
from meterbook.records.registers.operations.articles import release_article
from meterbook.records.registers.operations.lists import keep_entry
from meterbook.records.registers.operations.retention import decide_destruction, list_destruction
from meterbook.records.registers.refusals import RegisterRefused
from meterbook.records.tasks.models import Task

pytestmark = pytest.mark.django_db


def test_an_article_is_found_by_other_forms_of_its_words_as_of_a_day(signed_in: Any, office: Any) -> None:
    shelved.drafted(office)
    clerk = signed_in("csr")
    page = clerk.get(reverse("library"), {"q": "watered even number"}).content.decode()
    assert "Watering days" in page and "13.12" in page
    before = clerk.get(reverse("library"), {"q": "watering", "on": "8/31/2026"}).content.decode()
    assert "No article holds these words on this day" in before
    found = screens.known("riegos par", BILL_2, language="es")
    assert [one["title"] for one in found] == ["Días de riego"]
    assert "does not hold on" in clerk.get(reverse("article", args=["watering"]), {"on": "1/1/2026"}).content.decode()


def test_a_new_version_is_released_by_somebody_else_and_ends_the_one_before(signed_in: Any, office: Any) -> None:
    draft = shelved.drafted(office)
    with pytest.raises(RegisterRefused, match="already"):
        release_article(act(office.staff["supervisor"], BILL_2), version=ArticleVersion.objects.get(state="released"))
    here = reverse("article_draft", args=[draft.pk])
    assert signed_in("billing").post(here, {"decision": "approve"}).status_code == 403
    signed_in("supervisor").post(here, {"decision": "approve"})
    before, after = ArticleVersion.objects.filter(article=draft.article).order_by("validity")
    assert (before.validity.upper, after.validity.lower, after.state) == (
        date(2026, 10, 1), date(2026, 10, 1), "released"
    )  # fmt: skip


def test_a_register_has_fields_of_its_own_and_is_a_table_like_every_other(signed_in: Any, office: Any) -> None:
    boss, clerk = signed_in("supervisor"), signed_in("csr")
    typed = "number; Number; Número; text; needed\nstock; In stock; Existencias; number\n"
    typed += "place; Where; Dónde; choice; ; a|b"
    sent = {"code": "forms", "title_en": "Forms", "title_es": "Formularios", "fields_typed": typed}
    assert clerk.post(reverse("open_register"), sent).status_code == 403
    boss.post(reverse("open_register"), sent)
    register = Register.objects.get(code="forms")
    new = reverse("new_register_entry", args=["forms"])
    wrong = clerk.post(new, {"title": "Door hanger", "f_number": "F-12", "f_stock": "many"})
    assert wrong.status_code == 422 and "“many” does not fit" in wrong.content.decode()
    clerk.post(new, {"title": "Door hanger", "f_number": "F-12", "f_stock": "350", "f_place": "b",
                     "remind_on": "10/1/2026"})  # fmt: skip
    entry = RegisterEntry.objects.get(register=register)
    assert entry.values == {"number": "F-12", "stock": 350, "place": "b"}
    assert Task.objects.get(subject=f"registerentry:{entry.pk}").due_on == date(2026, 10, 1)
    table = clerk.get(reverse("register", args=["forms"]), {"q": "f-12", "f-place": "b", "sort": "-stock"})
    assert "Door hanger" in table.content.decode()
    csv = b"".join(clerk.get(reverse("register", args=["forms"]), {"as": "csv"}).streaming_content).decode()
    assert "Door hanger,F-12,350,b" in csv


def test_who_changes_an_entry_second_is_told(office: Any) -> None:
    entry = shelved.vendor(office)
    given = {"register": entry.register, "entry": entry, "title": "Valley Print", "version": entry.version}
    keep_entry(act(office.staff["csr"], BILL_2), values={"supplies": "Bills and envelopes"}, **given)
    with pytest.raises(RegisterRefused, match="Somebody changed"):
        keep_entry(act(office.staff["billing"], BILL_2), values={"supplies": "Bills"}, **given)
    assert RegisterEntry.objects.get(pk=entry.pk).values == {"supplies": "Bills and envelopes"}
    assert len(screens.history(entry.pk)) >= 2


def test_old_files_are_destroyed_by_two_people(signed_in: Any, office: Any) -> None:
    made = shelved.outlived(office)
    assert [one["name"] for one in made.files] == ["old.txt"]
    with pytest.raises(RegisterRefused, match="No file"):
        list_destruction(act(office.staff["ruben"], BILL_2), retention="cases")
    with pytest.raises(SamePerson):
        decide_destruction(act(office.staff["supervisor"], BILL_2), found=made, approve=True)
    page = signed_in("finance").get(reverse("destruction_list", args=[made.pk])).content.decode()
    assert "old.txt" in page
    decide_destruction(act(office.staff["ruben"], BILL_2 + timedelta(days=1)), found=made, approve=True)
    assert DestructionList.objects.get(pk=made.pk).state == "agreed"
