"""What the pages of receivables show: a payment's way, a change with its preview, an account's open items."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from meterbook.records.billing.screens import bills_by_id
from meterbook.records.ledger import screens as ledger
from meterbook.records.ledger.screens import Statement, statement_of
from meterbook.records.ledger.standing_on import Aged, aged_on, balances_on, standing_on
from meterbook.records.payments.tracing import Trace
from meterbook.web.kit import words
from meterbook.web.kit.access import may
from meterbook.web.kit.language import bilingual


def payment_context(request: HttpRequest, found: Trace) -> dict[str, Any]:
    """A payment from end to end, and what this reader may do with it."""
    here = found.reversal is None
    accounts = {part.account for part in found.now if part.account}
    return {
        "trace": found, "payment": found.payment, "title": str(found.payment.pk), "language": bilingual(),
        "now": [{"part": part, "number": _number(found, part.account)} for part in found.now],
        "may_reverse": here and may(request, "payments.reverse_by_hand"),
        "may_move": here and may(request, "payments.move_by_hand"), "held_by": len(accounts),
    }  # fmt: skip


def _number(found: Trace, account: int | None) -> str:
    every = [found.payment.account, *(move.to_account for move in found.moves)]
    return next((one.number for one in every if one is not None and one.pk == account), "")


def change_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """A change by hand: facts, exactly what posts, and whether this reader may decide or take it back."""
    waits = found.state == "proposed"
    mine = found.asked_by.actor_id == request.user.pk
    preview = found.approval.preview if found.approval else {}
    return {
        "item": found, "words": found.words_es if bilingual() == "es" else found.words_en, "mine": mine,
        "language": bilingual(), "preview": preview, "says": preview.get("why", ""), "waits": found.state,
        "settles": [
            {**one, "due_on": date.fromisoformat(one["due_on"])} for one in preview.get("settles", [])
        ],
        "may_decide": waits and not mine and may(request, "payments.decide_change"), "may_withdraw": waits and mine,
        "title": words.say("hand_change", found.kind),
    }  # fmt: skip


def receivable_context(request: HttpRequest, account: Any, day: date) -> dict[str, Any]:
    """What an account owes on a day: by service and age, by bill, item by item."""
    items = standing_on(day, account=account.pk)
    bills = bills_by_id([one for one in items["bill"].to_list() if one is not None])
    aged = aged_on(day, account=account.pk, by="service")
    return {
        "account": account, "day": day, "aged": aged, "total": aged_total(aged),
        "items": [{**row, "bill_number": bills.get(row["bill"] or 0, "")} for row in items.to_dicts()],
        "funds": balances_on(day, account=account.pk, by="fund"), "orders": ledger.account_orders(account.pk),
        "by_bill": [
            {"bill": int(key) if key else None, "number": bills.get(int(key or 0), ""), "cents": cents}
            for key, cents in balances_on(day, account=account.pk, by="bill").items()
        ],
        "may_carry": may(request, "payments.transfer_balance"), "may_apply": may(request, "payments.apply_credit"),
        "may_order": may(request, "ledger.set_account_order"), "title": account.holder.name,
    }  # fmt: skip


def aged_total(rows: list[Aged]) -> Aged:
    """All rows in one."""
    return Aged(
        "", *(sum(getattr(row, name) for row in rows) for name in
              ("current", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "credits"))
    )  # fmt: skip


def statement_shown(account: Any, since: date, until: date) -> dict[str, Any]:
    """A statement's lines in words with links to what they came from."""
    found: Statement = statement_of(account.pk, since=since, until=until + timedelta(days=1))
    bills = bills_by_id([line.source_id for line in found.lines if line.source_kind == "bill"])
    lines = [
        {"line": line, "words": words.say("entry_source", line.source_kind), "href": source_href(line),
         "detail": bills.get(line.source_id, "") if line.source_kind == "bill" else ""}
        for line in found.lines
    ]  # fmt: skip
    return {"account": account, "statement": found, "lines": lines, "since": since, "until": until}


def source_href(movement: ledger.Movement) -> str:
    """The page of what a movement came from, or nothing."""
    name = {"bill": "bill", "payment": "payment", "adjustment": "adjustment"}.get(movement.source_kind)
    return reverse(name, args=[movement.source_id]) if name else ""
