"""Rebate programmes: what a customer gets for what was bought or done, and how much of the year's budget is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meterbook.engine.billing.adjusting import fields
from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.trace import N_, Step


class NoRebate(ValueError):
    """The programme gives nothing for this; ``step`` says why in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme: so much a unit, at most a share of the cost and so much an application; cents.

    ``share_percent`` of the cost is rounded half-up to the cent. ``most_units`` counts a fiscal year of an account.
    """

    code: str
    words: Mapping[str, str]
    service: str
    unit: Mapping[str, str]
    per_unit_cents: int
    share_percent: Decimal
    most_cents: int
    most_units: int
    within_days: int
    budget_cents: int
    account: str
    citation: str

    def worth(
        self, *, units: int, cost_cents: int, done_on: date, asked_on: date, before: int
    ) -> tuple[int, list[Step]]:
        """Cents for an application and how they came about; ``before``: units granted this year already.

        Raises `NoRebate`.
        """
        late = (asked_on - done_on).days
        if not 0 <= late <= self.within_days:
            raise NoRebate(
                Step(N_("Applications come within {days} days; this one after {late}."),
                     {"days": self.within_days, "late": late})
            )  # fmt: skip
        if units + before > self.most_units:
            raise NoRebate(
                Step(N_("At most {most} units a year; {before} were granted before."),
                     {"most": self.most_units, "before": before})
            )  # fmt: skip
        by_units = units * self.per_unit_cents
        by_cost = int((cost_cents * self.share_percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
        steps = [
            Step(N_("{units} units at {each}: {sum}"),
                 {"units": units, "each": dollars(self.per_unit_cents), "sum": dollars(by_units)}),
            Step(N_("At most {percent} percent of the cost of {cost}: {sum}"),
                 {"percent": str(self.share_percent), "cost": dollars(cost_cents), "sum": dollars(by_cost)}),
            Step(N_("At most {sum} an application"), {"sum": dollars(self.most_cents)}),
        ]  # fmt: skip
        cents = min(by_units, by_cost, self.most_cents)
        if cents <= 0:
            raise NoRebate(Step(N_("Nothing is left to give.")))
        return cents, steps


@dataclass(frozen=True, slots=True)
class Programmes:
    """The policy as values: programmes by code, the month a fiscal year begins, who decides up to what."""

    programmes: Mapping[str, Programme]
    begins_month: int
    decides: Mapping[str, int]

    def programme(self, code: str) -> Programme:
        """One programme; raises `LookupError`."""
        if code not in self.programmes:
            raise LookupError(f"no programme {code}; known: {', '.join(sorted(self.programmes))}")
        return self.programmes[code]

    def fiscal_year(self, day: date) -> str:
        """The fiscal year of a day.

        >>> Programmes({}, 7, {}).fiscal_year(date(2025, 6, 30))
        '2024-2025'
        """
        first = day.year if day.month >= self.begins_month else day.year - 1
        return f"{first}-{first + 1}"


def parse_programmes(found: Mapping[str, Any]) -> Programmes:
    """The policy's mapping as values; raises `WrongSetting`."""
    rows = [
        _programme(row, f"programmes[{at}]")
        for at, row in enumerate(fields.entries(found.get("programmes"), "programmes"))
    ]
    return Programmes(
        {row.code: row for row in rows},
        fields.whole(found.get("fiscal_year_begins_month"), "fiscal_year_begins_month", least=1),
        fields.limits(found.get("decides"), "decides"),
    )


def _programme(found: object, where: str) -> Programme:
    row = fields.entry(
        found, where,
        ("code", "words", "service", "unit", "per_unit", "share_percent", "most", "most_units", "within_days", "budget",
         "account", "citation"),
    )  # fmt: skip
    return Programme(
        code=fields.code(row["code"], f"{where}.code"),
        words=fields.words(row["words"], f"{where}.words"),
        service=fields.text(row["service"], f"{where}.service"),
        unit=fields.words(row["unit"], f"{where}.unit"),
        per_unit_cents=fields.money(row["per_unit"], f"{where}.per_unit"),
        share_percent=fields.number(row["share_percent"], f"{where}.share_percent"),
        most_cents=fields.money(row["most"], f"{where}.most"),
        most_units=fields.whole(row["most_units"], f"{where}.most_units", least=1),
        within_days=fields.whole(row["within_days"], f"{where}.within_days", least=1),
        budget_cents=fields.money(row["budget"], f"{where}.budget"),
        account=fields.text(row["account"], f"{where}.account"),
        citation=fields.text(row["citation"], f"{where}.citation"),
    )
