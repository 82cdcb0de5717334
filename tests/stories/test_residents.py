"""The other residents of Alder Bend, as the office would tell of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from meterbook.demo.city import STORIES
from meterbook.demo.desk.sewer_year import reset_sewer_year
from meterbook.engine.ledger.aging import aging
from meterbook.records.billing.completeness import Equation
from meterbook.records.billing.models import Bill, BillRun, Line, Segment
from meterbook.records.billing.queries import inactive_with_usage
from meterbook.records.customers.models import Account, Person, Protection, ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import OpenItem
from meterbook.records.ledger.settle import balance_of, open_items
from meterbook.records.metering.models import Usage
from meterbook.records.places.models import Determinant
from meterbook.records.programs.winter_average.operations.reset import AlreadyApplied, draw_winter_reset

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]


def account(key: str) -> Account:
    return Account.objects.get(number=STORIES[key].account)


def point_of(key: str, commodity: str) -> int:
    found = ServiceAgreement.objects.filter(account=account(key), service_point__commodity=commodity)
    return int(found.values_list("service_point", flat=True)[0])


def test_what_chidi_sends_out_is_credited_by_the_kilowatt_hour(office: Any) -> None:
    parts = Segment.objects.filter(bill__account=account("chidi"), commodity="electricity")
    assert parts.count() == 20
    for part in parts:
        sent = Decimal(part.inputs["determinants"]["export"]).scaleb(-6)
        counted = sum(
            (Decimal(p["to_value"]) - Decimal(p["from_value"])) % 10 ** p["dials"]
            for p in part.inputs["pieces"] if p["channel"] == "received"
        )  # fmt: skip
        credits = Line.objects.filter(run_id=part.run_id, segment_id=part.pk, component="export_credit")
        assert sent == counted == Decimal(sum(line.quantity_e6 for line in credits)).scaleb(-6) > 0
        for line in credits:  # two where rates changed within the bill
            worth = Decimal(line.quantity_e6).scaleb(-6) * Decimal("6.08")
            assert line.amount_cents == -int(worth.quantize(Decimal(1), ROUND_HALF_UP))
        assert part.amount_cents == sum(
            line.amount_cents for line in Line.objects.filter(run_id=part.run_id, segment_id=part.pk)
        )


def test_nobody_else_is_credited_for_what_they_never_sent(office: Any, rows: Rows) -> None:
    solar = {number for (number,) in rows(
        "SELECT DISTINCT p.code FROM metering_register g JOIN metering_installation i ON i.meter_id = g.meter_id"
        " JOIN places_servicepoint p ON p.id = i.service_point_id WHERE g.channel = 'received'")}  # fmt: skip
    credited = {number for (number,) in rows(
        "SELECT DISTINCT p.code FROM billing_line l JOIN billing_segment s ON s.run_id = l.run_id AND s.id ="
        " l.segment_id JOIN places_servicepoint p ON p.id = s.service_point_id"
        " WHERE l.component = 'export_credit'")}  # fmt: skip
    assert credited == solar
    assert len(solar) >= 2


class TestFrankPaysLate:
    """Frank Delaney pays a part, late, and catches up every fourth month: his debt has an age."""

    def items(self) -> pl.DataFrame:
        return open_items([account("late_payer").pk], "charge")

    def test_his_open_charges_by_age(self, office: Any) -> None:
        items = self.items()
        [aged] = aging(items, date(2026, 4, 25)).rows(named=True)
        due = dict(zip(items["item"], items["due_on"], strict=True))
        assert set(due.values()) == {date(2026, 3, 26), date(2026, 4, 27)}
        assert aged["current"] == 30_819, "April's bill is not due yet"
        assert aged["b1"] == 52_998 - 30_819, "the rest of March is thirty days late"
        assert (aged["b2"], aged["b3"], aged["b4"]) == (0, 0, 0)
        assert sum(balance_of(account("late_payer").pk).values()) == 52_998

    def test_a_month_on_it_is_older(self, office: Any) -> None:
        [aged] = aging(self.items(), date(2026, 5, 27)).rows(named=True)
        assert aged["current"] == 0
        assert aged["b1"] == 30_819
        assert aged["b3"] == 52_998 - 30_819

    def test_each_bill_carries_what_the_last_left(self, office: Any) -> None:
        bills = list(Bill.objects.filter(account=account("late_payer")).order_by("bill_date"))
        assert len(bills) == 20
        for last, bill in pairwise(bills):
            assert bill.previous_cents == last.amount_due_cents
            assert -bill.previous_cents <= bill.payments_cents < 0
            assert bill.adjustments_cents == 0
        caught_up = [bill.bill_date.month for bill in bills[1:] if bill.payments_cents == -bill.previous_cents]
        assert caught_up == [1, 5, 9, 1]


def test_rosa_is_on_medical_baseline_with_the_evidence(office: Any) -> None:
    [protection] = Protection.objects.filter(account=account("medical"))
    assert (protection.kind, protection.validity.lower) == ("medical_baseline", date(2025, 1, 15))
    assert protection.evidence.startswith("Physician's certificate")
    assert protection.deed.actor == office.staff["csr"]
    assert Protection.objects.count() == 1


def test_the_school_district_is_one_holder_of_fourteen_accounts(office: Any) -> None:
    district = Person.objects.get(name="Alder Bend Unified School District")
    accounts = district.accounts.all()
    assert accounts.count() == 14
    assert district.is_organisation
    months = {number: Bill.objects.filter(account__number=number).count() for number in
              accounts.values_list("number", flat=True)}  # fmt: skip
    assert set(months.values()) == {20}
    assert accounts.values("cycle").distinct().count() == 5


class TestTheEmptyHouse:
    """105 Tannery Row stands empty and its water meter turns: nobody is billed, and the run says so."""

    def run(self) -> BillRun:
        return BillRun.objects.get(number="2026-04-20/C4")

    def test_it_is_inactive_with_its_usage(self, office: Any, rows: Rows) -> None:
        [(point,)] = rows("SELECT s.code FROM places_servicepoint s JOIN places_premise p ON p.id = s.premise_id"
                          " WHERE p.street_number = '105' AND p.street = 'Tannery Row'"
                          " AND s.commodity = 'water'")  # fmt: skip
        told = {one["service_point"]: one for one in inactive_with_usage(self.run())}
        assert told[point]["reason"] == "never had a customer"
        assert told[point]["last_usage_on"] == date(2026, 4, 18)
        counted = sum(Usage.objects.filter(service_point__code=point).values_list("quantity_e6", flat=True))
        assert told[point]["usage_e6"] == counted > 0
        assert not Segment.objects.filter(service_point__code=point).exists()

    def test_its_other_services_are_inactive_too(self, office: Any, rows: Rows) -> None:
        found = rows("""
            SELECT s.commodity, c.outcome, coalesce(c.usage_e6, 0) > 0 FROM billing_completeness c
              JOIN places_servicepoint s ON s.id = c.service_point_id JOIN places_premise p ON p.id = s.premise_id
             WHERE c.run_id = %s AND p.street_number = '105' AND p.street = 'Tannery Row' ORDER BY 1""",
                     [self.run().pk])  # fmt: skip
        assert found == [
            ("electricity", "inactive", False), ("refuse", "inactive", False), ("sewer", "inactive", False),
            ("stormwater", "inactive", False), ("water", "inactive", True),
        ]  # fmt: skip


class TestWinterAverage:
    """Each July the sewer quantity follows the water of the winter before."""

    def facts(self, key: str) -> list[tuple[date, date | None, int, str]]:
        found = Determinant.objects.filter(service_point_id=point_of(key, "sewer"), kind__name="winter_average")
        return [(f.validity.lower, f.validity.upper, f.number_e6, f.origin) for f in found.order_by("validity")]

    def test_franks_winter_by_hand(self, office: Any) -> None:
        """Reads of the winter whose middle day lies in December to March, brought to a month of 30.42 days."""
        (before, newest) = self.facts("late_payer")
        assert before[1] == newest[0] == date(2025, 7, 1)
        winter = [
            u for u in Usage.objects.filter(service_point_id=point_of("late_payer", "water"), superseded=False,
                                            starts__gte=date(2024, 7, 1), ends__lte=date(2025, 7, 1))
            if (u.starts + (u.ends - u.starts) // 2).month in (12, 1, 2, 3)
        ]  # fmt: skip
        assert len(winter) == 4
        used = Decimal(sum(u.quantity_e6 for u in winter)).scaleb(-6)
        days = sum((u.ends - u.starts).days for u in winter)
        average = (used / days * Decimal("30.42")).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert Decimal(newest[2]).scaleb(-6) == average
        assert newest[3] == "winter before 2025-07-01: average of 4 reads"

    def test_bills_price_the_average_of_their_own_time(self, office: Any) -> None:
        before, newest = self.facts("late_payer")
        parts = Segment.objects.filter(bill__account=account("late_payer"), commodity="sewer").order_by("ends")
        priced = [(part.ends, part.inputs["determinants"]["winter_average"]) for part in parts]
        assert {value for ends, value in priced if ends <= date(2025, 7, 1)} == {before[2]}
        assert {value for ends, value in priced if ends > date(2025, 7, 1)} == {newest[2]}

    def test_resetting_twice_changes_nothing(self, office: Any) -> None:
        before = self.facts("late_payer")
        count = Determinant.objects.count()
        with pytest.raises(AlreadyApplied):
            draw_winter_reset(office.act("billing"), effective=date(2025, 7, 1))
        assert (self.facts("late_payer"), Determinant.objects.count()) == (before, count)

    def test_bens_winter_was_not_his(self, office: Any) -> None:
        """He moved in in April: next July he starts from the default, not from Ana's showers."""
        reset_sewer_year(lambda who, _reason: office.act(who, on=date(2026, 7, 1)), date(2026, 7, 1))
        newest = self.facts("ben")[-1]
        assert newest[2:] == (6_000_000, "winter before 2026-07-01: default of 0 reads")


def test_grace_kims_exchanged_meter_is_on_one_bill_with_both_meters(office: Any) -> None:
    part = Segment.objects.get(bill__account=account("exchange"), commodity="water", starts__lt=date(2025, 11, 20),
                               ends__gt=date(2025, 11, 20))  # fmt: skip
    pieces = part.inputs["pieces"]
    assert len({piece["meter"] for piece in pieces}) == 2
    assert [pieces[0]["to_on"], pieces[1]["from_on"]] == ["2025-11-20", "2025-11-20"]
    assert sum(piece["quantity_e6"] for piece in pieces) == part.inputs["determinants"]["usage"]


def test_the_books_hold_after_twenty_months(office: Any) -> None:
    assert [law.name for law in check_laws() if not law.holds] == []
    runs = BillRun.objects.filter(status="posted")
    assert runs.count() == 100
    for run in runs:
        assert Equation(**run.totals["completeness"]).holds
    assert OpenItem.objects.exists()
