"""Settings of energy at a real-time price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import Measure, computed, read_amount, read_measure
from meterbook.engine.rates.language.expressions import Formula, constant
from meterbook.engine.rates.language.needs import EnergyNeed, Need, ValueNeed
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step, Value

KEYS = {
    "series": shapes.Key(shapes.WORD, "The price series by name; its value is the determinant value_<series>."),
    "quantity": shapes.optional(shapes.MEASURE, "The energy, in place of kwh (export_kwh)."),
    "loss_factor": shapes.optional(shapes.AMOUNT, "What the value is multiplied by for losses (1)."),
    "adder": shapes.optional(shapes.AMOUNT, "Dollars for each unit beside the market price."),
    "adder_label": shapes.optional(shapes.BILINGUAL, "The words printed for the adder."),
    "flow": shapes.optional(shapes.choice("import", "export"), "Energy taken, charged; or fed in, credited (import)."),
}
ONE = constant(Decimal(1))


@dataclass(frozen=True, slots=True)
class RealTimeSettings(Settings):
    """``value`` dollars of the bill's energy at the series, times ``loss_factor``; and ``adder`` for each unit.

    Part 1 is the market's, part 2 the adder's. Energy fed in is credited: both with the sign turned.
    """

    series: str
    value: Determinant
    quantity: Measure
    loss_factor: Formula
    adder: Formula | None
    adder_label: dict[str, str]
    flow: str

    @property
    def sign(self) -> int:
        """-1 for energy fed in."""
        return -1 if self.flow == "export" else 1

    def determinants(self) -> tuple[Determinant, ...]:
        return (self.value, *self.quantity.determinants())

    def needs(self) -> tuple[Need, ...]:
        """What it needs of interval readings."""
        found: list[Need] = [ValueNeed(self.value.name, self.series, self.flow)]
        if self.quantity.determinant is not None:
            found.append(EnergyNeed(self.quantity.name, None, self.flow))
        return tuple(found)

    def label_of(self, part: int) -> dict[str, str] | None:
        return self.adder_label if part == 2 else None

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        values: dict[str, Value] = {"unit": unit, "series": self.series}
        words = Step(N_("Each {unit} at the price of its interval ({series}), times"), values)
        found = [computed(words, self.loss_factor, "1")]
        if self.adder is not None:
            found.append(computed(Step(N_("Each {unit}"), {"unit": unit}), self.adder, unit))
        return tuple(found)


def read(place: Field, entries: Mapping[str, Field], context: Context) -> RealTimeSettings:
    """Read and check the settings; problems are reported through the fields."""
    flow = entries["flow"].choice("import", "export") if "flow" in entries else "import"
    series = entries["series"].word()
    energy = "kwh" if flow == "import" else "export_kwh"
    quantity = Measure(energy, Determinant(energy, "usage"), None)
    if "quantity" in entries:
        quantity = read_measure(entries["quantity"], context, kind="usage")
    prefix = "value" if flow == "import" else "export_value"
    label = {language: f"{text}, {more}" for (language, text), more in zip(
        entries["label"].bilingual().items(), ("adder", "recargo"), strict=False)}  # fmt: skip
    if "adder_label" in entries and "adder" not in entries:
        entries["adder_label"].refuse(expected="no such key without 'adder'")
    return RealTimeSettings(
        series=series,
        value=Determinant(f"{prefix}_{series}", "signed"),
        quantity=quantity,
        loss_factor=read_amount(entries["loss_factor"], context) if "loss_factor" in entries else ONE,
        adder=read_amount(entries["adder"], context) if "adder" in entries else None,
        adder_label=entries["adder_label"].bilingual() if "adder_label" in entries else label,
        flow=flow,
    )
