"""What accounts payable and the bank say became of checks, taken in from a file; twice changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.trace import N_, Step
from meterbook.formats.ap_checks import CheckStatus, parse_statuses
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.refunds.models import Payout, Refund
from meterbook.records.refunds.opening import set_state
from meterbook.records.refunds.paying import ended, issued
from meterbook.records.refunds.refusals import WrongFile

_ENDS = {"voided": Payout.VOIDED, "stopped": Payout.STOPPED, "returned": Payout.RETURNED}


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows changed a check, and how many said what was known already."""

    batch: int
    changed: int
    unchanged: int


@operation("refunds.take_statuses", roles={BILLING, SUPERVISOR, FINANCE})
def take_statuses(deed: Deed, *, content: bytes, file_name: str) -> Taken:
    """Take in a file of check statuses; all of it or, with `WrongFormat` or `WrongFile`, nothing.

    Issued checks are paid out of the books, voided, stopped and returned ones are back and owed again.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    before = ImportBatch.objects.filter(kind="check_statuses", sha256=sha256).first()
    if before is not None:
        tell(deed, "refunds.statuses_known", batch=before.pk)
        return Taken(before.pk, 0, before.rows)
    rows = parse_statuses(content)
    changed = sum(_take(deed, row) for row in rows)
    batch = ImportBatch.objects.create(
        kind="check_statuses", format="check-statuses", file_name=file_name, sha256=sha256, rows=len(rows),
        loaded=changed, unchanged=len(rows) - changed, rejected=0, deed=deed,
    )  # fmt: skip
    keep_file(
        deed, subject=f"importbatch:{batch.pk}", file_name=file_name, content_type="text/csv", content=content
    )  # fmt: skip
    tell(deed, "refunds.statuses_taken", batch=batch.pk, changed=changed)
    return Taken(batch.pk, changed, len(rows) - changed)


def _take(deed: Deed, row: CheckStatus) -> bool:
    """Apply one row; False where it says what is known."""
    payout = _payout(row)
    if payout.amount_cents != row.cents:
        raise _wrong(row, N_("the check is over {found}"), found=dollars(payout.amount_cents))
    if row.status == "issued":
        return _issue(deed, payout, row)
    if row.status == "cleared":
        return _clear(payout, row)
    state = _ENDS[row.status]
    if payout.state == state:
        return False
    if payout.state not in (Payout.EXPORTED, Payout.ISSUED):
        raise _wrong(row, N_("the check is {state}"), state=payout.state)
    ended(deed, payout, state=state, why=row.remark or row.status, on=row.on)
    return True


def _issue(deed: Deed, payout: Payout, row: CheckStatus) -> bool:
    if payout.reference == row.check_number and payout.issued_on == row.on:
        return False
    if payout.state != Payout.EXPORTED:
        raise _wrong(row, N_("the check is {state}"), state=payout.state)
    if row.on > deed.business_date:
        raise _wrong(row, N_("the day is not here yet"))
    issued(deed, payout, reference=row.check_number, on=row.on)
    return True


def _clear(payout: Payout, row: CheckStatus) -> bool:
    if payout.state == Payout.CLEARED and payout.cleared_on == row.on:
        return False
    if payout.state != Payout.ISSUED or payout.issued_on is None or row.on < payout.issued_on:
        raise _wrong(row, N_("the check is {state}"), state=payout.state)
    payout.state, payout.cleared_on = Payout.CLEARED, row.on
    payout.save(update_fields=["state", "cleared_on"])
    set_state(payout.refund, Refund.PAID)
    return True


def _payout(row: CheckStatus) -> Payout:
    rows = Payout.objects.select_for_update(of=("self",)).filter(how="check").select_related("refund__account")
    found: Sequence[Payout] = list(
        rows.filter(pk=int(row.voucher)) if row.voucher else rows.filter(reference=row.check_number)
    )
    if not found:
        raise _wrong(row, N_("no such check is on record"))
    return found[0]


def _wrong(row: CheckStatus, words: str, **values: str) -> WrongFile:
    said = Step(words, {**values}).words(str)
    return WrongFile(
        Step(
            N_("Line {line}, check {check}: {said}. Nothing of the file was taken."),
            {"line": row.line, "check": row.check_number or row.voucher, "said": said},
        )
    )
