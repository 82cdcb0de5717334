"""From unclaimed money on record to the letter to its owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from meterbook.notices.letters import Letter, long_day, money, set_letters, to_holder
from meterbook.notices.unclaimed_letter.words import words
from meterbook.records.platform.queries import utility
from meterbook.records.refunds.models import Unclaimed
from meterbook.records.refunds.settings import dormancy_on


class NoSuchMoney(LookupError):
    """There is no such unclaimed money."""


def unclaimed_letter(unclaimed_id: int, language: str, on: date) -> Letter:
    """The letter about one property, stated on a day. Raises `NoSuchMoney`."""
    found = Unclaimed.objects.select_related("account__holder", "refund").filter(pk=unclaimed_id).first()
    if found is None:
        raise NoSuchMoney(f"no unclaimed money {unclaimed_id}")
    w = words(language)
    _, rules = dormancy_on(on)
    rule = rules.rule(found.rule)
    house = utility()
    what = w["uncashed"] if found.refund_id else w["credit"]
    letter = to_holder(
        found.account, language=language, on=on, title=w["title"],
        account=w["account"].format(number=found.account.number), about=rule.words[language],
        greeting=w["greeting"].format(name=found.owner),
        said=[
            w["holds"].format(amount=money(found.amount_cents), utility=house.name),
            w["answer"].format(day=long_day(on + timedelta(days=rules.answer_days), language)),
        ],
        heads=[w["what"], w["since"], w["amount"]],
        rows=[[what, long_day(found.since, language), money(found.amount_cents)]],
        closing=[w["how"].format(phone=house.phone, email=house.email),
                 w["published"] if rule.publication else w["unpublished"]],
        rule=w["rule"].format(citation=rule.citation),
    )  # fmt: skip
    return replace(letter, mail=[found.owner, *found.lines])


def render_letter(unclaimed_id: int, language: str, on: date) -> bytes:
    """The letter as a PDF. Raises `NoSuchMoney` and `NotSet`."""
    return set_letters([unclaimed_letter(unclaimed_id, language, on)])
