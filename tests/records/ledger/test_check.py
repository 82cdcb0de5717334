"""`check_laws` holds on a lived city, and names an offence planted against each law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from meterbook.records.ledger.check import check_laws, entry_count

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
LAWS = [
    "debits equal credits",
    "receivables equal open items",
    "unapplied credits equal open payments",
    "no allocation is taken back beyond its amount",
    "every fund balances",
    "nothing stays between two customers",
    "no item is settled beyond its amount",
    "deposits held equal their liability",
    "no deposit is used beyond its amount",
    "deposits asked for equal what is unpaid of their instalments",
    "what instalments are paid is held, or was used",
    "drawers hold what the books say",
    "refunds payable equal refunds owed",
    "unclaimed money equals what is set aside",
    "summaries equal their members' bills",
    "posted bills equal their lines",
    "posted bills equal their entries",
]


def broken() -> dict[str, list[str]]:
    """The laws that do not hold, each with its offences."""
    return {law.name: law.offences for law in check_laws() if not law.holds}


def plant(sql: str, *, past: tuple[str, str] | None = None, **values: Any) -> None:
    """Put a wrong row where only raw SQL could, and only with the trigger ``past`` (table, name) out of force.

    The check of references is out of force as well where transfers are planted.
    """
    with connection.cursor() as cursor:
        if past is not None:
            cursor.execute(f"ALTER TABLE {past[0]} DISABLE TRIGGER {past[1]}")
        if "INTO ledger_entry " in sql:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER entries_refer")
        cursor.execute(sql, values)
        assert cursor.rowcount == 1


def posted_part(parent: str, facts: dict[str, Any]) -> tuple[str, str]:
    """The partition of a posted run, and the trigger that lets no row into it any more."""
    return f"{parent}_run_{facts['run']}", "posted_takes_no_more"


@pytest.fixture
def facts(office: Any, rows: Rows) -> dict[str, Any]:
    """A posted bill with what stands around it."""
    [found] = rows("""
        SELECT b.id, b.number, b.run_id, b.account_id, s.id, o.id, o.amount_cents, o.service, o.deed_id
          FROM billing_bill b JOIN billing_segment s ON s.bill_id = b.id AND s.run_id = b.run_id
          JOIN ledger_openitem o ON o.source_kind = 'bill' AND o.source_id = b.id AND o.service = s.commodity
         WHERE o.service = 'water' AND o.side = 'charge' AND NOT EXISTS (
               SELECT FROM ledger_allocation l WHERE l.charge_id = o.id) ORDER BY b.id LIMIT 1""")
    names = ("bill", "number", "run", "account", "segment", "item", "cents", "service", "deed")
    facts = dict(zip(names, found, strict=True))
    [(facts["credit"],)] = rows("SELECT id FROM ledger_openitem WHERE side = 'credit' ORDER BY id LIMIT 1")
    [(facts["period"],)] = rows("SELECT id FROM platform_accountingperiod ORDER BY id LIMIT 1")
    chart = rows("SELECT role || service, id FROM ledger_ledgeraccount WHERE role <> ''")
    [(facts["revenue"],)] = rows("SELECT id FROM ledger_ledgeraccount WHERE code = '4220'")
    return facts | dict(chart)


_ENTRY = """
INSERT INTO ledger_entry (run_id, id, debit_id, credit_id, amount_cents, account_id, service, effective_on, period_id,
                          source_kind, source_id, deed_id)
VALUES (%(run)s, 99999999, %(debit)s, %(credit_account)s, 500, %(account)s, 'water', '2024-10-05', %(period)s,
        %(kind)s, %(source)s, %(deed)s)
"""


def test_every_law_holds_on_a_city_that_was_lived_in(office: Any, rows: Rows) -> None:
    assert [law.name for law in check_laws()] == LAWS
    assert broken() == {}
    assert entry_count() == rows("SELECT count(*) FROM ledger_entry")[0][0] > 1_000


def test_debits_without_a_credit(office: Any, facts: dict[str, Any]) -> None:
    """A run's own partition has no foreign keys: an account of the chart that does not exist lets one side vanish."""
    plant(
        _ENTRY, past=posted_part("ledger_entry", facts), **facts, debit=facts["receivablewater"], credit_account=9_999,
        kind="bill", source=0,
    )  # fmt: skip
    offences = broken()["debits equal credits"]
    assert len(offences) == 1
    debits, credits = (int(part.split()[-1]) for part in offences[0].split(","))
    assert debits - credits == 500


def test_a_receivable_without_an_open_item(office: Any, facts: dict[str, Any]) -> None:
    plant(
        _ENTRY, past=posted_part("ledger_entry", facts), **facts, debit=facts["receivablewater"],
        credit_account=facts["revenue"], kind="reversal", source=0,
    )  # fmt: skip
    found = broken()
    assert set(found) == {"receivables equal open items"}
    [offence] = found["receivables equal open items"]
    assert offence.startswith(f"account {facts['account']} water: books ")
    books, items = (int(part.split()[-1]) for part in offence.split(": ")[1].split(","))
    assert books - items == 500


def test_a_payment_item_that_never_reached_the_books(office: Any, facts: dict[str, Any]) -> None:
    plant(
        "INSERT INTO ledger_openitem (account_id, side, service, due_on, amount_cents, source_kind, source_id,"
        " effective_on, deed_id, period_id) VALUES (%(account)s, 'credit', '', '2024-10-05', 700, 'payment', 0,"
        " '2024-10-05', %(deed)s, (SELECT min(id) FROM platform_accountingperiod))",
        **facts,
    )
    found = broken()
    assert set(found) == {"unapplied credits equal open payments"}
    [offence] = found["unapplied credits equal open payments"]
    assert offence.startswith(f"account {facts['account']}: books ")


def test_an_item_settled_beyond_its_amount(office: Any, facts: dict[str, Any]) -> None:
    plant(
        "INSERT INTO ledger_allocation (credit_id, charge_id, amount_cents, effective_on, deed_id, period_id)"
        " VALUES (%(credit)s, %(item)s, %(cents)s + 1, '2024-10-05', %(deed)s,"
        " (SELECT min(id) FROM platform_accountingperiod))",
        past=("ledger_allocation", "no_cent_twice"),
        **facts,
    )
    assert f"open item {facts['item']}" in broken()["no item is settled beyond its amount"]


def test_a_line_more_than_the_bill_says(office: Any, facts: dict[str, Any]) -> None:
    plant(
        "INSERT INTO billing_line (run_id, id, segment_id, seq, component, part, version, starts, ends, quantity_e6,"
        " price_e8, amount_cents) VALUES (%(run)s, 99999999, %(segment)s, 99, 'water', 1, '2024-01', '2024-10-01',"
        " '2024-10-05', 0, 0, 1)",
        past=posted_part("billing_line", facts),
        **facts,
    )
    assert broken() == {"posted bills equal their lines": [f"bill {facts['number']}"]}


def test_an_entry_more_than_the_bill_says(office: Any, facts: dict[str, Any]) -> None:
    plant(
        _ENTRY, past=posted_part("ledger_entry", facts), **facts, debit=facts["receivablewater"],
        credit_account=facts["revenue"], kind="bill", source=facts["bill"],
    )  # fmt: skip
    found = broken()
    assert found["posted bills equal their entries"] == [f"bill {facts['number']}"]
    assert set(found) == {"posted bills equal their entries", "receivables equal open items"}


def test_debits_equal_credits_counted_apart_from_the_check(office: Any, rows: Rows) -> None:
    """The trial balance nets to zero, and every transfer stands on two accounts of the chart."""
    found = rows("""
        SELECT a.code, coalesce(sum(e.amount_cents) FILTER (WHERE e.debit_id = a.id), 0)
                       - coalesce(sum(e.amount_cents) FILTER (WHERE e.credit_id = a.id), 0)
          FROM ledger_ledgeraccount a JOIN ledger_entry e ON a.id IN (e.debit_id, e.credit_id) GROUP BY a.code""")
    assert len(found) > 10
    assert sum(cents for _, cents in found) == 0
    assert any(cents != 0 for _, cents in found)


def test_allocations_and_what_is_left_make_up_every_payment(office: Any, rows: Rows) -> None:
    found = rows("""
        SELECT p.amount_cents, o.amount_cents, coalesce(sum(l.amount_cents), 0)
          FROM payments_payment p JOIN ledger_openitem o ON o.source_kind = 'payment' AND o.source_id = p.id
          LEFT JOIN ledger_allocation l ON l.credit_id = o.id GROUP BY p.id, o.id""")
    assert len(found) > 50
    assert all(paid == item >= used for paid, item, used in found)
    [(left,)] = rows("""SELECT coalesce(sum(CASE WHEN a.id = e.credit_id THEN amount_cents ELSE -amount_cents END), 0)
                          FROM ledger_entry e JOIN ledger_ledgeraccount a ON a.id IN (e.debit_id, e.credit_id)
                         WHERE a.role = 'unapplied'""")
    assert sum(item - used for _, item, used in found) == left


def test_a_deposit_without_its_liability(office: Any, facts: dict[str, Any]) -> None:
    plant(
        "INSERT INTO ledger_deposit (account_id, service, amount_cents, received_on, liability_id, deed_id)"
        " VALUES (%(account)s, '', 500, '2024-10-05', %(deposits)s, %(deed)s)",
        **facts,
    )
    assert broken()["deposits held equal their liability"] == ["books 0, deposits 500"]


def test_a_deposit_used_twice(office: Any, facts: dict[str, Any], rows: Rows) -> None:
    test_a_deposit_without_its_liability(office, facts)
    [(deposit,)] = rows("SELECT id FROM ledger_deposit")
    plant(
        "INSERT INTO ledger_deposituse (deposit_id, kind, amount_cents, used_on, bill, deed_id)"
        " VALUES (%(deposit)s, 'applied', 501, '2024-10-05', '', %(deed)s)",
        deposit=deposit, **facts,
    )  # fmt: skip
    assert broken()["no deposit is used beyond its amount"] == [f"deposit {deposit}"]


def test_a_summary_that_says_more_than_its_bills(office: Any, facts: dict[str, Any], rows: Rows) -> None:
    plant(
        "INSERT INTO billing_summarygroup (code, name, payer_account_id, mail_lines, deed_id)"
        " VALUES ('SCHOOLS', 'Schools', %(account)s, '[]', %(deed)s)",
        **facts,
    )
    [(group,)] = rows("SELECT id FROM billing_summarygroup")
    plant(
        "INSERT INTO billing_summarybill (group_id, number, bill_date, due_date, current_cents, due_cents, deed_id)"
        " VALUES (%(group)s, 'SCHOOLS-1', '2024-10-05', '2024-10-26', 100, 100, %(deed)s)",
        group=group, **facts,
    )  # fmt: skip
    assert broken()["summaries equal their members' bills"] == ["summary SCHOOLS-1"]


def test_an_instalment_nobody_asked_for_in_the_books(office: Any, facts: dict[str, Any]) -> None:
    plant(
        "INSERT INTO ledger_openitem (account_id, side, service, category, due_on, amount_cents, source_kind,"
        " source_id, effective_on, period_id, deed_id) SELECT %(account)s, 'charge', 'water', 'fee', '2024-10-05',"
        " 700, 'install', 1, '2024-10-05', period_id, deed_id FROM ledger_openitem WHERE id = %(item)s",
        **facts,
    )
    assert broken()["deposits asked for equal what is unpaid of their instalments"] == ["books 0, instalments 700"]


def test_an_instalment_paid_that_became_no_deposit(office: Any, facts: dict[str, Any], rows: Rows) -> None:
    test_an_instalment_nobody_asked_for_in_the_books(office, facts)
    [(charge,)] = rows("SELECT id FROM ledger_openitem WHERE source_kind = 'install'")
    plant(
        "INSERT INTO ledger_allocation (credit_id, charge_id, amount_cents, effective_on, period_id, deed_id)"
        " SELECT id, %(charge)s, 300, effective_on, period_id, deed_id FROM ledger_openitem WHERE side = 'credit'"
        " ORDER BY id LIMIT 1",
        past=("ledger_allocation", "no_cent_twice"),
        charge=charge,
    )
    [offence] = broken()["what instalments are paid is held, or was used"]
    assert offence.endswith("paid 300, deposits 0")
