"""Nobody gets in unsigned, every page belongs to a section, and a refusal is said kindly."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web import dug, paid_online
from tests.web.addresses import FILES, PLAIN, POSTED_ONLY, arguments, pages
from tests.web.conftest import SignedIn
from tests.web.office import Office

from meterbook.web.kit.sections import RAIL


def own_patterns(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found = []
    for each in patterns:
        if isinstance(each, URLResolver):
            found += own_patterns(each.url_patterns)
        elif each.callback.__module__.startswith("meterbook"):
            found.append(each)
    return found


def test_a_name_means_one_address() -> None:
    names = [pattern.name for pattern in own_patterns(get_resolver().url_patterns)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_address_is_visited_by_these_tests(office: Office) -> None:
    named = {pattern.name for pattern in own_patterns(get_resolver().url_patterns)}
    assert named - POSTED_ONLY - set(PLAIN) - set(arguments(office)) - FILES - {"payment_batch"} == set()


def test_every_address_refuses_who_is_not_signed_in(office: Office) -> None:
    everything = {**pages(office), "pdf": reverse("bill_pdf", args=[office.bill.pk]), "lost": "/no/such/page/"}
    for address in everything.values():
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith(reverse("account_login")), address
    for name in ("put_away", "run_act"):
        address = reverse(name, args=arguments(office).get(name))
        assert Client().post(address).status_code == 302


def test_every_page_of_ours_belongs_to_a_section() -> None:
    open_to_all = {"today", "theme", "language", *paid_online.OPEN, *dug.OPEN}
    for pattern in own_patterns(get_resolver().url_patterns):
        assert hasattr(pattern.callback, "section") or pattern.name in open_to_all, pattern.name


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_in_both_languages(office: Office, signed_in: SignedIn, language: str) -> None:
    client = signed_in("supervisor")
    client.cookies["django_language"] = language
    for name, address in pages(office).items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        page = answer.content.decode()
        assert len(page) < 45_000, (name, len(page))
        assert name == "run_progress" or f'<html lang="{language}"' in page


def test_a_page_with_its_style_and_script_stays_small(office: Office, signed_in: SignedIn) -> None:
    from django.contrib.staticfiles import finders

    page = len(signed_in("supervisor").get(reverse("account", args=[office.ana.number])).content)
    parts = [finders.find(name) for name in ("web/kit.css", "web/kit.js", "django_htmx/htmx-2.min.js")]
    sizes = [Path(str(part)).stat().st_size for part in parts]
    assert page + sum(sizes) < 120_000
    assert page + sizes[0] + sizes[1] < 70_000


def test_the_rail_shows_the_work_of_the_role(office: Office, signed_in: SignedIn) -> None:
    def rail(username: str) -> set[str]:
        page = signed_in(username).get("/").content.decode()
        return {section.key for section in RAIL if f'data-go="{section.letter}"' in page}

    assert rail("cashier") == {"today", "find", "accounts", "cases", "bills", "money", "rates", "library"}
    assert rail("supervisor") == {section.key for section in RAIL}


def test_a_cashier_is_told_kindly_whose_work_reads_are(office: Office, signed_in: SignedIn) -> None:
    answer = signed_in("cashier").get(reverse("reads"))
    assert answer.status_code == 403
    assert "Billing technician" in answer.content.decode()


def test_an_operation_refused_by_role_names_the_roles(office: Office, signed_in: SignedIn) -> None:
    form = {"cycle": office.cycle.pk, "bill_date": "9/8/2026"}
    answer = signed_in("auditor").post(reverse("plan_run"), form)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Not part of your role" in page and "Billing technician" in page and "Supervisor" in page


def test_contact_is_masked_for_who_does_not_need_it(office: Office, signed_in: SignedIn) -> None:
    address = reverse("account", args=[office.ana.number])
    clerk = signed_in("supervisor").get(address).content.decode()
    assert "(555) 555-0149" in clerk and "ana@example.org" in clerk
    auditor = signed_in("auditor").get(address).content.decode()
    assert "(555) 555-0149" not in auditor and "ana@example.org" not in auditor
    assert "(•••) •••-••49" in auditor and "a•••@example.org" in auditor


def test_forms_need_their_token(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.staff["billing"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("plan_run"), {"cycle": office.cycle.pk, "bill_date": "9/8/2026"}).status_code == 403


def test_pages_carry_their_policy_and_are_not_kept(office: Office, signed_in: SignedIn) -> None:
    answer = signed_in("csr").get("/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_in_with_a_password_leads_where_one_wanted(office: Office) -> None:
    client = Client()
    wanted = reverse("rate_book")
    form = {"login": "csr", "password": "correct-horse-battery", "next": wanted}
    assert client.post(reverse("account_login"), form).headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_nobody_registers_himself(office: Office) -> None:
    assert Client().get("/staff/signup/").status_code == 302
