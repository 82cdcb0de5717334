"""What other pages show of a customer's programs: the account's own page, and a bill's."""

from __future__ import annotations

from typing import Any

from meterbook.records.billing.program_entries import asked_of
from meterbook.records.programs.discounts import screens as discounts
from meterbook.records.programs.level_pay import screens as level_pay
from meterbook.records.programs.level_pay.queries import active_plan, months_of
from meterbook.records.programs.net_metering.queries import of_account, statements
from meterbook.web.programs.discounts.shown import told


def account_panel(account_id: int) -> dict[str, Any]:
    """Net metering, level payment and discounts of an account, for its page."""
    plan = active_plan(account_id)
    sums = level_pay.standing_sums(plan) if plan else {}
    amount = level_pay.amounts(plan)[0] if plan else None
    return {
        "solar": of_account(account_id), "level_plan": plan, "level_sums": sums, "level_amount": amount,
        "discounts": [one for one in told(discounts.of_account(account_id)) if one["item"].ended_id is None],
    }  # fmt: skip


def bill_panel(bill: Any) -> dict[str, Any]:
    """What a bill asks to pay, its month of a level plan, and its statements of net metering."""
    return {
        "asked_cents": asked_of([bill])[bill.pk], "level_month": months_of([bill.pk]).get(bill.pk),
        "statements": statements([bill.pk]).get(bill.pk, []),
    }  # fmt: skip
