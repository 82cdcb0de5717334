"""What happens to a customer in the middle of a month: a meter exchanged, another rate, a second cart, a vacation."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from meterbook.engine.quantity import unscaled
from meterbook.records.billing.explanations import explain_bill
from meterbook.records.billing.models import Bill, BillRun, Completeness, Hold, Segment
from meterbook.records.customers.models import ServiceAgreement, ServiceSuspension
from meterbook.records.customers.operations.change_schedule import change_schedule
from meterbook.records.customers.operations.suspend_service import (
    CannotSuspend,
    NotSuspended,
    resume_service,
    suspend_service,
)
from meterbook.records.ledger.check import check_laws
from meterbook.records.metering.models import Meter, Read
from meterbook.records.metering.operations.exchange import exchange_meter
from meterbook.records.metering.shop.devices import NewMeter, NewRegister, comparison_at
from meterbook.records.places.models import Determinant
from meterbook.records.places.operations.set_determinant import set_determinant
from meterbook.records.rates.models import Schedule

pytestmark = pytest.mark.django_db
#: Frank Delaney, a plain house in cycle C1; his October bill ends with the read of the fifth.
FRANK = "1000041"


def agreement(commodity: str) -> ServiceAgreement:
    """Frank's service, as it stands today."""
    found = ServiceAgreement.objects.filter(account__number=FRANK, service_point__commodity=commodity)
    return found.select_related("service_point", "schedule").latest("validity")


def last_read(commodity: str) -> Read:
    """The newest read of the meter at Frank's."""
    point = agreement(commodity).service_point
    serial = Meter.objects.get(
        installations__service_point=point, installations__validity__endswith__isnull=True
    ).serial
    return Read.objects.filter(register__meter__serial=serial).select_related("register__meter").latest("read_on")


def posted(run: BillRun, commodity: str) -> list[Segment]:
    """Frank's parts of a service on a posted run."""
    bill = Bill.objects.get(run=run, account__number=FRANK)
    return list(Segment.objects.filter(run_id=run.pk, bill=bill, commodity=commodity).order_by("starts"))


def sentences(run: BillRun, commodity: str, component: str, language: str = "en") -> list[str]:
    """Why each line of a component is what it is."""
    bill = Bill.objects.get(run=run, account__number=FRANK)
    lines = explain_bill(bill.pk, language)
    assert all(line.agrees for line in lines)
    return [" ".join(line.sentences) for line in lines if line.service == commodity and line.component == component]


def test_a_meter_exchanged_another_rate_and_a_second_cart_in_one_month(office: Any) -> None:
    before = last_read("water")
    swapped, cart, moved = (office.today + timedelta(days=n) for n in (0, 2, 4))
    water, power, refuse = agreement("water"), agreement("electricity"), agreement("refuse")
    old = before.register.meter
    register = before.register
    new = NewMeter(
        "W-NEW", "1", "Badger", "M25",
        (NewRegister("delivered", register.dials, register.decimals, register.multiplier, register.unit, Decimal(0)),),
        factory_test={"minimum": Decimal(100), "intermediate": Decimal(100), "maximum": Decimal(100)},
    )  # fmt: skip
    exchange_meter(
        office.act("supervisor"), service_point=water.service_point, on=swapped,
        out_reads={"delivered": before.value + 3}, meter=new, confirmed=comparison_at(water.service_point, new),
    )  # fmt: skip
    office.advance(moved)
    set_determinant(
        office.act("billing"), service_point=refuse.service_point, kind="carts", starts=cart, origin="asked", key="2"
    )
    change_schedule(office.act("billing"), agreement=power, schedule=Schedule.objects.get(code="E-COM"), starts=moved)
    office.read("C1", 3, without=old.serial)
    read = office.read_day("C1", 3)
    head = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
    office.take_in("meterbook-reads", f"{head}W-NEW,,{read},09:15,5,{register.unit},actual,,\n#END,1\n".encode())
    run = office.post(office.calculate(office.plan("C1", 3, chunk_accounts=4)))

    [wet] = posted(run, "water")
    told = {(one["before"], one["name"]): one["key"] or one["number"] for one in wet.inputs["changes"]}
    assert told == {(f"{swapped}", "meter_size"): old.size, (f"{swapped}", "usage"): 3_000_000}
    assert wet.inputs["determinants"]["meter_size"] == "1"
    [first, second] = sentences(run, "water", "service")
    assert f"from {old.size} to 1" in first and f"from {old.size} to 1" in second

    [carts] = posted(run, "refuse")
    assert [(one["before"], one["key"]) for one in carts.inputs["changes"]] == [(f"{cart}", "1")]
    assert len(sentences(run, "refuse", "carts")) == 2

    home, business = posted(run, "electricity")
    assert (home.schedule.code, home.ends, business.schedule.code, business.starts) == ("E-RES", moved, "E-COM", moved)
    shares = [segment.inputs["pieces"][0] for segment in (home, business)]
    assert [one["share"] for one in shares] == [
        {"from": f"{home.starts}", "to": f"{moved}"}, {"from": f"{moved}", "to": f"{business.ends}"}
    ]  # fmt: skip
    whole = Decimal(shares[0]["to_value"]) - Decimal(shares[0]["from_value"])
    assert unscaled(sum(one["quantity_e6"] for one in shares)) == whole > 0
    assert any("No read divides it" in told for told in sentences(run, "electricity", "energy"))
    assert any("Ninguna lectura lo divide" in told for told in sentences(run, "electricity", "energy", "es"))
    assert not [law.name for law in check_laws() if not law.holds]


def test_a_vacation_takes_the_carts_off_the_bill_and_nothing_else(office: Any) -> None:
    refuse, power = agreement("refuse"), agreement("electricity")
    [before] = Segment.objects.filter(agreement_id=refuse.pk).order_by("-ends")[:1]
    away, back = before.ends + timedelta(days=5), before.ends + timedelta(days=45)
    with pytest.raises(CannotSuspend, match="vacation suspends only"):
        suspend_service(office.act("csr"), agreement=power, cause="vacation", starts=away)
    with pytest.raises(CannotSuspend, match="at least 30"):
        suspend_service(
            office.act("csr"), agreement=refuse, cause="vacation", starts=away, ends=away + timedelta(days=9)
        )
    suspension = suspend_service(office.act("csr"), agreement=refuse, cause="vacation", starts=away)
    with pytest.raises(CannotSuspend, match="already"):
        suspend_service(office.act("csr"), agreement=refuse, cause="vacation", starts=away, ends=back)
    office.read("C1", 3)
    november = office.post(office.calculate(office.plan("C1", 3, chunk_accounts=4)))
    [part] = posted(november, "refuse")
    days = (part.ends - part.starts).days
    assert part.amount_cents == round(Decimal(2543) * 5 / days)
    [why] = sentences(november, "refuse", "carts")
    assert "Service was suspended from" in why and "5 of the bill's" in why

    office.advance(back)
    with pytest.raises(NotSuspended, match="at least 30"):
        resume_service(office.act("csr"), suspension=suspension, starts=away + timedelta(days=20))
    resume_service(office.act("csr"), suspension=suspension, starts=back)
    office.read("C1", 4)
    december = office.post(office.calculate(office.plan("C1", 4, chunk_accounts=4)))
    [part] = posted(december, "refuse")
    assert part.starts == posted(november, "refuse")[0].ends
    assert part.amount_cents == round(Decimal(2543) * (part.ends - back).days / (part.ends - part.starts).days)
    assert not [law.name for law in check_laws() if not law.holds]


def test_service_off_for_the_whole_month_is_not_due_and_the_run_closes(office: Any) -> None:
    refuse = agreement("refuse")
    [before] = Segment.objects.filter(agreement_id=refuse.pk).order_by("-ends")[:1]
    suspend_service(office.act("csr"), agreement=refuse, cause="vacation", starts=before.ends)
    office.read("C1", 3)
    november = office.post(office.calculate(office.plan("C1", 3, chunk_accounts=4)))
    assert posted(november, "refuse") == []
    [row] = Completeness.objects.filter(run=november, service_point=refuse.service_point)
    assert (row.outcome, row.reason) == ("not_due", f"service suspended since {before.ends}")
    assert ServiceSuspension.objects.get(agreement=refuse).continues == "nothing"


def test_two_months_read_once_are_two_periods_on_one_bill(office: Any) -> None:
    """Nobody read Frank's water in November; in December one read covers both months."""
    meter = last_read("water").register.meter.serial
    office.read("C1", 3, without=meter)
    november = office.post(office.calculate(office.plan("C1", 3, chunk_accounts=4)))
    assert set(Hold.objects.filter(run=november, account__number=FRANK).values_list("reason", flat=True)) >= {
        "missing_read"
    }
    office.read("C1", 4)
    december = office.post(office.calculate(office.plan("C1", 4, chunk_accounts=4)))
    first, second = posted(december, "water")
    assert (first.ends, second.starts) == (november.service_to, november.service_to)
    shares = [part.inputs["pieces"][0] for part in (first, second)]
    assert shares[0]["to_read"] == shares[1]["to_read"]
    whole = Decimal(shares[0]["to_value"]) - Decimal(shares[0]["from_value"])
    assert unscaled(sum(one["quantity_e6"] for one in shares)) == whole > 0
    power = posted(december, "electricity")
    assert [part.inputs["pieces"][0].get("share") for part in power] == [None, None], "its meter was read in November"
    assert [len(posted(december, each)) for each in ("refuse", "stormwater", "sewer")] == [2, 2, 2]
    assert not [law.name for law in check_laws() if not law.holds]


def test_a_fact_stated_late_is_taken_to_have_been_so(office: Any) -> None:
    """What must be there and was first recorded inside the bill holds for all of it, as before."""
    refuse = agreement("refuse")
    [known] = Determinant.objects.filter(service_point=refuse.service_point, kind__name="carts")
    [before] = Segment.objects.filter(agreement_id=refuse.pk).order_by("-ends")[:1]
    known.validity = (before.ends + timedelta(days=3), None)
    known.save()
    office.read("C1", 3)
    run = office.post(office.calculate(office.plan("C1", 3, chunk_accounts=4)))
    [part] = posted(run, "refuse")
    assert "changes" not in part.inputs and part.amount_cents == 2543
