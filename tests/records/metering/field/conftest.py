"""The street of the queue's tests, with a meter reader; built once and rolled back after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from tests.records.metering.queue.town import BEGAN, Town, build_town

from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.users import add_user
from meterbook.records.platform.roles import READER


@pytest.fixture(scope="module")
def street(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """The street; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        town = build_town()
        act = Act(town.staff["system"], BEGAN, "a reader")
        town.staff["reader"] = add_user(
            act, username="reader", name="Rosa Soto", email="rosa@example.org", roles=[READER],
            password="correct-horse-battery",
        )  # fmt: skip
        yield town
        transaction.set_rollback(True)


@pytest.fixture
def town(street: Town, db: None, tmp_path: Path) -> Iterator[Town]:
    """The street, for a test that may change it."""
    with override_settings(DATA_DIR=tmp_path / "data"):
        yield street
