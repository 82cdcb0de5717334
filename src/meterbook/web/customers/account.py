"""The account page: everything a caller asks, on one screen: who, what is owed, what happens next, what was used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest

from meterbook.records.billing import screens as billing
from meterbook.records.contacts import screens as contacts
from meterbook.records.customers import screens as customers
from meterbook.records.customers.documents import documents
from meterbook.records.customers.people import screens as people
from meterbook.records.ledger import screens as ledger
from meterbook.records.metering import screens as metering
from meterbook.records.places import screens as places
from meterbook.web.arrangements.panels import arrangements_panel
from meterbook.web.autopay.panels import autopay_panel
from meterbook.web.cases.panels import cases_panel
from meterbook.web.contacts.callers import Caller, allowed, caller
from meterbook.web.contacts.views import ACCESS_LOG, reason_said
from meterbook.web.customers.money import owing
from meterbook.web.customers.statement import statement_lines
from meterbook.web.customers.suspensions import of_account
from meterbook.web.customers.usage import charts
from meterbook.web.kit.access import may, roles_held
from meterbook.web.kit.contact import masked_email, masked_phone
from meterbook.web.moves.panels import moves_panel
from meterbook.web.programs.panels import account_panel
from meterbook.web.restore.panels import restore_panel
from meterbook.web.service_orders.panels import orders_panel

BILLS_SHOWN, MOVEMENTS_SHOWN, CONTACTS_SHOWN, PAPERS_SHOWN = 6, 8, 4, 4
#: Deeds whose buttons the page shows to those who may do them.
DEEDS = {
    "may_correct": "corrections.open_case", "may_suspend": "customers.suspend_service", "may_log": "contacts.log",
    "may_change": "customers.change_person", "may_alert": "customers.raise_alert", "may_part": "customers.add_part",
    "may_keep": "platform.attach_file", "may_pay": "cashiering.take_receipt",
    "may_move": "moves.make",
}  # fmt: skip


def account_context(request: HttpRequest, account: Any, *, day: date) -> dict[str, object]:
    """Everything the account page shows."""
    agreements = customers.agreements(account.pk)
    current = [row for row in agreements if day in row["validity"]]
    points = [row["service_point_id"] for row in current]
    alerts = people.alerts(account.pk, day)
    secret = any(each["kind"] == "confidential_address" for each in alerts)
    asked = caller(request, account.pk, day, confidential=secret)
    bills = billing.bills_of_account(account.pk, BILLS_SHOWN)
    return {
        "account": account,
        "caller": asked,
        "secret": secret and not asked.sees,
        "alerts": alerts,
        **_people(account, asked, day),
        "protections": customers.protections(account.pk, day),
        "current": current,
        "ended": [row for row in agreements if row not in current],
        "facts": places.facts_on(points, day),
        "premises": _premises(current or agreements),
        **_hanging(current, points),
        **owing(account, day, served=bool(current)),
        "charts": charts(account.pk, day),
        "bills": bills,
        "statement": statement_lines(ledger.movements(account.pk, MOVEMENTS_SHOWN)),
        "contacts": _contacts(account.pk, day),
        "papers": documents(account.pk, PAPERS_SHOWN),
        "programs": account_panel(account.pk),
        "autopay": autopay_panel(account.pk),
        "off_for_nonpayment": restore_panel(account, day),
        "arrangements": arrangements_panel(account.pk, day),
        "cases_panel": cases_panel(account.pk, day),
        "account_moves": moves_panel(account.pk),
        "orders_panel": orders_panel(account.pk, day),
        **of_account(account.pk, day),
        **{name: may(request, kind) for name, kind in DEEDS.items()},
        "may_audit": bool(ACCESS_LOG.roles & roles_held(request)),
        "title": account.holder.name,
    }


def contact(phone: str, email: str, sees: bool) -> tuple[str, str]:
    """Contact data as this reader may see it."""
    return (phone, email) if sees else (masked_phone(phone), masked_email(email))


def _people(account: Any, asked: Caller, day: date) -> dict[str, object]:
    """The holder and everybody with a part, each with what they may be told."""
    parts = people.parts(account.pk, day)
    for row in parts:
        row["phone"], row["email"] = contact(row["phone"], row["email"], asked.sees)
        row["may"] = allowed(asked.rules, row["part"])
        row["stands"] = day in row["validity"]
    phone, email = contact(account.holder.phone, account.holder.email, asked.sees)
    told = [row for row in parts if row["part"] == "third_party" and row["stands"]]
    return {
        "people": parts, "phone": phone, "email": email, "third_party": told,
        "holder_may": allowed(asked.rules, "holder"), "forwarded": people.forwarded(account.pk, day),
    }  # fmt: skip


def _hanging(current: Sequence[dict[str, Any]], points: list[int]) -> dict[str, object]:
    """The meters that hang at the account's points now, where each hangs, and what the field was asked there."""
    now = [row for row in metering.meters_at(points) if row["validity"].upper is None]
    at: dict[int, list[Any]] = {}
    for meter in now:
        at.setdefault(meter["service_point_id"], []).append(meter)
    for row in current:
        row["meters"] = at.get(row["service_point_id"], [])
    return {"requests": metering.requests_at(points)}


def _contacts(account_id: int, day: date) -> list[dict[str, Any]]:
    """The last contacts, what they were about in words."""
    rows = contacts.newest(account_id, CONTACTS_SHOWN)
    known = contacts.reasons(day) if rows else {}
    for row in rows:
        row["about"] = reason_said(row["reason"], known)
    return rows


def _premises(agreements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The premises served, each once."""
    return list({row["premise_id"]: row for row in agreements}.values())
