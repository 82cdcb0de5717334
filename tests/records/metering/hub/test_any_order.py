"""Files in any order, any number of times, under any name: the same reads and the same usage."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.records.metering.yard import TODAY, Yard, file_of

from meterbook.records.metering.hub.operations.keep_source import add_source
from meterbook.records.metering.hub.operations.receive_file import receive_file
from meterbook.records.metering.models import Read, Usage

pytestmark = pytest.mark.django_db
DAYS = [TODAY - timedelta(days=3), TODAY - timedelta(days=2), TODAY]
#: Plausible reads of three meters on three days, spread over four files; one read stands in two of them.
FILES = [
    file_of(("W-1", DAYS[0], "122"), ("W-2", DAYS[0], "226"), ("E-NOBODYS", DAYS[0], "1")),
    file_of(("W-1", DAYS[2], "124"), ("W-3", DAYS[0], "327")),
    file_of(("W-2", DAYS[1], "226"), ("W-1", DAYS[0], "122")),
    file_of(("W-2", DAYS[2], "227"), ("W-3", DAYS[2], "328")),
]


def outcome() -> tuple[list[tuple[str, date, str, str]], list[tuple[str, date, date, int]]]:
    """Every read and every usage in force, in an order of their own."""
    reads = Read.objects.filter(superseded=False).values_list("register__meter__serial", "read_on", "value", "status")
    usages = Usage.objects.filter(superseded=False).values_list(
        "register__meter__serial", "starts", "ends", "quantity_e6"
    )
    return sorted((a, b, str(c), d) for a, b, c, d in reads), sorted(usages)


def received(yard: Yard, order: list[int]) -> tuple[object, object]:
    with transaction.atomic():
        source = add_source(
            yard.act(), name="Any", format="meterbook-reads", via="folder", location="/srv/reads", pattern="*"
        )
        for place, file in enumerate(order):
            receive_file(yard.act(), source=source, file_name=f"{place}-{file}.csv", content=FILES[file])
        found = outcome()
        transaction.set_rollback(True)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(4)),
    again=st.lists(st.integers(0, 3), max_size=4),
    at=st.integers(0, 4),
)
def test_any_order_and_repetition_gives_the_same_reads(yard: Yard, order: list[int], again: list[int], at: int) -> None:
    assert received(yard, [*order[:at], *[n for n in again if n in order[:at]], *order[at:], *again]) == received(
        yard, [0, 1, 2, 3]
    )
