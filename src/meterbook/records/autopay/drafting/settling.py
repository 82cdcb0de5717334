"""Settlement: on the day the bank moves the money, drafts become payments, and entries we reversed take theirs back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db import connection

from meterbook.records.autopay.models import AchEntry, Draft
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import PaymentBatch, PaymentReversal
from meterbook.records.payments.receiving import receive
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.models import Deed
from meterbook.records.platform.turns import one_at_a_time

CHANNEL = "autopay"


def settle_due(deed: Deed, through: date) -> list[PaymentBatch]:
    """Every filed draft whose day has come, as payments into clearing; one batch for each file and day.

    The trace number is the payment's key, so none is taken twice. Then entries that were reversed take theirs back.
    """
    one_at_a_time("autopay settlement")
    rows = AchEntry.objects.filter(kind="draft", settle_on__lte=through, draft__state="filed")
    entries = list(
        rows.select_related("draft__account", "draft__enrolment", "file").select_for_update(of=("self",)).order_by("pk")
    )
    lock_accounts(sorted({one.draft.account_id for one in entries if one.draft is not None}))
    by_batch: dict[tuple[int, date], list[AchEntry]] = defaultdict(list)
    for one in entries:
        by_batch[one.file_id, one.settle_on].append(one)
    made = [_batch(deed, group) for _, group in sorted(by_batch.items())]
    _undo_reversed(deed, through)
    return made


def _batch(deed: Deed, entries: Sequence[AchEntry]) -> PaymentBatch:
    file, day = entries[0].file, entries[0].settle_on
    batch = PaymentBatch.objects.create(
        number=f"{file.number}-{day:%m%d}", channel=CHANNEL, received_on=day, count=len(entries),
        total_cents=sum(one.amount_cents for one in entries), deed=deed,
    )  # fmt: skip
    drafts = [one.draft for one in entries if one.draft is not None]
    frame = pl.DataFrame(
        [
            (draft.account_id, draft.account.number, one.amount_cents, day, "ach", one.trace, draft.enrolment.name,
             draft.enrolment.mark, f"ach:{one.trace}")
            for one, draft in zip(entries, drafts, strict=True)
        ],
        schema={
            "account_id": pl.Int64, "written_account": pl.String, "amount_cents": pl.Int64, "received_on": pl.Date,
            "tender": pl.String, "reference": pl.String, "payer": pl.String, "payer_mark": pl.String, "key": pl.String,
        },
        orient="row",
    )  # fmt: skip
    taken = receive(deed, frame, into=account_for("clearing"), effective_on=day, batch=batch)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE autopay_draft d SET state = 'settled', payment_id = t.payment"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS t(draft, payment) WHERE d.id = t.draft",
            [[draft.pk for draft in drafts], taken["id"].to_list()],
        )
    return batch


def _undo_reversed(deed: Deed, through: date) -> None:
    """Payments of entries we reversed at the bank, taken back on the day the reversal settles.

    One the office took back before stays so: nothing else of the day waits for it.
    """
    rows = AchEntry.objects.filter(kind="reversal", settle_on__lte=through, reverses__draft__state="settled")
    for one in rows.select_related("reverses__draft__payment", "file").order_by("pk"):
        assert one.reverses is not None and one.reverses.draft is not None
        draft: Draft = one.reverses.draft
        assert draft.payment is not None
        if not PaymentReversal.objects.filter(payment=draft.payment).exists():
            reverse_payments(
                deed, [ToReverse(draft.payment, "REVERSAL")], kind=PaymentReversal.UNPOSTED, reversed_on=one.settle_on,
            )  # fmt: skip
        draft.state = "reversed"
        draft.save(update_fields=["state"])
