"""The journal of a locked month: written once, byte for byte, and what the general ledger said to it."""

from __future__ import annotations

import hashlib

from meterbook.engine.trace import N_, Step
from meterbook.records.closing.models import JournalFile, JournalReply
from meterbook.records.closing.months import span_of_period
from meterbook.records.closing.pack import journal_bytes
from meterbook.records.closing.refusals import MonthClosed
from meterbook.records.closing.settings import gl_document
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR


@operation("closing.write_journal", roles={BILLING, SUPERVISOR, FINANCE})
def write_journal(deed: Deed, *, period: AccountingPeriod) -> JournalFile:
    """Write a locked month's journal; asked again, the same file comes back.

    Raises `MonthClosed` while the month is open, `WrongMapping`, `NoPolicy`.
    """
    locked = AccountingPeriod.objects.select_for_update().get(pk=period.pk)
    known = JournalFile.objects.select_related("content").filter(period=locked).first()
    if known is not None:
        return known
    if locked.closed_at is None:
        raise MonthClosed(
            Step(N_("{month} is open; its journal is written when it is locked."), {"month": locked.code})
        )
    span = span_of_period(locked)
    content, lines, debits = journal_bytes(span)
    kept = keep_file(
        deed, subject=f"month:{locked.code}", file_name=f"journal-{locked.code}.csv", content_type="text/csv",
        content=content,
    )  # fmt: skip
    made = JournalFile.objects.create(
        period=locked, document=gl_document(span.last_day), sha256=hashlib.sha256(content).hexdigest(), lines=lines,
        debit_cents=debits, content=kept, deed=deed,
    )  # fmt: skip
    tell(deed, "closing.journal_written", period=locked.code, lines=lines, cents=debits)
    return made


@operation("closing.record_reply", roles={BILLING, SUPERVISOR, FINANCE})
def record_reply(
    deed: Deed, *, journal: JournalFile, accepted: bool, reference: str = "", note: str = ""
) -> JournalReply:
    """Record that the general ledger took the journal under a number, or refused it with a reason.

    Raises `MonthClosed` where it was accepted before.
    """
    if JournalReply.objects.filter(journal=journal, accepted=True).exists():
        raise MonthClosed(Step(N_("The general ledger accepted this journal already.")))
    if accepted and not reference:
        raise MonthClosed(Step(N_("Give the number under which the general ledger took it.")))
    if not accepted and not note:
        raise MonthClosed(Step(N_("Say why the general ledger refused it.")))
    made = JournalReply.objects.create(journal=journal, accepted=accepted, reference=reference, note=note, deed=deed)
    done = "closing.journal_accepted" if accepted else "closing.journal_refused"
    tell(deed, done, period=journal.period.code, reference=reference)
    return made
