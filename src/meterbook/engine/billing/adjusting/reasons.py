"""Why an account may be adjusted, how far a role may go alone, and when a second person decides.

The policy `adjustment-reasons`. Limits count what one person put on one account in the policy's days together, so that
an amount is not slipped past them in parts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.trace import N_, Step

Direction = Literal["charge", "credit"]
DIRECTIONS = ("charge", "credit")
#: The key of an account that stands for every service.
ANY = "any"


class UnknownReason(LookupError):
    """The policy in force has no such reason, or not for this service."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: ``accounts`` are codes of the chart by service (or `ANY`); limits are cents by role.

    ``second_above``: above these cents a second person decides whoever asks; None: limits alone say. ``by_hand`` is
    false where only a computation of its own (a leak claim) may use it.
    """

    code: str
    words: Mapping[str, str]
    directions: tuple[str, ...]
    accounts: Mapping[str, str]
    alone: Mapping[str, int]
    second_above: int | None
    proof: bool
    by_hand: bool
    citation: str

    def account(self, service: str) -> str:
        """The chart's account on the other side; raises `UnknownReason`."""
        found = self.accounts.get(service) or self.accounts.get(ANY)
        if found is None:
            raise UnknownReason(f"reason {self.code} has no account for {service}")
        return found


@dataclass(frozen=True, slots=True)
class Reasons:
    """The policy as values: reasons by code, what roles may do alone and decide, in cents."""

    reasons: Mapping[str, Reason]
    alone: Mapping[str, int]
    decides: Mapping[str, int]
    counted_days: int

    def reason(self, code: str) -> Reason:
        """One reason; raises `UnknownReason`."""
        if code not in self.reasons:
            raise UnknownReason(f"no reason {code}; known: {', '.join(sorted(self.reasons))}")
        return self.reasons[code]

    def alone_up_to(self, reason: Reason, roles: Collection[str]) -> int:
        """What somebody of these roles may book without a second person."""
        return _highest({**self.alone, **reason.alone}, roles)

    def decides_up_to(self, roles: Collection[str]) -> int:
        """What somebody of these roles may decide of what others asked for."""
        return _highest(self.decides, roles)

    def why_second(self, reason: Reason, roles: Collection[str], cents: int, counted: int) -> Step | None:
        """Why a second person must decide; None where nobody need.

        ``cents`` is the amount without its sign, ``counted`` what this person put on this account besides.
        """
        if reason.second_above is not None and cents > reason.second_above:
            return Step(
                N_("Above {limit} this reason always needs a second person."), {"limit": dollars(reason.second_above)}
            )
        limit = self.alone_up_to(reason, roles)
        if cents + counted <= limit:
            return None
        if cents <= limit:
            return Step(
                N_("Together with {counted} of the last {days} days this is above your own limit of {limit}."),
                {"counted": dollars(counted), "days": self.counted_days, "limit": dollars(limit)},
            )
        return Step(N_("This is above your own limit of {limit}."), {"limit": dollars(limit)})


def _highest(limits: Mapping[str, int], roles: Collection[str]) -> int:
    return max((limits[role] for role in roles if role in limits), default=0)


def dollars(cents: int) -> str:
    """Cents as dollars in words of the engine.

    >>> dollars(-123456)
    '-$1,234.56'
    """
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{part:02}"


def parse_reasons(found: Mapping[str, Any]) -> Reasons:
    """The policy's mapping as values; raises `WrongSetting`."""
    rows = [_reason(row, f"reasons[{at}]") for at, row in enumerate(fields.entries(found.get("reasons"), "reasons"))]
    codes = [row.code for row in rows]
    if twice := {one for one in codes if codes.count(one) > 1}:
        raise fields.WrongSetting("reasons", sorted(twice)[0], "every code once")
    return Reasons(
        reasons={row.code: row for row in rows},
        alone=fields.limits(found.get("alone"), "alone"),
        decides=fields.limits(found.get("decides"), "decides"),
        counted_days=fields.whole(found.get("counted_days"), "counted_days"),
    )


def _reason(found: object, where: str) -> Reason:
    row = fields.entry(
        found, where, ("code", "words", "directions", "accounts", "citation"),
        ("alone", "second_above", "proof", "by_hand"),
    )  # fmt: skip
    accounts = row["accounts"]
    if not isinstance(accounts, dict) or not accounts:
        raise fields.WrongSetting(f"{where}.accounts", accounts, "a code of the chart by service, or any")
    directions = fields.entries(row["directions"], f"{where}.directions")
    above = row.get("second_above")
    return Reason(
        code=fields.code(row["code"], f"{where}.code"),
        words=fields.words(row["words"], f"{where}.words"),
        directions=tuple(fields.one_of(each, f"{where}.directions", DIRECTIONS) for each in directions),
        accounts={str(key): fields.text(value, f"{where}.accounts.{key}") for key, value in accounts.items()},
        alone=fields.limits(row.get("alone", {}), f"{where}.alone"),
        second_above=None if above is None else fields.money(above, f"{where}.second_above"),
        proof=fields.flag(row.get("proof", False), f"{where}.proof"),
        by_hand=fields.flag(row.get("by_hand", True), f"{where}.by_hand"),
        citation=fields.text(row["citation"], f"{where}.citation"),
    )
