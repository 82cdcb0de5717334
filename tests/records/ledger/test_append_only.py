"""The books refuse to be changed, whoever asks: raw SQL against every append-only table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from meterbook.records.platform.queries import accounting_period

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]

#: Each append-only table with a column an offender would like to change.
TABLES = [
    ("ledger_entry", "amount_cents"),
    ("ledger_openitem", "amount_cents"),
    ("ledger_allocation", "amount_cents"),
    ("ledger_ledgeraccount", "id"),
    ("platform_deed", "id"),
    ("platform_event", "id"),
    ("platform_document", "sequence"),
    ("payments_payment", "amount_cents"),
    ("payments_paymentbatch", "total_cents"),
    ("billing_segment", "amount_cents"),
    ("billing_line", "amount_cents"),
    ("billing_billedperiod", "agreement_id"),
]


def run_sql(sql: str, params: list[Any] | None = None) -> int:
    """Run a statement in a savepoint of its own; how many rows it touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return cursor.rowcount


@pytest.mark.parametrize(("table", "column"), TABLES)
def test_no_row_is_updated_deleted_or_truncated(office: Any, rows: Rows, table: str, column: str) -> None:
    [(before,)] = rows(f"SELECT count(*) FROM {table}")
    assert before > 0, "an empty table would prove nothing"
    for statement in (
        f"UPDATE {table} SET {column} = {column} + 1",
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(DatabaseError, match=r"append-only|Cannot (update|delete)"):
            run_sql(statement)
    assert rows(f"SELECT count(*) FROM {table}") == [(before,)]


@pytest.mark.parametrize("parent", ["ledger_entry", "billing_segment", "billing_line"])
def test_a_runs_own_partition_is_no_way_round(office: Any, rows: Rows, parent: str) -> None:
    partitions = [name for (name,) in rows("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s"
                                           "::regclass ORDER BY 1", [parent])]  # fmt: skip
    assert len(partitions) >= 10
    for table in (partitions[0], partitions[-1]):
        for statement in (f"UPDATE {table} SET run_id = run_id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(DatabaseError, match="append-only"):
                run_sql(statement)


def entry(rows: Rows, **changes: Any) -> tuple[str, list[Any]]:
    """An INSERT of a copy of an entry outside any run, with ``changes``."""
    names = ["run_id", "debit_id", "credit_id", "amount_cents", "account_id", "service", "effective_on", "period_id",
             "source_kind", "source_id", "deed_id"]  # fmt: skip
    [found] = rows(f"SELECT {', '.join(names)} FROM ledger_entry WHERE run_id = 0 ORDER BY id LIMIT 1")
    values = dict(zip(names, found, strict=True)) | changes
    return f"INSERT INTO ledger_entry ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})", [
        *values.values()
    ]


def test_the_entry_every_refusal_below_starts_from_is_taken(office: Any, rows: Rows) -> None:
    assert run_sql(*entry(rows)) == 1


@pytest.mark.parametrize("cents", [0, -100])
def test_a_transfer_has_a_positive_amount(office: Any, rows: Rows, cents: int) -> None:
    with pytest.raises(IntegrityError, match="ledger_entry_positive"):
        run_sql(*entry(rows, amount_cents=cents))


def test_a_transfer_has_two_accounts(office: Any, rows: Rows) -> None:
    [(debit,)] = rows("SELECT debit_id FROM ledger_entry WHERE run_id = 0 ORDER BY id LIMIT 1")
    with pytest.raises(IntegrityError, match="ledger_entry_two_accounts"):
        run_sql(*entry(rows, credit_id=debit))


def test_a_transfer_says_where_it_comes_from(office: Any, rows: Rows) -> None:
    with pytest.raises(IntegrityError, match="ledger_entry_source"):
        run_sql(*entry(rows, source_kind="rumour"))


@pytest.mark.parametrize("reference", ["debit_id", "credit_id", "account_id", "period_id", "deed_id"])
def test_a_transfer_outside_a_run_refers_to_what_exists(office: Any, rows: Rows, reference: str) -> None:
    with pytest.raises(IntegrityError, match=f"ledger_entry_run_0_{reference.removesuffix('_id')}"):
        run_sql(*entry(rows, **{reference: 999_999_999}))


def test_of_many_transfers_the_one_that_refers_to_nothing_is_found(office: Any, rows: Rows) -> None:
    """The question is asked once a statement, through the table and through its partition alike."""
    names = "run_id, debit_id, credit_id, amount_cents, account_id, service, effective_on, period_id, source_kind," \
            " source_id, deed_id"  # fmt: skip
    lost = names.replace("account_id", "CASE WHEN id = (SELECT max(id) FROM ledger_entry_run_0) THEN 999999999"
                                       " ELSE account_id END")  # fmt: skip
    for table in ("ledger_entry", "ledger_entry_run_0"):
        taken = "FROM ledger_entry_run_0 ORDER BY id DESC LIMIT 50"
        assert run_sql(f"INSERT INTO {table} ({names}) SELECT {names} {taken}") == 50
        with pytest.raises(IntegrityError, match="ledger_entry_run_0_account"):
            run_sql(f"INSERT INTO {table} ({names}) SELECT {lost} {taken}")


@pytest.mark.parametrize("side", ["credit", "charge"])
def test_an_allocation_refers_to_items_that_exist(office: Any, rows: Rows, side: str) -> None:
    """At once, not only at the end of the transaction; whatever the sign."""
    [(credit, charge, deed, period)] = rows(
        "SELECT l.credit_id, l.charge_id, l.deed_id, l.period_id FROM ledger_allocation l ORDER BY l.id LIMIT 1"
    )
    pair = {"credit": credit, "charge": charge} | {side: 999_999_999}
    for cents in (1, -1):
        with pytest.raises(IntegrityError, match=f"ledger_allocation_{side}.*999999999 does not exist"):
            run_sql(
                "INSERT INTO ledger_allocation (credit_id, charge_id, amount_cents, effective_on, deed_id, period_id)"
                " VALUES (%s, %s, %s, '2024-10-05', %s, %s)",
                [pair["credit"], pair["charge"], cents, deed, period],
            )


@pytest.mark.parametrize("table", ["customers_account", "platform_accountingperiod"])
def test_what_transfers_refer_to_keeps_its_id(office: Any, table: str) -> None:
    with pytest.raises(DatabaseError, match="never changes"):
        run_sql(f"UPDATE {table} SET id = id + 900000000")


def test_a_closed_accounting_period_takes_no_entry(office: Any, rows: Rows) -> None:
    [(period,)] = rows("SELECT period_id FROM ledger_entry WHERE run_id = 0 ORDER BY id LIMIT 1")
    assert run_sql(*entry(rows, id=999_999_998)) == 1
    run_sql("UPDATE platform_accountingperiod SET closed_at = now() WHERE id = %s", [period])
    with pytest.raises(DatabaseError, match=f"accounting period {period} is closed"):
        run_sql(*entry(rows, id=999_999_999))


@pytest.mark.parametrize("parent", ["ledger_entry", "billing_segment", "billing_line"])
@pytest.mark.parametrize("through", ["the table", "the partition"])
def test_a_posted_run_takes_no_more_rows(office: Any, rows: Rows, parent: str, through: str) -> None:
    """A copy of one of its own rows under a new id would pass every other check."""
    [(posted,)] = rows("SELECT max(id) FROM billing_billrun WHERE status = 'posted'")
    own = f"{parent}_run_{posted}"
    into = parent if through == "the table" else own
    columns = [name for (name,) in rows("SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass"
                                        " AND attnum > 0 AND attname <> 'id' ORDER BY attnum", [parent])]  # fmt: skip
    copied = ", ".join(columns)
    with pytest.raises(DatabaseError, match="append-only: INSERT refused"):
        run_sql(f"INSERT INTO {into} (id, {copied}) SELECT 999999998, {copied} FROM {own} LIMIT 1")


#: What an offender would like to make unseen or unsaid, and what the database answers.
KEPT = [
    ("TRUNCATE billing_bill CASCADE", "bills stay|append-only"),
    ("TRUNCATE metering_usage CASCADE", "usage stays|append-only"),
    ("TRUNCATE metering_read CASCADE", "reads stay|usage stays|append-only"),
    ("UPDATE metering_usage SET quantity_e6 = quantity_e6 + 1", "Cannot update"),
    ("UPDATE metering_usage SET estimated = NOT estimated", "Cannot update"),
    ("UPDATE metering_read SET estimated = NOT estimated", "Cannot update"),
    ("UPDATE metering_read SET starts_chain = NOT starts_chain", "Cannot update"),
    ("UPDATE platform_approval SET preview = '{}' WHERE status = 'approved'", "Cannot update"),
    ("UPDATE platform_approval SET status = 'pending', decided_by_id = NULL, decided_at = NULL"
     " WHERE status = 'approved'", "Cannot update"),
    ("DELETE FROM platform_approval", "Cannot delete"),
    ("UPDATE platform_importbatch SET loaded = 0, rejected = rows, unchanged = 0, same_day = 0", "Cannot update"),
    ("DELETE FROM platform_importbatch", "Cannot (update or )?delete|update or delete"),
    ("TRUNCATE platform_importbatch CASCADE", "append-only|stay"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "answer"), KEPT, ids=[statement[:60] for statement, _ in KEPT])
def test_what_a_bill_rests_on_is_kept(office: Any, rows: Rows, statement: str, answer: str) -> None:
    words = statement.split()
    [(before,)] = rows(f"SELECT count(*) FROM {words[2] if words[0] == 'DELETE' else words[1]}")
    assert before > 0, "an empty table would prove nothing"
    with pytest.raises(DatabaseError, match=answer):
        run_sql(statement)


@pytest.mark.parametrize("side", ["charge", "credit"])
def test_no_cent_is_spent_twice(office: Any, rows: Rows, side: str) -> None:
    """An allocation up to what an item has left is taken, one cent more is refused, on either side."""
    [(account, deed)] = rows("SELECT account_id, deed_id FROM ledger_openitem ORDER BY id LIMIT 1")
    other, left = "credit" if side == "charge" else "charge", 700
    made = "INSERT INTO ledger_openitem (account_id, side, service, due_on, amount_cents, source_kind, source_id," \
           " effective_on, deed_id, period_id) VALUES (%s, %s, 'water', '2024-10-05', %s, 'bill', 0, '2024-10-05'," \
           " %s, (SELECT min(id) FROM platform_accountingperiod)) RETURNING id"  # fmt: skip
    [(item,)] = rows(made, [account, side, left, deed])
    [(against,)] = rows(made, [account, other, 99_999_999, deed])
    pair = {side: item, other: against}
    insert = "INSERT INTO ledger_allocation (credit_id, charge_id, amount_cents, effective_on, deed_id, period_id)" \
             " VALUES (%s, %s, %s, '2024-10-05', %s, (SELECT min(id) FROM platform_accountingperiod))"  # fmt: skip
    with pytest.raises(IntegrityError, match=f"open item {item} would be settled beyond its amount"):
        run_sql(insert, [pair["credit"], pair["charge"], left + 1, deed])
    assert run_sql(insert, [pair["credit"], pair["charge"], left, deed]) == 1
    with pytest.raises(IntegrityError, match=f"open item {item} would be settled beyond its amount"):
        run_sql(insert, [pair["credit"], pair["charge"], 1, deed])


def test_what_is_booked_late_lands_in_the_first_open_period(office: Any, rows: Rows) -> None:
    assert accounting_period(date(2024, 9, 30)).code == "2024-09"
    run_sql("UPDATE platform_accountingperiod SET closed_at = now() WHERE code = '2024-09'")
    assert accounting_period(date(2024, 9, 30)).code == "2024-10"
    run_sql("UPDATE platform_accountingperiod SET closed_at = now()")
    with pytest.raises(LookupError, match="no open accounting period"):
        accounting_period(date(2024, 9, 30) + timedelta(days=1))
