"""The city of Rio Seco buys water through two meters at one delivery point."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from meterbook.engine.billing.build import build_bills
from meterbook.engine.billing.sealed import unsealed
from meterbook.records.billing.kinds.operations.define_delivery import WrongDelivery, define_delivery
from meterbook.records.billing.kinds.operations.plan_off_cycle import plan_off_cycle
from meterbook.records.billing.models import BillRun, Segment
from meterbook.records.billing.queries import holds_of
from meterbook.records.customers.models import Account, Person, ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.metering.models import Installation, Meter, Read, Register, Usage
from meterbook.records.places.models import Cycle, Parcel, Premise, Route, ServicePoint
from meterbook.records.platform.models import Deed
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.queries import current_tariffs

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
SINCE = date(2024, 10, 1)


class Delivery:
    """The delivery point at the city limit: Rio Seco's account, and a check meter nobody pays for."""

    def __init__(self, office: Any) -> None:
        self.office, self.deed = office, Deed.objects.latest("pk")
        parcel = Parcel.objects.create(number="900-01", owner_name="City of Alder Bend", impervious_sqft=0)
        premise = Premise.objects.create(
            parcel=parcel, street_number="1", street="Intertie Road", unit="", city="Alder Bend", state="CA",
            postal_code="92990", premise_class="municipal",
        )  # fmt: skip
        self.primary, self.check = self.point(premise, "W-RS-1"), self.point(premise, "W-RS-2")
        holder = Person.objects.create(name="City of Rio Seco", is_organisation=True)
        self.account = Account.objects.create(
            number="1999994", holder=holder, cycle=Cycle.objects.get(code="C1"), opened_on=SINCE,
            mail_lines=["Finance Department", "PO Box 70", "Rio Seco, CA 92991"],
        )  # fmt: skip
        ServiceAgreement.objects.create(
            account=self.account, service_point=self.primary, schedule=Schedule.objects.get(code="W-WHS"),
            validity=(SINCE, None), deed=self.deed,
        )  # fmt: skip

    def point(self, premise: Premise, code: str) -> ServicePoint:
        point = ServicePoint.objects.create(
            premise=premise, code=code, commodity="water", connection="metered", validity=(SINCE, None),
            route=Route.objects.filter(cycle__code="C1").first(), sequence=9_000 + int(code[-1]),
        )  # fmt: skip
        meter = Meter.objects.create(serial=f"T-{code}", commodity="water", size="8", manufacturer="Badger", model="T")
        Register.objects.create(
            meter=meter, channel="delivered", dials=7, decimals=0, multiplier=Decimal(1), unit="ccf"
        )
        Installation.objects.create(meter=meter, service_point=point, validity=(SINCE, None), deed=self.deed)
        return point

    def measured(self, point: ServicePoint, quantity: int, ends: date) -> None:
        register = Register.objects.get(meter__installations__service_point=point)
        reads = [
            Read.objects.create(register=register, read_on=day, read_at=f"{day}T08:00:00Z", value=value,
                                starts_chain=not value, raw="", deed=self.deed)
            for day, value in ((SINCE, 0), (ends, quantity))
        ]  # fmt: skip
        Usage.objects.create(
            register=register, service_point=point, from_read=reads[0], to_read=reads[1], starts=SINCE, ends=ends,
            quantity_e6=quantity * 10**6, rollover=False, estimated=False,
        )  # fmt: skip

    def month(self, primary: int, check: int | None, check_ends: date | None = None) -> BillRun:
        """A month measured, billed off cycle on the city's bill day."""
        office = self.office
        day = office.read_day("C1", 3)
        office.advance(max(office.today, office.bill_day("C1", 3)))
        self.measured(self.primary, primary, day)
        if check is not None:
            self.measured(self.check, check, check_ends or day)
        run = plan_off_cycle(
            office.act("billing"), title="Wholesale, November", accounts=[self.account], read_from=day,
            read_to=office.today, service_to=day, bill_date=office.today,
        )  # fmt: skip
        made: BillRun = office.calculate(run)
        return made


@pytest.fixture
def rio_seco(office: Any) -> Delivery:
    delivery = Delivery(office)
    define_delivery(
        office.act("billing"), code="RIO-SECO", point=delivery.primary, check_point=delivery.check
    )  # fmt: skip
    return delivery


def usage_of(run: BillRun, rows: Rows) -> int:
    [(inputs,)] = rows(f"SELECT inputs FROM billing_segment_run_{run.pk}")
    told = json.loads(inputs) if isinstance(inputs, str) else inputs
    return int(told["determinants"]["usage"])


def test_meters_that_agree_bill_their_mean_with_the_losses(rio_seco: Delivery, rows: Rows) -> None:
    run = rio_seco.month(8_000, 8_100)
    assert usage_of(run, rows) == 8_090_250_000, "8,050 × 1.005"
    bill = run.bills.get()
    assert bill.kind == "wholesale"
    assert bill.current_cents > 1_041_619, "8,090.25 × $1.2875 and the metering charge"
    rio_seco.office.post(run)
    assert [law.name for law in check_laws() if not law.holds] == []


def test_meters_that_do_not_agree_bill_the_primary(rio_seco: Delivery, rows: Rows) -> None:
    assert usage_of(rio_seco.month(8_000, 8_400), rows) == 8_040_000_000, "8,000 × 1.005"


def test_both_meters_reads_are_sealed_and_judged_again(rio_seco: Delivery) -> None:
    """A read of either meter changed after the fact is found from the seal alone."""
    posted = rio_seco.office.post(rio_seco.month(8_000, 8_100))
    segment = Segment.objects.get(run_id=posted.pk)
    assert {piece["meter"] for piece in json.loads(segment.inputs["paired"])["check"]} == {"T-W-RS-2"}
    assert disagreeing(segment, segment.inputs) == []
    tampered = segment.inputs | {"paired": segment.inputs["paired"].replace('"8100', '"8099')}
    [why] = disagreeing(segment, tampered)
    assert "paired meters" in why


def disagreeing(segment: Segment, inputs: dict[str, Any]) -> list[str]:
    tariff = current_tariffs()[segment.document_id]
    told = pl.DataFrame(
        [(1, segment.bill.account_id, segment.document_id, segment.starts, segment.ends, json.dumps(inputs))],
        schema=["row", "account", "document", "starts", "ends", "inputs"], orient="row",
    )  # fmt: skip
    return list(build_bills(unsealed(told, tariff), {segment.document_id: tariff}).disagreeing["detail"])


def test_a_check_meter_that_was_not_read_holds_the_bill(rio_seco: Delivery) -> None:
    run = rio_seco.month(8_000, None)
    assert (run.totals["bills"], [hold["reason"] for hold in holds_of(run)]) == (0, ["usage_gap"])
    assert holds_of(run)[0]["detail"].startswith("check meter: reads do not cover")


def test_a_check_meter_read_on_another_day_holds_the_bill(rio_seco: Delivery) -> None:
    run = rio_seco.month(8_000, 8_000, rio_seco.office.read_day("C1", 3) - timedelta(days=4))
    assert [hold["reason"] for hold in holds_of(run)] == ["usage_gap"]


def test_the_check_meter_is_named_in_the_equation_of_its_cycle(rio_seco: Delivery, rows: Rows) -> None:
    office = rio_seco.office
    office.post(rio_seco.month(8_000, 8_100))
    office.read("C1", 3)
    posted = office.post(office.calculate(office.plan("C1", 3)))
    found = rows(
        "SELECT outcome, reason FROM billing_completeness WHERE run_id = %s AND service_point_id = %s",
        [posted.pk, rio_seco.check.pk],
    )
    assert found == [("inactive", "check meter of RIO-SECO")]


def test_a_meter_is_part_of_one_delivery(office: Any, rio_seco: Delivery) -> None:
    with pytest.raises(WrongDelivery, match="part of a delivery already"):
        define_delivery(office.act("billing"), code="RIO-SECO", point=rio_seco.check, check_point=rio_seco.primary)
