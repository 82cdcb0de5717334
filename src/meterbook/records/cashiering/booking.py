"""The counter's entries in the books beside payments: sales, differences of drawers, deposits on their way."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.engine.cashiering.splitting import IN_DRAWER
from meterbook.records.cashiering.models import ReceiptLine
from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period

#: An account of the chart and cents.
Share = tuple[LedgerAccount, int]


def place_of(tender: str) -> LedgerAccount:
    """Where a tender's money lies at first: the drawer, or on its way to the bank where a card was charged."""
    return account_for("drawer" if tender in IN_DRAWER else "clearing")


def shares_of(line: ReceiptLine) -> list[Share]:
    """What of a line lies where, one share a place."""
    found: dict[str, int] = {"drawer": 0, "clearing": 0}
    for tender, cents in line.parts.values_list("tender__kind", "amount_cents"):
        found["drawer" if tender in IN_DRAWER else "clearing"] += cents
    return [(account_for(role), cents) for role, cents in found.items() if cents]


def move(
    deed: Deed, *, debit: LedgerAccount, credit: LedgerAccount, cents: int, source_kind: str, source: int,
    account: Account | None = None,
) -> None:  # fmt: skip
    """One transfer of the counter on the business date."""
    Entry.objects.create(
        run_id=0, debit=debit, credit=credit, amount_cents=cents, account=account, service="",
        effective_on=deed.business_date, period=accounting_period(deed.business_date), source_kind=source_kind,
        source_id=source, deed=deed,
    )  # fmt: skip


def sell(deed: Deed, line: ReceiptLine, shares: Sequence[Share], *, back: bool = False) -> None:
    """Book something sold, or, ``back``, take it back."""
    assert line.against is not None
    for place, cents in shares:
        debit, credit = (line.against, place) if back else (place, line.against)
        move(
            deed, debit=debit, credit=credit, cents=cents, source_kind="sale", source=line.pk, account=line.account
        )  # fmt: skip
