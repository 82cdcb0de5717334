"""Loading a city's customers in one deed: people, accounts, their parts, agreements and protections."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from meterbook.engine.columns import Shape
from meterbook.records.customers.operations.open_account import account_number
from meterbook.records.places.operations.rows import RowProblem, empty, refuse_any, table_of, twice, unknown, wrong
from meterbook.records.places.operations.storing import linked, on_record, since, store
from meterbook.records.platform.copying import copy_in, id_sequence, take_ids
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import SUPERVISOR

#: What each table of a load holds. A person is called by ``ref`` within the load, everything else by its code.
SHAPES: dict[str, Shape] = {
    "persons": {
        "ref": pl.Int64, "name": pl.String, "is_organisation": pl.Boolean, "phone": pl.String, "email": pl.String,
        "language": pl.String,
    },
    "accounts": {
        "number": pl.String, "holder": pl.Int64, "cycle": pl.String, "mail_lines": pl.List(pl.String),
        "opened_on": pl.Date,
    },
    "account_people": {"account": pl.String, "person": pl.Int64, "part": pl.String, "starts": pl.Date},
    "agreements": {
        "account": pl.String, "service_point": pl.String, "schedule": pl.String, "starts": pl.Date,
    },
    "protections": {"account": pl.String, "kind": pl.String, "evidence": pl.String, "starts": pl.Date},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CustomersLoad:
    """The tables of one load, each with the columns of `SHAPES`."""

    persons: pl.DataFrame
    accounts: pl.DataFrame
    account_people: pl.DataFrame
    agreements: pl.DataFrame
    protections: pl.DataFrame


@operation("customers.load_customers", roles={SUPERVISOR})
def load_customers(deed: Deed, *, load: CustomersLoad) -> dict[str, int]:
    """Store every row, or none: returns how many rows each table took.

    Cycles, service points and schedules are on record before. Raises `WrongColumns` for a table of another shape,
    `RowsRefused` for rows that cannot be taken, and the database's own error where two agreements share a day.
    """
    tables = {name: table_of(getattr(load, name), name, shape) for name, shape in SHAPES.items()}
    known = {
        "cycle": on_record("places_cycle", "code"),
        "service_point": on_record("places_servicepoint", "code"),
        "schedule": on_record("rates_schedule", "code"),
        "account": on_record("customers_account", "number"),
    }
    refuse_any([*_within_rows(tables), *_between_tables(tables, known)])
    first = take_ids(id_sequence("customers_person"), max(tables["persons"].height, 1))
    persons = tables["persons"].with_columns(id=pl.int_range(pl.len()) + first)
    copy_in("customers_person", persons.drop("ref"))
    people = persons.select("id", pl.col("ref").alias("key"))
    accounts = _store_accounts(tables["accounts"], people, known["cycle"])
    _store_parts(tables, people, accounts, deed)
    agreements = tables["agreements"]
    for field, ids in (("account", accounts), *((name, known[name]) for name in ("service_point", "schedule"))):
        agreements = linked(agreements, field, ids)
    agreements = agreements.with_columns(since(pl.col("starts")), deed_id=pl.lit(deed.pk)).drop("starts")
    copy_in("customers_serviceagreement", agreements)
    counts = {name: table.height for name, table in tables.items()}
    tell(deed, "customers.customers_loaded", **counts)
    return counts


def _store_accounts(accounts: pl.DataFrame, people: pl.DataFrame, cycles: pl.DataFrame) -> pl.DataFrame:
    """Append the accounts; returns id by number of everything now on record."""
    rows = linked(linked(accounts, "holder", people), "cycle", cycles)
    return store(rows.with_columns(as_json(pl.col("mail_lines"))), "customers_account", "number")


def _store_parts(tables: dict[str, pl.DataFrame], people: pl.DataFrame, accounts: pl.DataFrame, deed: Deed) -> None:
    """Append co-holders, owners and third parties, and the protections."""
    parts = linked(linked(tables["account_people"], "account", accounts), "person", people)
    copy_in("customers_accountperson", parts.with_columns(since(pl.col("starts"))).drop("starts"))
    protections = linked(tables["protections"], "account", accounts)
    protections = protections.with_columns(since(pl.col("starts")), deed_id=pl.lit(deed.pk)).drop("starts")
    copy_in("customers_protection", protections)


def as_json(lines: pl.Expr) -> pl.Expr:
    """A list of texts as a JSON array."""
    quoted = pl.element().str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    return pl.format('["{}"]', lines.list.eval(quoted).list.join('", "')).alias("mail_lines")


def _within_rows(tables: dict[str, pl.DataFrame]) -> list[RowProblem]:
    """What one table alone can show to be wrong."""
    problems: list[RowProblem] = []
    for name, table in tables.items():
        required = [column for column in table.columns if column not in ("phone", "email")]
        problems += empty(table, name, *required)
    persons, accounts, parts = tables["persons"], tables["accounts"], tables["account_people"]
    problems += twice(persons, "persons", ["ref"])
    problems += wrong(persons, "persons", "language", ~pl.col("language").is_in(["en", "es"]), expected="en or es")
    problems += twice(accounts, "accounts", ["number"])
    problems += wrong(accounts, "accounts", "number", ~numbered(pl.col("number")),
                      expected=f"digits ending in their check digit, like {account_number(100001)}")  # fmt: skip
    names = ["co_holder", "owner", "third_party"]
    problems += wrong(parts, "account_people", "part", ~pl.col("part").is_in(names),
                      expected=f"one of {', '.join(names)}")  # fmt: skip
    return problems + twice(tables["agreements"], "agreements", ["service_point"])


def _between_tables(tables: dict[str, pl.DataFrame], known: dict[str, pl.DataFrame]) -> list[RowProblem]:
    """References that lead nowhere, and accounts already on record."""
    problems: list[RowProblem] = []
    numbers = pl.concat([known["account"]["key"], tables["accounts"]["number"]])
    for table, field in (("accounts", "holder"), ("account_people", "person")):
        problems += unknown(tables[table], table, field, tables["persons"]["ref"],
                            expected="the ref of a person in this load")  # fmt: skip
    for table in ("account_people", "agreements", "protections"):
        problems += unknown(tables[table], table, "account", numbers, expected="an account here or on record")
    problems += unknown(tables["accounts"], "accounts", "cycle", known["cycle"]["key"],
                        expected="a cycle on record")  # fmt: skip
    for field in ("service_point", "schedule"):
        problems += unknown(tables["agreements"], "agreements", field, known[field]["key"],
                            expected=f"a {field.replace('_', ' ')} on record")  # fmt: skip
    taken = pl.col("number").is_in(known["account"]["key"].implode())
    problems += wrong(tables["accounts"], "accounts", "number", taken, expected="a number not on record yet")
    return problems


def numbered(number: pl.Expr) -> pl.Expr:
    """Whether account numbers are digits that end in their check digit (the columns face of `account_number`)."""
    digits = number.str.reverse().str.split("").list.eval(pl.element().cast(pl.Int64, strict=False))
    weighed = digits.list.eval(
        pl.when(pl.int_range(pl.len()) % 2 == 1)
        .then(pl.element() * 2 - pl.when(pl.element() > 4).then(9).otherwise(0))
        .otherwise(pl.element())
    )
    return number.str.contains(r"^[0-9]{4,12}$") & (weighed.list.sum() % 10 == 0)
