"""From a reset on record to letters, in the words of print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from meterbook.engine.money import dollars
from meterbook.engine.quantity import unscaled
from meterbook.notices.winter_average.words import long_day, words
from meterbook.records.platform import queries
from meterbook.records.programs.models import WinterAverage


class NoSuchLetter(LookupError):
    """There is no such row, or nobody is served at its service point."""


def letter_documents(row_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """A letter for each row with a customer, by account number, as the template's plain values."""
    rows = WinterAverage.objects.filter(pk__in=row_ids, account__isnull=False)
    people = ("account__holder", "service_point__premise", "reset__policy")
    yield from (_letter(row) for row in rows.select_related(*people).order_by("account__number", "pk"))


def rows_of(reset_id: int) -> list[int]:
    """The rows of a reset with a customer, by account number."""
    rows = WinterAverage.objects.filter(reset_id=reset_id, account__isnull=False)
    return list(rows.order_by("account__number", "pk").values_list("pk", flat=True))


def without_account(reset_id: int) -> int:
    """How many points of a reset have no customer to write to."""
    return WinterAverage.objects.filter(reset_id=reset_id, account__isnull=True).count()


def _letter(row: WinterAverage) -> dict[str, Any]:
    assert row.account is not None
    holder = row.account.holder
    language, utility = holder.language, queries.utility()
    w, day = words(holder.language), long_day(row.reset.effective, holder.language)
    quantity = _plain(unscaled(row.set_e6))
    said = [w["lead"].format(day=day, quantity=quantity), _how(row, w)]
    if row.estimated and row.override_e6 is None and row.source != "default":
        said.append(w["estimated"].format(count=row.estimated))
    stated = row.reset.drawn_by.business_date
    return {
        "language": language, "title": w["title"].format(day=day), "utility": utility.name,
        "department": utility.department, "date": long_day(stated, language),
        "stated": (stated.year, stated.month, stated.day),
        "account": w["account"].format(number=row.account.number), "mail": [holder.name, *row.account.mail_lines],
        "address": w["address"].format(address=row.service_point.premise.address),
        "greeting": w["greeting"].format(name=holder.name), "said": said,
        "heads": ["", w["before"], w["after"].format(day=day)],
        "rows": [
            [w["quantity"], _plain(unscaled(row.before_e6)), quantity],
            [w["charge"], _money(row.cents_before), _money(row.cents_after)],
        ],
        "question": w["question"].format(phone=utility.phone, email=utility.email),
        "rule": w["rule"].format(citation=" ".join(row.reset.policy.citation.split())), "page": w["page"],
    }  # fmt: skip


def _how(row: WinterAverage, w: dict[str, str]) -> str:
    if row.override_e6 is not None:
        return w["override"]
    return w[row.source].format(periods=row.periods)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _money(cents: int | None) -> str:
    return "–" if cents is None else f"{dollars(cents):,}"
