"""Files to the bank: numbered, written, sealed and kept with every entry; each trace number is used once for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl
from django.db import connection
from django.db.models import Max

from meterbook.formats.nacha import Batch, Draft, make_batches, make_file, next_modifier, write
from meterbook.formats.nacha.codes import EntryClass
from meterbook.records.autopay.models import AchFile, DraftRun
from meterbook.records.autopay.settings import company_of, rules_on
from meterbook.records.autopay.vault import seal_bytes
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.models import Deed

#: Where a file's clock stands: files are told apart by day and modifier, and nothing here knows the hour.
_CLOCK = time(12)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry to write, and what it is in our books: one of enrolment, draft, payout, reversed entry."""

    entry: Draft
    kind: str
    sec: str
    purpose: str
    settle_on: date
    last_four: str
    enrolment: int | None = None
    draft: int | None = None
    payout: int | None = None
    reverses: int | None = None


def write_file(deed: Deed, lines: Sequence[Line], *, kind: str, run: DraftRun | None = None, memo: str = "") -> AchFile:
    """Write and keep one file; batches by class, purpose and day, in the order of the lines. Raises `RefusedToWrite`.

    Files are written one at a time: the lock is held until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('autopay.files'))")
    _, rules = rules_on(deed.business_date)
    company, city = company_of(rules), rules.company
    last = AchFile.objects.filter(made_on=deed.business_date).order_by("id").values_list("id_modifier", flat=True)
    modifier = next_modifier(list(last)[-1] if last else "")
    sequence = first = (AchFile.objects.aggregate(last=Max("last_sequence"))["last"] or 0) + 1
    batches: list[Batch] = []
    traces: list[tuple[Line, str, int]] = []
    for (sec, purpose, day), group in _groups(lines).items():
        made = make_batches(
            company, [one.entry for one in group], sec=sec, description=city.descriptions[purpose], effective_on=day,
            first_sequence=sequence,
        )  # fmt: skip
        written = [entry for batch in made for entry in batch.entries]
        traces += [(line, entry.trace, entry.transaction_code) for line, entry in zip(group, written, strict=False)]
        sequence += len(written)
        batches += made
    file = make_file(
        company, batches, created_at=datetime.combine(deed.business_date, _CLOCK), id_modifier=modifier, reference=memo
    )
    content = write(file)
    kept = AchFile.objects.create(
        kind=kind, number=f"ACH-{deed.business_date}-{modifier}", run=run, made_on=deed.business_date,
        id_modifier=modifier, file_name=f"{deed.business_date:%Y%m%d}-{modifier}-{kind}.ach",
        sha256=hashlib.sha256(content).hexdigest(), sealed=seal_bytes(content), entries=len(file),
        debit_cents=file.debit_cents, credit_cents=file.credit_cents, last_sequence=first + len(file) - 1,
        entry_hash=sum(batch.entry_hash for batch in file.batches) % 10**10, deed=deed,
    )  # fmt: skip
    _keep_entries(kept, traces)
    return kept


def _groups(lines: Sequence[Line]) -> dict[tuple[EntryClass, str, date], list[Line]]:
    found: dict[tuple[EntryClass, str, date], list[Line]] = {}
    for line in lines:
        found.setdefault((line.sec, line.purpose, line.settle_on), []).append(line)  # type: ignore[arg-type]
    return found


def _keep_entries(file: AchFile, traces: Sequence[tuple[Line, str, int]]) -> None:
    """Every entry but the offsets, which the bank never answers."""
    rows = [
        (file.pk, trace, line.kind, code, line.sec, line.entry.amount_cents, line.settle_on, line.last_four,
         line.enrolment, line.draft, line.payout, line.reverses)
        for line, trace, code in traces
    ]  # fmt: skip
    schema = {
        "file_id": pl.Int64, "trace": pl.String, "kind": pl.String, "transaction_code": pl.Int64, "sec": pl.String,
        "amount_cents": pl.Int64, "settle_on": pl.Date, "last_four": pl.String, "enrolment_id": pl.Int64,
        "draft_id": pl.Int64, "payout_id": pl.Int64, "reverses_id": pl.Int64,
    }  # fmt: skip
    copy_in("autopay_achentry", pl.DataFrame(rows, schema=schema, orient="row"))
