"""The policy `discounts`: programs with their checklist, income test, length, and what tariffs learn of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.trace import N_, Step


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the checklist."""

    code: str
    words: Mapping[str, str]
    needed: bool


@dataclass(frozen=True, slots=True)
class Income:
    """The income test: dollars a year by household size, in cents, and the aid that stands in its place."""

    by_size: tuple[int, ...]
    each_more: int
    aid: Mapping[str, Mapping[str, str]]

    def limit(self, size: int) -> int:
        """The most a household of a size may have a year.

        >>> Income((3_000, 4_000), 500, {}).limit(4)
        5000
        """
        known = len(self.by_size)
        return self.by_size[min(size, known) - 1] + max(size - known, 0) * self.each_more


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its services, its length in months, what a tariff reads, what it protects from, its checklist."""

    code: str
    words: Mapping[str, str]
    services: tuple[str, ...]
    months: int
    fact: str
    key: str
    protection: str
    hardship: bool
    income: Income | None
    documents: tuple[Paper, ...]
    funding: Mapping[str, str]
    citation: str

    def missing(
        self, *, papers: Collection[str], size: int | None, income_cents: int | None, aid: str
    ) -> list[Step]:  # fmt: skip
        """Every reason why somebody is not enrolled yet; none if everything is there."""
        found: list[Step] = []
        if {one.code for one in self.documents if one.needed} - set(papers):
            found.append(Step(N_("A document the program needs was not seen yet. Ask for it, then tick it.")))
        if self.income is None or aid in self.income.aid:
            return found
        if aid:
            found.append(Step(N_("This aid is not listed in the policy.")))
        elif size is None or income_cents is None:
            found.append(Step(N_("State the household's size and income, or the aid it gets.")))
        elif income_cents > self.income.limit(size):
            limit = self.income.limit(size)
            found.append(
                Step(N_("The income is above the limit of {limit} for {size} people."),
                     {"limit": f"${limit // 100:,}.{limit % 100:02d}", "size": size})
            )  # fmt: skip
        return found


@dataclass(frozen=True, slots=True)
class Discounts:
    """The programs by code, and how many days before its end an enrolment stands on the list."""

    programs: Mapping[str, Program]
    remind_days: int


def expires(begins: date, months: int) -> date:
    """The first day an enrolment no longer holds.

    >>> expires(date(2024, 2, 29), 24)
    datetime.date(2026, 3, 1)
    """
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    try:
        return date(year, month + 1, begins.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def parse_discounts(document: dict[str, Any]) -> Discounts:
    """The policy's text as programs. Raises `WrongSetting` naming the place."""
    found: dict[str, Program] = {}
    for at, one in enumerate(fields.entries(document.get("programs"), "programs")):
        program = _program(one, f"programs[{at}]")
        if program.code in found:
            raise fields.WrongSetting(f"programs[{at}].code", program.code, "a code not used before")
        found[program.code] = program
    return Discounts(found, fields.whole(document.get("remind_days"), "remind_days", least=1))


_NEEDED = ("code", "words", "services", "months", "documents", "funding", "citation")


def _program(found: object, where: str) -> Program:
    one = fields.entry(found, where, _NEEDED, ("fact", "protection", "hardship", "income"))
    fact = fields.entry(one["fact"], f"{where}.fact", ("kind", "key")) if "fact" in one else {"kind": "", "key": ""}
    services = fields.entries(one["services"], f"{where}.services")
    papers = fields.entries(one["documents"], f"{where}.documents")
    return Program(
        code=fields.code(one["code"], f"{where}.code"),
        words=fields.words(one["words"], f"{where}.words"),
        services=tuple(fields.text(each, f"{where}.services") for each in services),
        months=fields.whole(one["months"], f"{where}.months", least=1),
        fact=fact["kind"] and fields.code(fact["kind"], f"{where}.fact.kind"),
        key=fact["key"] and fields.code(fact["key"], f"{where}.fact.key"),
        protection=fields.code(one["protection"], f"{where}.protection") if "protection" in one else "",
        hardship=fields.flag(one.get("hardship", False), f"{where}.hardship"),
        income=_income(one["income"], f"{where}.income") if "income" in one else None,
        documents=tuple(_paper(each, f"{where}.documents[{at}]") for at, each in enumerate(papers)),
        funding=fields.words(one["funding"], f"{where}.funding"),
        citation=fields.text(one["citation"], f"{where}.citation"),
    )


def _paper(found: object, where: str) -> Paper:
    one = fields.entry(found, where, ("code", "needed", "words"))
    return Paper(
        fields.code(one["code"], f"{where}.code"), fields.words(one["words"], f"{where}.words"),
        fields.flag(one["needed"], f"{where}.needed"),
    )  # fmt: skip


def _income(found: object, where: str) -> Income:
    one = fields.entry(found, where, ("by_size", "each_more", "aid"))
    limits = fields.entries(one["by_size"], f"{where}.by_size")
    aid = {}
    for at, each in enumerate(one["aid"] if isinstance(one["aid"], list) else []):
        entry = fields.entry(each, f"{where}.aid[{at}]", ("code", "words"))
        aid[fields.code(entry["code"], f"{where}.aid[{at}].code")] = fields.words(entry["words"], f"{where}.aid[{at}]")
    by_size = tuple(fields.money(each, f"{where}.by_size") for each in limits)
    return Income(by_size, fields.money(one["each_more"], f"{where}.each_more"), aid)
