"""From a receipt on record to its printed page, in the receipt's language."""

from __future__ import annotations

from typing import Any

from meterbook.engine.money import dollars
from meterbook.notices.letters import long_day
from meterbook.notices.receipt.words import words
from meterbook.records.cashiering.models import Receipt, ReceiptLine
from meterbook.records.cashiering.queries import number_of, receipt_with_id
from meterbook.records.platform import queries


def receipt_document(receipt_id: int, *, paper: str) -> dict[str, Any]:
    """A receipt as the template's plain values; ``paper`` is roll or letter. Raises `NoReceipt`."""
    receipt, utility = receipt_with_id(receipt_id), queries.utility()
    w, day = words(receipt.language), receipt.received_on
    tenders = [
        [w[tender.kind].format(reference=tender.reference).rstrip(), _money(tender.amount_cents)]
        for tender in receipt.tenders.order_by("position")
    ]
    lines = receipt.lines.select_related("account").order_by("position")
    return {
        "paper": paper, "language": receipt.language, "title": w["title"].format(number=number_of(receipt)),
        "utility": utility.name, "address": list(utility.address_lines), "date": long_day(day, receipt.language),
        "stated": [day.year, day.month, day.day], "served": w["served"].format(
            station=receipt.drawer.station, cashier=receipt.drawer.cashier.first_name or receipt.drawer.cashier.username
        ),
        "void": w["void"] if _voided(receipt) else "", "heads": [w["what"], w["amount"]],
        "lines": [[_said(line, receipt.language, w), _money(line.amount_cents)] for line in lines],
        "total": [w["total"], _money(receipt.total_cents)], "tenders": tenders,
        "change": [w["change"], _money(receipt.change_cents)],
        "thanks": w["thanks"], "question": w["question"].format(phone=utility.phone),
    }  # fmt: skip


def _said(line: ReceiptLine, language: str, w: dict[str, str]) -> str:
    if line.kind == ReceiptLine.SALE:
        return line.words_es if language == "es" else line.words_en
    assert line.account is not None
    return w[line.kind].format(account=line.account.number)


def _voided(receipt: Receipt) -> bool:
    return getattr(receipt, "void", None) is not None


def _money(cents: int) -> str:
    return f"{dollars(cents):,}"
