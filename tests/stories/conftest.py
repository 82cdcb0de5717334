"""Alder Bend from August 2024 to April 2026, lived once for all stories; each test looks, or changes and takes back."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

#: Read while tests are collected: the session's own server is named there only once it runs.
OWN_SERVER = "DATABASE_URL" not in os.environ
_LIVED = Path(__file__).parent.parent / "records" / "lived.py"
if "lived" not in sys.modules:
    _SPEC = importlib.util.spec_from_file_location("lived", _LIVED)
    assert _SPEC is not None and _SPEC.loader is not None
    sys.modules["lived"] = importlib.util.module_from_spec(_SPEC)
    _SPEC.loader.exec_module(sys.modules["lived"])
lived = sys.modules["lived"]

#: April 2026: Ana has moved out, Ben has moved in, and the water rates of March have been billed.
MONTHS = 20


@pytest.fixture(scope="session")
def twenty_months(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The city after its run of April 2026, in a database that nobody changes."""
    with django_db_blocker.unblock():
        if OWN_SERVER:
            lived.forget_the_disk()
        office = lived.founded(tmp_path_factory.mktemp("alder-bend"), months=MONTHS)
        yield office
        if not OWN_SERVER:
            lived.drop([office.database])


@pytest.fixture
def office(twenty_months: Any, django_db_blocker: Any) -> Iterator[Any]:
    """The lived city; what a test changes is taken back."""
    with django_db_blocker.unblock(), lived.connected_to(twenty_months.database), transaction.atomic():
        yield copy(twenty_months)
        transaction.set_rollback(True)


@pytest.fixture
def rows() -> Callable[..., list[tuple[Any, ...]]]:
    """What a query finds, as plain rows."""
    return lived.rows  # type: ignore[no-any-return]
