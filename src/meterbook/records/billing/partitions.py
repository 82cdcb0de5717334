"""A run's own tables for segments, lines and ledger entries: loaded apart, constrained set-wise, attached at posting.

Until posting the tables stand alone, so nothing that reads the books sees them. Attaching adds primary keys and
indexes first, so that it only links, and a foreign key from the run's lines to the run's segments.
"""

from __future__ import annotations

from django.db import connection

SEGMENT, LINE, ENTRY = "billing_segment", "billing_line", "ledger_entry"
_INDEXES = {
    SEGMENT: ["bill_id", "service_point_id"],
    LINE: ["segment_id"],
    ENTRY: ["account_id"],
}


class BrokenReference(ValueError):
    """A loaded row points at a record that does not exist; the run must not post."""


class PeriodClosed(ValueError):
    """The accounting period of the run's entries was closed in the meantime; posting again takes the open one."""


def table_of(parent: str, run_id: int) -> str:
    """The name of a run's own table."""
    return f"{parent}_run_{run_id}"


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def create(run_id: int, *, parents: tuple[str, ...] = (SEGMENT, LINE)) -> None:
    """Make the run's empty tables if they are not there yet."""
    for parent in parents:
        table = table_of(parent, run_id)
        _execute(
            f"CREATE TABLE IF NOT EXISTS {table} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,"
            f" CONSTRAINT {table}_own CHECK (run_id = {run_id}))"
        )


def drop(run_id: int) -> None:
    """Remove the tables of a run that was never posted."""
    for parent in (LINE, SEGMENT, ENTRY):
        _execute(f"DROP TABLE IF EXISTS {table_of(parent, run_id)}")


def analyze(run_id: int) -> None:
    """Tell the planner what the loaded tables hold; nothing else has told it yet."""
    for parent in (SEGMENT, LINE):
        _execute(f"ANALYZE {table_of(parent, run_id)}")


def attach(run_id: int) -> None:
    """Constrain, index and attach the run's tables; segments first, since lines refer to them."""
    for parent in (SEGMENT, LINE, ENTRY):
        table = table_of(parent, run_id)
        _execute(f"ALTER TABLE {table} ADD PRIMARY KEY (run_id, id)")
        if parent == LINE:
            _execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_segment FOREIGN KEY (run_id, segment_id)"
                f" REFERENCES {table_of(SEGMENT, run_id)} (run_id, id)"
            )
        for column in _INDEXES[parent]:
            _execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
        _execute(
            f"CREATE TRIGGER posted_takes_no_more BEFORE INSERT ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION meterbook_refuse_change()"
        )
        _execute(
            f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION meterbook_refuse_change()"
        )
        _execute(f"ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES IN ({run_id})")
    _execute(
        f"CREATE TRIGGER open_period BEFORE INSERT ON {table_of(ENTRY, run_id)}"
        " FOR EACH ROW EXECUTE FUNCTION meterbook_open_period_only()"
    )


_REFERENCES = [
    (SEGMENT, "bill_id", "billing_bill"),
    (SEGMENT, "agreement_id", "customers_serviceagreement"),
    (SEGMENT, "service_point_id", "places_servicepoint"),
    (SEGMENT, "schedule_id", "rates_schedule"),
    (SEGMENT, "document_id", "platform_document"),
    (ENTRY, "debit_id", "ledger_ledgeraccount"),
    (ENTRY, "credit_id", "ledger_ledgeraccount"),
    (ENTRY, "account_id", "customers_account"),
    (ENTRY, "period_id", "platform_accountingperiod"),
    (ENTRY, "deed_id", "platform_deed"),
]


def check_references(run_id: int) -> None:
    """Every reference out of the run's tables exists; raise `BrokenReference` naming the first that does not.

    Done as set-wise joins instead of foreign keys: adding a foreign key locks the referenced table, and cashiers
    would wait. The referenced tables refuse deletion of anything a bill rests on through their own constraints.
    """
    for parent in (SEGMENT, ENTRY):
        if _any_broken(parent, run_id):
            _name_broken(parent, run_id)
    _check_periods(run_id)


def _check_periods(run_id: int) -> None:
    """Raise `PeriodClosed` where an entry is of a closed period; its lock waits for this transaction from here on.

    The run's own table has no trigger of the parent's yet, so it is asked here, and stays true until the commit.
    """
    with connection.cursor() as cursor:
        mine = f"SELECT period_id FROM {table_of(ENTRY, run_id)}"
        cursor.execute(f"SELECT FROM platform_accountingperiod WHERE id IN ({mine}) ORDER BY id FOR KEY SHARE")
        cursor.execute(
            f"SELECT code FROM platform_accountingperiod WHERE id IN ({mine}) AND closed_at IS NOT NULL ORDER BY id"
        )
        closed = cursor.fetchone()
    if closed is not None:
        raise PeriodClosed(f"run {run_id}: accounting period {closed[0]} is closed")


def _any_broken(parent: str, run_id: int) -> bool:
    """Whether any reference out of a table leads nowhere, found in one pass over it."""
    targets = [(f"o{at}", column, target) for at, (of, column, target) in enumerate(_REFERENCES) if of == parent]
    joins = " ".join(f"LEFT JOIN {target} {name} ON {name}.id = t.{column}" for name, column, target in targets)
    nowhere = " OR ".join(f"{name}.id IS NULL" for name, _, _ in targets)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table_of(parent, run_id)} t {joins} WHERE {nowhere})")
        return bool(cursor.fetchone()[0])


def _name_broken(parent: str, run_id: int) -> None:
    table = table_of(parent, run_id)
    with connection.cursor() as cursor:
        for column, target in [(column, target) for of, column, target in _REFERENCES if of == parent]:
            cursor.execute(
                f"SELECT t.id, t.{column} FROM {table} t LEFT JOIN {target} o ON o.id = t.{column}"
                f" WHERE o.id IS NULL LIMIT 1"
            )
            row = cursor.fetchone()
            if row is not None:
                raise BrokenReference(f"{table} row {row[0]}: {column} {row[1]} is not in {target}")
