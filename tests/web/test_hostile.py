"""Hostile input and other people's numbers: never an error of ours, never a name on a page that is refused.

Everything is tried with everything under the mark `long`; the rest tries some of it, with other words at each address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.web.addresses import POSTED_ONLY, arguments, pages
from tests.web.conftest import SignedIn
from tests.web.office import Office

pytestmark = pytest.mark.django_db
#: What is typed where something else was meant.
WORDS = (
    "' OR 1=1 --", "<script>alert(1)</script>", "\0", "٣٤", "²", "NaN", "-1", "1e999", "9" * 40, "2026-02-30",
    "🎈" * 300, "{{ 7*7 }}", "%s%n", "../../etc/passwd", "1000025", "0", "on", "",
)  # fmt: skip
NUMBERS = (0, 1, 2**31, 2**63, 10**30)
#: Roles that see least, each with pages it is refused.
ROLES = ("crew", "cashier", "auditor", "reader")
SECRETS = ("Ana Belmonte", "Ben Ortiz", "555-0149", "555-0188", "ana@example.org", "ben@example.org", "214 Tannery")


class Fields(HTMLParser):
    """The names of the fields of a page's forms, and the addresses these are sent to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.targets: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and (found.get("method") or "").lower() == "post" and found.get("action"):
            self.targets.add(str(found["action"]).split("#")[0])
        if tag in ("input", "select", "textarea", "button") and found.get("name") not in (None, "csrfmiddlewaretoken"):
            self.names.add(str(found["name"]))


def kept_back(client: Client, method: str, address: str, data: dict[str, object] | None = None) -> tuple[int, str]:
    """A request whose changes are taken back: the status and the page."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer = getattr(client, method)(address, data or {})
        page = answer.content.decode(errors="replace") if not answer.streaming else ""
        transaction.set_rollback(True)
    return answer.status_code, page


def broken(client: Client, method: str, address: str, data: dict[str, object] | None = None) -> list[str]:
    """What is said of a request that ended in an error of ours."""
    try:
        status, _ = kept_back(client, method, address, data)
    except Exception as error:
        return [f"{method} {address} {data}: {type(error).__name__}: {error}"[:300]]
    return [f"{method} {address} {data}: {status}"[:300]] if status >= 500 else []


def strange_addresses(office: Office) -> Iterator[str]:
    """Every address that takes something, with what it was not made for."""
    for name, args in arguments(office).items():
        for at, _ in enumerate(args):
            for odd in (*NUMBERS, *WORDS):
                try:
                    yield reverse(name, args=[*args[:at], odd, *args[at + 1 :]])
                except NoReverseMatch:
                    continue


def asked(address: str, word: str) -> str:
    """An address with every question lists understand, answered with a word."""
    query = dict.fromkeys(("q", "sort", "page", "after", "f-name", "f-state", "as", "account", "since", "visit"), word)
    return f"{address}{'&' if '?' in address else '?'}" + "&".join(f"{name}={quote(word)}" for name in query)


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])
def test_nothing_typed_breaks_a_form(office: Office, signed_in: SignedIn, every: bool) -> None:
    client = signed_in("supervisor")
    wrong: list[str] = []
    targets: dict[str, set[str]] = {}
    for address in list(pages(office).values())[:: 1 if every else 6]:
        status, page = kept_back(client, "get", address)
        if status == 200 and 'method="post"' in page:
            found = Fields(page)
            for target in {address, *found.targets}:
                targets.setdefault(target if target.startswith("/") else address, set()).update(found.names)
    assert targets
    for at, (address, names) in enumerate(sorted(targets.items())):
        for word in WORDS if every else (WORDS[at % len(WORDS)],):
            if not re.search(r"/(theme|language|logout)/", address):
                wrong += broken(client, "post", address, dict.fromkeys(names, word))
    assert wrong == []


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])
def test_no_address_breaks(office: Office, signed_in: SignedIn, every: bool) -> None:
    client, wrong = signed_in("supervisor"), []
    for address in list(strange_addresses(office))[:: 1 if every else 389]:
        wrong += broken(client, "get", address)
    for at, address in enumerate(list(pages(office).values())[:: 1 if every else 11]):
        for word in WORDS if every else (WORDS[at % len(WORDS)],):
            wrong += broken(client, "get", asked(address, word))
    for name in sorted(POSTED_ONLY):
        args = arguments(office).get(name)
        try:
            wrong += broken(client, "post", reverse(name, args=args), {"id": "9" * 30, "do": "²", "q": "\0"})
        except NoReverseMatch:
            continue
    assert wrong == []


@pytest.mark.parametrize(
    ("who", "nth"), [("crew", 2), *(pytest.param(each, 1, marks=pytest.mark.long) for each in ROLES)]
)
def test_a_page_refused_tells_nothing(office: Office, signed_in: SignedIn, who: str, nth: int) -> None:
    client, told, refused = signed_in(who), [], 0
    for name, address in list(pages(office).items())[::nth]:
        for method in ("get", "post"):
            status, page = kept_back(client, method, address)
            if status in (403, 404):
                refused += 1
                told += [f"{name} ({method}): {secret}" for secret in SECRETS if secret in page]
    assert told == [] and refused
