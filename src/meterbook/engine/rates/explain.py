"""One bill in exact decimals and in words, written from the ordinance.

`amounts` is what a run compares every priced bill with; `explain` is the same computation with its reasons. The
version, the days and the rounding are worked out here and in the components' ``explain`` modules for themselves:
nothing is shared with `price` but the tariff.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache, partial
from typing import Any, Protocol, cast

from meterbook.engine.money import dollars
from meterbook.engine.rates import components
from meterbook.engine.rates.changing.told import Stretch, read_steps, story, stretches
from meterbook.engine.rates.document import YEARS
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.in_decimal import reasons, truth_of
from meterbook.engine.rates.spans import FINE, ZERO, Charge, Charged, Entry, Facts, Span, cents, say, so_far, usd
from meterbook.engine.rates.tariff import Component, Source, Tariff
from meterbook.engine.rates.terms import DAYS_LIMIT, SEASONS_LIMIT, Change, NotInForce, OutOfRange
from meterbook.engine.trace import N_, Step

#: Digits enough that no product of this engine's limits is rounded, and no quotient near a tie misjudged.
_EXACT = Context(prec=60)

#: component, part, version, first day of the slice, cents, and (free of charge) seq, day after, quantity, price,
#: cents before rounding.
Amount = tuple[str, int, str, date, int, int, date, Decimal, Decimal, Decimal]
#: One component made ready for one stretch of days: order, component, its span, its charge,
#: the condition on which it stands.
Ready = tuple[int, Component, Span, Charge, Formula | None]


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
    if not YEARS[0] <= starts.year < YEARS[1]:
        what = f"a bill must begin in a year from {YEARS[0]} to {YEARS[1] - 1}"
        raise OutOfRange(schedule=tariff.schedule, what=what)
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


def _cut(whole: list[tuple[int, Span]], listed: Sequence[Stretch]) -> list[tuple[int, Span, Facts]]:
    """The spans of a bill's versions cut into its stretches, each with the facts in which its days differ."""
    found: list[tuple[int, Span, Facts]] = []
    for index, span in whole:
        for one in listed:
            begins, finishes = max(span.starts, one.starts), min(span.ends, one.ends)
            if begins < finishes:
                here = replace(span, starts=begins, ends=finishes, opens=one.opens, closes=one.closes, reads=one.reads,
                               first_day=span.opens, all_days=span.bill_days, changed=True)  # fmt: skip
                found.append((index + one.number, here, one.facts))
    return found


def _ready(component: Component, at: int, index: int, span: Span) -> list[Ready]:
    """The component made ready for the span, or for each of its seasons."""
    face = cast("_ExplainModule", components.module(component.keyword, "explain"))
    seq = (index * 100 + at) * 100_000
    spans = [span] if component.season is None else span.seasons(component.season)
    if len(spans) > SEASONS_LIMIT:
        raise OutOfRange(schedule=span.schedule, what=f"a bill runs through more than {SEASONS_LIMIT} seasons")
    return [
        (seq + piece * 10_000, component, one, face.ready(component.settings, one, component=component.id),
         component.applies)
        for piece, one in enumerate(spans)
    ]  # fmt: skip


#: One version's stretch of a bill: its components' ids at zero, whether any reads unrounded lines, its name, charges,
#: and the facts in which its days differ from the bill's last.
_Stretch = tuple[dict[str, int], bool, str, tuple[Ready, ...], Facts]
_NOTHING: Facts = {}


def _laid_out(spans: Sequence[tuple[int, Span, Facts]]) -> tuple[_Stretch, ...]:
    """Every component made ready for every span."""
    plan: list[_Stretch] = []
    for index, span, facts in spans:
        ready: list[Ready] = []
        for at, component in enumerate(span.version.components, start=1):
            ready += _ready(component, at, index, span)
        zeros = dict.fromkeys((component.id for component in span.version.components), 0)
        plan.append((zeros, span.version.reads_exact, span.version.version, tuple(ready), facts))
    return tuple(plan)


@lru_cache(maxsize=4096)
def _plan(tariff: Tariff, starts: date, ends: date) -> tuple[_Stretch, ...]:
    """The plan of every bill of this period in which no fact changes."""
    with localcontext(_EXACT):
        return _laid_out([(index, span, _NOTHING) for index, span in _spans(tariff, starts, ends)])


def _plan_of(tariff: Tariff, starts: date, ends: date, facts: Facts, changes: Sequence[Change]) -> tuple[_Stretch, ...]:
    """The plan of one bill inside which facts change."""
    with localcontext(_EXACT):
        whole = _spans(tariff, starts, ends)
        return _laid_out(_cut(whole, stretches(tariff, starts, ends, facts, changes)))


#: What stands behind a line, for words: its component, the days, the line before rounding, the lines before it, and
#: the facts of its days.
_Behind = tuple[Component, Span, Entry, Mapping[str, int], Facts]


def _computed(plan: tuple[_Stretch, ...], facts: Facts, behind: list[_Behind] | None = None) -> list[Amount]:
    """Every line of a bill in print order, rounded here and nowhere else; ``behind`` gathers what each rests on."""
    lines: list[Amount] = []
    earlier: dict[str, int] = {}
    told = facts
    for zeros, exact, version, ready, changed in plan:
        facts = {**told, **changed} if changed else told
        charged: dict[str, int] = Charged(zeros, earlier) if exact or lines else zeros.copy()
        for seq, component, piece, charge, applies in ready:
            name, total, whole = component.id, 0, ZERO
            if applies is not None and not truth_of(applies, piece, facts, charged, component=name):
                continue
            entries = charge(facts, charged)
            if behind is not None:
                behind += [(component, piece, entry, so_far(charged), facts) for entry in entries]
            for part, sub, first, after, quantity, price, amount in entries:
                rounded = cents(amount)
                order = seq + sub * 100 + part
                lines.append((name, part, version, first, rounded, order, after, quantity, price, amount))
                total += rounded
                if exact:
                    whole += amount.scaleb(-2).quantize(FINE, rounding=ROUND_HALF_UP)
            if total:
                charged[name] += total
            if exact:
                known = cast("Charged", charged).exact
                known[name] = known.get(name, ZERO) + whole
        if len(plan) > 1:
            for name, total in charged.items():
                earlier[name] = earlier.get(name, 0) + total
    return lines


def amounts(
    tariff: Tariff, starts: date, ends: date, determinants: Facts, changes: Sequence[Change] = ()
) -> list[Amount]:
    """The lines of one bill without words, in print order: the computation `explain` puts into words.

    ``determinants`` are the facts of the bill's last day, ``changes`` what differed before. Each line is (component,
    part, version, first day of the slice, cents, seq, day after the slice, quantity, price, exact cents). Raises
    `MissingDeterminant`, `UnknownKey`, `OutOfRange` or `NotInForce`.
    """
    plan = _plan_of(tariff, starts, ends, determinants, changes) if changes else _plan(tariff, starts, ends)
    with localcontext(_EXACT):
        return _computed(plan, determinants)


def _steps(
    span: Span,
    component: Component,
    entry: Entry,
    rounded: int,
    facts: Facts,
    charged: Mapping[str, int],
    unit: str,
    changed: Sequence[Step],
) -> list[Step]:
    """Why this line: the rate and its source, what changed inside the bill, the days, the quantity, the rounding."""
    face = cast("_ExplainModule", components.module(component.keyword, "explain"))
    source = component.source or span.version.source
    words = N_(
        "Rates of schedule {schedule}, version {version}, in force from {effective}: "
        "{utility}, {resolution}, {section}."
    )
    cited = {"utility": source.utility, "resolution": source.resolution, "section": source.section}
    version = span.version
    found = [say(words, schedule=span.schedule, version=version.version, effective=version.effective, **cited)]
    found += changed
    if (span.starts, span.ends) != (span.opens, span.closes):
        asked = [each.name for each in component.settings.determinants() if each.kind == "usage"]
        found += [step for name in asked for step in read_steps(span.reads, name, span, unit)]
    with localcontext(_EXACT):
        if span.season is not None:
            words = N_("Season {season}: {days} of the bill's {bill} days.")
            found.append(say(words, season=span.season, days=span.days, bill=span.bill_days))
        if component.applies is not None:
            found += reasons(component.applies, span, facts, charged, component=component.id)
        found += face.steps(component.settings, span, entry, facts=facts, charged=charged, unit=unit)
        found.append(say(N_("Rounded to the cent, half a cent up: {amount}."), amount=usd(dollars(rounded))))
    return found


def _source(component: Component, span: Span, entry: Entry) -> Source:
    source = component.source or span.version.source
    for rate in component.settings.rates(unit=""):
        if rate.note and (rate.formula or rate.price == entry[5]) and rate.since is not None and rate.since <= entry[2]:
            source = replace(source, note=rate.note)
    return source


def explain(
    tariff: Tariff, *, starts: date, ends: date, determinants: Facts, changes: Sequence[Change] = ()
) -> Explanation:
    """One bill with its reasons. ``determinants`` are exact ``Decimal`` quantities and text keys by name, as on the
    bill's last day; ``changes`` say what differed before.

    Steps are built only when ``line.steps()`` is called. Raises what `amounts` raises.
    """
    plan = _plan_of(tariff, starts, ends, determinants, changes) if changes else _plan(tariff, starts, ends)
    changed = story(tariff, starts, ends, determinants, changes) if changes else []
    lines: list[ExplainedLine] = []
    behind: list[_Behind] = []
    with localcontext(_EXACT):
        computed = _computed(plan, determinants, behind)
        for (component, span, entry, charged, facts), line in zip(behind, computed, strict=True):
            part, _, first, after, quantity, price, _ = entry
            rounded, seq = line[4], line[5]
            lines.append(
                ExplainedLine(
                    seq=seq,
                    component=component.id,
                    part=part,
                    version=span.version.version,
                    starts=first,
                    ends=after,
                    quantity=quantity,
                    price=price,
                    amount_cents=rounded,
                    label=component.settings.label_of(part) or component.label,
                    revenue=component.revenue,
                    source=_source(component, span, entry),
                    steps=partial(_steps, span, component, entry, rounded, facts, charged, tariff.unit, changed),
                )
            )
    return Explanation(tariff.schedule, starts, ends, lines)
