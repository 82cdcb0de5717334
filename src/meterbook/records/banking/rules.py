"""The policy `bank-rules`: which lines of the bank's are fees or interest, and where they are booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.records.banking.models import StatementLine
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.policies import NoPolicy, policy

ROLES = ("bank_fees", "bank_interest", "over_short", "refunds", "unclaimed")


class WrongBankRule(ValueError):
    """The policy's text: where, found, expected."""


@dataclass(frozen=True, slots=True)
class BankRule:
    """Lines of these codes, or with these words in their text, are booked to the chart's account of a role."""

    name: str
    codes: tuple[str, ...]
    words: tuple[str, ...]
    role: str

    def fits(self, line: StatementLine) -> bool:
        """Whether a line is of this rule."""
        text = f"{line.kind} {line.text} {line.counterparty}".lower()
        return line.code in self.codes or any(word in text for word in self.words)

    def account(self) -> LedgerAccount:
        """Where it is booked. Raises `NoLedgerAccount`."""
        return account_for(self.role)


def bank_rules(on: date) -> tuple[BankRule, ...]:
    """The rules in force, in their order; none where there is no policy. Raises `WrongBankRule`."""
    try:
        document = policy("bank-rules", on)
    except NoPolicy:
        return ()
    found = document.get("rules")
    if not isinstance(found, list):
        raise WrongBankRule("bank-rules, rules: expected a list")
    return tuple(_rule(each, at) for at, each in enumerate(found, start=1))


def rule_for(line: StatementLine, rules: Sequence[BankRule]) -> BankRule | None:
    """The first rule a line is of."""
    return next((rule for rule in rules if rule.fits(line)), None)


def _rule(found: Any, at: int) -> BankRule:
    if not isinstance(found, dict) or set(found) - {"name", "codes", "words", "role"} or not found.get("name"):
        raise WrongBankRule(f"bank-rules, rule {at}: expected name, codes, words and role")
    if found.get("role") not in ROLES:
        raise WrongBankRule(f"bank-rules, {found['name']}: role {found.get('role')!r}, expected {', '.join(ROLES)}")
    codes, words = found.get("codes", []), found.get("words", [])
    if not (codes or words):
        raise WrongBankRule(f"bank-rules, {found['name']}: expected codes or words")
    return BankRule(
        str(found["name"]), tuple(map(str, codes)), tuple(str(each).lower() for each in words), str(found["role"])
    )
