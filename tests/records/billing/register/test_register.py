"""The pre-bill register at work: an impossible bill waits for a person, a held account stays out, one is done again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meterbook.demo.sources import POLICY_DIR
from meterbook.records.billing.models import Bill, BillRun, Hold, RegisterMark, Segment
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.billing.queries import holds_of
from meterbook.records.billing.register import acting, screens
from meterbook.records.billing.register.before import peers
from meterbook.records.billing.register.operations import delay_bill, hold_account, recalculate_account
from meterbook.records.billing.register.operations.hold import CannotHold
from meterbook.records.billing.register.operations.recalculate import NotInRun
from meterbook.records.billing.register.totals import totals_of
from meterbook.records.billing.stages.operations.recalculate_run import recalculate_run
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.ledger.check import check_laws
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Approval
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy

pytestmark = pytest.mark.django_db
FRANK = "1000041"


def november(office: Any) -> BillRun:
    """Read and calculate C1's November."""
    office.read("C1", 3)
    return office.calculate(office.plan("C1", 3, chunk_accounts=4))  # type: ignore[no-any-return]


def charged(run: BillRun, number: str) -> dict[str, int]:
    """What an account's bill in a calculated run charges, by service; nothing where it has no bill."""
    bill = Bill.objects.filter(run=run, account__number=number).first()
    if bill is None:
        return {}
    rows = Segment.objects.raw(f"SELECT * FROM billing_segment_run_{run.pk} WHERE bill_id = %s", [bill.pk])
    return {row.commodity: row.amount_cents for row in rows}


def numbers(run: BillRun) -> list[str]:
    """The accounts a run bills."""
    return list(Bill.objects.filter(run=run).values_list("account__number", flat=True))


def cap_water(office: Any, dollars: str) -> None:
    """The council finds that nobody at home can owe more than this for water."""
    document = yaml.safe_load((POLICY_DIR / "bill-register.yaml").read_text(encoding="utf-8"))
    document["tests"]["cap"]["caps"].insert(0, {"commodity": "water", "classes": ["residential"], "most": dollars})
    document["effective"] = date(2024, 11, 1)
    text = yaml.safe_dump(document)
    asked = propose_policy(office.act("supervisor"), text=text, file="bill-register.yaml")
    given = decide_approval(office.act("finance"), request=asked, approve=True)
    release_policy(office.act("finance"), text=text, file="bill-register.yaml", approval=given)


def test_an_impossible_bill_waits_until_somebody_lets_it_go(office: Any) -> None:
    first = november(office)
    served = ServiceAgreement.objects.filter(
        service_point__commodity="water", service_point__premise__premise_class="residential"
    )
    homes = {number: charged(first, number)["water"] for number in numbers(first)
             if served.filter(account__number=number).exists()}  # fmt: skip
    dearest = max(homes, key=lambda number: homes[number])
    before = first.totals
    cancel_run(office.act("billing"), run=first)
    assert not RegisterMark.objects.filter(run=first).exists()
    days = (office.read_day("C1", 3) - office.read_day("C1", 2)).days
    most = homes[dearest] * 30 // max(days, 30) - 1
    cap_water(office, f"{most // 100}.{most % 100:02}")

    run = office.calculate(office.plan("C1", 3, chunk_accounts=4))
    assert charged(run, dearest) == {} and run.totals["bills"] == before["bills"] - 1
    holds = {hold["commodity"]: hold for hold in holds_of(run)}
    assert holds["water"]["reason"] == "implausible" and holds["water"]["owner"] == "billing_technician"
    assert f"${homes[dearest] / 100:,.2f} for" in holds["water"]["detail"]
    assert "(residential) no bill is above $" in holds["water"]["detail"]
    assert {hold["reason"] for name, hold in holds.items() if name != "water"} == {"other_service_held"}
    mark = RegisterMark.objects.get(run=run, effect="hold")
    assert (mark.account.number, mark.test, mark.figure) == (dearest, "cap", homes[dearest])

    account = office.account(dearest)
    recalculate_account(office.act("billing"), account=account, run=run)
    assert charged(run, dearest) == {}, "calculating again releases nothing"
    with pytest.raises(CannotHold, match="Say why"):
        acting.release(office.act("billing", ""), account=account, run=run)
    acting.release(office.act("billing", "the pool was filled, the customer says so"), account=account, run=run)
    run.refresh_from_db()
    assert charged(run, dearest)["water"] == homes[dearest] and not Hold.objects.filter(run=run).exists()
    assert RegisterMark.objects.get(run=run, test="cap").effect == "cleared"
    same = ("bills", "cents", "lines", "services", "held_points")
    assert {name: run.totals[name] for name in same} == {name: before[name] for name in same}
    assert office.post(run).status == BillRun.POSTED
    assert not any(law.offences for law in check_laws())


def test_an_account_held_by_hand_stays_out_until_it_is_released(office: Any) -> None:
    run = november(office)
    before, bill, frank = run.totals, charged(run, FRANK), office.account(FRANK)
    asked = request_posting(office.act("billing"), run=run)
    act = office.act("billing", "he says the reader never came")
    order = acting.hold(act, account=frank, run=run, reason="disputed_read")
    run.refresh_from_db()
    asked.refresh_from_db()
    assert asked.status == Approval.WITHDRAWN and run.approval is None, "it was asked for other totals"
    assert charged(run, FRANK) == {} and run.totals["cents"] == before["cents"] - sum(bill.values())
    assert run.totals["bills"] == before["bills"] - 1
    holds = holds_of(run)
    assert {hold["account"] for hold in holds} == {FRANK} and len(holds) == len(bill)
    assert {(hold["reason"], hold["owner"]) for hold in holds} == {("held_by_hand", "billing_technician")}
    assert holds[0]["detail"] == "disputed_read: he says the reader never came"

    ahead = screens.backlog(office.today)
    assert (ahead.accounts, ahead.next_run >= 1, ahead.days_to_clear) == (1, True, None)
    last = Bill.objects.filter(account=frank, run__status="posted").latest("bill_date")
    waits = last.current_cents * (office.today - last.ends).days
    assert abs(ahead.cents - waits / (last.ends - last.starts).days) <= 1

    posted = office.post(run)
    assert posted.totals["completeness"]["held"] == len(bill)
    acting.release(office.act("billing", "read again, it was right"), account=frank, run=posted)
    order.refresh_from_db()
    assert order.released_id is not None and charged(posted, FRANK) == {}, "a posted run bills nobody any more"
    office.read("C1", 4)
    december = office.calculate(office.plan("C1", 4))
    late = Bill.objects.get(run=december, account=frank)
    assert (late.ends - late.starts).days > 55 and late.current_cents > sum(bill.values())
    assert RegisterMark.objects.filter(run=december, account=frank, test="days", against="long").count() == len(bill)


def test_a_bill_put_off_is_due_again_on_its_day(office: Any) -> None:
    run = november(office)
    frank = office.account(FRANK)
    until = run.bill_date + timedelta(days=20)
    acting.hold(office.act("billing"), account=frank, run=run, reason="agreement", until=until)
    assert {(hold["reason"], hold["owner"]) for hold in holds_of(run)} == {("delayed", "supervisor")}
    assert f"until {until}" in holds_of(run)[0]["detail"]
    office.post(BillRun.objects.get(pk=run.pk))
    office.read("C1", 4)
    assert Bill.objects.filter(run=office.calculate(office.plan("C1", 4)), account=frank).exists()
    with pytest.raises(CannotHold, match="due again after"):
        acting.hold(office.act("billing"), account=office.account("1000165"), run=None, reason="agreement",
                    until=office.today + timedelta(days=400))  # fmt: skip


def test_a_bill_that_was_put_off_can_be_held_once_its_day_has_come(office: Any) -> None:
    frank = office.account(FRANK)
    delay_bill(office.act("billing"), account=frank, reason="agreement", until=office.today + timedelta(days=3))
    with pytest.raises(CannotHold, match="held already"):
        hold_account(office.act("billing"), account=frank, reason="ownership")
    office.advance(office.today + timedelta(days=3))
    order = hold_account(office.act("billing"), account=frank, reason="ownership")
    assert [each.pk for each in frank.hold_orders.filter(released__isnull=True)] == [order.pk]


def test_calculating_one_again_changes_nobody_else(office: Any) -> None:
    run = november(office)
    others = {number: charged(run, number) for number in numbers(run) if number != FRANK}
    before, chunks = run.totals, list(run.chunks.order_by("number").values_list("bills", "lines"))
    again = recalculate_account(office.act("billing"), account=office.account(FRANK), run=run)
    assert again.totals == before
    assert list(again.chunks.order_by("number").values_list("bills", "lines")) == chunks
    assert {number: charged(run, number) for number in others} == others
    with pytest.raises(NotInRun):
        elsewhere = next(iter(run.cycle.accounts.model.objects.exclude(cycle=run.cycle)))
        recalculate_account(office.act("billing"), account=elsewhere, run=run)
    office.approve(again)
    recalculate_account(office.act("billing"), account=office.account(FRANK), run=run)
    with pytest.raises(PermissionError):
        post_run(office.act("billing"), run=run)


def test_one_account_and_the_whole_run_calculated_again_at_once_wait_for_each_other(office: Any) -> None:
    """Two browsers: both lock the run's parts first and the run then, so that neither waits for the other in a ring."""
    run = november(office)
    taken = []
    for again in (
        lambda: recalculate_account(office.act("billing"), account=office.account(FRANK), run=run),
        lambda: recalculate_run(office.act("supervisor"), run=run),
    ):
        with CaptureQueriesContext(connection) as asked:
            again()
        locks = [each["sql"] for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]
        taken.append([sql.split(' FROM "')[1].split('"')[0] for sql in locks if ' FROM "billing_' in sql])
    assert taken[0][:2] == taken[1][:2] == ["billing_runchunk", "billing_billrun"]


def test_who_may_and_for_which_reasons(office: Any) -> None:
    frank = office.account(FRANK)
    with pytest.raises(CannotHold, match="is no reason"):
        hold_account(office.act("billing"), account=frank, reason="because")
    with pytest.raises(NotPermitted):
        hold_account(office.act("cashier"), account=frank, reason="disputed_read")
    hold_account(office.act("csr"), account=frank, reason="disputed_read")
    with pytest.raises(CannotHold, match="held already"):
        hold_account(office.act("billing"), account=frank, reason="disputed_read")
    with pytest.raises(CannotHold, match="No hold"):
        acting.release(office.act("billing"), account=office.account("1000165"), run=None)


def test_water_without_sewer_and_what_peers_pay(office: Any) -> None:
    """Somebody ended Frank's sewer with the last bill; the pipe is still there, and nobody pays for it."""
    sewer = ServiceAgreement.objects.get(account__number=FRANK, service_point__commodity="sewer")
    last = Bill.objects.filter(account__number=FRANK).latest("bill_date")
    sql("UPDATE customers_serviceagreement SET validity = daterange(lower(validity), %s) WHERE id = %s",
        [last.ends, sewer.pk])  # fmt: skip
    run = november(office)
    assert "sewer" not in charged(run, FRANK) and "water" in charged(run, FRANK)
    mark = RegisterMark.objects.get(run=run, test="missing_service")
    assert (mark.account.number, mark.commodity, mark.against) == (FRANK, "sewer", "premise")
    assert mark.service_point_id == sewer.service_point_id

    paid = peers(run, 40).filter(commodity="water", premise_class="residential", meter_size="5/8").to_dicts()
    assert paid[0]["points"] >= 8 and 2_094 <= paid[0]["median"] <= 10_000, "a 5/8 inch service charge is $20.94"


def sql(statement: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount == 1


def test_totals_are_those_of_the_run_beside_the_last_cycle(office: Any) -> None:
    run = november(office)
    found = totals_of(run)
    assert found.last is not None and found.last.bill_date == office.bill_day("C1", 2) and found.year is None
    for group in ("service", "class", "rate", "all"):
        assert sum(row["cents"] for row in found.rows[group]) == run.totals["cents"]
        assert sum(row["last_cents"] for row in found.rows[group]) == found.last.totals["cents"]
