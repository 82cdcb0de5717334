"""The school district's accounts on one bill: every member keeps its own balance, the sums are the members' own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from meterbook.records.billing.kinds.mailed import mailed
from meterbook.records.billing.kinds.operations.summaries import (
    NothingToSum,
    WrongGroup,
    issue_summary,
    join_summary,
    leave_summary,
    open_summary_group,
    waiting,
)
from meterbook.records.billing.models import Bill, SummaryGroup, SummaryItem
from meterbook.records.billing.stages.handoff import pieces
from meterbook.records.customers.models import Account, Person
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.settle import balance_of

pytestmark = pytest.mark.django_db
SCHOOLS = 14


@pytest.fixture
def schools(office: Any) -> list[Account]:
    """Fourteen accounts of two cycles."""
    return list(Account.objects.filter(cycle__code__in=["C1", "C2"]).order_by("number")[:SCHOOLS])


@pytest.fixture
def district(office: Any, schools: list[Account]) -> SummaryGroup:
    """The district, whose business office pays for all of them since the city began."""
    payer = Person.objects.create(name="Alder Bend Unified School District", is_organisation=True)
    group = open_summary_group(
        office.act("billing"), code="ABUSD", name="School district", payer_person=payer,
        mail_lines=["Business Office", "40 College Way", "Alder Bend, CA 92990"],
    )  # fmt: skip
    join_summary(office.act("billing"), group=group, accounts=schools, starts=min(one.opened_on for one in schools))
    return group


def newest(accounts: list[Account]) -> list[Bill]:
    return [Bill.objects.filter(account=account).latest("bill_date", "pk") for account in accounts]


def test_one_summary_lists_every_school_and_sums_to_the_cent(
    office: Any, district: SummaryGroup, schools: list[Account]
) -> None:
    before = {account.pk: balance_of(account.pk) for account in schools}
    summary = issue_summary(office.act("billing"), group=district, bill_date=office.today)
    assert {item.bill.account_id for item in summary.items.all()} == {account.pk for account in schools}
    assert summary.due_cents == sum(bill.amount_due_cents for bill in newest(schools)) > 0
    assert summary.current_cents == sum(item.bill.current_cents for item in summary.items.all())
    assert summary.number == f"ABUSD-{office.today:%Y%m%d}"
    assert {account.pk: balance_of(account.pk) for account in schools} == before, "nothing is booked"
    assert [law.name for law in check_laws() if not law.holds] == []


def test_of_two_bills_the_newer_holds_the_older(office: Any, district: SummaryGroup, schools: list[Account]) -> None:
    summary = issue_summary(office.act("billing"), group=district, bill_date=office.today)
    older = [item for item in summary.items.all() if item.bill not in newest(schools)]
    assert older and {item.due_cents for item in older} == {0}


def test_a_bill_is_on_one_summary(office: Any, district: SummaryGroup) -> None:
    summary = issue_summary(office.act("billing"), group=district, bill_date=office.today)
    with pytest.raises(NothingToSum, match="no posted bill up to"):
        issue_summary(office.act("billing"), group=district, bill_date=office.today)
    item = summary.items.first()
    assert item is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        SummaryItem.objects.create(summary=summary, bill=item.bill, current_cents=0, due_cents=0)


def test_who_left_is_on_it_no_more(office: Any, district: SummaryGroup, schools: list[Account]) -> None:
    """What was not mailed alone stays with the group; from then on the account gets its own mail."""
    sold = next(account for account in schools if account.cycle.code == "C1")
    last = newest([sold])[0]
    assert last.pk in mailed(last.run).values_list("pk", flat=True), "it was mailed before the group was opened"
    with pytest.raises(WrongGroup, match=f"bill {last.number} of .* was not mailed alone"):
        leave_summary(office.act("billing"), group=district, account=sold, ends=last.bill_date)
    leave_summary(office.act("billing"), group=district, account=sold, ends=office.today + timedelta(days=1))
    summary = issue_summary(office.act("billing"), group=district, bill_date=office.today)
    assert last in [item.bill for item in summary.items.all()]
    office.read("C1", 3)
    run = office.bill("C1", 3)
    own = mailed(run).filter(account__in=schools)
    assert [bill.account for bill in own] == [sold]
    assert [bill.account for bill in waiting(district, office.today) if bill.run_id == run.pk] == [
        account for account in schools if account.cycle_id == run.cycle_id and account != sold
    ]
    assert len(pieces(run)) == run.bills.count() - sum(account.cycle_id == run.cycle_id for account in schools) + 1


def test_a_school_is_in_one_group(office: Any, district: SummaryGroup, schools: list[Account]) -> None:
    other = open_summary_group(office.act("billing"), code="OTHER", name="Another", payer_account=schools[0])
    with pytest.raises(WrongGroup, match=f"account {schools[1].number} is a member of group ABUSD already"):
        join_summary(office.act("billing"), group=other, accounts=[schools[1]], starts=office.today)
    with pytest.raises(WrongGroup, match="is no member of group OTHER"):
        leave_summary(office.act("billing"), group=other, account=schools[1], ends=office.today + timedelta(days=1))


def test_a_group_has_one_payer_with_an_address(office: Any) -> None:
    payer = Person.objects.create(name="Alder Bend Unified School District")
    for told in ({}, {"payer_person": payer, "payer_account": Account.objects.first()}):
        with pytest.raises(WrongGroup, match="expected one payer"):
            open_summary_group(office.act("billing"), code="X", name="X", **told)
    with pytest.raises(WrongGroup, match="needs an address"):
        open_summary_group(office.act("billing"), code="X", name="X", payer_person=payer)
