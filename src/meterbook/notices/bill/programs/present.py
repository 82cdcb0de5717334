"""Programs of a bill as the strings its template places."""

from __future__ import annotations

from typing import Any

from meterbook.notices.bill import figures
from meterbook.notices.bill.document import BillDocument, last_day
from meterbook.notices.bill.programs.values import SolarMonth, SolarStatement
from meterbook.notices.bill.words import words


def level(document: BillDocument) -> dict[str, Any] | None:
    """The level payment box and table: true balance and what to pay, side by side; nothing without a plan."""
    one = document.level
    if one is None:
        return None
    w = words(document.language)
    title = w["level_pay"] if one.month is None else w["level_month"].format(month=one.month)
    return {
        "balance": figures.money(document.amount_due_cents),
        "pay": figures.money(one.pay_cents),
        "title": title,
        "rows": [
            [w["level_actual"], figures.money(one.actual_cents)],
            [w["level_settles" if one.settles else "level_asked"], figures.money(one.asked_cents)],
            [w["level_deferred"], figures.money(one.difference_cents)],
            [w["level_balance"], figures.money(document.amount_due_cents)],
        ],
        "pay_row": [w["level_pay_this"], figures.money(one.pay_cents)],
    }


def solar(document: BillDocument) -> list[dict[str, Any]]:
    """Every statement of net metering: its months, and what is carried or was settled."""
    return [_statement(one, document.language) for one in document.solar]


def _statement(one: SolarStatement, language: str) -> dict[str, Any]:
    w = words(language)
    unit = "kWh" if one.in_kwh else "$"
    head = [w["solar_days"], w["solar_in"], w["solar_out"]]
    if not one.in_kwh:
        head.append(w["solar_earned"])
    if one.carries:
        head.append(w["solar_carried"].format(unit=unit))
    said = []
    if one.in_kwh:
        said.append(w["solar_billed"].format(kwh=figures.quantity(one.billed_e6)))
    if one.carries and not one.settled:
        said.append(w["solar_true_up"].format(month=figures.month(2000, one.true_up_month, language, "MMMM")))
    if one.settled:
        said.append(w["solar_settled"].format(amount=figures.money(one.paid_cents)))
    if one.expired_e6 or one.expired_cents:
        lost = f"{figures.quantity(one.expired_e6)} kWh" if one.in_kwh else figures.money(one.expired_cents)
        said.append(w["solar_expired"].format(what=lost))
    return {"head": head, "rows": [_month(each, one, language) for each in one.months], "said": said}


def _month(each: SolarMonth, one: SolarStatement, language: str) -> list[str]:
    row = [figures.span(each.starts, last_day(each.ends), language), figures.quantity(each.imports_e6),
           figures.quantity(each.exports_e6)]  # fmt: skip
    if not one.in_kwh:
        row.append(figures.money(each.earned_cents))
    if one.carries:
        row.append(figures.quantity(each.carried_e6) if one.in_kwh else figures.money(each.carried_cents))
    return row
