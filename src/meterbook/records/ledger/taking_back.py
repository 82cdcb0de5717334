"""Credits taken back: a payment returned, moved or refunded. The account is left as if that money had never settled
anything; its other payments settle what they would have settled without it.

Nothing is deleted. A charge of the same kind as the credit stands against it (`pinned`), allocations that no longer
hold are written again below zero, and what holds instead above it; all on the day the money went.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import polars as pl
from django.db import connection

from meterbook.engine.ledger.order import Order
from meterbook.engine.ledger.replay import Pairs, Standing, replay
from meterbook.records.ledger.allocating import MADE, store
from meterbook.records.ledger.models import Entry, LedgerAccount, OpenItem
from meterbook.records.ledger.settle import lock_accounts, order_for
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.models import AccountingPeriod, Deed


class NotOpen(ValueError):
    """Less of the credit is unspent than should be taken back."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Cents of a credit (an open item's id) to take back; ``source`` is the id of the record that says why."""

    credit: int
    cents: int
    source: int


@dataclass(slots=True)
class _Account:
    """An account's items and what is allocated now, by pair; pinned pairs apart.

    ``gone`` are the charges that stand against money that left the account: a payment moved or returned.
    """

    items: dict[int, Standing]
    days: dict[int, date]
    free: Pairs
    pinned: Pairs
    gone: frozenset[int]


def take_back(
    parts: Sequence[TakenBack], *, source_kind: str, against: LedgerAccount, effective_on: date,
    period: AccountingPeriod, deed: Deed, spent: bool,
) -> list[OpenItem]:  # fmt: skip
    """Take credits back: each is debited where it stands and ``against`` (bank, refunds payable, …) is credited.

    With ``spent`` the money is taken wherever it went: what it had settled is owed again from its own due date, newer
    payments first settle what they would have settled without it, and what had been refunded of it is owed. Without,
    only cents nobody has spent can go (`NotOpen`). Returns the charges that stand against the credits, in order of
    ``parts``.
    """
    if not parts:  # all of it was in suspense
        return []
    credits = OpenItem.objects.in_bulk([part.credit for part in parts])
    lock_accounts(sorted({credit.account_id for credit in credits.values()}))
    made, changes = [], []
    mine = sorted(parts, key=lambda part: (credits[part.credit].account_id, part.credit, part.source))
    for account, group in groupby(mine, key=lambda part: credits[part.credit].account_id):
        of_account = list(group)
        standing = _standing(account)
        charges = [
            _against(credits[part.credit], part, source_kind, against, effective_on, period, deed)
            for part in of_account
        ]
        made += charges
        wanted = _wanted(standing, of_account, charges, spent=spent)
        changes.append(_changes(account, standing, wanted))
    store(pl.concat(changes), effective_on=effective_on, period=period, deed=deed)
    by_source = {(charge.source_id, charge.account_id): charge for charge in made}
    return [by_source[(part.source, credits[part.credit].account_id)] for part in parts]


def pin(
    credit: OpenItem, charge: OpenItem, cents: int, *, effective_on: date, period: AccountingPeriod, deed: Deed
) -> None:
    """Let ``credit`` settle ``cents`` of ``charge``, whatever the order of payment says; the rest is told again.

    Raises `NotOpen` where the credit, or the charge, has less that nobody pinned before.
    """
    lock_accounts([credit.account_id])
    standing = _standing(credit.account_id)
    for item in (credit, charge):
        taken = sum(given for pair, given in standing.pinned.items() if item.pk in pair)
        if item.pk not in standing.items or item.amount_cents - taken < cents:
            raise NotOpen(f"open item {item.pk}: {item.amount_cents - taken} cents are free, found {cents} to settle")
    pinned = dict(standing.pinned)
    pinned[(credit.pk, charge.pk)] = pinned.get((credit.pk, charge.pk), 0) + cents
    wanted = pinned, _again(credit.account_id, standing, [], pinned, effective_on)
    store(_changes(credit.account_id, standing, wanted), effective_on=effective_on, period=period, deed=deed)


def _against(
    credit: OpenItem, part: TakenBack, source_kind: str, against: LedgerAccount, effective_on: date,
    period: AccountingPeriod, deed: Deed,
) -> OpenItem:  # fmt: skip
    """The charge that stands against a credit, and the transfer behind it."""
    charge = OpenItem.objects.create(
        account_id=credit.account_id, side=OpenItem.CHARGE, service=credit.service, category=credit.category,
        due_on=credit.due_on, amount_cents=part.cents, source_kind=source_kind, source_id=part.source,
        effective_on=effective_on, period=period, deed=deed,
    )  # fmt: skip
    stood = account_for("receivable", credit.service) if credit.service else account_for("unapplied")
    Entry.objects.create(
        run_id=0, debit=stood, credit=against, amount_cents=part.cents, account_id=credit.account_id,
        service=credit.service, effective_on=effective_on, period=period, source_kind=source_kind,
        source_id=part.source, deed=deed,
    )  # fmt: skip
    return charge


def _wanted(
    standing: _Account, parts: Sequence[TakenBack], charges: Sequence[OpenItem], *, spent: bool
) -> tuple[Pairs, Pairs]:
    """What is to be allocated, pinned and free. Raises `NotOpen`."""
    new: Pairs = {(part.credit, charge.pk): part.cents for part, charge in zip(parts, charges, strict=True)}
    if not spent:
        used: dict[int, int] = defaultdict(int)
        for pairs in (standing.free, standing.pinned, new):
            for (credit, _), cents in pairs.items():
                used[credit] += cents
        for part in parts:
            if used[part.credit] > standing.items[part.credit].amount:
                left = standing.items[part.credit].amount - used[part.credit] + part.cents
                raise NotOpen(f"open item {part.credit}: {left} cents are unspent, expected at least {part.cents}")
        return {**standing.pinned, **new}, standing.free
    pinned = _kept(standing, parts) | new
    step = 1 + max(one.step for one in standing.items.values())
    added = [
        Standing(charge.pk, step, "charge", charge.service, charge.category, charge.due_on, charge.amount_cents)
        for charge in charges
    ]
    return pinned, _again(charges[0].account_id, standing, added, pinned, charges[0].effective_on)


def _again(account: int, standing: _Account, added: Sequence[Standing], pinned: Pairs, today: date) -> Pairs:
    """What follows the order of payment beside ``pinned``, told again from the account's first day."""
    orders: dict[date, Order] = {}

    def order(at: int) -> Order:
        day = standing.days.get(at, today)
        if day not in orders:
            orders[day] = order_for(account, day)
        return orders[day]

    everything = replay([*standing.items.values(), *added], order=order, pinned=pinned)
    return {pair: cents - pinned.get(pair, 0) for pair, cents in everything.items()}


def _kept(standing: _Account, parts: Sequence[TakenBack]) -> Pairs:
    """The pinned pairs that stay: of a credit now taken back no more than is left of it.

    What went away with the credit's own money (moved, returned) stays; of the rest the newest pins go first.
    """
    left = {part.credit: standing.items[part.credit].amount for part in parts}
    for part in parts:
        left[part.credit] -= part.cents
    kept: Pairs = {}
    in_turn = sorted(standing.pinned.items(), key=lambda pair: (pair[0][1] not in standing.gone, pair[0]))
    for (credit, charge), cents in in_turn:
        stays = min(cents, left[credit]) if credit in left else cents
        if credit in left:
            left[credit] -= stays
        if stays:
            kept[(credit, charge)] = stays
    return kept


def _changes(account: int, standing: _Account, wanted: tuple[Pairs, Pairs]) -> pl.DataFrame:
    """The rows that turn what is allocated into what is wanted: what goes before what comes."""
    service = {item: one.service for item, one in standing.items.items()}
    rows = []
    for now, then, pinned in ((standing.pinned, wanted[0], True), (standing.free, wanted[1], False)):
        for credit, charge in sorted({*now, *then}):
            cents = then.get((credit, charge), 0) - now.get((credit, charge), 0)
            if cents:
                to = service.get(charge, service[credit])
                rows.append((credit, charge, account, cents, service[credit], to, pinned))
    return pl.DataFrame(sorted(rows, key=lambda row: row[3] > 0), schema=dict(MADE), orient="row")


_ITEMS = """
SELECT o.id, min(o.id) OVER (PARTITION BY o.deed_id), o.side, o.service, o.category, o.due_on, o.amount_cents,
       o.effective_on, o.side = 'charge' AND o.source_kind IN ('placement', 'reversal')
  FROM ledger_openitem o WHERE o.account_id = %s ORDER BY o.id
"""
_PAIRS = """
SELECT l.credit_id, l.charge_id, l.pinned, sum(l.amount_cents)
  FROM ledger_allocation l JOIN ledger_openitem o ON o.id = l.credit_id
 WHERE o.account_id = %s GROUP BY 1, 2, 3 HAVING sum(l.amount_cents) <> 0
"""


def _standing(account: int) -> _Account:
    """An account as its lock finds it: a step is a deed, known by its first item."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, [account])
        rows = cursor.fetchall()
        cursor.execute(_PAIRS, [account])
        found: dict[bool, Pairs] = {True: {}, False: {}}
        for credit, charge, pinned, cents in cursor.fetchall():
            found[pinned][(credit, charge)] = int(cents)
    items = {row[0]: Standing(row[0], row[1], row[2], row[3], row[4], row[5], int(row[6])) for row in rows}
    gone = frozenset(row[0] for row in rows if row[8])
    return _Account(items, {row[1]: row[7] for row in rows}, found[False], found[True], gone)
