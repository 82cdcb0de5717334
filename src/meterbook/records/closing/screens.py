"""What pages and commands show of closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from meterbook.records.closing.models import JournalFile, JournalReply, MonthSignature, PeriodLock, UnbilledAccrual
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.models import AccountingPeriod, Attachment


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the books: the period, who locked it, its journal and the general ledger's last word."""

    period: AccountingPeriod
    lock: PeriodLock | None
    journal: JournalFile | None
    reply: JournalReply | None

    @property
    def state(self) -> str:
        """open, asked, locked, written, refused or accepted."""
        if self.lock is None:
            return "open"
        if self.lock.state == PeriodLock.PROPOSED:
            return "asked"
        if self.journal is None:
            return "locked"
        if self.reply is None:
            return "written"
        return "accepted" if self.reply.accepted else "refused"


def months() -> list[Month]:
    """Every month of the books, the newest first."""
    return [month_of(period) for period in AccountingPeriod.objects.order_by("-validity")]


def month_of(period: AccountingPeriod) -> Month:
    """One month as it stands."""
    locks = PeriodLock.objects.select_related(
        "proposed_by__actor", "decided_by__actor", "approval", "pack", "document"
    ).filter(period=period)
    journal = journal_of(period)
    replies = JournalReply.objects.select_related("deed__actor").filter(journal=journal).order_by("-pk")
    return Month(
        period, locks.exclude(state=PeriodLock.REFUSED).first(), journal, replies.first() if journal else None
    )  # fmt: skip


def asked_lock(period: AccountingPeriod) -> PeriodLock | None:
    """The request to lock a month that waits for a second person, or nothing."""
    return PeriodLock.objects.filter(period=period, state=PeriodLock.PROPOSED).first()


def kept_pack(period: AccountingPeriod) -> Attachment | None:
    """The evidence kept with a locked month, or nothing."""
    row = PeriodLock.objects.select_related("pack").filter(period=period, state=PeriodLock.LOCKED).first()
    return row.pack if row else None


def journal_of(period: AccountingPeriod) -> JournalFile | None:
    """A month's journal, or nothing."""
    return JournalFile.objects.select_related("content", "deed__actor", "period").filter(period=period).first()


def replies_of(journal: JournalFile) -> Sequence[JournalReply]:
    """Everything the general ledger said to a journal, in order."""
    return list(JournalReply.objects.select_related("deed__actor").filter(journal=journal).order_by("pk"))


def accrual_of(period: AccountingPeriod) -> UnbilledAccrual | None:
    """A month's accrual, asked for or booked, or nothing."""
    rows = UnbilledAccrual.objects.select_related("proposed_by__actor", "decided_by__actor")
    return rows.filter(period=period).exclude(state=UnbilledAccrual.REFUSED).first()


def asked_accrual(period: AccountingPeriod) -> UnbilledAccrual | None:
    """The request to book a month's estimate that waits for a second person, or nothing."""
    return UnbilledAccrual.objects.filter(period=period, state=UnbilledAccrual.PROPOSED).first()


def signatures(period: AccountingPeriod) -> Sequence[MonthSignature]:
    """Every signature of a month in order, taken back ones too."""
    rows = MonthSignature.objects.filter(period=period).select_related("deed__actor", "evidence")
    return list(rows.order_by("pk"))


def evidence(signature_id: int) -> Attachment | None:
    """The file kept with a signature, or nothing."""
    row = MonthSignature.objects.select_related("evidence").filter(pk=signature_id).first()
    return row.evidence if row else None


def chart_account(code: str) -> dict[str, Any] | None:
    """An account of the chart as plain values, or nothing."""
    rows = LedgerAccount.objects.filter(code=code)
    found = rows.values("id", "code", "title_en", "title_es", "kind", "fund", "service", "role").first()
    return {**found} if found else None


def chart_with_role(role: str) -> dict[str, Any] | None:
    """The account of the chart with a role, or nothing."""
    code = LedgerAccount.objects.filter(role=role).values_list("code", flat=True).first()
    return chart_account(code) if code else None
