"""Unclaimed money: under which rule it falls, from which day, what must be published when, and until when claimed.

The policy `unclaimed-money`. A rule without publication needs none; with it, notices are printed a week apart and
owners may claim until a day counted from the first one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from meterbook.engine.billing.adjusting import fields

#: To whom money goes that nobody claimed: the city's own fund, or the state (reported in a file).
ENDS = ("city", "state")


class WrongDates(ValueError):
    """Dates of a publication that the rule does not allow; says what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Published:
    """How a list is published: so many notices, ``every_days`` apart; claims so many days after the first."""

    notices: int
    every_days: int
    least_days: int
    most_days: int
    newspaper: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: amounts up to ``below_cents`` (None: any), unclaimed for ``months`` since the last contact."""

    code: str
    words: Mapping[str, str]
    below_cents: int | None
    months: int
    publication: Published | None
    ends: str
    citation: str

    def dormant_on(self, since: date) -> date:
        """The first day money last spoken of on ``since`` falls under the rule.

        >>> Rule("a", {}, None, 36, None, "city", "").dormant_on(date(2024, 2, 29))
        datetime.date(2027, 3, 1)
        """
        return months_on(since, self.months)


@dataclass(frozen=True, slots=True)
class Dormancy:
    """The policy as values: its rules, the strictest for small amounts first, and the days of the letters."""

    rules: tuple[Rule, ...]
    letter_before_days: int
    answer_days: int
    takes_over: str
    fund: str
    holder: Mapping[str, str]

    def rule_for(self, cents: int) -> Rule:
        """The rule an amount falls under: the first whose limit is above it."""
        return next(rule for rule in self.rules if rule.below_cents is None or cents < rule.below_cents)

    def rule(self, code: str) -> Rule:
        """One rule by its code; raises `LookupError`."""
        found = next((rule for rule in self.rules if rule.code == code), None)
        if found is None:
            raise LookupError(f"no rule {code}; known: {', '.join(rule.code for rule in self.rules)}")
        return found

    def letter_on(self, cents: int, since: date) -> date:
        """The first day a letter is due: so many days before the money is dormant."""
        return self.rule_for(cents).dormant_on(since) - timedelta(days=self.letter_before_days)


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or the first of the next month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def check_dates(published: Published, days: Sequence[date], claim_by: date) -> None:
    """Raise `WrongDates` where the notices are not as many, not a week apart, or the claim day lies outside."""
    if len(days) != published.notices:
        raise WrongDates(f"{len(days)} notices, expected {published.notices}")
    for before, after in pairwise(days):
        if (after - before).days != published.every_days:
            raise WrongDates(f"notices on {before} and {after}, expected {published.every_days} days apart")
    after_first = (claim_by - days[0]).days
    if not published.least_days <= after_first <= published.most_days:
        raise WrongDates(
            f"claims until {claim_by}, {after_first} days after the first notice; expected"
            f" {published.least_days} to {published.most_days}"
        )


def dates_from(published: Published, first: date) -> tuple[list[date], date]:
    """The notices' days from the first one, and the earliest claim day the rule allows.

    >>> dates_from(Published(2, 7, 45, 60, ""), date(2026, 3, 4))
    ([datetime.date(2026, 3, 4), datetime.date(2026, 3, 11)], datetime.date(2026, 4, 18))
    """
    days = [first + timedelta(days=published.every_days * at) for at in range(published.notices)]
    return days, first + timedelta(days=published.least_days)


def parse_dormancy(found: Mapping[str, Any]) -> Dormancy:
    """The policy's mapping as values; raises `WrongSetting`."""
    rules = tuple(_rule(row, f"rules[{at}]") for at, row in enumerate(fields.entries(found.get("rules"), "rules")))
    limits = [rule.below_cents for rule in rules]
    if limits[-1] is not None or None in limits[:-1] or limits[:-1] != sorted(limits[:-1], key=lambda one: one or 0):
        raise fields.WrongSetting("rules", limits, "limits that rise, the last rule without one")
    letters = fields.entry(found.get("letters"), "letters", ("before_days", "answer_days"))
    return Dormancy(
        rules=rules,
        letter_before_days=fields.whole(letters["before_days"], "letters.before_days"),
        answer_days=fields.whole(letters["answer_days"], "letters.answer_days", least=1),
        takes_over=fields.text(found.get("takes_over"), "takes_over"),
        fund=fields.text(found.get("fund"), "fund"),
        holder={str(key): str(value) for key, value in (found.get("holder") or {}).items()},
    )


def _rule(found: object, where: str) -> Rule:
    row = fields.entry(found, where, ("code", "words", "months", "ends", "citation"), ("below", "publication"))
    return Rule(
        code=fields.code(row["code"], f"{where}.code"),
        words=fields.words(row["words"], f"{where}.words"),
        below_cents=fields.money(row["below"], f"{where}.below") if "below" in row else None,
        months=fields.whole(row["months"], f"{where}.months", least=1),
        publication=_published(row["publication"], f"{where}.publication") if "publication" in row else None,
        ends=fields.one_of(row["ends"], f"{where}.ends", ENDS),
        citation=fields.text(row["citation"], f"{where}.citation"),
    )


def _published(found: object, where: str) -> Published:
    row = fields.entry(found, where, ("notices", "every_days", "claim_after_days", "newspaper"))
    span = row["claim_after_days"]
    if not isinstance(span, list) or len(span) != 2 or not all(isinstance(one, int) for one in span):
        raise fields.WrongSetting(f"{where}.claim_after_days", span, "two numbers of days, like [45, 60]")
    return Published(
        notices=fields.whole(row["notices"], f"{where}.notices", least=1),
        every_days=fields.whole(row["every_days"], f"{where}.every_days", least=1),
        least_days=fields.whole(span[0], f"{where}.claim_after_days"),
        most_days=fields.whole(span[1], f"{where}.claim_after_days", least=span[0]),
        newspaper=fields.text(row["newspaper"], f"{where}.newspaper"),
    )
