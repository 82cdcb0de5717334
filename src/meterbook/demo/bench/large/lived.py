"""Living the large city: everybody's first months billed, and the years of a few, with what they paid."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
from django.db import connection, transaction

from meterbook.demo.bench.large.city import LIVED, OTHERS, LargeCity
from meterbook.demo.calendar import CITY_ON, bill_on, first_of
from meterbook.demo.city import as_loaded
from meterbook.demo.life import Life
from meterbook.demo.payments import OWED
from meterbook.demo.reads import Reads
from meterbook.demo.sources import document
from meterbook.records.billing.queries import owed
from meterbook.records.metering.operations.load_reads import derive_all_usage, load_reads
from meterbook.records.payments.operations.post_payments import post_payments
from meterbook.records.platform.copying import refresh_statistics
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.platform.queries import newest_deed

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun

#: Months the few are billed; one premise in so many had a customer before this one.
HISTORY, _PER_FORMER = 24, 15
_FORMER_SINCE = date(2021, 5, 3)
_FORMER = """
WITH chosen AS (
    SELECT a.id, a.cycle_id, a.mail_lines, a.opened_on, row_number() OVER (ORDER BY a.id) AS n
      FROM customers_account a WHERE a.id %% %(per)s = 0
), named AS (
    SELECT c.*, (SELECT p.name FROM customers_person p WHERE p.id = 1 + (c.id * 7919) %% (SELECT max(id) FROM
                 customers_person)) AS name FROM chosen c
), people AS (
    INSERT INTO customers_person (name, is_organisation, phone, email, language)
    SELECT coalesce(n.name, 'Former Customer'), false, '(555) 1' || lpad((n.n %% 1000000)::text, 6, '0'), '', 'en'
      FROM named n ORDER BY n.n RETURNING id
), numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM people
), accounts AS (
    INSERT INTO customers_account (number, holder_id, cycle_id, mail_lines, opened_on, closed_on)
    SELECT (900000000 + c.n)::text, p.id, c.cycle_id, c.mail_lines, %(since)s, c.opened_on
      FROM chosen c JOIN numbered p ON p.n = c.n RETURNING id, number
)
INSERT INTO customers_serviceagreement (account_id, service_point_id, schedule_id, validity, deed_id)
SELECT f.id, g.service_point_id, g.schedule_id, daterange(%(since)s, c.opened_on), %(deed)s
  FROM accounts f JOIN chosen c ON f.number = (900000000 + c.n)::text
  JOIN customers_serviceagreement g ON g.account_id = c.id
"""


def former_customers() -> None:
    """Put closed accounts at some premises: who lived there before."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Spares every row's audit trigger an exception for a setting that is not there, as operations do.
        cursor.execute("VALUES (set_config('pgtrigger.ignore', '{}', true))")
        cursor.execute(_FORMER, {"per": _PER_FORMER, "since": _FORMER_SINCE, "deed": newest_deed().pk})


def live(life: Life, city: LargeCity, *, months: int, say: Callable[[str], None]) -> None:
    """Read and bill everybody for ``months``, and the few of the route lived in full for `HISTORY` months."""
    few = Reads(city.registers.filter(pl.col("cycle") == LIVED), seed=city.seed)
    for month in range(1, HISTORY + 1):
        began = time.perf_counter()
        everybody = month <= months
        live_month(life, city.reads_frame(month) if everybody else as_loaded(few.frame(month)), month, everybody)
        say(f"month {month} in {time.perf_counter() - began:.0f} s")


def live_month(life: Life, reads: pl.DataFrame, month: int, everybody: bool) -> None:
    """One month: reads, usage, bills, and what the few pay."""
    _go_to(life, max(CITY_ON, first_of(month)))
    act = life.act("billing", "benchmark")
    load_reads(act, reads=reads)
    if everybody:
        refresh_statistics()
    derive_all_usage(act, since=first_of(month) if month > 1 else CITY_ON - timedelta(days=60))
    run = _bill(life, LIVED, month)
    if everybody:
        refresh_statistics()
        _bill(life, OTHERS, month)
    _pay(life, month, run)


def _bill(life: Life, cycle: str, month: int) -> BillRun:
    _go_to(life, bill_on(month, document("city")["cycles"][cycle]))
    return life.run(cycle)


def _pay(life: Life, month: int, run: BillRun) -> None:
    """The few pay the bills of their run, by lockbox files on Fridays."""
    rows = [{key: row[key] for key in OWED} for row in owed(run)]
    for file in life.city.payments_for(month, pl.DataFrame(rows, schema=OWED), life.folder, name=LIVED):
        _go_to(life, file.deposit_on)
        name = "/".join(file.path.parts[-2:])
        post_payments(
            life.act("cashier", "benchmark"), format=file.format, file_name=name, content=file.path.read_bytes()
        )


def _go_to(life: Life, day: date) -> None:
    if day > life.today:
        life.today = day
        advance_business_date(life.act("system", "benchmark"), to=day)
