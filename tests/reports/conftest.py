"""The town, built once a module and rolled back after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from tests.reports.town import TODAY, Town, build_town

from meterbook import reports
from meterbook.reports.asking import asked
from meterbook.reports.contract import Row

Made = Callable[..., list[Row]]


@pytest.fixture(scope="module")
def built_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The town; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_town()
        transaction.set_rollback(True)


@pytest.fixture
def town(built_town: Town, db: None) -> Iterator[Town]:
    """The town, for a test that may change it."""
    with translation.override("en"):
        yield built_town


@pytest.fixture
def made(town: Town) -> Made:
    """The rows of a report as somebody typed its parameters."""

    def make(name: str, **given: str) -> list[Row]:
        found = reports.report(name)
        return found.rows(asked(found, given, TODAY))

    return make
