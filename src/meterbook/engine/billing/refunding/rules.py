"""The policy `refunds`: when a credit may be paid back and how, who decides, what counts as a small balance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meterbook.engine.billing.adjusting import fields

#: How money goes back; see the records of refunds.
HOWS = ("check", "ach", "transfer", "account")
#: What an AP file may say of a check: the profile's columns are made of these.
FACTS = (
    "vendor", "voucher", "payee", "line1", "line2", "line3", "amount", "date", "description", "account", "fund_account",
)  # fmt: skip


class TooSmall(ValueError):
    """The amount is below what the policy pays back this way."""


@dataclass(frozen=True, slots=True)
class Named:
    """A reason that can be chosen: its words by language, and the days it keeps a credit off the worklist.

    ``contact``: the customer was heard of, so that the years of unclaimed money begin again.
    """

    code: str
    words: Mapping[str, str]
    days: int = 0
    contact: bool = False


@dataclass(frozen=True, slots=True)
class Small:
    """Small balances: up to how many cents, after how many quiet days, on closed accounts alone or on all."""

    credits_cents: int
    debts_cents: int
    after_days: int
    closed_only: bool
    account: str


@dataclass(frozen=True, slots=True)
class ApProfile:
    """The file accounts payable takes: pairs of heading and fact (or a text after ``=``), and how they are written."""

    columns: tuple[tuple[str, str], ...]
    delimiter: str
    date_format: str
    totals: bool


@dataclass(frozen=True, slots=True)
class RefundRules:
    """The policy as values; amounts in cents, ``clears`` days by tender, ``paid_out_of`` roles of the chart by way."""

    closed_after_days: int
    open_after_days: int
    clears: Mapping[str, int]
    least: Mapping[str, int]
    decides: Mapping[str, int]
    reasons: Mapping[str, Named]
    stays: Mapping[str, Named]
    paid_out_of: Mapping[str, str]
    stale_after_days: int
    small: Small
    ap: ApProfile
    positive_pay: Mapping[str, str]

    def looked_at_from(self, since: date, *, closed: bool) -> date:
        """The day from which a credit that came on ``since`` is looked at."""
        return since + timedelta(days=self.closed_after_days if closed else self.open_after_days)

    def cleared_on(self, tender: str, received: date) -> date:
        """The first day money of a tender received on a day may go back."""
        return received + timedelta(days=self.clears.get(tender, self.clears["other"]))

    def decides_up_to(self, roles: Collection[str]) -> int:
        """What somebody of these roles may decide."""
        return max((self.decides[role] for role in roles if role in self.decides), default=0)

    def way_for(self, cents: int, wanted: str) -> None:
        """Raise `TooSmall` where so little is not paid this way."""
        if cents < self.least[wanted]:
            raise TooSmall(f"{cents} cents are not paid by {wanted}; at least {self.least[wanted]}")


def parse_refunds(found: Mapping[str, Any]) -> RefundRules:
    """The policy's mapping as values; raises `WrongSetting`."""
    worklist = fields.entry(found.get("worklist"), "worklist", ("closed_after_days", "open_after_days"))
    clears = found.get("clears_after_days")
    if not isinstance(clears, dict) or "other" not in clears:
        raise fields.WrongSetting("clears_after_days", clears, "days by tender, with other")
    least = fields.entry(found.get("least"), "least", HOWS)
    paid = fields.entry(found.get("paid_out_of"), "paid_out_of", ("check", "ach"))
    positive = found.get("positive_pay")
    if not isinstance(positive, dict) or not {"layout", "bank_account"} <= set(positive):
        raise fields.WrongSetting("positive_pay", positive, "layout and bank_account")
    return RefundRules(
        closed_after_days=fields.whole(worklist["closed_after_days"], "worklist.closed_after_days"),
        open_after_days=fields.whole(worklist["open_after_days"], "worklist.open_after_days"),
        clears={str(key): fields.whole(days, f"clears_after_days.{key}") for key, days in clears.items()},
        least={how: fields.money(least[how], f"least.{how}") for how in HOWS},
        decides=fields.limits(found.get("decides"), "decides"),
        reasons=_named(found.get("reasons"), "reasons", days=False),
        stays=_named(found.get("stays_because"), "stays_because", days=True),
        paid_out_of={way: fields.one_of(paid[way], f"paid_out_of.{way}", ("cash", "clearing")) for way in paid},
        stale_after_days=fields.whole(found.get("stale_after_days"), "stale_after_days", least=1),
        small=_small(found.get("small")),
        ap=_profile(found.get("ap_export")),
        positive_pay={str(key): fields.text(value, f"positive_pay.{key}") for key, value in positive.items()},
    )


def _named(found: object, where: str, *, days: bool) -> dict[str, Named]:
    made: dict[str, Named] = {}
    for at, row in enumerate(fields.entries(found, where)):
        needed, more = (("code", "words", "days"), ("contact",)) if days else (("code", "words"), ())
        entry = fields.entry(row, f"{where}[{at}]", needed, more)
        code = fields.code(entry["code"], f"{where}[{at}].code")
        if code in made:
            raise fields.WrongSetting(f"{where}[{at}].code", code, "every code once")
        kept = fields.whole(entry["days"], f"{where}[{at}].days", least=1) if days else 0
        contact = fields.flag(entry.get("contact", False), f"{where}[{at}].contact")
        made[code] = Named(code, fields.words(entry["words"], f"{where}[{at}].words"), kept, contact)
    return made


def _small(found: object) -> Small:
    row = fields.entry(found, "small", ("credits_up_to", "debts_up_to", "after_days", "closed_only", "account"))
    return Small(
        credits_cents=fields.money(row["credits_up_to"], "small.credits_up_to"),
        debts_cents=fields.money(row["debts_up_to"], "small.debts_up_to"),
        after_days=fields.whole(row["after_days"], "small.after_days"),
        closed_only=fields.flag(row["closed_only"], "small.closed_only"),
        account=fields.text(row["account"], "small.account"),
    )


def _profile(found: object) -> ApProfile:
    row = fields.entry(found, "ap_export", ("columns", "delimiter", "date_format", "totals"))
    columns = []
    for at, one in enumerate(fields.entries(row["columns"], "ap_export.columns")):
        pair = fields.entry(one, f"ap_export.columns[{at}]", ("heading", "value"))
        value = fields.text(pair["value"], f"ap_export.columns[{at}].value")
        if not value.startswith("="):
            fields.one_of(value, f"ap_export.columns[{at}].value", FACTS)
        columns.append((fields.text(pair["heading"], f"ap_export.columns[{at}].heading"), value))
    if "voucher" not in {value for _, value in columns} or "amount" not in {value for _, value in columns}:
        raise fields.WrongSetting("ap_export.columns", [value for _, value in columns], "voucher and amount among them")
    return ApProfile(
        columns=tuple(columns),
        delimiter=fields.one_of(row["delimiter"], "ap_export.delimiter", (",", ";", "|", "\t")),
        date_format=fields.text(row["date_format"], "ap_export.date_format"),
        totals=fields.flag(row["totals"], "ap_export.totals"),
    )
