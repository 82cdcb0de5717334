"""The street, built once a file and rolled back after each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from tests.records.metering.queue.town import Town, build_town


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The street; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_town()
        transaction.set_rollback(True)


@pytest.fixture
def town(built: Town, db: None) -> Town:
    """The street, for a test that may change it."""
    return built
