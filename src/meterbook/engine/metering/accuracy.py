"""Whether a meter measures truly: what was found on the bench against the limits in force for its type.

The policy ``meter-accuracy`` is read whole or refused whole. Percentages are of what really passed, exact decimals in
quotes, so that YAML makes no binary fraction of them.

>>> from datetime import date
>>> rules = parse_accuracy({"citation": "Code 1", "types": [{
...     "for": {"commodity": "water", "sizes": ["5/8"]}, "test_every_years": 8, "points": [
...         {"point": "minimum", "at": "0.25 gpm", "new": ["95", "101"], "used": ["90", "101"]}]}]})
>>> judged = judge(rules.type_of("water", "5/8"), {"minimum": Decimal("93.2")}, used=False)
>>> judged.passed, judged.points[0].says.words(str)
(False, 'Minimum flow, 0.25 gpm: 93.2 % is below 95 %, the least allowed.')
>>> judge(rules.type_of("water", "5/8"), {"minimum": Decimal("93.2")}, used=True).passed
True
>>> due(date(2024, 2, 29), 8), due(date(2024, 2, 29), 1)
(datetime.date(2032, 2, 29), datetime.date(2025, 3, 1))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meterbook.engine.trace import N_, Step

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
#: The points a meter is tested at, and their words.
POINTS = {
    "minimum": N_("Minimum flow"),
    "intermediate": N_("Intermediate flow"),
    "maximum": N_("Maximum flow"),
    "light_load": N_("Light load"),
    "full_load": N_("Full load"),
    "power_factor": N_("Half power factor"),
}
_HUNDREDTH = Decimal("0.01")


class WrongAccuracyRules(ValueError):
    """The document is refused: each line names a path, what stands there, and what should."""


class WrongMeasurement(ValueError):
    """A point the type is not tested at, one that is missing, or a percentage that is none."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@dataclass(frozen=True, slots=True)
class Band:
    """The least and the most allowed, both allowed, in percent."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class BenchPoint:
    """One flow or load of a test: where it is set, its weight in the average, the limits new and in use."""

    name: str
    at: str
    weight: int
    new: Band
    used: Band


@dataclass(frozen=True, slots=True)
class MeterType:
    """Meters that are tested alike: how often, at which points, and the limits of the weighted average if any."""

    commodity: str
    sizes: tuple[str, ...]
    every_years: int
    points: tuple[BenchPoint, ...]
    average: Band | None


@dataclass(frozen=True, slots=True)
class AccuracyRules:
    """The policy in force: its citation and its types."""

    citation: str
    types: tuple[MeterType, ...]

    def type_of(self, commodity: str, size: str) -> MeterType | None:
        """How a meter of that size is tested; None where the policy names no such meter."""
        return next((one for one in self.types if one.commodity == commodity and size in one.sizes), None)


@dataclass(frozen=True, slots=True)
class PointJudged:
    """One point of a test: what was found, what is allowed, and the sentence."""

    name: str
    at: str
    found: Decimal
    band: Band
    passed: bool
    says: Step


@dataclass(frozen=True, slots=True)
class Judged:
    """A whole test: it passes when every point does, and the average where there is one."""

    points: tuple[PointJudged, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing lies outside its limits."""
        return all(point.passed for point in self.points)


def judge(kind: MeterType, found: Mapping[str, Decimal], *, used: bool) -> Judged:
    """Hold what was found, in percent by point, against the limits; ``used`` for a meter that has hung before.

    The weighted average is rounded half up to hundredths of a percent. Raises `WrongMeasurement`.
    """
    for name in found:
        if name not in {point.name for point in kind.points}:
            named = Step(POINTS.get(name, name))
            raise WrongMeasurement(Step(N_("This meter is not tested at: {point}."), {"point": named}))
    judged = []
    for point in kind.points:
        value = found.get(point.name)
        if value is None:
            said = Step(N_("{point} is missing: its accuracy in percent."), {"point": Step(POINTS[point.name])})
            raise WrongMeasurement(said)
        if not Decimal(0) <= value <= Decimal(200):
            said = Step(N_("{point}: type a percentage from 0 to 200."), {"point": Step(POINTS[point.name])})
            raise WrongMeasurement(said)
        judged.append(_point(point.name, point.at, value, point.used if used else point.new))
    if kind.average is not None:
        weights = sum(point.weight for point in kind.points)
        total = sum((found[point.name] * point.weight for point in kind.points), Decimal(0))
        judged.append(_point("average", "", (total / weights).quantize(_HUNDREDTH, ROUND_HALF_UP), kind.average))
    return Judged(tuple(judged))


def due(since: date, every_years: int) -> date:
    """The day the next test is due; 29 February becomes 1 March where there is none."""
    year = since.year + every_years
    try:
        return since.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _point(name: str, at: str, found: Decimal, band: Band) -> PointJudged:
    where = Step(N_("Weighted average")) if name == "average" else Step(N_("{point}, {at}"), {
        "point": Step(POINTS[name]), "at": at})  # fmt: skip
    values: dict[str, Any] = {"where": where, "found": found, "low": band.low, "high": band.high}
    if found < band.low:
        says = Step(N_("{where}: {found} percent is below {low} percent, the least allowed."), values)
    elif found > band.high:
        says = Step(N_("{where}: {found} percent is above {high} percent, the most allowed."), values)
    else:
        says = Step(N_("{where}: {found} percent lies within {low} to {high} percent."), values)
    return PointJudged(name, at, found, band, band.low <= found <= band.high, says)


def parse_accuracy(document: Mapping[str, Any]) -> AccuracyRules:
    """Read the policy; raise `WrongAccuracyRules` with everything that is wrong with it."""
    problems = list(_problems(document))
    if problems:
        raise WrongAccuracyRules("\n".join(problems))
    return AccuracyRules(
        citation=" ".join(str(document.get("citation", "")).split()),
        types=tuple(_type(one) for one in document["types"]),
    )


def _type(one: Mapping[str, Any]) -> MeterType:
    return MeterType(
        commodity=one["for"]["commodity"],
        sizes=tuple(one["for"]["sizes"]),
        every_years=one["test_every_years"],
        points=tuple(
            BenchPoint(each["point"], each["at"], each.get("weight", 1), _band(each["new"]), _band(each["used"]))
            for each in one["points"]
        ),
        average=_band(one["average"]) if "average" in one else None,
    )


def _band(pair: Sequence[str]) -> Band:
    return Band(Decimal(pair[0]), Decimal(pair[1]))


def _problems(document: Mapping[str, Any]) -> Iterator[str]:
    types = document.get("types")
    if not isinstance(types, list) or not types:
        yield f"types: found {types!r}, expected a list of meter types"
        return
    seen: set[tuple[str, str]] = set()
    for at, one in enumerate(types):
        path = f"types[{at}]"
        if not isinstance(one, dict):
            yield f"{path}: found {one!r}, expected a mapping"
            continue
        yield from _matched(one.get("for"), f"{path}.for", seen)
        years = one.get("test_every_years")
        if type(years) is not int or not 1 <= years <= 50:
            yield f"{path}.test_every_years: found {years!r}, expected 1 to 50 years"
        if "average" in one:
            yield from _limits(one["average"], f"{path}.average")
        yield from _points(one.get("points"), f"{path}.points")


def _matched(found: Any, path: str, seen: set[tuple[str, str]]) -> Iterator[str]:
    sizes = found.get("sizes") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(found.get("commodity"), str) or not isinstance(sizes, list):
        yield f"{path}: found {found!r}, expected a commodity and a list of sizes"
        return
    for size in sizes:
        if not isinstance(size, str) or not size:
            yield f"{path}.sizes: found {size!r}, expected a size in quotes"
        elif (found["commodity"], size) in seen:
            yield f"{path}.sizes: found {size!r} again, expected each size once"
        else:
            seen.add((found["commodity"], size))


def _points(found: Any, path: str) -> Iterator[str]:
    if not isinstance(found, list) or not found:
        yield f"{path}: found {found!r}, expected a list of points"
        return
    names: list[str] = []
    for at, each in enumerate(found):
        here = f"{path}[{at}]"
        if not isinstance(each, dict) or each.get("point") not in POINTS or each["point"] in names:
            yield f"{here}: found {each!r}, expected a point not named before, one of {', '.join(POINTS)}"
            continue
        names.append(each["point"])
        if not isinstance(each.get("at"), str) or not each["at"]:
            yield f"{here}.at: found {each.get('at')!r}, expected where the bench is set"
        if type(each.get("weight", 1)) is not int or each.get("weight", 1) < 1:
            yield f"{here}.weight: found {each['weight']!r}, expected a whole number above 0"
        for limit in ("new", "used"):
            yield from _limits(each.get(limit), f"{here}.{limit}")


def _limits(found: Any, path: str) -> Iterator[str]:
    whole = isinstance(found, list) and len(found) == 2
    if not whole or not all(isinstance(one, str) and _PERCENT.fullmatch(one) for one in found):
        yield f"{path}: found {found!r}, expected the least and the most percent, in quotes"
    elif Decimal(found[0]) > Decimal(found[1]):
        yield f"{path}: found {found!r}, expected the least before the most"
