"""What the fields of a letter say for some accounts on a day, asked for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.db import connection

from meterbook.engine.money import dollars
from meterbook.records.correspondence.merging import FIELDS
from meterbook.records.customers.finding.matches import matches
from meterbook.records.customers.models import Account
from meterbook.records.customers.queries import mail_lines
from meterbook.records.platform.models import Utility
from meterbook.records.platform.queries import utility

_LOCALES = {"en": "en_US", "es": "es_US"}
_MINUS = "\N{MINUS SIGN}"
_NOTHING = "\N{EM DASH}"
_OWED = """
WITH item AS (
  SELECT o.account_id, o.side, o.due_on,
         o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                     WHERE l.charge_id = o.id OR l.credit_id = o.id), 0) AS open_cents
    FROM ledger_openitem o WHERE o.account_id = ANY(%s))
SELECT account_id,
       coalesce(sum(open_cents) FILTER (WHERE side = 'charge' AND due_on >= %s), 0),
       coalesce(sum(open_cents) FILTER (WHERE side = 'charge' AND due_on < %s), 0),
       coalesce(sum(open_cents) FILTER (WHERE side = 'credit'), 0),
       min(due_on) FILTER (WHERE side = 'charge' AND due_on < %s AND open_cents > 0),
       min(due_on) FILTER (WHERE side = 'charge' AND due_on >= %s AND open_cents > 0)
  FROM item GROUP BY account_id
"""


@dataclass(frozen=True, slots=True)
class Addressed:
    """One account's letter to come: its language, where it goes, and the value of every field in that language."""

    account: Account
    language: str
    mail: tuple[str, ...]
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Owed:
    not_due: int = 0
    past_due: int = 0
    credit: int = 0
    since: date | None = None
    due: date | None = None


def addressed(accounts: Sequence[Account], day: date, *, language: str = "") -> list[Addressed]:
    """Some accounts (with ``holder``) as a letter of ``day`` speaks of them; ``language`` overrules the holder's."""
    ids = [account.pk for account in accounts]
    owed, house = _owed(ids, day), utility()
    where = {found.account_id: found.address for found in matches(ids)}
    forwarded = mail_lines(dict.fromkeys(ids, day))
    made = []
    for account in accounts:
        speaks = language or account.holder.language
        lines = forwarded.get(account.pk) or list(account.mail_lines)
        figures = owed.get(account.pk, _Owed())
        said = _figures(figures, day, speaks) | _office(house, speaks)
        said |= {"account": account.number, "name": account.holder.name, "mailing_address": ", ".join(lines)}
        said["service_address"] = where.get(account.pk, "") or _NOTHING
        made.append(Addressed(account, speaks, (account.holder.name, *lines), {name: said[name] for name in FIELDS}))
    return made


def _owed(ids: list[int], day: date) -> dict[int, _Owed]:
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [ids, day, day, day, day])
        return {row[0]: _Owed(int(row[1]), int(row[2]), int(row[3]), row[4], row[5]) for row in cursor.fetchall()}


def _figures(owed: _Owed, day: date, language: str) -> dict[str, str]:
    balance = owed.not_due + owed.past_due - owed.credit
    return {
        "balance": _money(balance), "past_due": _money(owed.past_due), "not_due": _money(owed.not_due),
        "past_due_since": _day(owed.since, language), "due_date": _day(owed.due, language),
        "today": _day(day, language),
    }  # fmt: skip


def _office(house: Utility, language: str) -> dict[str, str]:
    hours = house.office_hours.get(language, "") if isinstance(house.office_hours, dict) else ""
    return {"utility": house.name, "phone": house.phone, "email": house.email, "website": house.website,
            "office_hours": str(hours)}  # fmt: skip


def _money(cents: int) -> str:
    return f"{_MINUS if cents < 0 else ''}${dollars(abs(cents)):,.2f}"


def _day(value: date | None, language: str) -> str:
    return str(format_date(value, "long", locale=_LOCALES[language])) if value else _NOTHING
