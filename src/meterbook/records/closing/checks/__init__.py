"""The checks of the checklist that look for themselves: each says what stands in the way, or nothing."""

from __future__ import annotations

from meterbook.records.closing.checks import books, money, work
from meterbook.records.closing.checks.contract import Check, Found

__all__ = ["CHECKS", "Check", "Found"]

CHECKS: dict[str, Check] = {
    "earlier_months": work.earlier_months,
    "runs": work.runs,
    "corrections": work.corrections,
    "approvals": work.approvals,
    "remittances": work.remittances,
    "drawers": money.drawers,
    "clearing": money.clearing,
    "autopay": money.autopay,
    "unidentified": money.unidentified,
    "suspense": money.suspense,
    "receivables": books.receivables,
    "deposits": books.deposits,
    "laws": books.laws,
    "journal": books.journal_writable,
}
