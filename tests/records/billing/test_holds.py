"""What cannot be billed is held, with its reason and owner, and holds the whole account; nothing is skipped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.db import connection

from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.calculate import calculate_chunk
from meterbook.records.billing.models import Bill, BillRun, Hold, Line, Segment
from meterbook.records.billing.operations.calculate_run import start_calculation
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.queries import holds_of
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.customers.operations.open_account import open_account
from meterbook.records.metering.models import ReadException, Register
from meterbook.records.places.models import ServicePoint
from meterbook.records.places.operations.set_determinant import set_determinant

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
#: Frank Delaney, a plain house in cycle C1, and the laundry with its compound meter, in C1 too.
FRANK, LAUNDRY = "1000041", "1000165"


def point(number: str, commodity: str) -> ServicePoint:
    return ServiceAgreement.objects.get(
        account__number=number, service_point__commodity=commodity
    ).service_point  # fmt: skip


def serial(number: str, commodity: str) -> str:
    return str(point(number, commodity).installations.get().meter.serial)


def sql(statement: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount >= 1


def november(office: Any, *, without: str = "") -> BillRun:
    """Read and calculate C1's November."""
    office.read("C1", 3, without=without)
    return office.calculate(office.plan("C1", 3, chunk_accounts=4))  # type: ignore[no-any-return]


def held(run: BillRun, number: str) -> dict[str, dict[str, Any]]:
    """The account's holds by commodity; nobody else has one, and the account has no bill."""
    holds = holds_of(run)
    assert {hold["account"] for hold in holds} == {number}
    assert not Bill.objects.filter(run=run, account__number=number).exists()
    assert run.totals["bills"] == 14
    return {hold["commodity"]: hold for hold in holds}


def waits(hold: dict[str, Any]) -> bool:
    return (hold["reason"], hold["owner"]) == ("other_service_held", "billing_technician")


def test_without_a_fault_nothing_is_held(office: Any) -> None:
    run = november(office)
    assert (run.totals["bills"], run.totals["held_points"]) == (15, 0)


def test_a_read_that_never_came(office: Any) -> None:
    run = november(office, without=serial(FRANK, "water"))
    holds = held(run, FRANK)
    assert holds["water"]["reason"] == "missing_read"
    assert holds["water"]["detail"] == "no read between 2024-10-27 and 2024-11-05"
    assert holds["water"]["owner"] == "billing_technician"
    assert (holds["water"]["since"], holds["water"]["age_days"]) == (date(2024, 11, 5), 0)
    assert set(holds) == {"electricity", "water", "sewer", "refuse", "stormwater"}
    assert all(waits(hold) for name, hold in holds.items() if name != "water")


def test_half_a_compound_meter_is_a_gap(office: Any) -> None:
    """The low-flow register is missing from the file: the other one alone must not pass for the usage."""
    meter = serial(LAUNDRY, "water")
    water = next(file for file in office.files(3, "C1") if file.commodity == "water")
    lines = water.path.read_text().splitlines(keepends=True)
    [low] = [line for line in lines if meter in line and '"L"' in line]
    lines.remove(low)
    office.take_in(water.format, "".join(lines).encode())
    [electric] = [file for file in office.files(3, "C1") if file.commodity == "electricity"]
    office.take_in(electric.format, electric.path.read_bytes())
    run = office.calculate(office.plan("C1", 3))
    holds = held(run, LAUNDRY)
    assert holds["water"]["reason"] == "usage_gap"
    assert holds["water"]["detail"].startswith("reads do not cover 2024-10-03 to 2024-11-03")


def test_a_move_without_a_read_is_a_gap(office: Any) -> None:
    """Frank leaves in mid-period and nobody reads his meters that day: his share is unknown."""
    sql("UPDATE customers_serviceagreement SET validity = daterange(lower(validity), '2024-10-20')"
        " WHERE account_id = %s", [office.account(FRANK).pk])  # fmt: skip
    holds = held(november(office), FRANK)
    assert {holds[name]["reason"] for name in ("water", "electricity")} == {"usage_gap"}


def test_reads_nobody_can_believe(office: Any) -> None:
    """A register that fell by far more than a rollover explains raises an exception and bills nothing."""
    meter = serial(FRANK, "electricity")
    register = Register.objects.get(meter__serial=meter)
    last = register.reads.latest("read_on")
    fallen = max(int(last.value) - 500, 0)
    assert last.value > 500, "the register must have room to fall"
    office.read("C1", 3, without=meter)
    office.take_in("meterbook-reads", (
        "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
        f"{meter},,2024-11-03,09:15,{fallen},kWh,actual,,\n#END,1\n").encode())  # fmt: skip
    assert "negative" in ReadException.objects.get(register=register).findings.values_list("rule", flat=True)
    run = office.calculate(office.plan("C1", 3))
    holds = held(run, FRANK)
    assert holds["electricity"]["reason"] in ("usage_exception", "missing_read")
    assert holds["electricity"]["owner"] == "billing_technician"


def test_a_fact_the_tariff_cannot_price(office: Any) -> None:
    set_determinant(
        office.act("billing"), service_point=point(FRANK, "refuse"), kind="carts", starts=date(2024, 10, 20),
        origin="a typing error", key="9",
    )  # fmt: skip
    holds = held(november(office), FRANK)
    assert holds["refuse"]["reason"] == "missing_fact"
    assert holds["refuse"]["detail"] == "carts has no value R-CART can price"
    assert holds["refuse"]["owner"] == "billing_technician"
    assert waits(holds["water"])


def test_a_fact_that_ended_before_the_bill_does(office: Any) -> None:
    sql("UPDATE places_determinant SET validity = daterange(lower(validity), '2024-10-20') WHERE service_point_id = %s",
        [point(FRANK, "stormwater").pk])  # fmt: skip
    holds = held(november(office), FRANK)
    assert (holds["stormwater"]["reason"], holds["stormwater"]["detail"]) == (
        "missing_fact",
        "impervious_sqft has no value ST can price",
    )


def test_days_before_the_tariff_was_in_force(office: Any) -> None:
    """Service on record from before the first version: nobody knows that price, and everyone else is billed."""
    served = ServiceAgreement.objects.get(account__number=FRANK, service_point__commodity="stormwater")
    sql("UPDATE places_determinant SET validity = daterange('2000-01-01', upper(validity)) WHERE service_point_id = %s",
        [served.service_point_id])  # fmt: skip
    early = open_account(
        office.act("csr"), holder=served.account.holder, cycle=served.account.cycle, mail_lines=["1 Mill St"]
    )
    ServiceAgreement.objects.create(
        account=early, service_point=served.service_point, schedule=served.schedule,
        validity=(date(2005, 1, 1), date(2005, 2, 1)), deed=served.deed,
    )  # fmt: skip
    office.read("C1", 3)
    run = office.calculate(office.plan("C1", 3, chunk_accounts=4))
    [hold] = holds_of(run)
    assert (hold["account"], hold["reason"], hold["owner"]) == (early.number, "tariff_not_in_force", "supervisor")
    assert hold["detail"].startswith("ST is in force from ")
    assert run.totals["bills"] == 15
    assert not Bill.objects.filter(run=run, account=early).exists()
    assert office.post(run).status == BillRun.POSTED


def test_a_meter_in_another_unit_than_the_tariff(office: Any) -> None:
    office.read("C1", 3)
    sql("UPDATE metering_register SET unit = 'kgal' WHERE meter_id = (SELECT id FROM metering_meter WHERE serial = %s)",
        [serial(FRANK, "water")])  # fmt: skip
    run = office.calculate(office.plan("C1", 3))
    holds = held(run, FRANK)
    assert (holds["water"]["reason"], holds["water"]["detail"]) == ("wrong_unit", "the meter's unit is not ccf")


def test_holds_stand_in_the_equation_and_grow_older(office: Any, rows: Rows) -> None:
    meter = serial(FRANK, "water")
    run = office.post(november(office, without=meter))
    assert run.totals["completeness"]["held"] == 5
    office.read("C1", 4, without=meter)
    again = office.calculate(office.plan("C1", 4))
    holds = held(again, FRANK)
    assert (holds["water"]["since"], holds["water"]["age_days"]) == (date(2024, 11, 5), 30)


def test_the_missed_month_is_caught_up_period_by_period(office: Any) -> None:
    """Two months read once: the usage is shared over them before tiers, so that nobody pays for being read late."""
    meter = serial(FRANK, "water")
    office.post(november(office, without=meter))
    office.read("C1", 4)
    run = office.post(office.calculate(office.plan("C1", 4)))
    bill = Bill.objects.get(run=run, account__number=FRANK)
    assert (bill.starts, bill.ends) == (date(2024, 10, 3), date(2024, 12, 3))
    october, november_ = Segment.objects.filter(run_id=run.pk, bill=bill, commodity="water").order_by("starts")
    assert [(part.starts, part.ends) for part in (october, november_)] == [
        (date(2024, 10, 3), date(2024, 11, 3)), (date(2024, 11, 3), date(2024, 12, 3)),
    ]  # fmt: skip
    [piece] = october.inputs["pieces"]
    used = (Decimal(piece["to_value"]) - Decimal(piece["from_value"])) % 10_000
    assert used > 11, "a household that stays below one month's first tier would prove nothing"
    shares = [Decimal(part.inputs["determinants"]["usage"]).scaleb(-6) for part in (october, november_)]
    assert sum(shares) == used
    assert abs(shares[0] - used * 31 / 61) <= Decimal("0.01")
    for part, share in zip((october, november_), shares, strict=True):
        lines = Line.objects.filter(run_id=run.pk, segment_id=part.pk, component="water").order_by("part")
        quantities = [Decimal(line.quantity_e6).scaleb(-6) for line in lines]
        assert (quantities[0], sum(quantities)) == (min(share, Decimal(11)), share), "W-RES: 11 ccf in a normal period"
        cents = (quantities[0] * Decimal("1.84") * 100).quantize(Decimal(1), "ROUND_HALF_UP")
        assert lines[0].amount_cents == int(cents)
    assert not Hold.objects.filter(run=run).exists()


def one_cent_more(tariff: Tariff, frame: pl.DataFrame) -> pl.DataFrame:
    """`price` with a fault: the second tier of water is a cent too dear."""
    lines = price(tariff, frame)
    wrong = (pl.col("component") == "water") & (pl.col("part") == 2)
    return lines.with_columns(amount=pl.col("amount") + wrong.cast(pl.Int64))


def told(run: BillRun, rows: Rows) -> dict[str, list[tuple[Any, ...]]]:
    """Every line of a calculated run by account."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for number, *line in rows(f"""
        SELECT a.number, s.commodity, l.component, l.part, l.starts, l.quantity_e6, l.amount_cents
          FROM billing_line_run_{run.pk} l JOIN billing_segment_run_{run.pk} s ON s.id = l.segment_id
          JOIN billing_bill b ON b.id = s.bill_id JOIN customers_account a ON a.id = b.account_id
         ORDER BY 1, 2, 3, 4, 5, 6"""):
        found.setdefault(number, []).append(tuple(line))
    return found


def test_a_fault_in_pricing_holds_every_bill_it_touches_and_only_those(office: Any, rows: Rows) -> None:
    office.read("C1", 3)
    right = office.plan("C1", 3, chunk_accounts=4)
    undisturbed = told(calculate_all(office.act("billing"), right), rows)
    touched = {n for n, lines in undisturbed.items() if any(line[1:3] == ("water", 2) for line in lines)}
    assert 1 < len(touched) < len(undisturbed), "the fault must touch some and spare some"
    cancel_run(office.act("billing"), run=right)
    wrong = office.plan("C1", 3, chunk_accounts=4)
    start_calculation(office.act("billing"), run=wrong)
    for chunk in wrong.chunks.order_by("number"):
        assert calculate_chunk(wrong, chunk, priced_by=one_cent_more)
    holds = holds_of(wrong)
    assert {hold["account"] for hold in holds} == touched
    for hold in holds:
        expected = "explanation_differs" if hold["commodity"] == "water" else "other_service_held"
        assert hold["reason"] == expected
        assert hold["owner"] == ("supervisor" if expected == "explanation_differs" else "billing_technician")
    assert told(wrong, rows) == {n: lines for n, lines in undisturbed.items() if n not in touched}
