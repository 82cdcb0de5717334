"""From an account's deposits, interest and instruments on record to a letter, in the words of print."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from meterbook.engine.money import dollars
from meterbook.notices.deposit.words import words
from meterbook.notices.letters import long_day
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.ledger.deposits.interest import rules_in_force
from meterbook.records.ledger.deposits.queries import deposits
from meterbook.records.ledger.models import DepositInterest, DepositUse
from meterbook.records.platform import queries
from meterbook.records.security.instruments import expiring

KINDS = ("certificate", "interest", "refund", "renewal")
Rows = list[list[str]]


class NothingToSay(LookupError):
    """The account has nothing this letter is about."""


def letter_document(account: Account, kind: str, day: date) -> dict[str, Any]:
    """A letter of a kind as the template's plain values. Raises `NothingToSay` and `NoPolicy`."""
    language, utility = account.holder.language, queries.utility()
    w = words(language)
    said, heads, rows = {
        "certificate": _certificate, "interest": _interest, "refund": _refund, "renewal": _renewal,
    }[kind](account, day, language)  # fmt: skip
    if not rows:
        raise NothingToSay(f"account {account.number} has nothing a letter {kind} is about")
    return {
        "language": language, "title": w[f"{kind}_title"], "utility": utility.name, "department": utility.department,
        "date": long_day(day, language), "stated": (day.year, day.month, day.day),
        "account": w["account"].format(number=account.number), "mail": [account.holder.name, *account.mail_lines],
        "greeting": w["greeting"].format(name=account.holder.name), "said": said, "heads": heads, "rows": rows,
        "question": w["question"].format(phone=utility.phone, email=utility.email),
        "rule": w["rule"].format(citation=" ".join(rules_in_force(day)[0].citation.split())),
    }  # fmt: skip


def _rate(account: Account, day: date) -> tuple[date, Decimal]:
    rate = [one for one in rules_in_force(day)[1].interest.rates if one.first <= day][-1]
    return rate.first, (Decimal(rate.millionths) / 10**4).normalize() + Decimal("0.00")


def _money(cents: int) -> str:
    return f"{dollars(cents):,}"


def _certificate(account: Account, day: date, language: str) -> tuple[list[str], list[str], Rows]:
    w = words(language)
    held = [one for one in deposits(account.pk).order_by("received_on", "pk") if one.held_cents > 0]
    schedules = ServiceAgreement.objects.filter(account=account, validity__contains=day)
    rule = rules_in_force(day)[1].class_of(list(schedules.values_list("schedule__code", flat=True)))
    first, percent = _rate(account, day)
    total = sum(int(one.held_cents) for one in held)
    said = [
        w["certificate_lead"].format(day=long_day(day, language), cents=f"${_money(total)}"),
        w["certificate_bears"].format(percent=percent, day=long_day(first, language)),
        w["certificate_back"].format(months=rule.clean.months),
    ]
    rows = [[long_day(one.since or one.received_on, language), _money(int(one.held_cents))] for one in held]
    return said, [w["since"], w["amount"]], [*rows, [w["sum"], _money(total)]] if rows else []


def _interest(account: Account, day: date, language: str) -> tuple[list[str], list[str], Rows]:
    w = words(language)
    given = DepositInterest.objects.filter(deposit__account=account, upto__gt=day - timedelta(days=366))
    sums: dict[date, int] = {}
    for upto, cents in given.order_by("upto").values_list("upto", "amount_cents"):
        sums[upto] = sums.get(upto, 0) + cents
    first, percent = _rate(account, day)
    said = [w["interest_lead"], w["interest_rate"].format(day=long_day(first, language), percent=percent)]
    rows = [[w["interest"].format(day=long_day(upto, language)), _money(cents)] for upto, cents in sums.items()]
    return said, [w["what"], w["amount"]], rows


def _refund(account: Account, day: date, language: str) -> tuple[list[str], list[str], Rows]:
    w = words(language)
    uses = DepositUse.objects.filter(deposit__account=account, kind=DepositUse.REFUNDED)
    last = uses.order_by("-pk").first()
    if last is None:
        raise NothingToSay(f"no deposit of account {account.number} went back")
    back = sum(uses.filter(deed=last.deed).values_list("amount_cents", flat=True))
    grown = sum(DepositInterest.objects.filter(deed=last.deed, deposit__account=account)
                .values_list("amount_cents", flat=True))  # fmt: skip
    when = long_day(last.used_on, language)
    said = [w["refund_lead"].format(day=when, cents=f"${_money(back + grown)}"), w["refund_where"]]
    rows = [
        [w["deposit"], _money(back)], [w["interest"].format(day=when), _money(grown)],
        [w["sum"], _money(back + grown)],
    ]  # fmt: skip
    return said, [w["what"], w["amount"]], rows


def _renewal(account: Account, day: date, language: str) -> tuple[list[str], list[str], Rows]:
    w = words(language)
    most = max(rules_in_force(day)[1].remind_days)
    rows = [
        [
            w[one.kind].format(issuer=one.issuer), long_day(one.validity.upper - timedelta(days=1), language),
            _money(one.amount_cents),
        ]
        for one in expiring(day, day + timedelta(days=most)).filter(account=account)
    ]  # fmt: skip
    return [w["renewal_lead"], w["renewal_do"]], [w["what"], w["until"], w["amount"]], rows
