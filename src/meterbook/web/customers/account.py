"""The account page: who, where, what is owed, what was used, what was billed, what moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.billing import screens as billing
from meterbook.records.customers import screens as customers
from meterbook.records.ledger import screens as ledger
from meterbook.records.metering import screens as metering
from meterbook.records.payments import screens as payments
from meterbook.records.places import screens as places
from meterbook.web.arrangements.panels import arrangements_panel
from meterbook.web.autopay.panels import autopay_panel
from meterbook.web.customers.suspensions import of_account
from meterbook.web.kit import words
from meterbook.web.kit.charts import Chart, MonthUsage, newest_month, usage_chart
from meterbook.web.kit.contact import masked_email, masked_phone
from meterbook.web.programs.panels import account_panel

BILLS_SHOWN, MOVEMENTS_SHOWN = 13, 20


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement in words, with the link to what it came from."""

    movement: ledger.Movement
    words: str
    detail: str
    href: str


def account_context(account: Any, *, day: date, sees_contact: bool) -> dict[str, object]:
    """Everything the account page shows."""
    agreements = customers.agreements(account.pk)
    current = [row for row in agreements if day in row["validity"]]
    owed = ledger.owed(account.pk, day)
    people = customers.people(account.pk)
    for person in people:
        person["phone"], person["email"] = contact(person["phone"], person["email"], sees_contact)
    phone, email = contact(account.holder.phone, account.holder.email, sees_contact)
    return {
        "account": account,
        "phone": phone,
        "email": email,
        "people": people,
        "protections": customers.protections(account.pk, day),
        "current": current,
        "ended": [row for row in agreements if row not in current],
        "facts": places.facts_on([row["service_point_id"] for row in current], day),
        "premises": _premises(current or agreements),
        "owed": owed,
        "balance": sum(row.balance_cents for row in owed),
        "past_due": sum(row.past_due_cents for row in owed),
        "not_due": sum(row.not_due_cents for row in owed),
        "credit": sum(row.credit_cents for row in owed),
        "past_due_since": min((row.past_due_since for row in owed if row.past_due_since), default=None),
        "charts": charts(account.pk, day),
        "bills": billing.bills_of_account(account.pk, BILLS_SHOWN),
        "statement": statement(account.pk),
        "programs": account_panel(account.pk),
        "autopay": autopay_panel(account.pk),
        "arrangements": arrangements_panel(account.pk, day),
        **of_account(account.pk, day),
        "title": account.holder.name,
    }


def contact(phone: str, email: str, sees: bool) -> tuple[str, str]:
    """Contact data as this reader may see it."""
    return (phone, email) if sees else (masked_phone(phone), masked_email(email))


def _premises(agreements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The premises served, each once."""
    return list({row["premise_id"]: row for row in agreements}.values())


def statement(account_id: int) -> list[StatementLine]:
    """The newest movements in words: bills by their number, payments by their reference."""
    moved = ledger.movements(account_id, MOVEMENTS_SHOWN)
    bills = billing.bills_by_id([each.source_id for each in moved if each.source_kind == "bill"])
    paid = payments.references([each.source_id for each in moved if each.source_kind == "payment"])
    beside = payments.behind([(each.source_kind, each.source_id) for each in moved])
    return [_statement_line(each, bills, paid, beside) for each in moved]


def _statement_line(
    movement: ledger.Movement, bills: dict[int, str], paid: dict[int, dict[str, Any]],
    beside: dict[tuple[str, int], int],
) -> StatementLine:  # fmt: skip
    """A movement with the page it came from: a payment's way, also where it was moved or taken back."""
    said = words.say("entry_source", movement.source_kind)
    if movement.source_kind == "bill" and movement.source_id in bills:
        return StatementLine(movement, said, bills[movement.source_id], reverse("bill", args=[movement.source_id]))
    if movement.source_kind == "payment" and movement.source_id in paid:
        payment = paid[movement.source_id]
        detail = payment["batch_number"] or payment["reference"]
        return StatementLine(movement, said, detail, reverse("payment", args=[movement.source_id]))
    if found := beside.get((movement.source_kind, movement.source_id)):
        name = "hand_change" if movement.source_kind == "transfer" else "payment"
        return StatementLine(movement, said, "", reverse(name, args=[found]))
    if movement.source_kind == "adjustment":
        return StatementLine(movement, said, "", reverse("adjustment", args=[movement.source_id]))
    return StatementLine(movement, said, "", "")


def charts(account_id: int, day: date) -> list[Chart]:
    """One chart for each commodity and direction the account has usage of."""
    rows = metering.usage_of(account_id, day - timedelta(days=26 * 31))
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        direction = "received" if row["channel"] == "received" else "delivered"
        grouped.setdefault((row["commodity"], direction, row["unit"]), []).append(row)
    return [_chart(key, usage, day) for key, usage in sorted(grouped.items())]


def _chart(key: tuple[str, str, str], rows: list[dict[str, Any]], day: date) -> Chart:
    commodity, direction, unit = key
    months: dict[date, MonthUsage] = {}
    for row in rows:
        month = row["ends"].replace(day=1)
        before = months.get(month, MonthUsage(0, False))
        months[month] = MonthUsage(before.quantity_e6 + row["quantity_e6"], before.estimated or row["estimated"])
    title = words.say("commodity", commodity)
    if direction == "received":
        title = gettext("%(service)s sent to the grid") % {"service": title}
    newest = newest_month([row["ends"] for row in rows], day)
    return usage_chart(key=f"{commodity}-{direction}", title=title, unit=unit, usage=months, newest=newest)
