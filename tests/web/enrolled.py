"""Programs and parallel runs in the tests' office: a solar home, a level plan, a winter reset, a compared run."""

from __future__ import annotations

from datetime import date

from tests.web.office import BEGAN, BILL_1, BILL_2, Office, act

from meterbook.records.customers.models import ServiceAgreement, ServiceSuspension
from meterbook.records.customers.operations.suspend_service import suspend_service
from meterbook.records.parallel.export import export_run
from meterbook.records.parallel.mapping import Mapping
from meterbook.records.parallel.models import Comparison
from meterbook.records.parallel.operations.compare_bills import compare_bills
from meterbook.records.places.models import Determinant, DeterminantKind, ServicePoint
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import released
from meterbook.records.programs.models import (
    LevelPayAmount,
    LevelPayMonth,
    LevelPayPlan,
    NetMeteringAccount,
    WinterAverage,
)
from meterbook.records.programs.net_metering.operations.enrol import enrol_net_metering
from meterbook.records.programs.winter_average.operations.reset import draw_winter_reset
from meterbook.records.rates.models import Schedule

RESET_ON = date(2026, 10, 1)


def solar_home(office: Office) -> NetMeteringAccount:
    """Ben sells what his roof makes."""
    found = NetMeteringAccount.objects.first()
    return found or enrol_net_metering(
        act(office.staff["billing"], BILL_1), agreement=office.ben.agreements.get(), option="net-billing", starts=BEGAN,
        true_up_month=4, capacity_w=5400,
    )  # fmt: skip


def level_plan(office: Office) -> LevelPayPlan:
    """Ana pays an even amount; her August bill asked for 100 dollars."""
    found = LevelPayPlan.objects.first()
    if found is not None:
        return found
    deed = Deed.objects.create(kind="test.plan", actor=office.staff["csr"], business_date=BEGAN)
    document = released("level-pay", BEGAN)
    assert document is not None
    plan = LevelPayPlan.objects.create(account=office.ana, formula="eleven", starts=BEGAN, enrolled=deed)
    LevelPayAmount.objects.create(
        plan=plan, after_month=0, basis_cents=110_000, basis_months=12, amount_cents=10_000, document=document,
        deed=deed,
    )  # fmt: skip
    actual, due = office.bill.current_cents, office.bill.amount_due_cents
    LevelPayMonth.objects.create(
        plan=plan, bill_id=office.bill.pk, bill_date=BILL_1, number=1, settles=False, actual_cents=actual,
        asked_cents=10_000, before_cents=0, difference_cents=actual - 10_000, due_cents=due,
        pay_cents=due - (actual - 10_000), deed=deed,
    )  # fmt: skip
    return plan


def winter_row(office: Office) -> WinterAverage:
    """Ana's sewer follows her winter water; too few reads, so the reset of October gives the default."""
    found = WinterAverage.objects.first()
    if found is not None:
        return found
    technician = act(office.staff["billing"], BILL_2, "a sewer point")
    deed = Deed.objects.create(kind="test.sewer", actor=office.staff["billing"], business_date=BILL_2)
    water = ServicePoint.objects.get(code="W-0")
    sewer = ServicePoint.objects.create(
        premise=water.premise, code="S-0", commodity="sewer", connection="parcel", water_source=water,
        validity=(BEGAN, None),
    )  # fmt: skip
    for name, unit, number_e6 in (("winter_average", "ccf", 8_100_000), ("dwelling_units", "units", 1_000_000)):
        kind, _ = DeterminantKind.objects.get_or_create(name=name, defaults={"unit": unit, "is_key": False})
        Determinant.objects.create(
            service_point=sewer, kind=kind, number_e6=number_e6, origin="survey", validity=(BEGAN, None), deed=deed
        )
    ServiceAgreement.objects.create(
        account=office.ana, service_point=sewer, schedule=Schedule.objects.get(code="S-RES"), validity=(BEGAN, None),
        deed=deed,
    )  # fmt: skip
    return draw_winter_reset(technician, effective=RESET_ON).rows.get()


def compared(office: Office) -> Comparison:
    """August beside a file of the same bills."""
    found = Comparison.objects.first()
    return found or compare_bills(
        act(office.staff["billing"], BILL_2), file_name="old.csv", content=export_run(office.run),
        mapping=Mapping("Old system"), run=office.run,
    )  # fmt: skip


def suspension(office: Office) -> ServiceSuspension:
    """Ana's water is off for the season."""
    found = ServiceSuspension.objects.first()
    agreement = office.ana.agreements.get(service_point__code="W-0")
    return found or suspend_service(
        act(office.staff["csr"], BILL_2, "away until spring"), agreement=agreement, cause="seasonal", starts=BILL_2
    )
