"""From an account's movements to its printed statement."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.notices.account_statement.words import words
from meterbook.notices.letters import Letter, long_day, money, set_letters, to_holder
from meterbook.records.billing.screens import bills_by_id
from meterbook.records.customers.models import Account
from meterbook.records.ledger.screens import Movement, statement_of
from meterbook.records.ledger.standing_on import aged_on
from meterbook.records.platform.queries import utility


class NoSuchAccount(LookupError):
    """There is no such account."""


def statement_letter(account_id: int, *, since: date, until: date, language: str = "") -> Letter:
    """The statement from ``since`` to ``until``, its last day, in the holder's language unless another is said.

    Raises `NoSuchAccount`.
    """
    account = Account.objects.filter(pk=account_id).select_related("holder").first()
    if account is None:
        raise NoSuchAccount(f"no account {account_id}")
    language = language or account.holder.language
    w, house = words(language), utility()
    found = statement_of(account.pk, since=since, until=until + timedelta(days=1))
    bills = bills_by_id([line.source_id for line in found.lines if line.source_kind == "bill"])
    rows = [[w["opening"], long_day(since, language), "", money(found.opening_cents)]]
    rows += [
        [_what(line, bills, w), long_day(line.effective_on, language), money(line.amount_cents),
         money(line.balance_cents)]
        for line in found.lines
    ]  # fmt: skip
    closing = w["closing"].format(day=long_day(until, language))
    rows.append([closing, long_day(until, language), "", money(found.closing_cents)])
    return to_holder(
        account, language=language, on=until, title=w["title"], account=w["account"].format(number=account.number),
        about=w["about"].format(since=long_day(since, language), until=long_day(until, language)),
        greeting=w["greeting"].format(name=account.holder.name), said=[w["said"]],
        heads=[w["what"], w["day"], w["amount"], w["balance"]], rows=rows, strong_last=True,
        closing=[
            *_standing(account.pk, until, w, language), w["questions"].format(phone=house.phone, email=house.email)
        ],
    )  # fmt: skip


def render_statement(account_id: int, *, since: date, until: date, language: str = "") -> bytes:
    """The statement as a tagged PDF. Raises `NoSuchAccount` and `NotSet`."""
    return set_letters([statement_letter(account_id, since=since, until=until, language=language)])


def _what(line: Movement, bills: dict[int, str], w: dict[str, str]) -> str:
    return w.get(f"kind:{line.source_kind}", w["kind:"]).format(number=bills.get(line.source_id, ""))


def _standing(account: int, day: date, w: dict[str, str], language: str) -> list[str]:
    """What is past due by age, or what waits as a credit."""
    said = []
    for row in aged_on(day, account=account, by="account"):
        if row.past_due:
            said.append(w["past_due"].format(day=long_day(day, language), late=money(row.past_due)))
            ages = {"b1": row.days_1_30, "b2": row.days_31_60, "b3": row.days_61_90, "b4": row.days_over_90}
            said.append(w["aged"].format(**{name: money(cents) for name, cents in ages.items()}))
        if row.credits:
            said.append(w["in_credit"].format(credit=money(-row.credits)))
    return said
