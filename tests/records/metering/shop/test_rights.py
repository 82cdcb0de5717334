"""A parcel hangs what it bought, no more; seals and locks have numbers that are used once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from shelf import stocked, water

from meterbook.records.metering.models import Meter, Read
from meterbook.records.metering.operations.exchange import exchange_meter
from meterbook.records.metering.shop.devices import FromStock, comparison_at, point_of
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.metering.shop.operations.hang import install_meter, remove_meter
from meterbook.records.metering.shop.operations.seal import place_lock, place_seal, remove_lock, remove_seal
from meterbook.records.metering.shop.rights import rights_of
from meterbook.records.places.models import ConnectionRight
from meterbook.records.places.operations.rights import buy_connections, end_connections
from meterbook.records.places.refusals import PlaceRefused

pytestmark = pytest.mark.django_db
ZERO = {"delivered": Decimal(0)}


def home() -> Any:
    """A water point with one 5/8 meter, on a parcel with no other water meter."""
    for meter in Meter.objects.filter(commodity="water", size="5/8", state="installed").order_by("serial"):
        point = point_of(meter.serial)
        if sum(each.used for each in rights_of(point.premise.parcel, point.validity.lower) if each.commodity == "water"
               ) <= 1:  # fmt: skip
            return point
    raise AssertionError("no home with one water meter")


def shown(point: Any) -> Decimal:
    rows = Read.objects.filter(register__meter__installations__service_point=point, superseded=False)
    value: Decimal = rows.latest("read_on").value
    return value


def buy(office: Any, point: Any, size: str, quantity: int = 1) -> None:
    buy_connections(
        office.act("billing"), parcel=point.premise.parcel, commodity="water", size=size, quantity=quantity,
        starts=office.today, origin="Permit 2024-88",
    )  # fmt: skip


def test_a_larger_meter_needs_its_right(office: Any) -> None:
    point = home()
    stocked(office, water("W-ONE", "1"))
    meter = FromStock("W-ONE", ZERO)

    def swap() -> None:
        exchange_meter(
            office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": shown(point)},
            meter=meter, confirmed=comparison_at(point, meter),
        )  # fmt: skip

    buy(office, point, "5/8")
    with pytest.raises(MeterRefused, match="size 1: 0 connections bought, 0 in use"):
        swap()
    buy(office, point, "1")
    swap()
    found = {each.size: (each.bought, each.used, each.left, each.equivalent)
             for each in rights_of(point.premise.parcel, office.today) if each.commodity == "water"}  # fmt: skip
    assert found == {"5/8": (1, 0, 1, Decimal(1)), "1": (1, 1, 0, Decimal("2.5"))}


def test_a_parcel_without_rights_on_record_is_free(office: Any) -> None:
    point = home()
    stocked(office, water("W-ONE", "1"))
    remove_meter(office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": shown(point)})
    assert install_meter(office.act("billing"), service_point=point, serial="W-ONE", on=office.today, in_reads=ZERO)


def test_a_like_meter_takes_the_place_of_its_own(office: Any) -> None:
    point = home()
    buy(office, point, "5/8")
    stocked(office, water("W-LIKE"))
    meter = FromStock("W-LIKE", ZERO)
    exchange_meter(
        office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": shown(point)},
        meter=meter, confirmed=comparison_at(point, meter),
    )  # fmt: skip


def test_what_is_bought_has_an_origin_and_a_number(office: Any) -> None:
    parcel, act = home().premise.parcel, office.act("billing")
    for wrong, says in (
        ({"quantity": 0}, "from 1 to 500"), ({"origin": " "}, "permit, receipt"), ({"commodity": "gas"}, "found gas"),
    ):  # fmt: skip
        given = {"commodity": "water", "size": "1", "quantity": 1, "origin": "Permit 9"} | wrong
        with pytest.raises(PlaceRefused, match=says):
            buy_connections(act, parcel=parcel, starts=office.today, **given)


def test_numbers_are_used_once(office: Any) -> None:
    point, act, day = home(), office.act("billing"), office.today
    seal = place_seal(act, number="1001", service_point=point, on=day)
    assert seal.meter is not None
    with pytest.raises(MeterRefused, match=f"Seal 1001 is on record at {point.code} since"):
        place_lock(act, number="1001", service_point=point, on=day)
    place_lock(act, number="L-1", service_point=point, on=day)
    with pytest.raises(MeterRefused, match="is locked already with L-1"):
        place_lock(act, number="L-2", service_point=point, on=day)
    with pytest.raises(MeterRefused, match="Seal L-1 is not on record"):
        remove_seal(act, number="L-1", on=day, note="")
    gone = remove_lock(act, number="L-1", on=day, note="cut")
    gone.refresh_from_db()
    assert (gone.note, gone.validity.lower, gone.validity.upper is not None) == ("cut", day, True)
    with pytest.raises(MeterRefused, match="Lock L-1 came off on"):
        remove_lock(act, number="L-1", on=day, note="again")
    place_lock(act, number="L-2", service_point=point, on=day)


def test_the_same_permit_is_written_down_once_and_may_be_ended(office: Any) -> None:
    point, act = home(), office.act("billing")
    parcel = point.premise.parcel
    buy(office, point, "1", 5)
    with pytest.raises(PlaceRefused, match="by “Permit 2024-88” is on record for parcel"):
        buy(office, point, "1", 5)
    buy(office, point, "2")
    right = ConnectionRight.objects.get(parcel=parcel, size="1")
    day = right.validity.lower
    for on, remain in ((day - timedelta(days=1), 0), (day + timedelta(days=1), 0), (day, 5), (day, -1)):
        with pytest.raises(PlaceRefused, match="fewer connections than 5"):
            end_connections(act, right=right, on=on, quantity=remain)
    rest = end_connections(act, right=right, on=day, quantity=2)
    assert rest is not None
    with pytest.raises(PlaceRefused, match="ended on"):
        end_connections(act, right=right, on=day)
    tomorrow = day + timedelta(days=1)
    assert {each.size: each.bought for each in rights_of(parcel, tomorrow) if each.bought} == {"1": 2, "2": 1}
    office.advance(tomorrow)
    assert end_connections(office.act("billing"), right=rest, on=tomorrow) is None
    assert ("1", 0) not in {(each.size, each.bought) for each in rights_of(parcel, tomorrow + timedelta(days=1))}
