"""What a bill takes from intervals: by the tariff in force, over exactly the days the registers were read for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.test import override_settings

from meterbook.engine.rates.tariff import parse_tariff
from meterbook.formats.intervals import IntervalBlock
from meterbook.records.billing.gather import Window, gather
from meterbook.records.billing.gather.intervals import with_intervals
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.interval_data import determinants
from meterbook.records.metering.interval_data.judge import judge_intervals
from meterbook.records.metering.interval_data.load import load_intervals
from meterbook.records.metering.models import (
    BillingDeterminant,
    IntervalChannel,
    Read,
    ReadException,
    Register,
)
from meterbook.records.metering.validation.intervals import judge_days
from meterbook.records.platform.models import Deed
from meterbook.records.rates.queries import current_tariffs

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Los_Angeles")
TARIFF = """
schedule: E-TOU
title: {en: Example, es: Ejemplo}
commodity: electricity
unit: kWh
eligibility: {en: Example, es: Ejemplo}
versions:
  - version: "2020-01"
    effective: 2020-01-01
    source: {utility: Example, resolution: Example, section: "1", url: "https://example.org", adopted: 2019-12-01}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 3, source: Example}
    inputs:
      kw: {kind: per_period, unit: kW}
    time_of_use:
      source: Example
      holidays: {thanksgiving: fourth thursday of november}
      periods:
        on_peak:
          label: {en: on-peak, es: en punta}
          when: [{days: weekdays, from: "16:00", until: "21:00"}]
        off_peak: {label: {en: off-peak, es: fuera de punta}, otherwise: true}
    components:
      - id: energy
        component: time_of_use
        label: {en: Energy, es: Energía}
        revenue: "4010"
        periods: {on_peak: {price: "0.30"}, off_peak: {price: "0.10"}}
      - {id: peak, component: demand, label: {en: Demand, es: Demanda}, revenue: "4010", quantity: kw, price: "5.00"}
"""


@pytest.fixture
def house(office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A house on the schedule above, with its October read on record, and an empty interval store."""
    register = next(
        each
        for each in Register.objects.filter(meter__commodity="electricity", multiplier=1).order_by("meter__serial")
        if each.meter.registers.count() == 1 and 1_000 < each.reads.latest("read_on").value < 60_000
    )
    tariff = parse_tariff(TARIFF, file="example")
    agreement = ServiceAgreement.objects.filter(service_point__installations__meter=register.meter).latest("validity")
    document = agreement.schedule.document_id
    monkeypatch.setattr(determinants, "current_tariffs", lambda: {document: tariff})
    with override_settings(DATA_DIR=tmp_path):
        yield office, register, agreement, document, tariff


def hours(register: Register, first: date, days: int, *, values: dict[int, str]) -> IntervalBlock:
    """Every hour of some local days at 1 kWh, but for those of ``values`` by number."""
    begins = datetime.combine(first, time(0), ZONE).astimezone(UTC)
    ends = datetime.combine(first + timedelta(days=days), time(0), ZONE).astimezone(UTC)
    count = int((ends - begins).total_seconds()) // 3600
    numbers = tuple(Decimal(values.get(hour, "1")) for hour in range(count))
    return IntervalBlock(1, register.meter.serial, "", begins, "utc", 60, "kWh", numbers, ("actual",) * count, None, "")


def load(office: Any, block: IntervalBlock) -> Deed:
    deed = Deed.objects.create(kind="test.intervals", actor=office.staff["billing"], business_date=office.today)
    load_intervals(deed, None, judge_intervals([block], timezone=str(ZONE)))
    return deed


def test_energy_by_period_and_demand_over_the_days_between_two_reads(house: Any) -> None:
    office, register = house[:2]
    usage = register.usages.filter(superseded=False).latest("ends")
    days = (usage.ends - usage.starts).days
    deed = load(office, hours(register, usage.starts, days, values={40: "7.25"}))
    assert determinants.bring_up_to_date(deed, [register.pk], since=usage.ends) == 3
    found = {one.name: one for one in BillingDeterminant.objects.filter(service_point=usage.service_point)}
    weekdays = [
        usage.starts + timedelta(days=n) for n in range(days) if (usage.starts + timedelta(days=n)).weekday() < 5
    ]
    total = days * 24 + Decimal("6.25")
    peak = 5 * len(weekdays) + (Decimal("6.25") if (usage.starts + timedelta(days=1)) in weekdays else 0)
    assert Decimal(found["kwh_on_peak"].number_e6).scaleb(-6) == peak
    assert Decimal(found["kwh_off_peak"].number_e6).scaleb(-6) == total - peak
    assert (found["kw"].number_e6, found["kw"].unit, found["kw"].missing) == (7_250_000, "kW", 0)
    assert found["kw"].at == datetime.combine(usage.starts + timedelta(days=1), time(16), ZONE)
    assert {(one.starts, one.ends) for one in found.values()} == {(usage.starts, usage.ends)}
    assert determinants.bring_up_to_date(deed, [register.pk], since=usage.ends) == 0


def test_corrected_intervals_make_a_newer_version(house: Any) -> None:
    office, register = house[:2]
    usage = register.usages.filter(superseded=False).latest("ends")
    days = (usage.ends - usage.starts).days
    deed = load(office, hours(register, usage.starts, days, values={40: "7.25"}))
    determinants.bring_up_to_date(deed, [register.pk], since=usage.ends)
    deed = load(office, hours(register, usage.starts, 2, values={}))
    assert determinants.bring_up_to_date(deed, [register.pk], since=usage.ends) > 0
    peaks = BillingDeterminant.objects.filter(name="kw", service_point=usage.service_point).order_by("version")
    assert [(one.version, one.number_e6, one.superseded) for one in peaks] == [
        (1, 7_250_000, True),
        (2, 1_000_000, False),
    ]


def test_a_bill_takes_them_and_waits_where_intervals_are_missing(house: Any) -> None:
    office, register, agreement, document, tariff = house
    last, december = register.reads.latest("read_on"), date(2024, 12, 3)
    days = (december - last.read_on).days
    window = Window(agreement.account.cycle_id, december - timedelta(days=7), december, december)
    tariffs = {**current_tariffs(), document: tariff}

    def told() -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
        found = gather(window, agreement.account_id, agreement.account_id, tariffs)
        point = agreement.service_point_id
        held = found.holds.filter(found.holds["service_point"] == point).select("reason", "detail").rows()
        return found.agreements.filter(found.agreements["row"] == agreement.pk).to_dicts(), held

    deed = load(office, hours(register, last.read_on, days - 1, values={}))
    Read.objects.create(
        register=register, read_on=december, read_at=datetime.combine(december, time(9), ZONE), deed=deed,
        value=last.value + 500,
    )  # fmt: skip
    store_usage(deed, [register.pk], since=december)
    rows, held = told()
    assert rows == []
    assert ("usage_gap", "24 intervals are missing under its demand or energy by period") in held
    deed = load(office, hours(register, december - timedelta(days=1), 1, values={3: "9"}))
    determinants.bring_up_to_date(deed, [register.pk], since=december)
    rows, held = told()
    assert {reason for reason, _ in held} == {"other_service_held"}  # its water was not read in December
    due = pl.DataFrame(
        {"row": [1], "account": [agreement.account_id], "service_point": [agreement.service_point_id],
         "starts": [last.read_on], "ends": [december]}
    )  # fmt: skip
    [priced] = with_intervals(due)[0].to_dicts()
    assert priced["det.kw"] == 9_000_000
    assert priced["det.kwh_on_peak"] + priced["det.kwh_off_peak"] == (days * 24 + 1 + 8) * 10**6  # one day has 25 hours
    judge_days(deed, [IntervalChannel.objects.get(meter=register.meter).pk], first=last.read_on, last=december)
    [waits] = with_intervals(due)[1].to_dicts()
    assert waits["reason"] == "usage_exception"  # one hour of 9 kWh among hours of 1 is a spike
    ReadException.objects.filter(channel__meter=register.meter).update(
        state="resolved", resolution="accepted", resolved_on=december, resolved_by=deed
    )
    assert with_intervals(due)[1].is_empty()
