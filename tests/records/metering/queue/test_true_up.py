"""Estimates set right by the read that follows: never below nothing, every unit kept, whatever came first."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.records.metering.queue.town import TODAY, Town

from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Read, TrueUp
from meterbook.records.metering.queue.operations.accept import accept_read
from meterbook.records.metering.queue.operations.own import question_read
from meterbook.records.metering.queue.true_up import settle

LAST = date(2026, 6, 27)
NEXT, THEN, LATER = (TODAY + timedelta(days=30 * at) for at in (1, 2, 3))


def settled(town: Town, house: int) -> None:
    """Settle and derive, as whoever takes reads in does."""
    changed = settle(town.deed, [town.registers[house].pk])
    store_usage(town.deed, [town.registers[house].pk], since=min(changed or LAST, LAST))


def rows(town: Town, house: int) -> list[tuple[date, int, int]]:
    found = TrueUp.objects.filter(register=town.registers[house]).order_by("starts", "pk")
    return [(row.starts, row.was_e6 // 10**6, row.becomes_e6 // 10**6) for row in found]


def test_too_low_estimates_leave_the_reads_and_say_how_the_rest_is_spread(town: Town) -> None:
    town.arrive(0, 6600, estimated=True)
    town.arrive(0, 6700, on=NEXT, estimated=True)
    town.arrive(0, 7400, on=THEN)
    settled(town, 0)
    assert [row[2] for row in town.usage(0, LAST)] == [100, 100, 700]
    told = rows(town, 0)
    assert [row[:2] for row in told] == [(LAST, 100), (TODAY, 100), (NEXT, 700)]
    assert sum(row[2] for row in told) == 900 and min(row[2] for row in told) > 100


def test_too_high_estimates_are_spread_again_and_no_usage_is_below_nothing(town: Town) -> None:
    town.arrive(0, 7100, estimated=True)
    town.arrive(0, 7700, on=NEXT, estimated=True)
    item = town.question(0, 7400, on=THEN)
    accept_read(town.act(), item=item)
    usage = [row[2] for row in town.usage(0, LAST)]
    assert sum(usage) == 900 and min(usage) >= 0
    told = rows(town, 0)
    assert [row[:2] for row in told] == [(LAST, 600), (TODAY, 600)]
    assert [row[2] for row in told] == usage[:2]
    read = Read.objects.get(register=town.registers[0], read_on=TODAY, superseded=False)
    assert (read.version, read.estimated, read.origin) == (2, True, "estimated")


def test_again_changes_nothing(town: Town) -> None:
    for read, values in enumerate(((6600, 6700, 7400), (7100, 7700, 7400))):
        house = read
        base = int(town.last(house).value) - 6500
        for day, value in zip((TODAY, NEXT, THEN), values, strict=True):
            town.arrive(house, base + value, on=day, estimated=day != THEN)
        settled(town, house)
        before = (rows(town, house), town.usage(house, LAST), Read.objects.count())
        settled(town, house)
        assert (rows(town, house), town.usage(house, LAST), Read.objects.count()) == before


@pytest.mark.parametrize("between", [6900, 7350])
def test_any_order_of_arrival_gives_the_same(town: Town, between: int) -> None:
    arrivals = [
        (TODAY, 7100, True),
        (NEXT, 7700, True),
        (THEN, 7400, False),
        (TODAY + timedelta(days=9), between, False),
    ]
    outcomes = set()
    for house, order in enumerate(permutations(arrivals)):
        if house > 7:
            break
        shift = int(town.last(house).value) - 6500
        for day, value, estimated in order:
            town.arrive(house, value + shift, on=day, estimated=estimated)
            settled(town, house)
        usage = town.usage(house, LAST)
        assert sum(row[2] for row in usage) == 900 and min(row[2] for row in usage) >= 0
        outcomes.add(tuple(usage))
    assert len(outcomes) == 1


def test_true_ups_follow_when_the_settling_read_is_questioned_and_answered(town: Town) -> None:
    town.arrive(0, 6600, estimated=True)
    actual = town.arrive(0, 7400, on=NEXT)
    settled(town, 0)
    assert sum(becomes - was for _, was, becomes in rows(town, 0)) == 0
    item = question_read(town.act(reason="audit"), read=actual)
    assert [row[2] for row in town.usage(0, LAST)] == [100]
    accept_read(town.act(), item=item)
    assert [row[2] for row in town.usage(0, LAST)] == [100, 800]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(estimates=st.lists(st.integers(0, 900), min_size=1, max_size=3), counted=st.integers(0, 2500))
def test_what_the_register_counted_is_conserved(town: Town, estimates: list[int], counted: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        value, day = 6500, TODAY
        for each in estimates:
            value += each
            town.arrive(0, value, on=day, estimated=True)
            day += timedelta(days=30)
        town.arrive(0, 6500 + counted, on=day)
        settled(town, 0)
        usage = [row[2] for row in town.usage(0, LAST)]
        assert sum(usage) == counted and min(usage) >= 0
        transaction.set_rollback(True)
