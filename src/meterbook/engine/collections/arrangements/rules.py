"""The policy `arrangements`: how much more time a role may give, and what a plan of instalments must look like."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from meterbook.engine.billing.adjusting import fields

EVERY = ("month", "two_weeks", "week")
THEN = ("second_person", "refuse")


@dataclass(frozen=True, slots=True)
class Times:
    """So many times in so many months."""

    times: int
    months: int


@dataclass(frozen=True, slots=True)
class ExtensionRules:
    """More time: days a role may give, how late is still kept, how many a customer gets, and what breaks the habit."""

    days: Mapping[str, int]
    grace_days: int
    most: Times
    broken: Times

    def days_for(self, roles: Collection[str]) -> int:
        """The most days somebody with these roles may give."""
        return max((self.days.get(role, 0) for role in roles), default=0)


@dataclass(frozen=True, slots=True)
class ArrangementRules:
    """A plan: the least it is made for, how long it may run, the down payment, and what needs a second person.

    ``again`` and ``then`` are the rule for who broke one before.
    """

    least: int
    months: int
    every: tuple[str, ...]
    first_within_days: int
    down_percent: Decimal
    down_within_days: int
    down_waived_for: frozenset[str]
    grace_days: int
    alone: Mapping[str, int]
    alone_months: Mapping[str, int]
    again: Times
    then: str
    current_first: bool

    def alone_up_to(self, roles: Collection[str]) -> int:
        """The largest plan somebody with these roles makes without a second person, in cents."""
        return max((self.alone.get(role, 0) for role in roles), default=0)

    def months_alone(self, roles: Collection[str]) -> int:
        """The longest plan somebody with these roles makes without a second person."""
        return max((self.alone_months.get(role, 0) for role in roles), default=0)

    def down_asked(self, cents: int, protections: Collection[str]) -> int:
        """The down payment asked for an amount: the percent, up to the next cent; none where a protection waives it.

        >>> rules = parse_arrangements(EXAMPLE).arrangement
        >>> rules.down_asked(10_001, ()), rules.down_asked(10_001, ("medical_baseline",))
        (2001, 0)
        """
        if self.down_waived_for & set(protections):
            return 0
        return int((cents * self.down_percent / 100).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Rules:
    """Both parts of the policy."""

    extension: ExtensionRules
    arrangement: ArrangementRules


#: A policy as its document states it.
EXAMPLE: dict[str, Any] = {
    "extension": {
        "days": {"csr": 14, "supervisor": 30}, "grace_days": 1, "most": {"times": 3, "months": 12},
        "broken": {"times": 1, "months": 6},
    },
    "arrangement": {
        "least": "50.00", "months": 12, "every": ["month", "two_weeks"], "first_within_days": 31,
        "down": {"percent": "20", "within_days": 3, "waived_for": ["medical_baseline"]}, "grace_days": 5,
        "alone": {"csr": "500.00", "supervisor": "5000.00"}, "alone_months": {"csr": 6, "supervisor": 12},
        "again": {"times": 1, "months": 12, "then": "second_person"}, "current_first": True,
    },
}  # fmt: skip


def parse_arrangements(document: dict[str, Any]) -> Rules:
    """The policy's text as rules. Raises `WrongSetting` naming the place."""
    return Rules(_extension(document.get("extension")), _arrangement(document.get("arrangement")))


def _extension(found: object) -> ExtensionRules:
    given = fields.entry(found, "extension", ("days", "grace_days", "most", "broken"))
    return ExtensionRules(
        days=_by_role(given["days"], "extension.days"),
        grace_days=fields.whole(given["grace_days"], "extension.grace_days"),
        most=_times(given["most"], "extension.most"),
        broken=_times(given["broken"], "extension.broken"),
    )


_PLAN = ("least", "months", "every", "first_within_days", "down", "grace_days", "alone", "alone_months", "again",
         "current_first")  # fmt: skip


def _arrangement(found: object) -> ArrangementRules:
    given = fields.entry(found, "arrangement", _PLAN)
    down = fields.entry(given["down"], "arrangement.down", ("percent", "within_days", "waived_for"))
    again = fields.entry(given["again"], "arrangement.again", ("times", "months", "then"))
    percent = fields.number(down["percent"], "arrangement.down.percent")
    if percent > 100:
        raise fields.WrongSetting("arrangement.down.percent", str(percent), "at most 100")
    waived = down["waived_for"]
    if not isinstance(waived, list):
        raise fields.WrongSetting("arrangement.down.waived_for", waived, "a list of protections")
    return ArrangementRules(
        least=fields.money(given["least"], "arrangement.least"),
        months=fields.whole(given["months"], "arrangement.months", least=1),
        every=tuple(
            fields.one_of(one, "arrangement.every", EVERY)
            for one in fields.entries(given["every"], "arrangement.every")
        ),
        first_within_days=fields.whole(given["first_within_days"], "arrangement.first_within_days", least=1),
        down_percent=percent,
        down_within_days=fields.whole(down["within_days"], "arrangement.down.within_days"),
        down_waived_for=frozenset(fields.code(one, "arrangement.down.waived_for") for one in waived),
        grace_days=fields.whole(given["grace_days"], "arrangement.grace_days"),
        alone=fields.limits(given["alone"], "arrangement.alone"),
        alone_months=_by_role(given["alone_months"], "arrangement.alone_months"),
        again=_times({"times": again["times"], "months": again["months"]}, "arrangement.again"),
        then=fields.one_of(again["then"], "arrangement.again.then", THEN),
        current_first=fields.flag(given["current_first"], "arrangement.current_first"),
    )


def _times(found: object, where: str) -> Times:
    given = fields.entry(found, where, ("times", "months"))
    return Times(
        fields.whole(given["times"], f"{where}.times", least=1), fields.whole(given["months"], f"{where}.months")
    )


def _by_role(found: object, where: str) -> Mapping[str, int]:
    if not isinstance(found, dict):
        raise fields.WrongSetting(where, found, "whole numbers by role")
    return {fields.text(role, where): fields.whole(value, f"{where}.{role}") for role, value in found.items()}
