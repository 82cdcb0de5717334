"""What was asked, and what an answer is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise

from meterbook.records.customers.finding import matches
from meterbook.records.customers.finding.matches import Match

Said = str | Promise


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed, who asks, and how many answers of a kind are wanted."""

    text: str
    day: date
    sees_contact: bool
    sees_money: bool
    limit: int

    @property
    def digits(self) -> str:
        """The digits of what was typed."""
        return "".join(each for each in self.text if each.isdecimal() and each.isascii())

    @property
    def has_letters(self) -> bool:
        """Whether there is a letter in it."""
        return any(each.isalpha() for each in self.text)

    @property
    def is_one_word(self) -> bool:
        """Whether it is one word: what a number printed on something would be."""
        return " " not in self.text


@dataclass(frozen=True, slots=True)
class Hit:
    """An account or premise that was found, and beside it what led there: a part, a bill, a payment, a meter."""

    match: Match
    why: Said = ""
    why_href: str = ""

    @property
    def href(self) -> str:
        """The page this answer stands for."""
        if self.match.number:
            return reverse("account", args=[self.match.number])
        return reverse("premise", args=[self.match.premise_id]) if self.match.premise_id else self.why_href

    @property
    def key(self) -> tuple[int | None, int | None, str]:
        """By what the same answer is known when it comes a second time."""
        alone = self.match.account_id is None and self.match.premise_id is None
        return self.match.account_id, None if self.match.account_id else self.match.premise_id, self.why_href * alone


@dataclass(frozen=True, slots=True)
class Found:
    """One way the words matched: how, whom, and the page to go to at once where the very thing was named."""

    how: Said
    hits: list[Hit] = field(default_factory=list)
    straight_to: str = ""
    nearly: bool = False

    @property
    def matches(self) -> list[Match]:
        """The accounts and premises found this way."""
        return [hit.match for hit in self.hits]


def of_accounts(account_ids: Iterable[int]) -> list[Hit]:
    """Accounts as answers, each once, in their order."""
    return [Hit(each) for each in matches.matches(list(dict.fromkeys(account_ids)))]


def of_premises(premise_ids: list[int], day: date) -> dict[int, list[Hit]]:
    """Who is served at each premise now; else who was last; else the premise alone."""
    served = matches.accounts_of_premises(premise_ids, day)
    chosen = {
        premise: [account for account, serving in rows if serving] or [account for account, _serving in rows][-1:]
        for premise, rows in served.items()
    }
    by_account = {hit.match.account_id: hit for hit in of_accounts(pk for each in chosen.values() for pk in each)}
    return {
        premise: [by_account[pk] for pk in chosen.get(premise, [])]
        or [Hit(alone) for alone in matches.premise_alone(premise)]
        for premise in dict.fromkeys(premise_ids)
    }
