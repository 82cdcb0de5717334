"""One estimated read in `Decimal` and in words, written from the rule and not from the columns.

An import contract keeps it apart from ``estimate``; a test holds both equal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from meterbook.engine.metering.estimation import methods
from meterbook.engine.metering.estimation.configure import Configured, Settings
from meterbook.engine.metering.estimation.evidence import Facts, InWords
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_, Step, Value

_TEXTS = {"commodity", "premise_class", "unit", "policy_effective"}


class NoEstimate(ValueError):
    """No estimate can be made; ``problem`` is a key of ``refusals.PROBLEMS``."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class EstimateExplanation:
    """The estimated usage in the billing unit, the read it means, how, how sure (percent), and the words."""

    quantity: Decimal
    value: Decimal
    method: str
    confidence: int
    steps: tuple[Step, ...]


def facts_of(inputs: str | Mapping[str, str | None]) -> Facts:
    """The facts of a stored estimate: its ``inputs`` as JSON text or as a mapping; what is null is left out."""
    known: Mapping[str, str | None] = json.loads(inputs) if isinstance(inputs, str) else inputs
    return {name: text if name in _TEXTS else Decimal(text) for name, text in known.items() if text is not None}


def explain_estimate(
    facts: Facts, configured: Configured, *, plausible_share: Fraction = Fraction(1, 4)
) -> EstimateExplanation:
    """The estimate of one register from its ``facts``, worked out again and told.

    Raises `NoEstimate`, and `KeyError` for facts without a register's own.
    """
    settings = configured.for_register(str(facts["commodity"]), str(facts["premise_class"]))
    dials, decimals = int(_number(facts, "dials")), int(_number(facts, "decimals"))
    multiplier, last, days = _number(facts, "multiplier"), facts.get("previous_value"), facts.get("days")
    whole_range = Decimal(10**dials)
    if not isinstance(last, Decimal) or not 0 <= last < whole_range:
        raise NoEstimate("no_last_read")
    if not isinstance(days, Decimal) or days <= 0:
        raise NoEstimate("no_days")
    method, found, passed = _chosen(facts, settings)
    adu = _half_up(found.daily, settings.adu_decimals)
    exact = Fraction(adu) * int(days) / Fraction(multiplier)
    counted = Decimal(int(exact * 10**decimals)).scaleb(-decimals)
    reached = last + counted
    rolled = reached >= whole_range
    implausible = rolled and Fraction(counted) > plausible_share * Fraction(whole_range)
    micro = Fraction(counted) * Fraction(multiplier) * QUANTITY_SCALE
    if counted >= whole_range or implausible or micro // 1 > 2**63 - 1:
        raise NoEstimate("too_much")
    if micro.denominator != 1:
        raise NoEstimate("too_fine")
    value = reached - whole_range if rolled else reached
    quantity = _plain(Decimal(int(micro)).scaleb(-6))
    confidence, doubts = _confidence(method, found, int(days), int(_number(facts, "estimates_in_row")), settings)
    unit = str(facts["unit"])
    said: dict[str, Value] = {"adu": _plain(adu), "unit": unit, "decimals": settings.adu_decimals}
    steps = [Step(N_("{method}: not enough usage on record."), {"method": Step(methods.title(one))}) for one in passed]
    steps += [Step(N_("Estimated by: {method}."), {"method": Step(methods.title(method))}), found.step]
    steps.append(Step(N_("Average daily usage {adu:,} {unit}, rounded half up to {decimals} decimals."), said))
    steps += _arithmetic(adu, int(days), multiplier, _plain(counted), decimals, unit)
    words = N_("Last read {last:,} + {counted:,} = {value:,}.")
    if rolled:
        words = N_("Last read {last:,} + {counted:,} passes the highest number of the dials: {value:,}.")
    steps.append(Step(words, {"last": _plain(last), "counted": _plain(counted), "value": _plain(value)}))
    steps.append(Step(N_("Estimated usage: {quantity:,} {unit}."), {"quantity": quantity, "unit": unit}))
    return EstimateExplanation(quantity, _plain(value), method, confidence, (*steps, *doubts))


def _number(facts: Facts, name: str) -> Decimal:
    value = facts[name]
    if not isinstance(value, Decimal):
        raise KeyError(name)
    return value


def _chosen(facts: Facts, settings: Settings) -> tuple[str, InWords, list[str]]:
    """The first method with enough evidence, what it found, and the methods before it that have too little."""
    passed: list[str] = []
    for name in settings.order:
        found: InWords | None = methods.module(name, "explain").daily(facts, settings)
        if found is not None:
            return name, found, passed
        passed.append(name)
    raise NoEstimate("no_evidence")


def _arithmetic(adu: Decimal, days: int, multiplier: Decimal, counted: Decimal, decimals: int, unit: str) -> list[Step]:
    values: dict[str, Value] = {"adu": _plain(adu), "days": days, "counted": counted, "decimals": decimals}
    if multiplier == 1:
        words = N_("{adu:,} × {days} days = {counted:,}, truncated to the {decimals} decimals the register shows.")
        return [Step(words, values)]
    words = N_(
        "{adu:,} × {days} days ÷ multiplier {multiplier:,} = {counted:,}, truncated to the {decimals} decimals the "
        "register shows."
    )
    return [Step(words, {**values, "multiplier": _plain(multiplier)})]


def _confidence(method: str, found: InWords, days: int, before: int, settings: Settings) -> tuple[int, list[Step]]:
    rules = settings.confidence
    percent = rules.methods.get(method, 0)
    steps = []
    if before:
        percent -= rules.each_estimate_before * before
        steps.append(Step(N_("Estimates in a row before this one: {before}; it is less sure."), {"before": before}))
    if found.days is not None and found.days < days:
        percent -= rules.short_evidence
        words = N_("The evidence covers {evidence} days and {days} are estimated; it is less sure.")
        steps.append(Step(words, {"evidence": found.days, "days": days}))
    percent = max(percent, rules.least)
    steps.append(Step(N_("Confidence: {percent} percent."), {"percent": percent}))
    if before + 1 >= settings.consecutive_limit:
        words = N_("{limit} estimates in a row is the limit: the meter must be read.")
        steps.append(Step(words, {"limit": settings.consecutive_limit}))
    return percent, steps


def _half_up(exact: Fraction, decimals: int) -> Decimal:
    return Decimal(int(exact * 10**decimals + Fraction(1, 2))).scaleb(-decimals)


def _plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros or an exponent."""
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()
