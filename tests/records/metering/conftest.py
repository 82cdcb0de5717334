"""A small office, built once a module and rolled back after it, with a data directory of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from tests.records.metering.yard import Yard, build_yard


@pytest.fixture(scope="module")
def built_yard(django_db_setup: None, django_db_blocker: Any) -> Iterator[Yard]:
    """The office; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_yard()
        transaction.set_rollback(True)


@pytest.fixture
def yard(built_yard: Yard, db: None, tmp_path: Path) -> Iterator[Yard]:
    """The office, for a test that may change it."""
    with override_settings(DATA_DIR=tmp_path / "data"):
        yield copy(built_yard)
