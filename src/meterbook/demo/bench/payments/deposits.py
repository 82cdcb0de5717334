"""A long lockbox deposit for a prepared city: most people pay their bill, some a part, some too much."""

from __future__ import annotations

import random
from datetime import date, datetime, time

import polars as pl

from meterbook.formats.lockbox import Check, LockboxDeposit, write
from meterbook.records.platform.copying import copy_out

_OWING = """
SELECT a.number, p.name, coalesce(sum(o.amount_cents - coalesce((
         SELECT sum(l.amount_cents) FROM ledger_allocation l WHERE l.charge_id = o.id), 0)), 0)::bigint
  FROM customers_account a JOIN customers_person p ON p.id = a.holder_id
  LEFT JOIN ledger_openitem o ON o.account_id = a.id AND o.side = 'charge'
 GROUP BY a.id, a.number, p.name HAVING count(o.id) > 0 ORDER BY a.number
"""


def long_deposit(rows: int, *, seed: int, on: date) -> bytes:
    """A lockbox file of ``rows`` checks; accounts are taken in turn, again and again where there are fewer.

    Of a hundred, 88 pay what is owed, 6 a part of it, 5 more than it, and 1 writes a number nobody has.
    """
    owing = copy_out(_OWING, [], {"number": pl.String, "name": pl.String, "cents": pl.Int64})
    dice = random.Random(seed)
    people = owing.rows()
    dice.shuffle(people)
    checks = []
    for at in range(rows):
        number, name, owed = people[at % len(people)]
        turn, cents = dice.randrange(100), max(owed, 100)
        if turn < 6:
            cents = max(cents * dice.randrange(10, 90) // 100, 1)
        elif turn < 11:
            cents += dice.randrange(1, 5_000)
        if turn == 99:
            number = f"9{number}"
        checks.append(Check(number, cents, payer=name, reference=str(1_000 + at), written_on=on))
    deposit = LockboxDeposit(
        destination="ALDERBEND", origin="0099999991", lockbox="4400", processed_at=datetime.combine(on, time(17)),
        deposit_on=on, checks=checks,
    )  # fmt: skip
    return write(deposit)
