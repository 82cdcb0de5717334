"""Small balances in batches, rebates within a budget, and the bank told of every check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from meterbook.engine.billing.refunding.programmes import NoRebate
from meterbook.formats.ap_checks import CheckStatus, write_statuses
from meterbook.formats.positive_pay import parse, shipped_layouts
from meterbook.records.adjustments.proofs import Proof
from meterbook.records.ledger.check import check_laws
from meterbook.records.platform.operations.approvals import SamePerson
from meterbook.records.refunds.models import RebateApplication
from meterbook.records.refunds.operations.end_payout import end_payout, reissue
from meterbook.records.refunds.operations.export_checks import export_checks
from meterbook.records.refunds.operations.take_statuses import take_statuses
from meterbook.records.refunds.operations.tell_bank import tell_bank
from meterbook.records.refunds.rebates.budget import budgets
from meterbook.records.refunds.rebates.operations.apply import apply_rebate, decide_rebate
from meterbook.records.refunds.refusals import NotNow, NotRefundable
from meterbook.records.refunds.small.finding import small_items
from meterbook.records.refunds.small.operations.write_down import decide_small, propose_small

pytestmark = pytest.mark.django_db
RECEIPT = Proof("receipt.pdf", "application/pdf", b"%PDF one toilet")


def sound() -> bool:
    return all(law.holds for law in check_laws())


def of_code(rows: Callable[..., Any], code: str) -> int:
    sql = "SELECT coalesce(sum(l.cents), 0) FROM ledger_leg l JOIN ledger_ledgeraccount a ON a.id = l.chart_id"
    return int(rows(f"{sql} WHERE a.code = %s", [code])[0][0])


@pytest.mark.parametrize("over", [87, -63])
def test_a_small_balance_is_written_down_by_two_people(desk: Any, rows: Callable[..., Any], over: int) -> None:
    desk.moves_out(over) if over > 0 else desk.moves_out_owing(-over)
    assert [one for one in small_items(desk.office.today) if one.account == desk.maria.pk] == []
    desk.later(60)
    mine = [one.cents for one in small_items(desk.office.today) if one.account == desk.maria.pk]
    assert sum(mine) == -over
    batch = propose_small(desk.office.act("billing"))
    with pytest.raises(NotNow), transaction.atomic():
        propose_small(desk.office.act("billing"))
    expected = sum(row.amount_cents for row in batch.rows.all())
    decide_small(desk.office.act("finance"), batch=batch, approve=True)
    assert desk.owed() == 0 and of_code(rows, "5955") == expected and sound()
    assert all(row.booked for row in batch.rows.all())


def test_what_was_paid_meanwhile_is_left_out(desk: Any) -> None:
    desk.moves_out_owing(63)
    desk.later(60)
    batch = propose_small(desk.office.act("supervisor"))
    with pytest.raises(SamePerson), transaction.atomic():
        decide_small(desk.office.act("supervisor"), batch=batch, approve=True)
    desk.pays(63)
    decide_small(desk.office.act("finance"), batch=batch, approve=True)
    assert desk.owed() == 0 and {row.booked for row in batch.rows.filter(account=desk.maria)} == {False} and sound()


def applied(desk: Any, **more: Any) -> RebateApplication:
    given: dict[str, Any] = {
        "programme": "toilet", "units": 2, "cost_cents": 30_000, "done_on": desk.office.today - timedelta(days=5),
        "proofs": [RECEIPT], **more,
    }  # fmt: skip
    return apply_rebate(desk.office.act("csr"), account=desk.maria, **given)


def test_a_rebate_as_a_credit_within_the_budget(desk: Any, rows: Callable[..., Any]) -> None:
    before, spent = desk.owed(), of_code(rows, "5960")
    with pytest.raises(NotRefundable), transaction.atomic():
        applied(desk, proofs=[])
    made = applied(desk)
    assert made.amount_cents == 20_000 and len(made.steps) == 3
    with pytest.raises(NoRebate), transaction.atomic():
        applied(desk)
    granted = decide_rebate(desk.office.act("supervisor"), application=made, grant=True)
    assert granted.state == "granted" and desk.owed() == before - 20_000 and of_code(rows, "5960") == spent + 20_000
    (toilets,) = [one for one in budgets(desk.office.today) if one.programme == "toilet"]
    assert (toilets.granted_cents, toilets.left_cents) == (20_000, 980_000) and sound()


def test_the_budget_is_not_spent_twice(desk: Any) -> None:
    made = applied(desk, how="check")
    RebateApplication.objects.bulk_create(
        RebateApplication(
            account=desk.office.account("1000041"), document=made.document, programme="toilet", service="water",
            units=1, cost_cents=1, amount_cents=990_000, steps=[], done_on=made.done_on, fiscal_year=made.fiscal_year,
            how="check", state="granted", deed=made.deed, decided_by=made.deed,
        ) for _ in range(1)
    )  # fmt: skip
    with pytest.raises(NotRefundable, match=r"\$100\.00 is left"), transaction.atomic():
        decide_rebate(desk.office.act("supervisor"), application=made, grant=True)
    made.refresh_from_db()
    assert made.state == "asked" and made.approval is not None and made.approval.status == "pending"


def test_the_bank_is_told_each_check_once_and_each_end_once(desk: Any) -> None:
    desk.moves_out()
    refund = desk.refunded()
    export_checks(desk.office.act("billing"))
    with pytest.raises(NotNow), transaction.atomic():
        tell_bank(desk.office.act("billing"))

    def issue(number: str) -> None:
        payout = refund.payouts.latest("pk")
        row = CheckStatus(0, str(payout.pk), number, "issued", desk.office.today, 4_317)
        take_statuses(desk.office.act("billing"), content=write_statuses([row]), file_name=f"{number}.csv")

    def told() -> list[tuple[str, str, int]]:
        content = bytes(tell_bank(desk.office.act("billing")).content)
        return [(one.number, one.kind, one.amount_cents) for one in parse(shipped_layouts()["chase"], content)]

    issue("50021")
    assert told() == [("50021", "issued", 4_317)]
    with pytest.raises(NotNow), transaction.atomic():
        told()
    end_payout(desk.office.act("billing"), payout=refund.payouts.get(), state="stopped", why="lost")
    reissue(desk.office.act("supervisor"), refund=refund)
    export_checks(desk.office.act("billing"))
    issue("50090")
    said = told()
    assert [one[0] for one in said] == ["50021", "50090"] and said[0][1] != "issued" and said[1][1] == "issued"
