"""A meter's life: only the steps its state allows, in the order of days, and nothing hangs without a passing test."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from shelf import TRUE_WATER, receive, stocked, water

from meterbook.records.metering.models import Installation, Meter, MeterStep, Read, Register, Usage
from meterbook.records.metering.shop.devices import point_of
from meterbook.records.metering.shop.life import MOVES, MeterRefused
from meterbook.records.metering.shop.operations.hang import install_meter, remove_meter
from meterbook.records.metering.shop.operations.record_test import record_test
from meterbook.records.metering.shop.operations.shelve import put_in_stock, refurbish, retire

pytestmark = pytest.mark.django_db


def hanging(office: Any, commodity: str = "water") -> Meter:
    """A plain meter that hangs."""
    rows = Meter.objects.filter(commodity=commodity, size__in=["5/8", "2S"], registers__channel="delivered")
    return next(m for m in rows.order_by("serial") if m.registers.count() == 1)


def shown(meter: Meter) -> Decimal:
    value: Decimal = Read.objects.filter(register__meter=meter, superseded=False).latest("read_on").value
    return value


def test_no_state_is_left_out() -> None:
    assert set(MOVES) == set(Meter.STATES)
    assert all(after <= set(Meter.STATES) for after in MOVES.values())


def test_a_meter_taken_down_hangs_again_only_after_a_test(office: Any) -> None:
    meter = hanging(office)
    point, start = point_of(meter.serial), shown(meter)
    office.advance(office.today + timedelta(days=3))
    remove_meter(office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": start + 4})
    meter.refresh_from_db()
    assert (meter.state, meter.cleared) == ("removed", False)
    usage = Usage.objects.filter(register__meter=meter, superseded=False).latest("ends")
    assert (usage.ends, usage.quantity_e6) == (office.today, 4_000_000)
    office.advance(office.today + timedelta(days=1))
    shop, day = office.act("supervisor"), office.today
    with pytest.raises(MeterRefused, match="is removed; it cannot be in stock next"):
        put_in_stock(shop, serial=meter.serial, on=day)
    refurbish(shop, serial=meter.serial, on=day, note="new chamber")
    with pytest.raises(MeterRefused, match="is refurbished; it cannot be installed next"):
        install_meter(shop, service_point=point, serial=meter.serial, on=day, in_reads={"delivered": Decimal(0)})
    failed = record_test(shop, serial=meter.serial, tested_on=day, found={**TRUE_WATER, "maximum": Decimal("98.4")},
                         tester="R. Bench")  # fmt: skip
    assert not failed.passed
    with pytest.raises(MeterRefused, match="is refurbished; it cannot be in stock next"):
        put_in_stock(shop, serial=meter.serial, on=day)
    assert record_test(shop, serial=meter.serial, tested_on=day, found=TRUE_WATER, tester="R. Bench").passed
    put_in_stock(shop, serial=meter.serial, on=day)
    again = install_meter(shop, service_point=point, serial=meter.serial, on=day, in_reads={"delivered": start + 4},
                          seal="S-1")  # fmt: skip
    meter.refresh_from_db()
    again.refresh_from_db()
    assert (meter.state, meter.cleared, again.validity.lower) == ("installed", True, day)
    assert list(MeterStep.objects.filter(meter=meter).order_by("pk").values_list("state", flat=True)) == [
        "installed", "removed", "refurbished", "tested", "in_stock", "installed"]  # fmt: skip
    assert [seal.number for seal in meter.seals.all()] == ["S-1"]


def test_the_database_refuses_an_uncleared_meter_that_hangs(office: Any) -> None:
    with pytest.raises(IntegrityError, match="meter_installed_only_cleared"), transaction.atomic():
        Meter.objects.filter(pk=hanging(office).pk).update(cleared=False)


def test_a_failed_test_on_the_shelf_takes_a_meter_out_of_stock(office: Any) -> None:
    meter = stocked(office, water("W-77"))
    record_test(office.act("supervisor"), serial="W-77", tested_on=office.today,
                found={**TRUE_WATER, "minimum": Decimal(80)}, tester="R. Bench")  # fmt: skip
    meter.refresh_from_db()
    assert (meter.state, meter.cleared) == ("tested", False)
    with pytest.raises(MeterRefused, match="has not passed a test since"):
        put_in_stock(office.act("supervisor"), serial="W-77", on=office.today)


def test_a_test_in_the_field_leaves_the_meter_where_it_hangs(office: Any) -> None:
    meter = hanging(office)
    found = {**TRUE_WATER, "maximum": Decimal(93)}
    test = record_test(office.act("billing"), serial=meter.serial, tested_on=office.today, found=found,
                       tester="R. Bench", kind="as_found")  # fmt: skip
    meter.refresh_from_db()
    assert (test.passed, meter.state, meter.cleared) == (False, "installed", True)


def test_days_keep_their_order(office: Any) -> None:
    stocked(office, water("W-77"))
    shop = office.act("supervisor")
    with pytest.raises(MeterRefused, match="the last step of its life is of"):
        retire(shop, serial="W-77", on=office.today - timedelta(days=1), note="lost")
    with pytest.raises(MeterRefused, match="has not come yet"):
        retire(shop, serial="W-77", on=office.today + timedelta(days=1), note="lost")
    retire(shop, serial="W-77", on=office.today, note="lost")
    with pytest.raises(MeterRefused, match="is retired; it cannot be"):
        refurbish(shop, serial="W-77", on=office.today, note="found")


def test_where_a_meter_cannot_hang(office: Any) -> None:
    stocked(office, water("W-77"))
    busy, watts = point_of(hanging(office).serial), point_of(hanging(office, "electricity").serial)
    act, reads = office.act("billing"), {"delivered": Decimal(0)}
    with pytest.raises(MeterRefused, match="take it down or exchange it"):
        install_meter(act, service_point=busy, serial="W-77", on=office.today, in_reads=reads)
    with pytest.raises(MeterRefused, match="delivers electricity, the meter measures water"):
        install_meter(act, service_point=watts, serial="W-77", on=office.today, in_reads=reads)
    point = freed(office)
    for wrong in ({}, {"delivered": Decimal(123456)}, {"delivered": Decimal("1.234")}, {"received": Decimal(0)}):
        with pytest.raises(MeterRefused, match=r"expected"):
            install_meter(act, service_point=point, serial="W-77", on=office.today, in_reads=wrong)
    assert install_meter(act, service_point=point, serial="W-77", on=office.today, in_reads=reads)
    assert Register.objects.get(meter__serial="W-77").reads.get().starts_chain


def freed(office: Any) -> Any:
    """A water point whose meter was taken down today."""
    meter = hanging(office)
    point = point_of(meter.serial)
    remove_meter(office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": shown(meter) + 3})
    return point


def test_a_day_before_a_later_read_is_refused(office: Any) -> None:
    meter = hanging(office)
    point = point_of(meter.serial)
    last = Read.objects.filter(register__meter=meter).latest("read_on")
    with pytest.raises(MeterRefused, match=rf"has a read of .* on {last.read_on}, after .*Set the later reads"):
        remove_meter(office.act("billing"), service_point=point, on=last.read_on - timedelta(days=5),
                     out_reads={"delivered": last.value})  # fmt: skip
    assert Installation.objects.get(meter=meter).validity.upper is None


def test_a_list_received_is_not_stock(office: Any) -> None:
    receive(office, water("W-78", minimum="94"))
    with pytest.raises(MeterRefused, match="is received; it cannot be in stock next"):
        put_in_stock(office.act("supervisor"), serial="W-78", on=office.today)


def test_only_what_just_came_has_a_test_of_its_maker(office: Any) -> None:
    """After a repair neither the maker's test nor one as found clears a meter: only one as left."""
    receive(office, water("W-77", minimum="90"))
    act, day = office.act("supervisor"), office.today
    refurbish(act, serial="W-77", on=day, note="new register")
    for kind in ("factory", "as_found"):
        with pytest.raises(MeterRefused, match="is refurbished: a test of this kind"):
            record_test(act, serial="W-77", tested_on=day, found=TRUE_WATER, tester="R. Bench", kind=kind)
    assert not Meter.objects.get(serial="W-77").cleared
    assert record_test(act, serial="W-77", tested_on=day, found=TRUE_WATER, tester="R. Bench").passed
    with pytest.raises(MeterRefused, match="is tested: a test of this kind"):
        record_test(act, serial="W-77", tested_on=day, found=TRUE_WATER, tester="R. Bench", kind="factory")
    receive(office, water("W-78", minimum="90"), name="next.csv")
    assert record_test(act, serial="W-78", tested_on=day, found=TRUE_WATER, tester="Maker", kind="factory").passed
