"""Sunny Lane, built once a module and rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction
from tests.records.programs.sunny import Lane, build_lane


@pytest.fixture(scope="module")
def built_lane(django_db_setup: None, django_db_blocker: Any) -> Iterator[Lane]:
    """The lane; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_lane()
        transaction.set_rollback(True)


@pytest.fixture
def lane(built_lane: Lane, db: None) -> Iterator[Lane]:
    """The lane, for a story that changes it."""
    yield deepcopy(built_lane)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_revenue, run_charges, run_points")
