"""Money owed to others, in the office's words: billed or collected, handed over once, to the cent, with the books."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import transaction

from meterbook.formats.agency_csv import parse_accounts, parse_usage
from meterbook.records.agencies.accrual import collected, groups_of
from meterbook.records.agencies.agreements import agency_on
from meterbook.records.agencies.exchange import usage
from meterbook.records.agencies.models import Remittance
from meterbook.records.agencies.operations.exchange_files import NotExchanged, export_file, import_file
from meterbook.records.agencies.operations.remit import CannotRemit, decide_remittance, propose_remittance
from meterbook.records.agencies.screens import differences, drilled
from meterbook.records.agencies.statement import Statement, statement
from meterbook.records.customers.models import Account
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.platform.operations.approvals import SamePerson
from meterbook.records.platform.queries import accounting_period

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2024, 10, 1), date(2024, 11, 1)


def of(office: Any, agency: str, day: date = OCTOBER) -> Statement:
    return statement(agency, day, office.today)


def ledger(code: str) -> int:
    """Credits less debits of an account of the chart."""
    rows = Entry.objects.filter(credit__code=code).values_list("amount_cents", flat=True)
    return sum(rows) - sum(Entry.objects.filter(debit__code=code).values_list("amount_cents", flat=True))


def test_billed_basis_is_what_was_posted_and_agrees_with_the_books(office: Any) -> None:
    found = statement("state_energy", OCTOBER, office.today)
    assert found.ends == date(2025, 1, 1) and found.closing_cents == ledger("2320") > 0
    assert found.reconciled.difference == 0 and found.opening_cents + found.accrued_cents == found.closing_cents
    assert sum(one.cents for one in drilled(found.accruals)) == found.lines[0].gross_cents


def test_a_share_of_revenue_adds_up_over_the_months(office: Any) -> None:
    months = [of(office, "sanitary_district", day) for day in (date(2024, 9, 1), OCTOBER)]
    gross = sum(found.lines[0].gross_cents for found in months)
    assert gross == ledger("4320")
    assert sum(found.accrued_cents for found in months) == (gross * 55 + 50) // 100
    assert months[1].opening_cents == months[0].closing_cents


def test_collected_basis_counts_what_was_paid_and_no_more(office: Any) -> None:
    found = of(office, "general_fund")
    assert 0 < found.reconciled.collected < found.reconciled.billed == ledger("2310")
    assert found.reconciled.open == found.reconciled.billed - found.reconciled.collected
    assert found.closing_cents == found.reconciled.collected


def test_all_parts_of_all_items_are_the_money_received(office: Any, rows: Any) -> None:
    """An agency that owned everything would have collected every payment that settled something."""
    _, hauler = agency_on("hauler", office.today)
    groups = [group for group in groups_of(hauler) if group.item]
    by_hand = rows(
        "SELECT coalesce(sum(l.amount_cents), 0) FROM ledger_allocation l JOIN ledger_openitem o ON o.id = l.charge_id"
        " JOIN ledger_openitem c ON c.id = l.credit_id WHERE o.service = 'refuse'"
        " AND (c.source_kind = 'payment' OR c.service <> 'refuse')"
    )
    taken_off = rows(
        "SELECT coalesce(sum(l.amount_cents), 0) FROM ledger_allocation l JOIN ledger_openitem c ON c.id = l.credit_id"
        " JOIN ledger_openitem o ON o.id = l.charge_id"
        " WHERE c.service = 'refuse' AND c.source_kind <> 'payment' AND o.service <> 'refuse'"
    )
    assert sum(one.gross for one in collected(groups)) == by_hand[0][0] - taken_off[0][0] > 0


def test_a_credit_against_the_agencys_money_is_taken_off_it(office: Any) -> None:
    before = of(office, "state_energy").due_cents
    account = Account.objects.order_by("number").first()
    assert account is not None
    against = LedgerAccount.objects.get(code="2320")
    row = (account.pk, "electricity", against.pk, -125, 7001)
    book(
        pl.DataFrame([row], schema=dict(BOOKED), orient="row"), source_kind="adjustment", due_on=office.today,
        effective_on=office.today, period=accounting_period(office.today), deed=account.agreements.first().deed,
    )  # fmt: skip
    found = of(office, "state_energy")
    assert found.due_cents == before - 125 and found.reconciled.difference == 0


def test_handed_over_once_by_two_people_and_the_fee_is_kept(office: Any) -> None:
    office.advance(date(2024, 11, 4))
    found = of(office, "hauler")
    row = propose_remittance(office.act("billing"), agency="hauler", day=OCTOBER)
    assert (row.settled_cents, row.fee_cents) == (found.due_cents, (found.due_cents * 3 + 50) // 100)
    with pytest.raises(CannotRemit, match="waits for a second person"), transaction.atomic():
        propose_remittance(office.act("billing"), agency="hauler", day=OCTOBER)
    cash = ledger("1010")
    decide_remittance(office.act("finance"), remittance=row, approve=True)
    assert ledger("1010") == cash + row.paid_cents
    assert (ledger("5420"), ledger("4920")) == (-row.settled_cents, row.fee_cents)
    assert all(law.holds for law in check_laws())
    after = statement("hauler", date(2024, 11, 2), office.today)
    assert (
        after.due_cents == 0 and after.settled_cents == row.settled_cents and after.reconciled.remitted_difference == 0
    )
    with pytest.raises(CannotRemit, match="handed over already"), transaction.atomic():
        propose_remittance(office.act("billing"), agency="hauler", day=OCTOBER)


def test_a_liability_is_debited_itself_and_nobody_decides_alone(office: Any) -> None:
    office.advance(date(2024, 11, 4))
    owed = ledger("2310")
    row = propose_remittance(office.act("finance"), agency="general_fund", day=OCTOBER)
    with pytest.raises(SamePerson), transaction.atomic():
        decide_remittance(office.act("finance"), remittance=row, approve=True)
    decide_remittance(office.act("supervisor"), remittance=row, approve=True)
    assert ledger("2310") == owed - row.paid_cents
    assert of(office, "general_fund", NOVEMBER).reconciled.difference == 0


def test_a_period_that_is_not_over_is_not_handed_over(office: Any) -> None:
    with pytest.raises(CannotRemit, match="period ends"), transaction.atomic():
        propose_remittance(office.act("billing"), agency="hauler", day=OCTOBER)
    office.advance(date(2024, 11, 4))
    row = propose_remittance(office.act("billing"), agency="hauler", day=OCTOBER)
    decide_remittance(office.act("supervisor"), remittance=row, approve=False)
    assert Remittance.objects.get(pk=row.pk).state == "refused" and ledger("5420") == 0


def test_files_go_out_and_what_comes_in_is_set_beside_ours(office: Any) -> None:
    out = export_file(office.act("billing"), agency="hauler", format="agency-accounts", day=OCTOBER)
    listed = parse_accounts(bytes(out.original.content))
    assert len(listed) == out.rows > 10 and {row.service for row in listed} == {"refuse"}
    assert any("cart" in row.facts for row in listed)
    sent = export_file(office.act("billing"), agency="sanitary_district", format="agency-usage", day=OCTOBER)
    content = bytes(sent.original.content)
    _, district = agency_on("sanitary_district", office.today)
    rows = parse_usage(content)
    assert sum(row.charges_cents or 0 for row in rows) == sum(
        row.charges_cents or 0 for row in usage(district, OCTOBER, NOVEMBER)
    )
    same = import_file(
        office.act("billing"), agency="sanitary_district", format="agency-usage", day=OCTOBER, file_name="back.csv",
        content=content,
    )  # fmt: skip
    assert same.figures.count() > 0 and differences(same.pk) == []
    wrong = content.replace(b",27.22,", b",29.22,")
    assert wrong != content
    other = import_file(
        office.act("billing"), agency="sanitary_district", format="agency-usage", day=OCTOBER, file_name="wrong.csv",
        content=wrong,
    )  # fmt: skip
    (found,) = differences(other.pk)
    assert (found["subject"], found["theirs_e8"] - found["ours_e8"]) == ("2000057 sewer", 2 * 10**8)
    with pytest.raises(NotExchanged, match="taken before"):
        import_file(
            office.act("billing"), agency="sanitary_district", format="agency-usage", day=OCTOBER, file_name="b.csv",
            content=wrong,
        )  # fmt: skip


def test_rates_an_agency_sends_are_compared_with_the_schedules(office: Any) -> None:
    content = (
        b"schedule,component,tier,effective,price,unit\nS-COM,volume,,2024-10-01,3.84,ccf\n"
        b"S-COM,base,,2024-10-01,65.00,period\n#END,2\n"
    )
    taken = import_file(
        office.act("billing"), agency="sanitary_district", format="agency-rates", day=OCTOBER, file_name="rates.csv",
        content=content,
    )  # fmt: skip
    assert [(one["subject"], one["theirs_e8"], one["ours_e8"]) for one in differences(taken.pk)] == [
        ("S-COM base", 65 * 10**8, 6209 * 10**6)
    ]
