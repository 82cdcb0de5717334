"""The policy `deposits` as values: what is asked of whom, what stands in its place, rates of interest, clean months."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.billing.adjusting.fields import WrongSetting

OF = ("month", "period", "year")
STANDINGS = ("good", "fair", "poor", "unknown")
KINDS = (
    "letter_of_credit", "surety_bond", "certificate_of_deposit", "guarantor", "good_payer_letter", "prepayment",
    "other_assurance",
)  # fmt: skip
#: How many parts of a year a rate's percent is kept in: ten-thousandths of a percent are millionths.
RATE_SCALE = 10**6


@dataclass(frozen=True, slots=True)
class Times:
    """So many times a month, a billing period or a year of bills."""

    times: Decimal
    of: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Clean:
    """After how many months a deposit goes back, and how much of what spoils a record is still clean."""

    months: int
    grace_days: int
    allowed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DepositClass:
    """The rule of one class of customers. ``least`` and ``step`` are cents; ``shares`` are by credit standing."""

    code: str
    words: Mapping[str, str]
    schedules: tuple[str, ...]
    amount: Times
    caps: tuple[Times, ...]
    least: int
    step: int
    shares: Mapping[str, Decimal]
    instalments: int
    days_apart: int
    due_days: int
    clean: Clean


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a deposit is waived for: instruments one of which must stand, and cents a role waives alone."""

    code: str
    words: Mapping[str, str]
    instruments: tuple[str, ...]
    alone: Mapping[str, int]

    def alone_up_to(self, roles: Collection[str]) -> int:
        """Cents somebody of these roles waives without a second person."""
        return max((self.alone[role] for role in roles if role in self.alone), default=0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate from ``first`` on, in millionths (4.35 % is 43500)."""

    first: date
    millionths: int
    citation: str


@dataclass(frozen=True, slots=True)
class InterestRules:
    """``year``: actual, 365 or 360 days; ``to``: account or deposit; ``month`` in which it is credited."""

    year: str
    to: str
    month: int
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class DepositRules:
    """The whole policy."""

    periods_per_year: int
    classes: tuple[DepositClass, ...]
    waivers: Mapping[str, Waiver]
    interest: InterestRules
    remind_days: tuple[int, ...]
    assurance_days: int
    assurance_days_chapter_11: int

    def class_of(self, schedules: Collection[str]) -> DepositClass:
        """The class of an account with these schedules: the first that names one, else the last."""
        return next((one for one in self.classes if set(one.schedules) & set(schedules)), self.classes[-1])

    def named(self, code: str) -> DepositClass:
        """A class by its code. Raises `WrongSetting`."""
        for one in self.classes:
            if one.code == code:
                return one
        raise WrongSetting("class", code, f"one of {', '.join(one.code for one in self.classes)}")

    def waiver(self, code: str) -> Waiver:
        """A waiver by its code. Raises `WrongSetting`."""
        if code not in self.waivers:
            raise WrongSetting("waiver", code, f"one of {', '.join(self.waivers)}")
        return self.waivers[code]


def parse_deposits(found: Mapping[str, Any]) -> DepositRules:
    """The policy's mapping as values; raises `WrongSetting`."""
    periods = fields.whole(found.get("periods_per_year"), "periods_per_year", least=1)
    rows = [_class(row, f"classes[{at}]", periods) for at, row in enumerate(_list(found, "classes"))]
    waivers = [_waiver(row, f"waivers[{at}]") for at, row in enumerate(_list(found, "waivers"))]
    for name, codes in (("classes", [one.code for one in rows]), ("waivers", [one.code for one in waivers])):
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise WrongSetting(name, sorted(twice)[0], "every code once")
    renewal = fields.entry(found.get("renewal"), "renewal", ("remind_days",))
    court = fields.entry(found.get("bankruptcy"), "bankruptcy", ("days", "chapter_11_days", "citation"))
    days = [fields.whole(day, "renewal.remind_days", least=1) for day in _list(renewal, "remind_days")]
    return DepositRules(
        periods_per_year=periods,
        classes=tuple(rows),
        waivers={one.code: one for one in waivers},
        interest=_interest(found.get("interest")),
        remind_days=tuple(sorted(days, reverse=True)),
        assurance_days=fields.whole(court["days"], "bankruptcy.days", least=1),
        assurance_days_chapter_11=fields.whole(court["chapter_11_days"], "bankruptcy.chapter_11_days", least=1),
    )


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    return fields.entries(found.get(name), name)


def _times(found: Any, where: str, optional: Collection[str] = ()) -> Times:
    row = fields.entry(found, where, ("times", "of"), optional)
    citation = fields.text(row["citation"], f"{where}.citation") if "citation" in row else ""
    return Times(fields.number(row["times"], f"{where}.times"), fields.one_of(row["of"], f"{where}.of", OF), citation)


def _class(found: Any, where: str, periods: int) -> DepositClass:
    row = fields.entry(
        found, where,
        ("code", "words", "schedules", "amount", "caps", "least", "step", "standings", "instalments", "clean"),
    )  # fmt: skip
    billed = "monthly" if periods == 12 else "longer"
    caps = []
    for at, cap in enumerate(fields.entries(row["caps"], f"{where}.caps")):
        one = _times(cap, f"{where}.caps[{at}]", ("billed", "citation"))
        if fields.one_of(cap.get("billed", billed), f"{where}.caps[{at}].billed", ("monthly", "longer")) == billed:
            caps.append(one)
    shares = fields.entry(row["standings"], f"{where}.standings", STANDINGS)
    parts = fields.entry(row["instalments"], f"{where}.instalments", ("most", "days_apart", "due_days"))
    numbers = {name: fields.whole(value, f"{where}.instalments.{name}", least=1) for name, value in parts.items()}
    return DepositClass(
        code=fields.code(row["code"], f"{where}.code"),
        words=fields.words(row["words"], f"{where}.words"),
        schedules=tuple(fields.text(one, f"{where}.schedules") for one in row["schedules"]),
        amount=_times(row["amount"], f"{where}.amount"),
        caps=tuple(caps),
        least=fields.money(row["least"], f"{where}.least"),
        step=max(1, fields.money(row["step"], f"{where}.step")),
        shares={name: _share(shares[name], f"{where}.standings.{name}") for name in STANDINGS},
        instalments=numbers["most"],
        days_apart=numbers["days_apart"],
        due_days=numbers["due_days"],
        clean=_clean(row["clean"], f"{where}.clean"),
    )


def _share(found: Any, where: str) -> Decimal:
    share = fields.number(found, where)
    if share > 1:
        raise WrongSetting(where, found, "a share from 0 to 1")
    return share


def _clean(found: Any, where: str) -> Clean:
    allowed = ("late_payments", "late_notices", "returned", "cutoffs")
    row = fields.entry(found, where, ("months", "grace_days", *allowed))
    numbers = {name: fields.whole(value, f"{where}.{name}") for name, value in row.items()}
    return Clean(numbers["months"], numbers["grace_days"], {name: numbers[name] for name in allowed})


def _waiver(found: Any, where: str) -> Waiver:
    row = fields.entry(found, where, ("code", "words", "instrument", "alone"))
    return Waiver(
        code=fields.code(row["code"], f"{where}.code"),
        words=fields.words(row["words"], f"{where}.words"),
        instruments=tuple(fields.one_of(one, f"{where}.instrument", KINDS) for one in row["instrument"]),
        alone=fields.limits(row["alone"], f"{where}.alone"),
    )


def _interest(found: Any) -> InterestRules:
    row = fields.entry(found, "interest", ("year", "to", "month", "rates"))
    rates = []
    for at, one in enumerate(fields.entries(row["rates"], "interest.rates")):
        where = f"interest.rates[{at}]"
        rate = fields.entry(one, where, ("first", "percent", "citation"))
        if not isinstance(rate["first"], date):
            raise WrongSetting(f"{where}.first", rate["first"], "a day")
        millionths = fields.number(rate["percent"], f"{where}.percent") * RATE_SCALE / 100
        if millionths != int(millionths) or millionths > RATE_SCALE:
            raise WrongSetting(f"{where}.percent", rate["percent"], "a percent to 100 of at most four decimals")
        rates.append(Rate(rate["first"], int(millionths), fields.text(rate["citation"], f"{where}.citation")))
    if any(one.first >= after.first for one, after in pairwise(rates)):
        raise WrongSetting("interest.rates", [str(one.first) for one in rates], "periods in order, each day once")
    return InterestRules(
        year=fields.one_of(str(row["year"]), "interest.year", ("actual", "365", "360")),
        to=fields.one_of(row["to"], "interest.to", ("account", "deposit")),
        month=min(12, fields.whole(row["month"], "interest.month", least=1)),
        rates=tuple(rates),
    )
