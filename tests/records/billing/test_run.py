"""A bill run from plan to posting: who may, in which order, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.completeness import Unaccounted
from meterbook.records.billing.models import Bill, BilledPeriod, BillRun, Hold
from meterbook.records.billing.operations.calculate_run import ChunksLeft, WrongStage, calculate_run
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.plan_run import AlreadyPlanned, WrongBillDate, plan_run
from meterbook.records.billing.operations.post_run import NotApproved, post_run, request_posting
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import OpenItem
from meterbook.records.places.models import ServicePoint
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Approval, Deed, Event
from meterbook.records.platform.operations.approvals import AlreadyDecided, SamePerson, decide_approval

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]


def sql(statement: str, params: list[Any] | None = None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params or [])
        return cursor.rowcount


@pytest.fixture
def calculated(office: Any) -> BillRun:
    """The November run of cycle C1, calculated and sealed."""
    office.read("C1", 3)
    return office.calculate(office.plan("C1", 3, chunk_accounts=4))  # type: ignore[no-any-return]


def books(rows: Rows) -> tuple[int, ...]:
    """What only posting may change."""
    tables = ("ledger_entry", "ledger_openitem", "ledger_allocation", "billing_billedperiod", "billing_completeness")
    return tuple(rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def test_from_plan_to_posting(office: Any, rows: Rows) -> None:
    office.read("C1", 3)
    before = books(rows)
    run = office.plan("C1", 3, chunk_accounts=4)
    assert (run.number, run.status) == ("2024-11-05/C1", BillRun.PLANNED)
    assert (run.service_to, run.bill_date) == (date(2024, 11, 3), date(2024, 11, 5))
    assert run.due_date == date(2024, 11, 26)
    assert sum(chunk.accounts for chunk in run.chunks.all()) == run.cycle.accounts.count() == 15
    assert run.chunks.count() == 4

    run = office.calculate(run)
    assert run.status == BillRun.CALCULATED
    assert run.bills.count() == run.totals["bills"] == 15
    assert len(run.inputs_sha256) == len(run.code_sha256) == 64
    assert books(rows) == before, "a calculated run is not in the books"

    run = office.post(run)
    assert run.status == BillRun.POSTED
    entries, items, allocations, periods, _ = (b - a for a, b in zip(before, books(rows), strict=True))
    assert (items, periods) == (run.totals["open_items"], sum(s["segments"] for s in run.totals["services"].values()))
    assert entries == run.totals["entries"] + allocations
    terms = run.totals["completeness"]
    assert terms["points"] == terms["billed"] + terms["held"] + terms["not_due"] + terms["inactive"]
    assert terms["billed"] == periods
    assert [law.name for law in check_laws() if not law.holds] == []
    charged = OpenItem.objects.filter(source_kind="bill", source_id__in=run.bills.values("pk"), side="charge")
    assert {item.due_on for item in charged} == {run.due_date}


def test_the_next_bill_carries_on_from_the_last(office: Any, calculated: BillRun) -> None:
    for bill in calculated.bills.select_related("account"):
        last = Bill.objects.filter(account=bill.account, run__status="posted").latest("bill_date")
        assert bill.previous_cents == last.amount_due_cents
        assert bill.payments_cents <= 0
        owed = sum(
            (1 if item.side == "charge" else -1) * item.amount_cents
            for item in OpenItem.objects.filter(account=bill.account)
        )
        assert bill.amount_due_cents == owed + bill.current_cents


class TestTwoPeople:
    """Whoever calculated or asked never decides."""

    def test_who_asked_cannot_decide(self, office: Any, calculated: BillRun) -> None:
        request = request_posting(office.act("supervisor"), run=calculated)
        with pytest.raises(SamePerson, match="supervisor asked for this"):
            decide_approval(office.act("supervisor"), request=request, approve=True)
        assert Approval.objects.get(pk=request.pk).status == Approval.PENDING

    def test_not_even_by_raw_sql(self, office: Any, calculated: BillRun) -> None:
        request = request_posting(office.act("billing"), run=calculated)
        with pytest.raises(IntegrityError, match="approval_maker_is_not_checker"):
            sql("UPDATE platform_approval SET status = 'approved', decided_by_id = requested_by_id, decided_at = now()"
                " WHERE id = %s", [request.pk])  # fmt: skip

    def test_who_calculated_cannot_approve_what_another_asked_for(self, office: Any) -> None:
        office.read("C1", 3)
        run = calculate_all(office.act("supervisor"), office.plan("C1", 3))
        request = request_posting(office.act("billing"), run=run)
        decide_approval(office.act("supervisor"), request=request, approve=True)
        with pytest.raises(NotApproved, match="by the person who calculated it"):
            post_run(office.act("billing"), run=run)

    def test_without_approval_nothing_posts(self, office: Any, calculated: BillRun, rows: Rows) -> None:
        before = books(rows)
        with pytest.raises(NotApproved, match="is not approved"):
            post_run(office.act("billing"), run=calculated)
        request = request_posting(office.act("billing"), run=calculated)
        with pytest.raises(NotApproved, match="is not approved"):
            post_run(office.act("billing"), run=calculated)
        decide_approval(office.act("supervisor"), request=request, approve=False)
        with pytest.raises(NotApproved, match="is not approved"):
            post_run(office.act("billing"), run=calculated)
        assert books(rows) == before

    def test_asking_twice_is_one_request(self, office: Any, calculated: BillRun) -> None:
        first = request_posting(office.act("billing"), run=calculated)
        assert request_posting(office.act("billing"), run=calculated) == first
        assert first.preview["cents"] == first.amount_cents == calculated.totals["cents"]

    def test_a_cashier_has_no_part_in_it(self, office: Any, calculated: BillRun) -> None:
        for deed in (request_posting, post_run, cancel_run, calculate_run):
            with pytest.raises(NotPermitted):
                deed(office.act("cashier"), run=calculated)

    def test_an_approval_is_for_these_totals_only(self, office: Any, calculated: BillRun, rows: Rows) -> None:
        """A whole bill taken out after the approval, lines and all, leaves sums that agree but were never shown."""
        office.approve(calculated)
        bill = calculated.bills.order_by("pk").first()
        assert bill is not None
        own = f"run_{calculated.pk}"
        sql(f"DELETE FROM billing_line_{own} WHERE segment_id IN (SELECT id FROM billing_segment_{own}"
            " WHERE bill_id = %s)", [bill.pk])  # fmt: skip
        sql(f"DELETE FROM billing_segment_{own} WHERE bill_id = %s", [bill.pk])
        sql("DELETE FROM billing_bill WHERE id = %s", [bill.pk])
        before = books(rows)
        with pytest.raises(NotApproved, match="changed since it was approved"):
            post_run(office.act("billing"), run=calculated)
        assert books(rows) == before

    def test_an_approval_is_for_these_inputs_only(self, office: Any, calculated: BillRun) -> None:
        office.approve(calculated)
        BillRun.objects.filter(pk=calculated.pk).update(inputs_sha256="0" * 64)
        with pytest.raises(NotApproved, match="changed since it was approved"):
            post_run(office.act("billing"), run=calculated)

    def test_cents_moved_between_two_bills_are_noticed(self, office: Any, calculated: BillRun) -> None:
        """Every sum stays as approved, but two bills' lines are no longer theirs."""
        office.approve(calculated)
        own = f"run_{calculated.pk}"
        lines = f"billing_line_{own} l JOIN billing_segment_{own} s ON s.id = l.segment_id"
        for cents, order in ((5, "ASC"), (-5, "DESC")):
            sql(f"UPDATE billing_line_{own} SET amount_cents = amount_cents + {cents} WHERE id ="
                f" (SELECT l.id FROM {lines} ORDER BY s.bill_id {order}, l.id LIMIT 1)")  # fmt: skip
        with pytest.raises(NotApproved, match="not those it was approved with"):
            post_run(office.act("billing"), run=calculated)

    def test_a_line_slipped_in_is_noticed(self, office: Any, calculated: BillRun, rows: Rows) -> None:
        office.approve(calculated)
        table = f"billing_line_run_{calculated.pk}"
        columns = "run_id, segment_id, seq, component, part, version, starts, ends, quantity_e6, price_e8"
        sql(f"INSERT INTO {table} (id, amount_cents, {columns}) SELECT 99999999, 1, {columns} FROM {table} LIMIT 1")
        with pytest.raises(ValueError, match="cents differ"):
            post_run(office.act("billing"), run=calculated)


class TestStages:
    """Each step follows the one before it, once."""

    def test_posting_twice(self, office: Any, calculated: BillRun, rows: Rows) -> None:
        posted = office.post(calculated)
        after = books(rows)
        with pytest.raises(WrongStage, match="is posted"):
            post_run(office.act("billing"), run=posted)
        assert books(rows) == after

    def test_calculating_again_or_too_early(self, office: Any, calculated: BillRun) -> None:
        with pytest.raises(WrongStage, match="is calculated"):
            calculate_run(office.act("billing"), run=calculated)
        office.read("C2", 3)
        with pytest.raises(ChunksLeft, match="chunks are not calculated"):
            calculate_run(office.act("billing"), run=office.plan("C2", 3))

    def test_asking_before_it_is_calculated(self, office: Any) -> None:
        with pytest.raises(WrongStage, match="calculate it first"):
            request_posting(office.act("billing"), run=office.plan("C1", 3))

    def test_a_posted_run_stays(self, office: Any, calculated: BillRun) -> None:
        posted = office.post(calculated)
        with pytest.raises(WrongStage, match="is posted"):
            cancel_run(office.act("billing"), run=posted)
        for statement in ("UPDATE billing_billrun SET status = 'cancelled' WHERE id = %s",
                          "DELETE FROM billing_billrun WHERE id = %s"):  # fmt: skip
            with pytest.raises(Exception, match=r"Cannot (update|delete)"):
                sql(statement, [posted.pk])
        with pytest.raises(Exception, match="is posted: it stays"):
            sql("DELETE FROM billing_bill WHERE run_id = %s", [posted.pk])
        with pytest.raises(Exception, match="Cannot update"):
            sql("UPDATE billing_bill SET current_cents = 0 WHERE run_id = %s", [posted.pk])

    def test_a_second_run_while_one_is_open(self, office: Any, calculated: BillRun) -> None:
        office.advance(date(2024, 11, 6))
        for day in (calculated.bill_date, office.today):
            with pytest.raises(AlreadyPlanned, match="finish or cancel it"):
                plan_run(office.act("billing"), cycle=calculated.cycle, bill_date=day)

    def test_nothing_is_billed_ahead_of_the_business_date(self, office: Any) -> None:
        """A wrong year typed in would bill days that nobody has lived yet."""
        for day in (office.today + timedelta(days=1), office.today.replace(year=office.today.year + 2)):
            with pytest.raises(WrongBillDate, match=f"bill date {day} lies after the business date {office.today}"):
                plan_run(office.act("billing"), cycle=cycle_named("C1"), bill_date=day)

    def test_a_second_run_on_the_day_of_a_posted_one(self, office: Any, calculated: BillRun) -> None:
        office.post(calculated)
        with pytest.raises(AlreadyPlanned, match="2024-11-05/C1 exists"):
            plan_run(office.act("billing"), cycle=calculated.cycle, bill_date=calculated.bill_date)


_CLAIM = """
INSERT INTO billing_billedperiod (agreement_id, service_point_id, period, bill_id)
VALUES (%s, %s, daterange(%s, %s), %s)
"""


class TestNoDayTwice:
    """The guard is the database's, whatever run or code tries."""

    def test_an_overlapping_day_is_refused(self, office: Any) -> None:
        claimed = BilledPeriod.objects.order_by("pk").first()
        assert claimed is not None
        point = claimed.service_point_id
        within = claimed.period.upper - (claimed.period.upper - claimed.period.lower) / 2
        with pytest.raises(IntegrityError, match="billed_once"):
            sql(_CLAIM, [claimed.agreement_id, point, within, date(2030, 1, 1), claimed.bill_id])
        assert sql(_CLAIM, [claimed.agreement_id, point, date(2029, 1, 1), date(2030, 1, 1), claimed.bill_id]) == 1

    def test_not_to_another_customer_either(self, office: Any) -> None:
        """The days are the point's: whoever lived there, each is paid for by one."""
        claimed = BilledPeriod.objects.order_by("pk").first()
        assert claimed is not None
        other = BilledPeriod.objects.exclude(agreement__account=claimed.agreement.account).order_by("pk").first()
        assert other is not None
        day = claimed.period.upper - timedelta(days=1)
        with pytest.raises(IntegrityError, match="billed_once"):
            sql(_CLAIM, [other.agreement_id, claimed.service_point_id, day, claimed.period.upper, other.bill_id])

    def test_posting_a_run_whose_days_were_claimed_meanwhile(self, office: Any, calculated: BillRun) -> None:
        bill = calculated.bills.order_by("pk").first()
        assert bill is not None
        agreement = ServiceAgreement.objects.filter(account=bill.account).first()
        assert agreement is not None
        day = date(2024, 10, 20)
        earlier = Bill.objects.exclude(run=calculated).earliest("pk")
        sql(_CLAIM, [agreement.pk, agreement.service_point_id, day, date(2024, 10, 21), earlier.pk])
        office.approve(calculated)
        with pytest.raises(IntegrityError, match="billed_once"):
            post_run(office.act("billing"), run=calculated)
        assert BillRun.objects.get(pk=calculated.pk).status == BillRun.CALCULATED

    def test_a_run_a_day_later_finds_nothing_due(self, office: Any, calculated: BillRun) -> None:
        """An office that bills its cleared holds the next day must not bill, or hold, everybody else."""
        office.post(calculated)
        office.advance(date(2024, 11, 6))
        run = plan_run(office.act("billing"), cycle=cycle_named("C1"), bill_date=office.today)
        run = office.calculate(run)
        assert (run.totals["bills"], run.totals["held_points"]) == (0, 0)
        terms = office.post(run).totals["completeness"]
        assert terms["not_due"] == terms["points"] > 70
        assert terms["billed"] == terms["held"] == 0


class TestCancel:
    """A cancelled run leaves only the log."""

    def test_nothing_is_left_but_the_log(self, office: Any, rows: Rows, calculated: BillRun) -> None:
        office.approve(calculated)
        before = books(rows)
        cancelled = cancel_run(office.act("billing", reason="wrong date"), run=calculated)
        assert cancelled.status == BillRun.CANCELLED
        assert books(rows) == before
        for model in (Bill, Hold):
            assert not model.objects.filter(run=calculated).exists()
        assert not cancelled.chunks.exists()
        assert rows("SELECT relname FROM pg_class WHERE relname LIKE %s", [f"%%run\\_{calculated.pk}"]) == []
        log = Deed.objects.filter(subject=f"billrun:{calculated.pk}").values_list("kind", flat=True)
        assert {"billing.start_calculation", "billing.seal_run", "billing.cancel_run"} <= set(log)
        assert Event.objects.filter(kind="billing.run_cancelled", payload__run=calculated.pk).count() == 1

    def test_the_date_can_be_planned_again_and_gives_the_same(self, office: Any, calculated: BillRun) -> None:
        totals, inputs = calculated.totals, calculated.inputs_sha256
        cancel_run(office.act("billing"), run=calculated)
        again = office.calculate(office.plan("C1", 3, chunk_accounts=4))
        assert again.number == "2024-11-05/C1/2"
        assert (again.totals, again.inputs_sha256) == (totals, inputs)

    def test_a_waiting_request_is_withdrawn(self, office: Any, calculated: BillRun) -> None:
        request = request_posting(office.act("billing"), run=calculated)
        cancel_run(office.act("billing"), run=calculated)
        request.refresh_from_db()
        assert request.status == Approval.WITHDRAWN
        with pytest.raises(AlreadyDecided, match="was withdrawn"):
            decide_approval(office.act("supervisor"), request=request, approve=True)

    def test_a_cancelled_run_cannot_post(self, office: Any, calculated: BillRun) -> None:
        office.approve(calculated)
        cancel_run(office.act("billing"), run=calculated)
        with pytest.raises(WrongStage, match="is cancelled"):
            post_run(office.act("billing"), run=calculated)


class TestCompleteness:
    """No premise goes unbilled: a point that fits no term stops the posting."""

    def plant(self, office: Any, *, code: str, agreement: bool) -> ServicePoint:
        """A refuse service at an account's premise that came on record after the run was calculated."""
        like = ServiceAgreement.objects.filter(
            account__cycle__code="C1", schedule__code="R-CART"
        ).select_related("service_point").first()  # fmt: skip
        assert like is not None
        point = ServicePoint.objects.create(
            premise=like.service_point.premise, code=code, commodity="refuse", connection="inventory",
            validity=(date(2024, 8, 3), None),
        )  # fmt: skip
        if agreement:
            ServiceAgreement.objects.create(
                account=like.account, service_point=point, schedule=like.schedule,
                validity=(date(2024, 8, 3), None), deed=like.deed,
            )  # fmt: skip
        return point

    def test_a_point_nobody_bills_stops_the_posting(self, office: Any, calculated: BillRun, rows: Rows) -> None:
        self.plant(office, code="R-FORGOTTEN", agreement=True)
        approved = office.approve(calculated)
        before = books(rows)
        with pytest.raises(Unaccounted, match="R-FORGOTTEN neither billed, held, not due nor inactive"):
            post_run(office.act("billing"), run=approved)
        assert books(rows) == before
        assert BillRun.objects.get(pk=calculated.pk).status == BillRun.CALCULATED

    def test_a_point_without_a_customer_is_inactive(self, office: Any, calculated: BillRun, rows: Rows) -> None:
        point = self.plant(office, code="R-NOBODY", agreement=False)
        posted = office.post(calculated)
        assert posted.totals["completeness"]["inactive"] == 1
        assert rows("SELECT outcome, reason FROM billing_completeness WHERE run_id = %s AND service_point_id = %s",
                    [posted.pk, point.pk]) == [("inactive", "never had a customer")]  # fmt: skip

    def test_every_point_stands_in_exactly_one_term(self, office: Any, calculated: BillRun, rows: Rows) -> None:
        posted = office.post(calculated)
        found = rows("SELECT service_point_id, outcome FROM billing_completeness WHERE run_id = %s", [posted.pk])
        assert len(found) == len({point for point, _ in found}) == posted.totals["completeness"]["points"]
        served = ServiceAgreement.objects.filter(account__cycle__code="C1", validity__contains=date(2024, 11, 1))
        assert {point for point, _ in found} >= set(served.values_list("service_point_id", flat=True))

    def test_every_cycle_together_places_every_point_of_the_city(self, office: Any, rows: Rows) -> None:
        """Over one month's five runs, each point with service is in one equation and in one only."""
        found = rows("""SELECT c.service_point_id, count(*) FROM billing_completeness c
                          JOIN billing_billrun r ON r.id = c.run_id
                         WHERE r.bill_date BETWEEN '2024-10-01' AND '2024-10-31' GROUP BY 1""")
        assert {times for _, times in found} == {1}
        [(points,)] = rows("SELECT count(*) FROM places_servicepoint")
        assert len(found) == points
