"""Small balances written down in a batch: shown line by line, decided by a second person, booked all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.models import Entry, LedgerAccount, OpenItem
from meterbook.records.ledger.settle import apply_credits, lock_accounts
from meterbook.records.ledger.taking_back import TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.refunds.operations.decide import agree, refuse_beyond
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import refund_rules_on
from meterbook.records.refunds.small.finding import small_items
from meterbook.records.refunds.small.models import SmallBatch, SmallRow

KIND = "refunds.decide_small"
SOURCE = "write_off"


@operation("refunds.propose_small", roles={BILLING, SUPERVISOR, FINANCE})
def propose_small(deed: Deed) -> SmallBatch:
    """Ask a second person to write down everything small today. Raises `NotNow`."""
    document, rules = refund_rules_on(deed.business_date)
    found = small_items(deed.business_date)
    if not found:
        raise NotNow(Step(N_("No balance is small enough and quiet long enough.")))
    if SmallBatch.objects.filter(state=SmallBatch.PROPOSED).exists():
        raise NotNow(Step(N_("A batch of small balances waits for its decision already.")))
    against = LedgerAccount.objects.get(code=rules.small.account)
    batch = SmallBatch.objects.create(document=document, against=against, proposed_by=deed)
    SmallRow.objects.bulk_create(
        SmallRow(batch=batch, account_id=one.account, item_id=one.item, amount_cents=one.cents) for one in found
    )
    shown = preview_of(batch)
    batch.approval = Approval.objects.create(
        kind=KIND, subject=f"smallbatch:{batch.pk}", preview=shown, requested_by=deed.actor, reason=deed.reason,
        amount_cents=shown["debts_cents"] + shown["credits_cents"],
    )  # fmt: skip
    batch.save(update_fields=["approval"])
    tell(deed, "refunds.small_asked", batch=batch.pk, rows=len(found))
    return batch


def preview_of(batch: SmallBatch) -> dict[str, Any]:
    """What will post: every line, and both totals apart."""
    rows = list(batch.rows.select_related("account", "item").order_by("pk"))
    return {
        "against": batch.against.code, "rows": len(rows),
        "debts_cents": sum(row.amount_cents for row in rows if row.amount_cents > 0),
        "credits_cents": -sum(row.amount_cents for row in rows if row.amount_cents < 0),
        "lines": [
            {"account": row.account.number, "service": row.item.service, "cents": row.amount_cents} for row in rows
        ],
    }  # fmt: skip


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_small(deed: Deed, *, batch: SmallBatch, approve: bool) -> SmallBatch:
    """Book a batch, or refuse it. What was paid, spent or is the decider's own meanwhile is left out.

    Raises `SamePerson`, `BeyondLimit`, `NotNow`.
    """
    locked = SmallBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state != SmallBatch.PROPOSED or locked.approval is None:
        raise NotNow(Step(N_("This batch was decided in the meantime.")))
    rows = list(locked.rows.select_related("account", "item").order_by("pk"))
    for account in {row.account for row in rows}:
        refuse_own(deed.actor, account, deed.business_date)
    _, rules = refund_rules_on(deed.business_date)
    refuse_beyond(deed, locked.approval.amount_cents, rules.decides)
    agree(deed, locked.approval, approve=approve)
    locked.state, locked.decided_by = SmallBatch.BOOKED if approve else SmallBatch.REFUSED, deed
    locked.save(update_fields=["state", "decided_by"])
    if approve:
        _book(deed, locked, rows)
    booked = sum(row.booked or False for row in rows)
    tell(deed, f"refunds.small_{locked.state}", batch=locked.pk, rows=booked)
    return locked


def _book(deed: Deed, batch: SmallBatch, rows: Sequence[SmallRow]) -> None:
    """Debts are credited to their service, credits are taken: only what still stands as it was shown."""
    lock_accounts(sorted({row.account_id for row in rows}))
    still = {one.item: one.cents for one in small_items(deed.business_date)}
    stands = [row for row in rows if still.get(row.item_id) == row.amount_cents]
    for row in rows:
        row.booked = row in stands
        row.save(update_fields=["booked"])
    day, period = deed.business_date, accounting_period(deed.business_date)
    _take(deed, batch, [row for row in stands if row.amount_cents < 0])
    debts = [row for row in stands if row.amount_cents > 0]
    for charge in [row for row in debts if not row.item.service]:
        _forgive_unapplied(deed, batch, charge)
    values = [
        (row.account_id, row.item.service, batch.against_id, -row.amount_cents, row.pk)
        for row in debts if row.item.service
    ]  # fmt: skip
    book(
        pl.DataFrame(values, schema=dict(BOOKED), orient="row"), source_kind=SOURCE, due_on=day, effective_on=day,
        period=period, deed=deed,
    )  # fmt: skip


def _take(deed: Deed, batch: SmallBatch, rows: Sequence[SmallRow]) -> None:
    if rows:
        day = deed.business_date
        take_back(
            [TakenBack(credit=row.item_id, cents=-row.amount_cents, source=row.pk) for row in rows],
            source_kind=SOURCE, against=batch.against, effective_on=day, period=accounting_period(day), deed=deed,
            spent=False,
        )  # fmt: skip


def _forgive_unapplied(deed: Deed, batch: SmallBatch, row: SmallRow) -> None:
    """A debt of no service (a refund whose payment came back) is forgiven by a credit of no service."""
    day, period = deed.business_date, accounting_period(deed.business_date)
    Entry.objects.create(
        run_id=0, debit=batch.against, credit=account_for("unapplied"), amount_cents=row.amount_cents,
        account_id=row.account_id, service="", effective_on=day, period=period, source_kind=SOURCE, source_id=row.pk,
        deed=deed,
    )  # fmt: skip
    OpenItem.objects.create(
        account_id=row.account_id, side=OpenItem.CREDIT, service="", due_on=day, amount_cents=row.amount_cents,
        source_kind=SOURCE, source_id=row.pk, effective_on=day, period=period, deed=deed,
    )  # fmt: skip
    apply_credits([row.account_id], effective_on=day, period=period, deed=deed)
