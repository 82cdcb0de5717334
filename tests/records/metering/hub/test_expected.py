"""Expected against received: what should be read in a window, what was, and what nobody read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.records.metering.yard import HUNG, TODAY, Yard, file_of

from meterbook.jobs.expected_reads import cycle_window
from meterbook.records.metering.hub.expected import (
    Window,
    by_route,
    expected_registers,
    missing_registers,
    window_of,
)
from meterbook.records.metering.models import Installation, Read
from meterbook.records.metering.operations.import_reads import import_reads

pytestmark = pytest.mark.django_db


def take_in(yard: Yard, *rows: tuple[str, date, str]) -> None:
    import_reads(yard.act(), format="meterbook-reads", file_name="r.csv", content=file_of(*rows))


def counts(yard: Yard, window: Window) -> dict[str, tuple[int, int, int, int]]:
    return {
        each.code: (each.expected, each.received, each.queued, each.missing) for each in by_route(yard.cycle, window)
    }


@pytest.mark.parametrize(
    ("on", "scheduled"),
    [
        (date(2026, 8, 5), date(2026, 8, 5)),
        (date(2026, 7, 29), date(2026, 8, 5)),
        (date(2026, 7, 28), date(2026, 7, 5)),
        (date(2026, 8, 28), date(2026, 8, 5)),
        (date(2027, 1, 2), date(2027, 1, 5)),
        (date(2026, 3, 4), date(2026, 3, 5)),
    ],
)
def test_the_window_is_the_newest_that_has_begun(yard: Yard, on: date, scheduled: date) -> None:
    found = window_of(yard.cycle, on)
    assert found == Window(scheduled - timedelta(7), scheduled, scheduled + timedelta(7))


def test_a_published_read_day_counts_before_the_own(yard: Yard) -> None:
    found = window_of(yard.cycle, TODAY, scheduled=date(2026, 8, 7))
    assert (found.since, found.until) == (date(2026, 7, 31), date(2026, 8, 14))


def test_routes_count_what_came_and_what_waits(yard: Yard) -> None:
    window = window_of(yard.cycle, TODAY)
    assert counts(yard, window) == {"R1": (6, 0, 0, 6), "R2": (2, 0, 0, 2)}
    take_in(yard, ("W-1", TODAY, "124"), ("W-2", TODAY, "99999"), ("E-1", TODAY - timedelta(3), "1300"))
    assert counts(yard, window) == {"R1": (6, 2, 1, 4), "R2": (2, 1, 0, 1)}
    found = cycle_window("C1", TODAY)
    assert (found.expected, found.received, found.queued, found.missing) == (8, 3, 1, 5)


def test_a_rejected_read_is_no_read(yard: Yard) -> None:
    window = window_of(yard.cycle, TODAY)
    take_in(yard, ("W-1", TODAY, "124"))
    Read.objects.filter(register=yard.register("W-1"), read_on=TODAY).update(status="rejected")
    assert counts(yard, window)["R1"][1] == 0


def test_a_read_outside_the_window_is_none_of_it(yard: Yard) -> None:
    take_in(yard, ("W-1", TODAY - timedelta(8), "124"))
    assert counts(yard, window_of(yard.cycle, TODAY))["R1"][1] == 0


def test_frame_and_list_agree(yard: Yard) -> None:
    window = window_of(yard.cycle, TODAY)
    take_in(yard, ("W-1", TODAY, "124"), ("E-1", TODAY, "1300"))
    frame = expected_registers(yard.cycle, window)
    assert frame.height == 8 and frame["received"].sum() == 2
    assert frame["sequence"].to_list() == sorted(frame["sequence"].to_list())
    missing = list(missing_registers(yard.cycle, window).order_by("route_code", "sequence"))
    assert [row["serial"] for row in missing] == frame.filter(~frame["received"])["serial"].to_list()
    assert missing[0]["address"] == "102 Mill Street" and missing[0]["route_code"] == "R1"
    only = missing_registers(yard.cycle, window, route=yard.routes["R2"].pk)
    assert [row["serial"] for row in only] == ["E-40"]


def test_a_meter_taken_down_or_hung_in_the_window_is_not_expected(yard: Yard) -> None:
    window = window_of(yard.cycle, TODAY)
    Installation.objects.filter(meter=yard.meters["W-1"]).update(validity=(HUNG, TODAY - timedelta(2)))
    assert counts(yard, window)["R1"][0] == 5
    assert "W-1" not in expected_registers(yard.cycle, window)["serial"].to_list()
    assert "W-1" not in [row["serial"] for row in missing_registers(yard.cycle, window)]
