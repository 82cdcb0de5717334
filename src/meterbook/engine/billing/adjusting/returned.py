"""What a payment that came back costs and which tenders it bars. The policy `returned-payments`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.billing.adjusting.fees import months_before

#: What each scope of a ban refuses.
SCOPES = {
    "ach": frozenset({"ach", "echeck"}),
    "check": frozenset({"check"}),
    "noncash": frozenset({"ach", "echeck", "check", "card", "bill_pay", "wire", "other"}),
}


@dataclass(frozen=True, slots=True)
class BanRule:
    """When a tender is refused: for some reason codes at once, or after so many returns within months; for months."""

    scope: str
    months: int
    codes: frozenset[str]
    after: int
    within_months: int

    def strikes(self, code: str, earlier: Sequence[date], on: date) -> bool:
        """Whether a return on a day, after earlier ones, brings the ban."""
        if self.codes:
            return code in self.codes
        return 1 + sum(1 for day in earlier if day > months_before(on, self.within_months)) >= self.after


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """The policy: ``amounts`` in cents by occurrence (the last stays), counted over ``within_months`` (0: for ever)."""

    amounts: tuple[int, ...]
    within_months: int
    account: str
    tenders: frozenset[str]
    services: tuple[str, ...]
    no_fee_codes: frozenset[str]
    bans: tuple[BanRule, ...]
    waiver_reasons: tuple[str, ...]

    def fee(self, *, tender: str, code: str, earlier: Sequence[date], on: date) -> tuple[int, int]:
        """Which time it is, and the fee in cents: nothing for a tender or a code that bears none.

        >>> rules = ReturnRules((2500, 3500), 0, "4930", frozenset({"check"}), (), frozenset({"R06"}), (), ())
        >>> rules.fee(tender="check", code="R01", earlier=[], on=date(2026, 3, 2))
        (1, 2500)
        >>> rules.fee(tender="check", code="R01", earlier=[date(2025, 1, 7)], on=date(2026, 3, 2))
        (2, 3500)
        >>> rules.fee(tender="card", code="", earlier=[], on=date(2026, 3, 2))
        (1, 0)
        """
        since = months_before(on, self.within_months) if self.within_months else date.min
        time = 1 + sum(1 for day in earlier if day > since)
        if tender not in self.tenders or code in self.no_fee_codes:
            return time, 0
        return time, self.amounts[min(time, len(self.amounts)) - 1]


def parse_returns(document: dict[str, Any]) -> ReturnRules:
    """The policy's text as rules. Raises `WrongSetting` naming the place."""
    fee = fields.entry(
        document.get("fee"), "fee", ("amounts", "within_months", "account", "tenders", "services", "no_fee_codes")
    )
    waiver = fields.entry(document.get("waiver"), "waiver", ("reasons",))
    tenders = frozenset().union(*SCOPES.values()) | {"cash", "money_order"}
    return ReturnRules(
        amounts=tuple(fields.money(one, "fee.amounts") for one in fields.entries(fee["amounts"], "fee.amounts")),
        within_months=fields.whole(fee["within_months"], "fee.within_months"),
        account=fields.text(fee["account"], "fee.account"),
        tenders=frozenset(fields.one_of(one, "fee.tenders", sorted(tenders)) for one in fee["tenders"]),
        services=tuple(fields.text(one, "fee.services") for one in fields.entries(fee["services"], "fee.services")),
        no_fee_codes=frozenset(fields.text(one, "fee.no_fee_codes") for one in fee["no_fee_codes"]),
        bans=tuple(_ban(one, f"bans[{at}]") for at, one in enumerate(document.get("bans") or [])),
        waiver_reasons=tuple(fields.code(one, "waiver.reasons") for one in fields.entries(waiver["reasons"], "waiver")),
    )


def _ban(found: object, where: str) -> BanRule:
    rule = fields.entry(found, where, ("scope", "months"), ("codes", "after", "within_months"))
    if ("codes" in rule) == ("after" in rule):
        raise fields.WrongSetting(where, sorted(rule), "either codes, or after and within_months")
    return BanRule(
        scope=fields.one_of(rule["scope"], f"{where}.scope", sorted(SCOPES)),
        months=fields.whole(rule["months"], f"{where}.months", least=1),
        codes=frozenset(fields.text(one, f"{where}.codes") for one in rule.get("codes", [])),
        after=fields.whole(rule.get("after", 0), f"{where}.after"),
        within_months=fields.whole(rule.get("within_months", 12), f"{where}.within_months", least=1),
    )
