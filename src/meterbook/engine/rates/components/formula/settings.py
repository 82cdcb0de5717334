"""Settings of a charge that a formula says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import Measure, any_undivided, computed, read_amount, read_measure
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.units import PURE
from meterbook.engine.rates.language.values import rests_on_days
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

KEYS = {
    "amount": shapes.Key(shapes.AMOUNT, "Dollars for the billing period; a number or a formula."),
    "prorate": shapes.optional(shapes.FLAG, "Whether other periods are charged by days (true, unless the formula "
                                            "rests on usage, days or other lines)."),
    "quantity": shapes.optional(shapes.MEASURE, "A quantity shown beside the amount: a determinant or a formula."),
    "unit": shapes.optional(shapes.TEXT, "The unit of that quantity."),
}  # fmt: skip
#: Largest amount one formula may come to, in dollars, and largest price shown beside its quantity.
AMOUNT_LIMIT = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class FormulaSettings(Settings):
    """``amount`` dollars. ``prorate``: multiplied by the days charged over the days of one whole charge.

    Without ``prorate`` an amount that ``rests_on_days`` (usage, lines or days of the stretch charged) stands in every
    stretch as it comes; any other stands once, at the rate in force on the bill's last day. ``quantity`` is only
    shown, in ``unit``.
    """

    amount: Formula
    prorate: bool
    rests_on_days: bool
    quantity: Measure | None
    unit: str
    rests_on_undivided: bool = False

    @property
    def undivided(self) -> bool:
        return self.rests_on_undivided or not (self.prorate or self.rests_on_days)

    def determinants(self) -> tuple[Determinant, ...]:
        return () if self.quantity is None else self.quantity.determinants()

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        return (computed(Step(N_("For each billing period")), self.amount, "period"),)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> FormulaSettings:
    """Read and check the settings; problems are reported through the fields."""
    amount = read_amount(entries["amount"], context)
    if amount.unit not in (None, PURE, (("USD", 1),)):
        entries["amount"].refuse(expected="dollars")
    rests = rests_on_days(amount, context.scope)
    prorate = entries["prorate"].flag() if "prorate" in entries else not rests
    if prorate and rests:
        entries["prorate"].refuse(expected="false: usage, days and lines are already those of the days charged")
    if "unit" in entries and "quantity" not in entries:
        entries["unit"].refuse(expected="no unit without the key 'quantity'")
    return FormulaSettings(
        amount=amount,
        prorate=prorate,
        rests_on_days=rests,
        quantity=read_measure(entries["quantity"], context, kind="usage") if "quantity" in entries else None,
        unit=entries["unit"].text() if "unit" in entries else "",
        rests_on_undivided=any_undivided(amount.components, context),
    )
