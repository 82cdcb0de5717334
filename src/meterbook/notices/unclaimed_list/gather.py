"""From a publication on record to the notice the newspaper prints."""

from __future__ import annotations

from meterbook.notices.letters import Letter, long_day, money, set_letters
from meterbook.notices.unclaimed_list.words import words
from meterbook.records.platform.queries import utility
from meterbook.records.refunds.models import Publication
from meterbook.records.refunds.settings import dormancy_on


class NoSuchList(LookupError):
    """There is no such publication."""


def published_list(publication_id: int, language: str) -> Letter:
    """The notice: owner and amount of each property, the fund, and the day it becomes the city's. `NoSuchList`."""
    found = Publication.objects.filter(pk=publication_id).first()
    if found is None:
        raise NoSuchList(f"no publication {publication_id}")
    w = words(language)
    house = utility()
    _, rules = dormancy_on(found.first_on)
    listed = list(found.listed.order_by("owner", "pk"))
    total = sum(one.amount_cents for one in listed)
    day = found.first_on
    return Letter(
        language=language, title=w["title"], utility=house.name, department=house.department,
        date=long_day(day, language), stated=(day.year, day.month, day.day), account=w["notice"],
        mail=[found.newspaper], about=w["twice"].format(
            first=long_day(found.first_on, language), second=long_day(found.second_on, language)),
        greeting="", said=[
            w["held"].format(fund=found.fund, count=len(listed), total=money(total)),
            w["becomes"].format(day=long_day(found.claim_by, language)),
        ],
        heads=[w["owner"], w["since"], w["amount"]],
        rows=[*([one.owner, long_day(one.since, language), money(one.amount_cents)] for one in listed),
              [w["total"], "", money(total)]],
        strong_last=True, closing=[w["claim"].format(phone=house.phone, email=house.email)],
        rule=w["rule"].format(citation=rules.rule(found.rule).citation),
    )  # fmt: skip


def render_list(publication_id: int, language: str) -> bytes:
    """The notice as a PDF. Raises `NoSuchList` and `NotSet`."""
    return set_letters([published_list(publication_id, language)])
