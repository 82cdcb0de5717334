"""Fixtures of the records' tests: a city of some sixty accounts with two months behind it."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

#: Read while tests are collected: the session's own server is named there only once it runs.
OWN_SERVER = "DATABASE_URL" not in os.environ
if "lived" not in sys.modules:
    _SPEC = importlib.util.spec_from_file_location("lived", Path(__file__).with_name("lived.py"))
    assert _SPEC is not None and _SPEC.loader is not None
    sys.modules["lived"] = importlib.util.module_from_spec(_SPEC)
    _SPEC.loader.exec_module(sys.modules["lived"])
lived = sys.modules["lived"]


@pytest.fixture(scope="session")
def databases(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """Names of the databases made on the way; a server of the session's own takes them with it."""
    names: list[str] = []
    with django_db_blocker.unblock():
        if OWN_SERVER:
            lived.forget_the_disk()
        yield names
        if not OWN_SERVER:
            lived.drop(reversed(names))


@pytest.fixture(scope="session")
def two_months(databases: list[str], django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The city after September and October 2024, in a database that nobody changes."""
    with django_db_blocker.unblock():
        office = lived.founded(tmp_path_factory.mktemp("alder-bend"), months=2)
    databases.append(office.database)
    return office


@pytest.fixture
def office(two_months: Any, django_db_blocker: Any) -> Iterator[Any]:
    """The city to look at, or to change within one transaction that is rolled back."""
    with django_db_blocker.unblock(), lived.connected_to(two_months.database), transaction.atomic():
        yield copy(two_months)
        transaction.set_rollback(True)


@pytest.fixture
def another(two_months: Any, databases: list[str], django_db_blocker: Any) -> Callable[[], Any]:
    """Make a copy of the city to change for good; use it as a context, in which everything commits."""

    @contextmanager
    def made() -> Iterator[Any]:
        with django_db_blocker.unblock():
            name = lived.copied(two_months.database, f"{two_months.database}_{len(databases)}")
            databases.append(name)
            with lived.connected_to(name):
                yield copy(two_months)

    return made


@pytest.fixture
def open_office(another: Callable[[], Any]) -> Iterator[Any]:
    """A copy of the city to change for good: everything in it commits."""
    with another() as office:
        yield office


@pytest.fixture
def rows() -> Callable[..., list[tuple[Any, ...]]]:
    """What a query finds, as plain rows."""
    return lived.rows  # type: ignore[no-any-return]
