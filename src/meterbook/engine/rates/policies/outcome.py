"""What a policy comes to for one account: exact amounts, cents, and the reasons in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Context, Decimal, localcontext
from typing import cast

from meterbook.engine.rates.language.in_decimal import reasons, reckon, truth_of
from meterbook.engine.rates.policies.document import Policy, Result
from meterbook.engine.rates.spans import HUNDRED, ONE, ZERO, Span, cents, say, usd
from meterbook.engine.rates.tariff import Proration, Version
from meterbook.engine.trace import N_, Step

_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result: ``exact`` dollars as the formula says them, ``cents`` half-up, and why."""

    name: str
    words: dict[str, str]
    exact: Decimal
    cents: int
    steps: list[Step]


def _moment(policy: Policy) -> Span:
    """A policy's formulas stand in a version of one day that no formula may ask about."""
    day, after = policy.effective, policy.effective + timedelta(days=1)
    rule = Proration(1, 1, 1, 0, 6, "")
    version = Version(policy.policy, day, policy.source, rule, (), scope=policy.scope)
    return Span(policy.policy, version, day, after, day, after, ONE)


def _one(policy: Policy, result: Result, span: Span, facts: Mapping[str, Decimal | str | None]) -> Outcome:
    source = policy.source
    cited = {"utility": source.utility, "resolution": source.resolution, "section": source.section}
    found = [say(N_("Policy of {utility}, {resolution}, {section}."), **cited)]
    exact = ZERO
    applies = True
    if result.applies is not None:
        applies = truth_of(result.applies, span, facts, {}, component=result.name)
        found += reasons(result.applies, span, facts, {}, component=result.name)
    if applies:
        exact = cast("Decimal", reckon(result.amount, span, facts, {}, component=result.name))
        found += reasons(result.amount, span, facts, {}, component=result.name, money=True)
    rounded = cents(exact * HUNDRED)
    amount = usd((Decimal(rounded) / HUNDRED).quantize(Decimal("0.01")))
    found.append(say(N_("Rounded to the cent, half a cent up: {amount}."), amount=amount))
    return Outcome(result.name, result.words, exact, rounded, found)


def outcome(policy: Policy, facts: Mapping[str, Decimal | str | None]) -> list[Outcome]:
    """Every result of a policy for the ``facts`` of one account, in the document's order.

    Raises `MissingDeterminant`, `UnknownKey` or `OutOfRange`.
    """
    span = _moment(policy)
    with localcontext(_EXACT):
        return [_one(policy, result, span, facts) for result in policy.results]
