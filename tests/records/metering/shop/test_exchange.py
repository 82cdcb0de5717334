"""An exchange is confirmed against the comparison as it stands, keeps every day, and never leaves a read behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from shelf import receive, stocked, water, watts

from meterbook.engine.metering.comparison import compare
from meterbook.records.metering.models import Meter, Read, Register, Seal, Usage
from meterbook.records.metering.operations.exchange import NotConfirmed, exchange_meter
from meterbook.records.metering.shop.devices import FromStock, NewMeter, NewRegister, comparison_at, point_of
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.metering.shop.operations.hang import remove_meter
from meterbook.records.metering.shop.operations.seal import place_seal
from meterbook.records.metering.shop.operations.set_aside import may_be_set_aside, set_reads_aside, take_back_aside
from meterbook.records.metering.shop.operations.shelve import put_in_stock
from meterbook.records.platform.models import Event

pytestmark = pytest.mark.django_db
ZERO = {"delivered": Decimal(0)}


def old_meter() -> Meter:
    rows = Meter.objects.filter(commodity="electricity", size="2S").order_by("serial")
    return next(m for m in rows if m.registers.count() == 1 and 1_000 < last(m).value < 60_000)


def last(meter: Meter) -> Read:
    return Read.objects.filter(register__meter=meter, superseded=False, status="accepted").latest("read_on")


def test_a_meter_from_stock_with_another_multiplier(office: Any) -> None:
    old = old_meter()
    point, start, today = point_of(old.serial), last(old), office.today
    stocked(office, watts("E-NEW", "9S", dials=6, multiplier="40"))
    place_seal(office.act("billing"), number="S-OLD", service_point=point, on=today)
    office.advance(today + timedelta(days=2))
    shown = comparison_at(point, FromStock("E-NEW", ZERO))
    assert [each.says.words(str) for each in shown.differences] == [
        "Size: 2S becomes 9S.", "Register delivered, multiplier: 1 becomes 40.",
        "Register delivered, digits before the point: 5 becomes 6.",
    ]  # fmt: skip
    exchange_meter(
        office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": start.value + 90},
        meter=FromStock("E-NEW", ZERO), confirmed=shown, seal="S-NEW",
    )  # fmt: skip
    new = Meter.objects.get(serial="E-NEW")
    old.refresh_from_db()
    assert (old.state, old.cleared, new.state) == ("removed", False, "installed")
    assert Usage.objects.filter(register__meter=old, superseded=False).latest("ends").quantity_e6 == 90_000_000
    assert {seal.number: seal.validity.upper for seal in Seal.objects.all()} == {"S-OLD": office.today, "S-NEW": None}
    told = Event.objects.filter(kind="metering.meter_exchanged").latest("pk").payload
    assert told["differences"][1] == "Register delivered, multiplier: 1 becomes 40."


def test_an_exchange_that_nobody_looked_at_is_refused(office: Any) -> None:
    old = old_meter()
    point = point_of(old.serial)
    stocked(office, watts("E-NEW", "9S", multiplier="40"))
    shown = comparison_at(point, FromStock("E-NEW", ZERO))
    tame = replace(shown.new, registers=shown.old.registers)
    for confirmed in (compare(shown.old, tame), compare(shown.new, shown.old), compare(shown.old, shown.old)):
        with pytest.raises(NotConfirmed):
            exchange_meter(
                office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": last(old).value},
                meter=FromStock("E-NEW", ZERO), confirmed=confirmed,
            )  # fmt: skip
    assert Meter.objects.get(pk=old.pk).state == "installed"


def test_a_new_meter_comes_with_its_factory_test(office: Any) -> None:
    old = old_meter()
    point, register = point_of(old.serial), NewRegister("delivered", 5, 0, Decimal(1), "kWh", Decimal(7))
    meter = NewMeter("E-NEW", "2S", "Itron", "C1S", (register,))
    poor = replace(meter, factory_test={"full_load": Decimal(97), "light_load": Decimal(99)})

    def swap(new: NewMeter) -> None:
        exchange_meter(
            office.act("billing"), service_point=point, on=office.today, out_reads={"delivered": last(old).value},
            meter=new, confirmed=comparison_at(point, new),
        )  # fmt: skip

    with pytest.raises(MeterRefused, match="comes without a factory test"):
        swap(meter)
    with pytest.raises(MeterRefused, match=r"cannot be in stock next|has not passed a test"):
        swap(poor)
    with pytest.raises(MeterRefused, match="found unit ccf"):
        swap(replace(meter, registers=(replace(register, unit="ccf"),)))
    with pytest.raises(MeterRefused, match="is on record"):
        swap(replace(meter, serial=old.serial))
    assert not Meter.objects.filter(serial="E-NEW").exists()


def test_an_exchange_entered_late_settles_the_reads_after_it(office: Any) -> None:
    """A read that came in under the old serial after the change-out would be a rollover; it is set aside first."""
    old = old_meter()
    point, start = point_of(old.serial), last(old)
    stocked(office, watts("E-NEW"))
    changed, read = office.today + timedelta(days=5), office.today + timedelta(days=20)
    office.advance(read)
    head = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
    row = f"{old.serial},,{read},09:15,{int(start.value) + 400},kWh,actual,,\n"
    office.take_in("meterbook-reads", f"{head}{row}#END,1\n".encode())
    meter = FromStock("E-NEW", ZERO)

    def swap() -> None:
        exchange_meter(
            office.act("billing"), service_point=point, on=changed, out_reads={"delivered": start.value + 90},
            meter=meter, confirmed=comparison_at(point, meter),
        )  # fmt: skip

    with pytest.raises(MeterRefused, match=f"has a read of {int(start.value) + 400} on {read}, after {changed}"):
        swap()
    aside = set_reads_aside(office.act("billing"), serial=old.serial, after=changed)
    assert [one.read_on for one in aside] == [read]
    assert not Usage.objects.filter(register__meter=old, superseded=False, ends=read).exists()
    swap()
    usage = Usage.objects.filter(register__meter=old, superseded=False).latest("ends")
    assert (usage.ends, usage.quantity_e6) == (changed, 90_000_000)
    office.take_in(
        "meterbook-reads",
        f"{head}{row.replace(old.serial, 'E-NEW').replace(str(int(start.value) + 400), '310')}#END,1\n".encode(),
    )
    new = Register.objects.get(meter__serial="E-NEW")
    assert [(u.starts, u.ends, u.quantity_e6) for u in Usage.objects.filter(register=new, superseded=False)] == [
        (changed, read, 310_000_000)]  # fmt: skip
    assert Read.objects.get(register__meter=old, read_on=read).status == "rejected"
    with pytest.raises(MeterRefused, match="has no read after"):
        set_reads_aside(office.act("billing"), serial=old.serial, after=changed)


def test_a_compound_meter_gives_both_of_its_reads(office: Any) -> None:
    """What both registers counted up to the exchange is all there is: nothing is lost, nothing is counted twice."""
    high = Register.objects.filter(channel="high_flow").select_related("meter").order_by("pk")[0]
    old, point = high.meter, point_of(high.meter.serial)
    start = {r.channel: Read.objects.filter(register=r).latest("read_on").value for r in old.registers.all()}
    row = water("W-BIG", old.size)
    receive(office, row.replace("delivered", "high_flow"), row.replace("delivered", "low_flow"))
    put_in_stock(office.act("supervisor"), serial="W-BIG", on=office.today)
    meter = FromStock("W-BIG", {"high_flow": Decimal(0), "low_flow": Decimal("3.25")})

    def swap(out: dict[str, Decimal]) -> None:
        exchange_meter(
            office.act("billing"), service_point=point, on=office.today, out_reads=out, meter=meter,
            confirmed=comparison_at(point, meter),
        )  # fmt: skip

    with pytest.raises(MeterRefused, match="found reads of high_flow, expected high_flow, low_flow"):
        swap({"high_flow": start["high_flow"]})
    swap({"high_flow": start["high_flow"] + 12, "low_flow": start["low_flow"] + Decimal("1.5")})
    rows = Usage.objects.filter(register__meter=old, superseded=False, ends=office.today)
    assert sorted(rows.values_list("quantity_e6", flat=True)) == [1_500_000, 12_000_000]
    assert not Usage.objects.filter(register__meter__serial="W-BIG").exists()


def counted(meter: Meter) -> list[tuple[Any, ...]]:
    """The reads in force of a meter and the usage made of them."""
    reads = Read.objects.filter(register__meter=meter, superseded=False).order_by("read_on")
    usage = Usage.objects.filter(register__meter=meter, superseded=False).order_by("ends")
    return [*reads.values_list("read_on", "status"), *usage.values_list("starts", "ends", "quantity_e6")]


def test_a_hanging_meter_keeps_its_first_read_and_gets_the_others_back(office: Any) -> None:
    old, act = old_meter(), office.act("billing")
    start, before = old.installations.get().validity.lower, counted(old)
    for wrong in (start, start - timedelta(days=400)):
        with pytest.raises(MeterRefused, match=f"hangs since {start}"):
            set_reads_aside(act, serial=old.serial, after=wrong)
    assert counted(old) == before
    days = may_be_set_aside(old)
    aside = set_reads_aside(act, serial=old.serial, after=days[0] - timedelta(days=1))
    assert sorted({read.read_on for read in aside}) == days and not any(read.starts_chain for read in aside)
    assert not Usage.objects.filter(register__meter=old, superseded=False).exists()
    assert sorted(read.pk for read in take_back_aside(act, serial=old.serial)) == sorted(read.pk for read in aside)
    assert counted(old) == before
    with pytest.raises(MeterRefused, match="No read of meter"):
        take_back_aside(act, serial=old.serial)


def test_a_meter_that_came_down_keeps_what_it_counted(office: Any) -> None:
    old, act = old_meter(), office.act("billing")
    remove_meter(act, service_point=point_of(old.serial), on=office.today, out_reads={"delivered": last(old).value})
    before = counted(old)
    with pytest.raises(MeterRefused, match=f"hung until {office.today}: its reads up to then stay"):
        set_reads_aside(act, serial=old.serial, after=office.today - timedelta(days=1))
    with pytest.raises(MeterRefused, match="has no read after"):
        set_reads_aside(act, serial=old.serial, after=office.today)
    assert counted(old) == before and may_be_set_aside(old) == []


def test_reads_do_not_come_back_after_the_meter_is_down(office: Any) -> None:
    old, act = old_meter(), office.act("billing")
    day = last(old).read_on - timedelta(days=3)
    set_reads_aside(act, serial=old.serial, after=day)
    shown = last(old).value
    remove_meter(act, service_point=point_of(old.serial), on=day, out_reads={"delivered": shown})
    with pytest.raises(MeterRefused, match=f"came down on {day}"):
        take_back_aside(act, serial=old.serial)
