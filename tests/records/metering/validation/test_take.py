"""Reads on their way in: what may be billed at once, what waits for somebody, and what is only noted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from meterbook.formats import reads_csv
from meterbook.records.billing.gather import Window, gather
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.metering.models import Estimate, Installation, Read, ReadException, Register, TrueUp, Usage
from meterbook.records.metering.queue.operations.accept import accept_read
from meterbook.records.metering.queue.operations.change import estimate_read
from meterbook.records.metering.validation import take
from meterbook.records.metering.validation.operations.close_reading import close_reading
from meterbook.records.platform.deeds import Act
from meterbook.records.rates.queries import current_tariffs

pytestmark = pytest.mark.django_db
DECEMBER = date(2024, 12, 3)


def houses(office: Any, count: int) -> list[Register]:
    """Electric registers of served houses with a usual October, far from rolling over."""
    found = [
        register
        for register in Register.objects.filter(meter__commodity="electricity", multiplier=1)
        .select_related("meter")
        .order_by("meter__serial")
        if register.meter.registers.count() == 1
        and 1_000 < register.reads.latest("read_on").value < 60_000
        and 300 * 10**6 < register.usages.latest("ends").quantity_e6 < 1_500 * 10**6
    ]
    assert len(found) >= count
    return sorted(found, key=lambda register: register.usages.latest("ends").quantity_e6)[:count]


def take_in(office: Any, *reads: tuple[Register, date, Decimal | int], days: int = 40) -> Any:
    """One file with these reads, taken in on the last of their days."""
    rows = [
        reads_csv.ReadRow(
            meter=register.meter.serial, read_at=datetime.combine(on, time(9, 15)), reading=Decimal(value),
            unit=register.unit, channel="", reader="R. Vega",
        )
        for register, on, value in reads
    ]  # fmt: skip
    return office.take_in("meterbook-reads", reads_csv.write(rows))


def shown(register: Register) -> Decimal:
    return register.reads.filter(status=Read.ACCEPTED, superseded=False).latest("read_on").value


def a_day(register: Register) -> Decimal:
    """What the house used a day until October."""
    usage = register.usages.latest("ends")
    return Decimal(usage.quantity_e6 // (usage.ends - usage.starts).days).scaleb(-6)


def after(register: Register, on: date, times: str = "1") -> int:
    """What the register shows ``on``, at ``times`` the usage of the months before."""
    since = register.reads.filter(status=Read.ACCEPTED, superseded=False).latest("read_on").read_on
    return int(shown(register) + a_day(register) * (on - since).days * Decimal(times))


def rules(item: ReadException) -> set[str]:
    return set(item.findings.filter(holds=True).values_list("rule", flat=True))


def test_a_usual_read_is_accepted_and_says_who_read_it(office: Any) -> None:
    [house] = houses(office, 1)
    take_in(office, (house, DECEMBER, after(house, DECEMBER)))
    read = house.reads.latest("read_on")
    assert (read.status, read.origin, read.reader) == (Read.ACCEPTED, Read.FILE, "R. Vega")
    assert not ReadException.objects.filter(register=house).exists()
    assert house.usages.filter(to_read=read).count() == 1


def test_a_read_far_too_high_waits_and_says_what_is_at_risk(office: Any) -> None:
    high, usual = houses(office, 2)
    take_in(office, (high, DECEMBER, after(high, DECEMBER, "9")), (usual, DECEMBER, after(usual, DECEMBER)))
    item = ReadException.objects.get(register=high)
    assert "high_low" in rules(item)
    assert item.read is not None and item.read.status == Read.QUEUED
    assert item.found_e6 is not None and item.expected_e6 is not None and item.found_e6 > 4 * item.expected_e6
    difference = Decimal(item.found_e6 - item.expected_e6).scaleb(-6)
    assert abs(item.at_risk_cents - difference * 16) <= 1  # the policy's 16 cents a kWh
    assert not high.usages.filter(to_read=item.read).exists()
    assert not ReadException.objects.filter(register=usual).exists()


def test_billing_waits_for_the_decision(office: Any) -> None:
    [house] = houses(office, 1)
    take_in(office, (house, DECEMBER, after(house, DECEMBER, "6")))
    item = ReadException.objects.get(register=house)
    agreement = ServiceAgreement.objects.get(service_point=item.service_point, validity__contains=DECEMBER)
    account = agreement.account
    window = Window(account.cycle_id, date(2024, 11, 26), DECEMBER, DECEMBER)

    def held() -> dict[int, str]:
        found = gather(window, account.pk, account.pk, current_tariffs()).holds
        return dict(zip(found["service_point"].to_list(), found["reason"].to_list(), strict=True))

    assert held()[item.service_point_id] == "usage_exception"
    ReadException.objects.filter(pk=item.pk).update(at_risk_cents=100)  # no dearer than one person may decide
    accept_read(Act(office.staff["billing"], DECEMBER, "the customer heats a new workshop"), item=item)
    assert held().get(item.service_point_id) != "usage_exception"


def test_a_read_that_did_not_come_is_asked_about_once_and_answered_by_coming(office: Any) -> None:
    [house] = houses(office, 1)
    point = house.meter.installations.get().service_point
    assert point.route is not None
    cycle = point.route.cycle
    act = Act(office.staff["billing"], DECEMBER, "reading done")
    others = close_reading(act, cycle=cycle, first=date(2024, 11, 26), last=DECEMBER)
    item = ReadException.objects.get(register=house, read=None)
    assert (item.on, item.state, rules(item)) == (DECEMBER, "open", {"missing"})
    assert others > 1
    assert close_reading(act, cycle=cycle, first=date(2024, 11, 26), last=DECEMBER) == 0
    take_in(office, (house, DECEMBER, after(house, DECEMBER)))
    item.refresh_from_db()
    assert (item.state, item.resolution) == ("resolved", "passed")


def test_an_estimate_that_was_too_high_is_set_right_by_the_next_read(office: Any) -> None:
    [house] = houses(office, 1)
    point = house.meter.installations.get().service_point
    assert point.route is not None
    last_actual = shown(house)
    act = Act(office.staff["billing"], DECEMBER, "the gate was locked")
    close_reading(act, cycle=point.route.cycle, first=date(2024, 11, 26), last=DECEMBER)
    estimate_read(act, item=ReadException.objects.get(register=house, read=None))
    made = house.reads.get(read_on=DECEMBER, superseded=False)
    assert made.estimated and Estimate.objects.get(read=made).in_a_row == 1
    january = date(2025, 1, 3)
    below = int((last_actual + made.value) / 2)
    take_in(office, (house, january, below))
    actual = house.reads.get(read_on=january)
    total = sum(u.quantity_e6 for u in house.usages.filter(superseded=False, starts__gte=date(2024, 10, 1)))
    held = set() if actual.status == Read.ACCEPTED else rules(ReadException.objects.get(read=actual))
    assert held == set()
    assert total == (below - last_actual) * 10**6
    assert TrueUp.objects.filter(register=house).exists()


def test_a_file_of_several_days_is_judged_day_by_day(office: Any) -> None:
    [house] = houses(office, 1)
    first, bad, third = DECEMBER, DECEMBER + timedelta(days=30), DECEMBER + timedelta(days=60)
    start, used = shown(house), a_day(house)
    since = house.reads.filter(status=Read.ACCEPTED).latest("read_on").read_on
    usual = [int(start + used * (on - since).days) for on in (first, third)]
    take_in(office, (house, first, usual[0]), (house, bad, usual[0] + 30_000), (house, third, usual[1]))
    states = dict(house.reads.filter(read_on__gte=first).values_list("read_on", "status"))
    assert states == {first: "accepted", bad: "queued", third: "accepted"}
    spans = list(Usage.objects.filter(register=house, superseded=False, ends__gte=first).values_list("starts", "ends"))
    assert sorted(spans)[-1] == (first, third)


def test_two_accepted_reads_of_one_day_cannot_stand(office: Any) -> None:
    [house] = houses(office, 1)
    read = house.reads.filter(status=Read.ACCEPTED).latest("read_on")
    with pytest.raises(IntegrityError), transaction.atomic():
        Read.objects.create(
            register=house, read_on=read.read_on, read_at=read.read_at, value=read.value, version=9, deed=read.deed
        )


def test_todays_value_under_an_old_day_is_out_of_order_and_a_late_read_that_fits_is_not(office: Any) -> None:
    late, wrong = houses(office, 2)
    for register in (late, wrong):
        take_in(office, (register, DECEMBER, after(register, DECEMBER)))
    between = DECEMBER - timedelta(days=12)
    take_in(office, (late, between, shown(late) - Decimal(int(a_day(late) * 12))), (late, DECEMBER, shown(late)))
    assert Read.objects.get(register=late, read_on=between).status == Read.ACCEPTED
    take_in(office, (wrong, between, shown(wrong) + 5), (late, DECEMBER, shown(late)))
    item = ReadException.objects.get(register=wrong, on=between)
    assert "time_order" in rules(item)


def test_a_late_read_above_a_standing_one_is_doubted_itself(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take, "rules_on", lambda day: None)
    [house] = houses(office, 1)
    standing = house.reads.filter(status=Read.ACCEPTED).latest("read_on")
    before = standing.read_on - timedelta(days=3)
    take_in(office, (house, before, int(standing.value) + 40))
    standing.refresh_from_db()
    late = house.reads.get(read_on=before)
    assert (standing.status, late.status) == (Read.ACCEPTED, Read.QUEUED)


def test_a_read_of_a_year_ahead_is_a_slip(office: Any) -> None:
    [house] = houses(office, 1)
    batch = take_in(office, (house, date(2031, 12, 3), int(shown(house)) + 400))
    assert (batch.loaded, batch.rejected) == (0, 1)


def test_a_day_the_meter_hung_nowhere_is_a_correction(office: Any) -> None:
    [house] = houses(office, 1)
    hung = house.meter.installations.get()
    lower = hung.validity.lower
    Installation.objects.filter(pk=hung.pk).update(validity=(lower, date(2024, 11, 20)))
    Installation.objects.create(
        meter=house.meter, service_point=hung.service_point, validity=(date(2024, 12, 20), None), deed=hung.deed
    )
    batch = take_in(office, (house, DECEMBER, after(house, DECEMBER)))
    assert (batch.loaded, batch.rejected) == (0, 1)
