"""From the books' chart to the city's general ledger: which of its accounts each cent goes to, and the journal's lines.

A rule names an account of the chart and, where the city tells them apart, the service, the customers' class and the
charge's component. The rule that names most wins; of two that name as much, the one that stands first. A rule for ``*``
is about every account no other rule fits; ``{account}`` in its text is filled in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

_FIELDS = {"policy", "citation", "effective", "accounts", "file"}
EVERY = "*"
_RULE = ("account", "service", "class", "component")


class WrongMapping(ValueError):
    """A mapping that cannot be read, or does not cover what is booked: says where and what was expected."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; an empty service, class or component stands for all of them."""

    account: str
    service: str
    klass: str
    component: str
    gl: str
    title: str

    def fits(self, piece: Piece) -> bool:
        """Whether the rule is about a piece."""
        mine, its = (self.service, self.klass, self.component), (piece.service, piece.klass, piece.component)
        same = all(not one or one == other for one, other in zip(mine, its, strict=True))
        return self.account in (piece.account, EVERY) and same

    @property
    def names(self) -> int:
        """How much the rule names; an account counts more than all the rest."""
        return 4 * (self.account != EVERY) + sum(bool(one) for one in (self.service, self.klass, self.component))


@dataclass(frozen=True, slots=True)
class Mapping:
    """Every rule, in the policy's order."""

    rules: tuple[Rule, ...]

    def rule_for(self, piece: Piece) -> Rule:
        """The rule for a piece. Raises `WrongMapping` where none is about it."""
        fitting = [rule for rule in self.rules if rule.fits(piece)]
        if not fitting:
            raise WrongMapping(
                f"account {piece.account} ({piece.service or 'no service'}, {piece.klass or 'no class'},"
                f" {piece.component or 'no component'}) has no account of the general ledger"
            )
        found = max(fitting, key=lambda rule: rule.names)
        if found.account != EVERY:
            return found
        return replace(
            found,
            gl=found.gl.replace("{account}", piece.account),
            title=found.title.replace("{account}", piece.account),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Cents of a month (above zero debited) of one account of the chart, service, class and component."""

    account: str
    fund: str
    service: str
    klass: str
    component: str
    cents: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal: the month's net of one account of the general ledger in one fund; above zero debited."""

    fund: str
    gl: str
    title: str
    cents: int


def parse_mapping(found: Dict[str, Any]) -> Mapping:
    """The policy's accounts as rules; raises `WrongMapping`."""
    if set(found) != _FIELDS:
        raise WrongMapping(
            f"gl-journal: expected exactly {', '.join(sorted(_FIELDS))}, found {', '.join(sorted(found))}"
        )
    rules = found["accounts"]
    if not isinstance(rules, list) or not rules:
        raise WrongMapping(f"accounts: found {rules!r}, expected a list with at least one rule")
    made = tuple(_rule(one, f"accounts[{at}]") for at, one in enumerate(rules))
    said = [(one.account, one.service, one.klass, one.component) for one in made]
    if repeated := [one for one in said if said.count(one) > 1]:
        raise WrongMapping(f"accounts: {' '.join(part for part in repeated[0] if part)} has two rules")
    return Mapping(made)


def _rule(found: object, where: str) -> Rule:
    if not isinstance(found, dict) or not {"account", "gl", "title"} <= set(found) <= {*_RULE, "gl", "title"}:
        raise WrongMapping(f"{where}: expected account, gl, title and, if any, service, class, component")
    for name, value in found.items():
        if not isinstance(value, str) or not value:
            raise WrongMapping(f"{where}.{name}: found {value!r}, expected text (quote a code of digits)")
    account, service, klass, component = (str(found.get(name, "")) for name in _RULE)
    return Rule(account, service, klass, component, found["gl"], found["title"])


def journal(pieces: Sequence[Piece], mapping: Mapping) -> list[Line]:
    """The lines of a month: each account of the general ledger once a fund, what nets to nothing left out.

    Raises `WrongMapping` for a piece without a rule and for a fund that does not balance.

    >>> rules = (Rule("1221", "", "", "", "W-12", "Receivable"), Rule("4220", "", "", "", "W-40", "Water"))
    >>> pieces = [Piece("1221", "water", "water", "", "", 900), Piece("4220", "water", "water", "", "", -900)]
    >>> [(line.gl, line.cents) for line in journal(pieces, Mapping(rules))]
    [('W-12', 900), ('W-40', -900)]
    """
    sums: dict[tuple[str, str], int] = defaultdict(int)
    titles: dict[tuple[str, str], str] = {}
    funds: dict[str, int] = defaultdict(int)
    for piece in pieces:
        rule = mapping.rule_for(piece)
        sums[(piece.fund, rule.gl)] += piece.cents
        titles.setdefault((piece.fund, rule.gl), rule.title)
        funds[piece.fund] += piece.cents
    for fund, cents in sorted(funds.items()):
        if cents:
            raise WrongMapping(f"fund {fund} does not balance: {cents} cents apart")
    return [Line(fund, gl, titles[fund, gl], cents) for (fund, gl), cents in sorted(sums.items()) if cents]
