"""A founded Alder Bend of 120 accounts, shared by the tests of a module and gone after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from meterbook.demo.city import City
from meterbook.demo.founding import found
from meterbook.demo.policies import enact_policies
from meterbook.demo.stories import Staff

PASSWORD = "correct-horse-battery"


@pytest.fixture(scope="session")
def city() -> City:
    """The city itself, which no test changes."""
    return City(accounts=120, seed=7)


@pytest.fixture(scope="module")
def staff(city: City, django_db_setup: None, django_db_blocker: Any) -> Iterator[Staff]:
    """The sign-ins of the founded city."""
    with django_db_blocker.unblock(), transaction.atomic():
        sign_ins = found(city, password=PASSWORD)
        enact_policies(sign_ins)
        yield sign_ins
        transaction.set_rollback(True)
