"""Settings of a power-factor adjustment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.amounts import Measure, any_undivided, read_base, read_measure
from meterbook.engine.rates.terms import Context, Determinant, Rate, Settings
from meterbook.engine.trace import N_, Step

KEYS = {
    "base": shapes.Key(shapes.BASE, "The lines it is taken of: ids, a tag of 'taxes', or all before it."),
    "power_factor": shapes.Key(shapes.MEASURE, "The measured power factor, above 0 and up to 1; 0.85 is 85 percent."),
    "target": shapes.Key(shapes.NUMBER, "The power factor below which lines are adjusted, such as 0.90."),
    "method": shapes.Key(shapes.choice("points", "ratio"), "A percentage per point below, or target ÷ measured − 1."),
    "percent": shapes.optional(shapes.NUMBER, "With 'points': percent of the lines for each point below the target."),
    "counted": shapes.optional(shapes.choice("exact", "started", "whole"), "With 'points': which count (exact)."),
    "lowest": shapes.optional(shapes.NUMBER, "A lower power factor counts as this."),
    "above": shapes.optional(
        shapes.choice("nothing", "credit"), "What a power factor above the target does (nothing)."
    ),
    "unmeasured": shapes.optional(shapes.NUMBER, "The power factor of a bill that has none; left out, it is refused."),
}


@dataclass(frozen=True, slots=True)
class PowerFactorSettings(Settings):
    """The lines ``base`` are raised where ``power_factor`` is below ``target`` (with ``credit``: lowered above it).

    ``percent`` for each hundredth below it, of which ``counted`` says how they count; without ``percent`` by
    target ÷ measured − 1.
    """

    base: tuple[str, ...]
    power_factor: Measure
    target: Decimal
    percent: Decimal | None
    counted: str
    lowest: Decimal
    credit: bool
    unmeasured: Decimal | None
    rests_on_undivided: bool = False

    @property
    def undivided(self) -> bool:
        return self.rests_on_undivided

    def determinants(self) -> tuple[Determinant, ...]:
        return self.power_factor.determinants()

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        base = ", ".join(self.base)
        if self.percent is None:
            words = N_("Of {base}, for a power factor below {target}: by the ratio of both")
            return (Rate(Step(words, {"base": base, "target": self.target}), self.target, "ratio"),)
        words = N_("Of {base}, for each point of power factor below {target}")
        return (Rate(Step(words, {"base": base, "target": self.target}), self.percent, "percent"),)


def _factor(entries: Mapping[str, Field], name: str, otherwise: Decimal) -> Decimal:
    if name not in entries:
        return otherwise
    return entries[name].decimal(decimals=6, low=Decimal("0.000001"), high=Decimal(1))


def _points(place: Field, entries: Mapping[str, Field]) -> Decimal | None:
    """The percentage per point, where that is the method."""
    if entries["method"].choice("points", "ratio") == "points":
        if "percent" not in entries:
            place.refuse(found="method: points alone", expected="the key 'percent'")
            return Decimal(1)
        return entries["percent"].decimal(decimals=6, low=Decimal(0), high=Decimal(100))
    for name in ("percent", "counted"):
        if name in entries:
            entries[name].refuse(expected="no such key unless method is points")
    return None


def read(place: Field, entries: Mapping[str, Field], context: Context) -> PowerFactorSettings:
    """Read and check the settings; problems are reported through the fields."""
    measure = read_measure(entries["power_factor"], context, kind="per_period")
    unmeasured = _factor(entries, "unmeasured", Decimal(1)) if "unmeasured" in entries else None
    if unmeasured is not None:
        if measure.determinant is None:
            entries["unmeasured"].refuse(expected="no such key where the power factor is a formula")
        else:
            measure = replace(measure, determinant=replace(measure.determinant, optional=True))
    counted = entries["counted"].choice("exact", "started", "whole") if "counted" in entries else "exact"
    credit = "above" in entries and entries["above"].choice("nothing", "credit") == "credit"
    if credit and counted != "exact":
        entries["above"].refuse(expected="'nothing' where only started or whole points count")
    base = read_base(entries["base"], context)
    return PowerFactorSettings(
        base=base,
        power_factor=measure,
        target=_factor(entries, "target", Decimal(1)),
        percent=_points(place, entries),
        counted=counted,
        lowest=_factor(entries, "lowest", Decimal("0.000001")),
        credit=credit,
        unmeasured=unmeasured,
        rests_on_undivided=any_undivided(base, context),
    )
