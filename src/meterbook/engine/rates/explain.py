"""One bill in exact decimals and in words, written from the ordinance.

`amounts` is what a run compares every priced bill with; `explain` is the same computation with its reasons. The
version, the days and the rounding are worked out here and in the components' ``explain`` modules for themselves:
nothing is shared with `price` but the tariff.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import lru_cache, partial
from typing import Any, Protocol, cast

from meterbook.engine.money import dollars
from meterbook.engine.rates import components
from meterbook.engine.rates.spans import Charge, Entry, Facts, Span, say, usd
from meterbook.engine.rates.tariff import Component, Source, Tariff
from meterbook.engine.rates.terms import DAYS_LIMIT, NotInForce, OutOfRange
from meterbook.engine.trace import N_, Step

#: Digits enough that no product of this engine's limits is rounded, and no quotient near a tie misjudged.
_EXACT = Context(prec=60)

#: component, part, version, first day of the slice, cents, and (free of charge) seq, day after, quantity, price.
Amount = tuple[str, int, str, date, int, int, date, Decimal, Decimal]


class _ExplainModule(Protocol):
    def ready(self, settings: Any, span: Span, *, component: str) -> Charge: ...

    def steps(
        self, settings: Any, span: Span, entry: Entry, *, facts: Facts, charged: Mapping[str, int], unit: str
    ) -> list[Step]: ...


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of a bill with its reasons; ``quantity`` × ``price`` dollars, ``starts`` to ``ends`` (out)."""

    seq: int
    component: str
    part: int
    version: str
    starts: date
    ends: date
    quantity: Decimal
    price: Decimal
    amount_cents: int
    label: dict[str, str]
    revenue: str
    source: Source
    steps: Callable[[], list[Step]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A bill's lines in print order."""

    schedule: str
    starts: date
    ends: date
    lines: list[ExplainedLine]

    @property
    def total_cents(self) -> int:
        """The sum of the lines, in cents."""
        return sum(line.amount_cents for line in self.lines)


def _spans(tariff: Tariff, starts: date, ends: date) -> list[tuple[int, Span]]:
    """The stretches of the bill that each version prices, in order of date."""
    if not 0 < (ends - starts).days <= DAYS_LIMIT:
        raise OutOfRange(schedule=tariff.schedule, what=f"a bill must hold 1 to {DAYS_LIMIT} days")
    opening = None
    found: list[tuple[int, Span]] = []
    for index, version in enumerate(tariff.versions):
        over = tariff.versions[index + 1].effective if index + 1 < len(tariff.versions) else None
        if version.effective <= starts:
            opening = version
        if version.effective >= ends or (over is not None and over <= starts) or opening is None:
            continue
        begins = version.effective if version.effective > starts else starts
        finishes = over if over is not None and over < ends else ends
        step = Decimal(1).scaleb(-opening.proration.usage_decimals)
        found.append((index, Span(tariff.schedule, version, begins, finishes, starts, ends, step)))
    if opening is None:
        raise NotInForce(schedule=tariff.schedule, day=starts, first=tariff.versions[0].effective)
    return found


@lru_cache(maxsize=4096)
def _plan(
    tariff: Tariff, starts: date, ends: date
) -> tuple[tuple[Span, tuple[tuple[int, Component, Charge], ...]], ...]:
    """Every component made ready for every span of this period."""
    plan = []
    with localcontext(_EXACT):
        for index, span in _spans(tariff, starts, ends):
            ready = []
            for at, component in enumerate(span.version.components, start=1):
                face = cast("_ExplainModule", components.module(component.keyword, "explain"))
                seq = (index * 100 + at) * 100_000
                ready.append((seq, component, face.ready(component.settings, span, component=component.id)))
            plan.append((span, tuple(ready)))
    return tuple(plan)


def amounts(tariff: Tariff, starts: date, ends: date, determinants: Facts) -> list[Amount]:
    """The lines of one bill without words, in print order: the computation `explain` puts into words.

    Each is (component, part, version, first day of the slice, cents, seq, day after the slice, quantity, price).
    Raises `MissingDeterminant`, `UnknownKey`, `OutOfRange` or `NotInForce`.
    """
    plan = _plan(tariff, starts, ends)
    lines: list[Amount] = []
    with localcontext(_EXACT):
        for span, ready in plan:
            version = span.version.version
            charged: dict[str, int] = {}
            for seq, component, charge in ready:
                name, total = component.id, 0
                for part, sub, first, after, quantity, price, cents in charge(determinants, charged):
                    lines.append((name, part, version, first, cents, seq + sub * 100 + part, after, quantity, price))
                    total += cents
                charged[name] = total
    return lines


def _steps(
    span: Span, component: Component, entry: Entry, facts: Facts, charged: Mapping[str, int], unit: str
) -> list[Step]:
    """Why this line: the rate and its source, the days, the quantity, the rounding."""
    face = cast("_ExplainModule", components.module(component.keyword, "explain"))
    source = component.source or span.version.source
    words = N_(
        "Rates of schedule {schedule}, version {version}, in force from {effective}: "
        "{utility}, {resolution}, {section}."
    )
    cited = {"utility": source.utility, "resolution": source.resolution, "section": source.section}
    version = span.version
    found = [say(words, schedule=span.schedule, version=version.version, effective=version.effective, **cited)]
    with localcontext(_EXACT):
        found += face.steps(component.settings, span, entry, facts=facts, charged=charged, unit=unit)
        found.append(say(N_("Rounded to the cent, half a cent up: {amount}."), amount=usd(dollars(entry[6]))))
    return found


def _source(component: Component, span: Span, entry: Entry) -> Source:
    source = component.source or span.version.source
    for rate in component.settings.rates(unit=""):
        if rate.note and rate.price == entry[5] and rate.since is not None and rate.since <= entry[2]:
            source = replace(source, note=rate.note)
    return source


def explain(tariff: Tariff, *, starts: date, ends: date, determinants: Facts) -> Explanation:
    """One bill with its reasons. ``determinants`` are exact ``Decimal`` quantities and text keys by name.

    Steps are built only when ``line.steps()`` is called. Raises what `amounts` raises.
    """
    plan = _plan(tariff, starts, ends)
    lines: list[ExplainedLine] = []
    with localcontext(_EXACT):
        for span, ready in plan:
            charged: dict[str, int] = {}
            for seq, component, charge in ready:
                entries = charge(determinants, charged)
                before = dict(charged)
                for entry in entries:
                    part, sub, first, after, quantity, price, cents = entry
                    lines.append(
                        ExplainedLine(
                            seq=seq + sub * 100 + part,
                            component=component.id,
                            part=part,
                            version=span.version.version,
                            starts=first,
                            ends=after,
                            quantity=quantity,
                            price=price,
                            amount_cents=cents,
                            label=component.settings.label_of(part) or component.label,
                            revenue=component.revenue,
                            source=_source(component, span, entry),
                            steps=partial(_steps, span, component, entry, determinants, before, tariff.unit),
                        )
                    )
                charged[component.id] = sum(entry[6] for entry in entries)
    return Explanation(tariff.schedule, starts, ends, lines)
