"""A shipment is taken whole or not at all, every wrong cell is named, and the same list changes nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from shelf import HEAD, receive, water, watts

from meterbook.records.metering.models import Meter, MeterStep, MeterTest
from meterbook.records.metering.shop.operations.receive import receive_meters
from meterbook.records.metering.shop.shipment import ShipmentRefused
from meterbook.records.platform.models import ImportBatch

pytestmark = pytest.mark.django_db


def test_meters_that_passed_at_the_factory_are_cleared(office: Any) -> None:
    batch = receive(office, water("W-77", minimum="97"), water("W-78", minimum="94.9"), watts("E-77"))
    assert (batch.rows, batch.loaded) == (3, 3)
    found = {m.serial: (m.state, m.cleared) for m in Meter.objects.filter(lot="PO-9")}
    assert found == {"W-77": ("tested", True), "W-78": ("received", False), "E-77": ("tested", True)}
    failed = MeterTest.objects.get(meter__serial="W-78")
    assert not failed.passed and failed.points[0] == {
        "point": "minimum", "at": "0.25 gpm", "accuracy": "94.9", "low": "95", "high": "101", "passed": False,
    }  # fmt: skip
    steps = MeterStep.objects.filter(meter__serial="W-77").order_by("pk").values_list("state", "deed__actor__username")
    assert list(steps) == [("received", "billing"), ("tested", "billing")]


def test_the_same_list_again_changes_nothing(office: Any) -> None:
    first = receive(office, water("W-77"))
    assert receive(office, water("W-77"), name="other name.csv").pk == first.pk
    assert MeterStep.objects.filter(meter__serial="W-77").count() == 2


def test_a_compound_meter_has_two_rows(office: Any) -> None:
    high = water("W-90", "3").replace("delivered", "high_flow")
    receive(office, high, high.replace("high_flow", "low_flow"))
    channels = Meter.objects.get(serial="W-90").registers.order_by("channel").values_list("channel", flat=True)
    assert list(channels) == ["high_flow", "low_flow"]


@pytest.mark.parametrize(
    ("row", "field", "found", "expected"),
    [
        (water("W-1").replace("delivered", "sideways"), "channel", "sideways", "one of delivered, received"),
        (water("W-1").replace(",5,2,1,ccf", ",11,2,1,ccf"), "dials", "11", "a whole number from 3 to 9"),
        (water("W-1").replace(",5,2,1,ccf", ",5,2,0,ccf"), "multiplier", "0", "a number above 0"),
        (water("W-1").replace("ccf", "kWh"), "unit", "kWh", "one of "),
        (water("W-1").replace("water", "steam"), "commodity", "steam", "one of electricity, water"),
        (water("W-1").replace("2024-10-01", "10/1/24"), "tested_on", "10/1/24", "a day like 2026-03-12"),
        (water("W-1").replace("2024-10-01", "2031-10-01"), "tested_on", "2031-10-01", "a day up to 2024-"),
        (water("W-1").replace("2024-10-01", ""), "accuracy_minimum", "97", "the day of a factory test"),
        (water("W-1", minimum="9x"), "accuracy_minimum", "9x", "a percentage"),
        (water("W-1", size="7/8"), "accuracy", "W-1", "name no water meter of size 7/8"),
        (water("W-1").replace("Badger", ""), "manufacturer", "", "a value"),
        (water("W-1") + water("W-1"), "channel", "delivered", "each channel of a meter once"),
        (water("W-1").replace("delivered", "low_flow"), "channel", "low_flow", "high and low flow"),
        ("W-1,water\n", "row", "2", "18 cells"),
    ],
)  # fmt: skip
def test_every_wrong_cell_is_named_and_nothing_loads(
    office: Any, row: str, field: str, found: str, expected: str
) -> None:
    with pytest.raises(ShipmentRefused) as refused:
        receive(office, water("W-0"), row)
    [problem] = [each for each in refused.value.problems if each.field == field]
    assert (problem.line, problem.found) == (4 if row.count("\n") == 2 else 3, found)
    assert expected in problem.expected.words(str)
    assert not Meter.objects.filter(serial__in=["W-0", "W-1"]).exists()
    assert not ImportBatch.objects.filter(kind="meters").exists()


def test_rows_of_one_meter_agree(office: Any) -> None:
    high = water("W-90", "3").replace("delivered", "high_flow")
    with pytest.raises(ShipmentRefused, match="line 3, size: found '4', expected 3, as on line 2"):
        receive(office, high, water("W-90", "4").replace("delivered", "low_flow"))


def test_a_serial_on_record_is_refused(office: Any) -> None:
    known = Meter.objects.filter(commodity="water").order_by("pk")[0].serial
    with pytest.raises(ShipmentRefused, match=f"line 2, serial: found '{known}', expected a serial not on record"):
        receive(office, water(known))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "text in UTF-8"),
        (b"", "a column of this name"),
        (HEAD.encode(), "a row for each register"),
        (HEAD.replace("unit", "units").encode(), "a column of the list, once"),
    ],
)
def test_a_file_that_is_no_list(office: Any, content: bytes, says: str) -> None:
    with pytest.raises(ShipmentRefused, match=says):
        receive_meters(office.act("billing"), file_name="x.csv", content=content)


def test_a_serial_is_the_same_in_capitals_and_small_letters(office: Any) -> None:
    receive(office, water("Wa-77"))
    with pytest.raises(ShipmentRefused, match="line 2, serial: found 'wA-77'"):
        receive(office, water("wA-77"), name="again.csv")
    with pytest.raises(ShipmentRefused, match="line 3, serial: found 'w-80'"):
        receive(office, water("W-80"), water("w-80"), name="twice.csv")
    assert Meter.objects.filter(serial__iexact="wa-77").count() == 1


def test_a_cell_without_end_is_a_problem_with_its_line(office: Any) -> None:
    content = (HEAD + water("W-81") + f'"{"a" * 140_000}",' + water("W-82")).encode()
    with pytest.raises(ShipmentRefused, match=r"line 3, row: .*at most 131072 characters"):
        receive_meters(office.act("billing"), file_name="huge.csv", content=content)
    assert not Meter.objects.filter(serial="W-81").exists()
