"""Instalments of a deposit: charges that become one by being paid, and stop being one when the payment comes back.

An instalment debits a receivable and credits what is asked for and not yet paid (role ``deposits_asked``). Ordinary
payments settle it in the order of payment. Whatever settles it moves its cents on to the deposits held, and whatever
is taken back moves them back, in the same transaction: `allocating.store` calls `recognise` for every allocation
written. So deposits held equal their liability whatever happens to payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from meterbook.records.ledger.models import Deposit, DepositUse, Entry, OpenItem
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.models import AccountingPeriod, Deed

#: The source of an instalment's charge, and of the credit that takes what is unpaid of it back.
SOURCE = "install"

_ACCOUNTS = """
SELECT DISTINCT account_id FROM ledger_openitem WHERE source_kind = 'install' AND side = 'charge' AND id = ANY(%s)
"""
_PAID = """
SELECT c.account_id, l.credit_id, l.charge_id, sum(l.amount_cents)
  FROM ledger_openitem c JOIN ledger_allocation l ON l.charge_id = c.id
  JOIN ledger_openitem g ON g.id = l.credit_id AND g.source_kind <> 'install'
 WHERE c.account_id = ANY(%s) AND c.source_kind = 'install' AND c.side = 'charge' GROUP BY 1, 2, 3
"""
_HELD = """
SELECT d.account_id, d.credit_id, d.charge_id, d.id,
       d.amount_cents - coalesce(sum(u.amount_cents) FILTER (WHERE u.kind = 'returned'), 0),
       d.amount_cents - coalesce(sum(u.amount_cents), 0)
  FROM ledger_deposit d LEFT JOIN ledger_deposituse u ON u.deposit_id = d.id
 WHERE d.account_id = ANY(%s) AND d.kind = 'instalment' GROUP BY d.id ORDER BY d.id
"""
_NO_INSTALMENT = "SELECT NOT EXISTS (SELECT FROM ledger_openitem WHERE source_kind = 'install')"
Pair = tuple[int, int]


@dataclass(slots=True)
class _Account:
    """One account: what is paid by pair of credit and charge, what is a deposit by pair, and what of each is held."""

    paid: dict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    known: dict[Pair, int] = field(default_factory=lambda: defaultdict(int))
    held: dict[Pair, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))


def recognise(charges: Sequence[int], *, effective_on: date, period: AccountingPeriod, deed: Deed) -> None:
    """Make deposits of what instalments among ``charges`` (ids of open items) were paid since, and the other way round.

    Where money that came back is not held any more, because the deposit was applied or paid out, the instalment is
    owed and stays a deposit that was used: it becomes one again only beyond that.
    """
    accounts = _asked(charges)
    for account, standing in sorted(_standing(accounts).items()):
        _settle(account, standing, effective_on, period, deed)


def _asked(charges: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NO_INSTALMENT)
        if cursor.fetchone()[0]:
            return []
        cursor.execute(_ACCOUNTS, [list(charges)])
        return [row[0] for row in cursor.fetchall()]


def _standing(accounts: list[int]) -> dict[int, _Account]:
    found: dict[int, _Account] = {account: _Account() for account in accounts}
    if not accounts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [accounts])
        for account, credit, charge, cents in cursor.fetchall():
            found[account].paid[(credit, charge)] += int(cents)
        cursor.execute(_HELD, [accounts])
        for account, credit, charge, deposit, known, held in cursor.fetchall():
            found[account].known[(credit, charge)] += int(known)
            found[account].held[(credit, charge)].append((deposit, int(held)))
    return found


def _settle(account: int, now: _Account, day: date, period: AccountingPeriod, deed: Deed) -> None:
    """Take back what is paid no more, then recognise what is paid; what could not be taken back counts against it."""
    beyond = 0
    for pair in sorted(now.known):
        back = now.known[pair] - now.paid[pair]
        for deposit, held in reversed(now.held[pair]):
            cents = min(held, max(back, 0))
            if cents:
                _give_back(account, deposit, cents, day, period, deed)
                back -= cents
        beyond += max(back, 0)
    for pair in sorted(now.paid):
        new = max(now.paid[pair] - now.known[pair], 0)
        kept, beyond = max(new - beyond, 0), max(beyond - new, 0)
        if kept:
            _hold(account, pair, kept, day, period, deed)


def _hold(account: int, pair: Pair, cents: int, day: date, period: AccountingPeriod, deed: Deed) -> None:
    """A deposit from the day both the money and the instalment were there, however late the books learn of it."""
    credit, charge = (OpenItem.objects.get(pk=item) for item in pair)
    liability = account_for("deposits")
    deposit = Deposit.objects.create(
        account_id=account, service=charge.service, amount_cents=cents, liability=liability, deed=deed,
        received_on=max(credit.effective_on, charge.effective_on), kind=Deposit.INSTALMENT, charge=charge,
        credit=credit,
    )  # fmt: skip
    Entry.objects.create(
        run_id=0, debit=account_for("deposits_asked"), credit=liability, amount_cents=cents, account_id=account,
        service=charge.service, effective_on=day, period=period, source_kind="deposit", source_id=deposit.pk,
        deed=deed,
    )  # fmt: skip


def _give_back(account: int, deposit_id: int, cents: int, day: date, period: AccountingPeriod, deed: Deed) -> None:
    deposit = Deposit.objects.get(pk=deposit_id)
    use = DepositUse.objects.create(
        deposit=deposit, kind=DepositUse.RETURNED, amount_cents=cents, used_on=day, deed=deed
    )
    Entry.objects.create(
        run_id=0, debit=deposit.liability, credit=account_for("deposits_asked"), amount_cents=cents,
        account_id=account, service=deposit.service, effective_on=day, period=period, source_kind="deposit",
        source_id=use.pk, deed=deed,
    )  # fmt: skip
