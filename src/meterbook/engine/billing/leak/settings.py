"""The policy `leak-adjustment`: how a base is taken, what part of the excess is credited, and under which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.billing.adjusting.fields import WrongSetting

RULES = (
    "proof", "history", "unusual", "actual_reads", "periods", "frequency", "back_to_normal", "in_time", "still_stands",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BaseRule:
    """Mean of the newest ``periods`` (at least ``least``) that ended in the same season, looking back ``months``.

    ``seasons``: lists of months; empty takes any month. Where the season has too few, ``fallback`` takes any month.
    ``by``: ``period`` (plain mean) or ``day`` (mean a day, times the days of the leak).
    """

    periods: int
    least: int
    months: int
    seasons: tuple[tuple[int, ...], ...]
    fallback: bool
    by: Literal["period", "day"]


@dataclass(frozen=True, slots=True)
class CreditRule:
    """``percent``: that share of the excess is not billed. ``reprice``: the excess is billed at ``tier``'s price
    (``None``: the lowest there is)."""

    kind: Literal["percent", "reprice"]
    percent: Decimal
    tier: int | None
    decimals: int


@dataclass(frozen=True, slots=True)
class LeakRules:
    """The policy as values; money in cents, ``normal_percent`` and ``least_percent`` in percent of the base."""

    services: tuple[str, ...]
    base: BaseRule
    credit: CreditRule
    sewer_to_base: bool
    proof: bool
    least_percent: Decimal
    normal_percent: Decimal | None
    periods: int
    claims: int
    within_months: int
    asked_within_days: int | None
    max_credit: int | None
    waivable: frozenset[str]
    reason: str


def parse_leak(found: Mapping[str, Any]) -> LeakRules:
    """The policy's mapping as values; raises `WrongSetting`."""
    rules = fields.entry(
        found.get("eligibility"), "eligibility", ("proof", "least_percent", "periods", "claims", "within_months"),
        ("normal_percent", "asked_within_days", "waivable"),
    )  # fmt: skip
    normal, asked, most = rules.get("normal_percent"), rules.get("asked_within_days"), found.get("max_credit")
    return LeakRules(
        services=tuple(fields.text(one, "services") for one in fields.entries(found.get("services"), "services")),
        base=_base(found.get("base")),
        credit=_credit(found.get("credit")),
        sewer_to_base=fields.flag(found.get("sewer_to_base"), "sewer_to_base"),
        proof=fields.flag(rules["proof"], "eligibility.proof"),
        least_percent=fields.number(rules["least_percent"], "eligibility.least_percent"),
        normal_percent=None if normal is None else fields.number(normal, "eligibility.normal_percent"),
        periods=fields.whole(rules["periods"], "eligibility.periods", least=1),
        claims=fields.whole(rules["claims"], "eligibility.claims", least=1),
        within_months=fields.whole(rules["within_months"], "eligibility.within_months", least=1),
        asked_within_days=None if asked is None else fields.whole(asked, "eligibility.asked_within_days", least=1),
        max_credit=None if most is None else fields.money(most, "max_credit"),
        waivable=frozenset(
            fields.one_of(each, "eligibility.waivable", RULES) for each in rules.get("waivable", [])
        ),
        reason=fields.code(found.get("reason"), "reason"),
    )  # fmt: skip


def _base(found: object) -> BaseRule:
    row = fields.entry(found, "base", ("periods", "least", "months", "by"), ("seasons", "fallback"))
    seasons = tuple(
        tuple(fields.whole(month, "base.seasons", least=1) for month in fields.entries(season, "base.seasons"))
        for season in row.get("seasons", [])
    )
    if seasons and sorted(month for season in seasons for month in season) != list(range(1, 13)):
        raise WrongSetting("base.seasons", row["seasons"], "lists that hold every month once")
    made = BaseRule(
        periods=fields.whole(row["periods"], "base.periods", least=1),
        least=fields.whole(row["least"], "base.least", least=1),
        months=fields.whole(row["months"], "base.months", least=1),
        seasons=seasons,
        fallback=fields.flag(row.get("fallback", False), "base.fallback"),
        by="day" if fields.one_of(row["by"], "base.by", ("period", "day")) == "day" else "period",
    )
    if made.least > made.periods:
        raise WrongSetting("base.least", made.least, f"at most base.periods ({made.periods})")
    return made


def _credit(found: object) -> CreditRule:
    row = fields.entry(found, "credit", ("kind",), ("percent", "tier", "decimals"))
    kind = fields.one_of(row["kind"], "credit.kind", ("percent", "reprice"))
    decimals = fields.whole(row.get("decimals", 2), "credit.decimals")
    if kind == "reprice":
        fields.entry(row, "credit", ("kind", "tier"), ("decimals",))
        tier = None if row["tier"] == "lowest" else fields.whole(row["tier"], "credit.tier", least=1)
        return CreditRule("reprice", Decimal(0), tier, decimals)
    fields.entry(row, "credit", ("kind", "percent"), ("decimals",))
    percent = fields.number(row["percent"], "credit.percent")
    if not 0 < percent <= 100:
        raise WrongSetting("credit.percent", row["percent"], "more than 0 and at most 100")
    return CreditRule("percent", percent, None, decimals)
