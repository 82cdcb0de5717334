"""The office, built once for the tests of screens and rolled back after them; clients signed in by role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import translation
from tests.web.office import Office, build_office

SignedIn = Callable[[str], Client]


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    """The office; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        office = build_office()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS run_revenue, run_charges, run_points")
        yield office
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """No test hears the language of the one before it."""
    with translation.override("en"):
        yield


@pytest.fixture
def office(built: Office, db: None) -> Office:
    """The office, for a test that may change it."""
    return built


@pytest.fixture
def signed_in(office: Office) -> SignedIn:
    """A browser of a member of staff, by username."""

    def sign_in(username: str) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        client.force_login(office.staff[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
