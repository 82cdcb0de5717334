"""Bills put off on purpose and billed later, every period by itself; street lights by the lamps on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from meterbook.records.billing.kinds.operations.plan_off_cycle import plan_off_cycle
from meterbook.records.billing.models import Segment
from meterbook.records.billing.queries import holds_of
from meterbook.records.billing.register.operations.hold import delay_bill
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.places.models import Determinant

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
FRANK = "1000041"


def test_a_bill_that_was_put_off_comes_off_cycle_with_every_period_by_itself(office: Any) -> None:
    """Frank's November is disputed and put off into December; one bill then has both months, each on its own."""
    office.read("C1", 3)
    office.advance(office.bill_day("C1", 3))
    account = office.account(FRANK)
    delay_bill(
        office.act("billing"),
        account=account,
        reason="disputed_read",
        until=office.bill_day("C1", 4),
        detail="asked for time",
    )
    november = office.calculate(office.plan("C1", 3))
    assert {hold["reason"] for hold in holds_of(november) if hold["account"] == FRANK} == {"delayed"}
    office.post(november)
    office.read("C1", 4)
    office.advance(office.bill_day("C1", 4))
    day = office.read_day("C1", 4)
    run = plan_off_cycle(
        office.act("billing"), title="Put off in November", accounts=[account], read_from=day - timedelta(days=7),
        read_to=office.today, service_to=day, bill_date=office.today,
    )  # fmt: skip
    posted = office.post(office.calculate(run))
    bill = posted.bills.get()
    water = Segment.objects.filter(run_id=posted.pk, bill=bill, commodity="water").order_by("starts")
    cut = office.read_day("C1", 3)
    assert [(part.starts < cut, part.ends) for part in water] == [(True, cut), (False, day)]
    assert bill.kind == "off_cycle"
    assert [law.name for law in check_laws() if not law.holds] == []


def test_a_missing_read_holds_each_service_of_two_periods_once(office: Any, rows: Rows) -> None:
    """The second month's water was not read: every service waits, each named once for both months."""
    office.read("C1", 3)
    office.advance(office.bill_day("C1", 3))
    account = office.account(FRANK)
    delay_bill(office.act("billing"), account=account, reason="disputed_read", until=office.bill_day("C1", 4))
    office.post(office.calculate(office.plan("C1", 3)))
    [(serial,)] = rows(
        "SELECT m.serial FROM metering_meter m JOIN metering_installation i ON i.meter_id = m.id"
        " JOIN customers_serviceagreement g ON g.service_point_id = i.service_point_id"
        " WHERE g.account_id = %s AND m.commodity = 'water'",
        [account.pk],
    )
    office.read("C1", 4, without=serial)
    office.advance(office.bill_day("C1", 4))
    day = office.read_day("C1", 4)
    run = plan_off_cycle(
        office.act("billing"), title="Put off in November", accounts=[account], read_from=day - timedelta(days=7),
        read_to=office.today, service_to=day, bill_date=office.today,
    )  # fmt: skip
    held = holds_of(office.calculate(run))
    assert len(held) == len({hold["service_point"] for hold in held}) == 5
    assert "missing_read" in {hold["reason"] for hold in held}


def test_lamps_added_in_mid_month_are_paid_from_their_day(office: Any, rows: Rows) -> None:
    """The inventory says two lamps more from the fifteenth day on: the bill has both numbers, each for its days."""
    agreement = ServiceAgreement.objects.filter(schedule__code="L-OLS", validity__endswith__isnull=True).first()
    assert agreement is not None
    cycle = agreement.account.cycle.code
    office.read(cycle, 3)
    before = Determinant.objects.get(
        service_point=agreement.service_point_id, kind__name="lamps", validity__contains=office.today
    )
    added = office.read_day(cycle, 3) - timedelta(days=15)
    before.validity = (before.validity.lower, added)
    before.save()
    Determinant.objects.create(
        service_point=agreement.service_point, kind=before.kind, number_e6=before.number_e6 + 2_000_000,
        origin="Lamp inventory", validity=(added, None), deed=before.deed,
    )  # fmt: skip
    posted = office.bill(cycle, 3)
    lines = rows(
        "SELECT l.starts, l.ends, l.quantity_e6 FROM billing_line l JOIN billing_segment s ON s.id = l.segment_id"
        " AND s.run_id = l.run_id WHERE l.run_id = %s AND s.agreement_id = %s ORDER BY l.starts",
        [posted.pk, agreement.pk],
    )
    first, last = [(starts, ends) for starts, ends, _quantity in lines]
    assert (first[1], last[0], last[1]) == (added, added, office.read_day(cycle, 3))
    days = (last[1] - first[0]).days
    lamps = [(before.number_e6, first), (before.number_e6 + 2_000_000, last)]
    assert [quantity for *_days, quantity in lines] == [
        (count * (ends - starts).days * 2 + days) // (2 * days) for count, (starts, ends) in lamps
    ], "lamps by the share of the period they burned, half-up"
