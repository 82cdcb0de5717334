"""Accounts that owe, as many as wanted, put beside a small founded city: what a long deposit settles.

They have no meters and no bills; each owes four services for two months, booked the way every charge is.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from meterbook.demo.bench.cities import Say, city_that_owes
from meterbook.demo.calendar import CITY_ON
from meterbook.demo.life import Life
from meterbook.records.ledger.booking import book
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.queries import accounting_period, newest_deed

SERVICES = ("electricity", "refuse", "sewer", "water")
_PEOPLE = """
WITH made AS (
    INSERT INTO customers_person (name, is_organisation, phone, email, language)
    SELECT 'Payer ' || n, false, '', '', 'en' FROM generate_series(1, %(accounts)s) n RETURNING id
)
INSERT INTO customers_account (number, holder_id, cycle_id, mail_lines, opened_on)
SELECT (70000000 + row_number() OVER (ORDER BY m.id))::text, m.id,
       (SELECT min(id) FROM places_cycle), '["1 Mill Street", "Alder Bend"]', %(opened)s FROM made m
"""
_CHARGES = """
SELECT a.id, s.service, (SELECT min(r.id) FROM ledger_ledgeraccount r WHERE r.kind = 'revenue'
         AND r.service = s.service AND r.category = '')::bigint,
       1500 + (a.id * 7919 + length(s.service) * 104729 + b.month * 31) %% 9000, a.id * 10 + b.month
  FROM customers_account a CROSS JOIN unnest(%s::text[]) s(service) CROSS JOIN generate_series(1, 2) b(month)
 WHERE a.number >= '70000000' AND length(a.number) = 8 AND b.month = %s
"""


def owing_city(accounts: int, *, say: Say, kept: Path) -> Life:
    """A fresh copy of a city with ``accounts`` such accounts; prepared once and kept, see `city_that_owes`."""
    return city_that_owes(accounts, partial(_owe, accounts), say=say, kept=kept)


def _owe(accounts: int, _life: Life) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Spares every row's audit trigger an exception for a setting that is not there, as operations do.
            cursor.execute("VALUES (set_config('pgtrigger.ignore', '{}', true))")
            cursor.execute(_PEOPLE, {"accounts": accounts, "opened": CITY_ON})
        deed = newest_deed()
        for month in (1, 2):
            on = CITY_ON + timedelta(days=30 * (month - 1))
            rows = copy_out(
                _CHARGES,
                [list(SERVICES), month],
                {
                    "account": pl.Int64,
                    "service": pl.String,
                    "against": pl.Int64,
                    "amount": pl.Int64,
                    "source": pl.Int64,
                },
            )
            book(
                rows, source_kind="adjustment", due_on=on + timedelta(days=21), effective_on=CITY_ON,
                period=accounting_period(CITY_ON), deed=deed,
            )  # fmt: skip
