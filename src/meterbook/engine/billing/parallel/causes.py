"""Why two systems differ: ours computed again with the other side's days, reads, rate or rounding, until it is theirs.

A difference counts as explained only where the computation gives every figure of theirs to the cent. The smallest set
of causes is named; among equals the order is days, reads, rate, rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from itertools import product

from meterbook.engine.billing.parallel.match import Compared, Group, grouped, summed
from meterbook.engine.billing.parallel.sides import OurPart, TheirPart
from meterbook.engine.rates.changing.told import with_usage
from meterbook.engine.rates.explain import Amount, amounts
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Refusal

#: How another system may round, by name: per line or once per charge, and which way; usage cut to whole units.
_LINE = {"line half-even": ROUND_HALF_EVEN, "line down": ROUND_DOWN, "line up": ROUND_UP}
_CHARGE = {"charge half-up": ROUND_HALF_UP, "charge half-even": ROUND_HALF_EVEN, "charge down": ROUND_DOWN}
_USAGE = {"whole units down": ROUND_DOWN, "whole units half-up": ROUND_HALF_UP}
ROUNDINGS = (*_LINE, *_CHARGE, *_USAGE)
_OURS = "line half-up"


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing the other system did differently: ``kind`` is days, reads, rate or rounding; both sides as text."""

    kind: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class _Trial:
    """One way to compute: days, usage, a version for all days (none: those in force), a way to round."""

    starts: date
    ends: date
    usage: Decimal | None
    version: str | None
    rounding: str

    def causes(self, ours: OurPart) -> list[Cause]:
        """What of it is not ours."""
        usage, mine = self.usage, ours.facts.get("usage")
        found = []
        if (self.starts, self.ends) != (ours.starts, ours.ends):
            found.append(Cause("days", f"{ours.starts}/{ours.ends}", f"{self.starts}/{self.ends}"))
        if usage != mine:
            found.append(Cause("reads", str(mine), str(usage)))
        if self.version is not None:
            found.append(Cause("rate", "versions in force", self.version))
        if self.rounding != _OURS:
            found.append(Cause("rounding", _OURS, self.rounding))
        return found


def compare(ours: OurPart, theirs: TheirPart) -> Compared:
    """Compare one service's part of a bill; see the module for what explained means."""
    groups = grouped(ours.lines, theirs.lines)
    if all(group.equal for group in groups):
        return Compared("equal", groups)
    trials = sorted(((trial.causes(ours), trial) for trial in _trials(ours, theirs)), key=lambda pair: len(pair[0]))
    for causes, trial in trials:
        computed = _computed(ours, trial)
        if causes and computed is not None and _same(groups, summed(_rounded(computed, trial.rounding))):
            return Compared("explained", groups, tuple(causes))
    for causes, trial in trials:
        computed = _computed(ours, trial) if trial.version is None else None
        prices = _by_price(groups, computed, trial.rounding) if computed is not None else None
        if prices:
            return Compared("explained", groups, (*causes, *prices))
    return Compared("unexplained", groups)


def _trials(ours: OurPart, theirs: TheirPart) -> Iterator[_Trial]:
    """Every combination of our ways and theirs; what the file does not say is not varied."""
    days = [(ours.starts, ours.ends)]
    if theirs.starts is not None and theirs.ends is not None and (theirs.starts, theirs.ends) not in days:
        days.append((theirs.starts, theirs.ends))
    mine = ours.facts.get("usage")
    usages = [mine if isinstance(mine, Decimal) else None]
    if usages[0] is not None and theirs.usage is not None and theirs.usage != usages[0]:
        usages.append(theirs.usage)
    versions = [None, *(version.version for version in ours.tariff.versions)]
    for (starts, ends), usage, version, rounding in product(days, usages, versions, (_OURS, *ROUNDINGS)):
        if rounding not in _USAGE or usage is not None:
            yield _Trial(starts, ends, usage, version, rounding)


def _computed(ours: OurPart, trial: _Trial) -> list[Amount] | None:
    """Our lines computed that way; nothing where the tariff refuses it."""
    facts, changes = dict(ours.facts), ours.changes
    if trial.usage is not None:
        usage = trial.usage
        if trial.rounding in _USAGE:
            usage = usage.quantize(Decimal(1), rounding=_USAGE[trial.rounding])
        facts["usage"] = usage
        mine = ours.facts.get("usage")
        if isinstance(mine, Decimal) and usage != mine:
            changes = with_usage(changes, "usage", mine, usage)
    tariff = ours.tariff if trial.version is None else only(ours.tariff, trial.version)
    try:
        return amounts(tariff, trial.starts, trial.ends, facts, changes)
    except Refusal:
        return None


def only(tariff: Tariff, version: str) -> Tariff:
    """The tariff as if one of its versions had always been in force."""
    chosen = next(each for each in tariff.versions if each.version == version)
    always = replace(chosen, effective=date(1900, 1, 1))
    return replace(tariff, versions=(always,), digest=f"{tariff.digest}/only/{version}")


def _rounded(lines: list[Amount], rounding: str) -> Iterator[tuple[str, int]]:
    """Cents by component, each line rounded, or all lines of a component together."""
    if rounding in _CHARGE:
        sums: dict[str, Decimal] = {}
        for line in lines:
            sums[line[0]] = sums.get(line[0], Decimal(0)) + line[9]
        yield from ((name, _cents(total, _CHARGE[rounding])) for name, total in sums.items())
        return
    for line in lines:
        yield line[0], _cents(line[9], _LINE[rounding]) if rounding in _LINE else line[4]


def _cents(exact: Decimal, rounding: str) -> int:
    with localcontext(prec=60):
        return int(exact.quantize(Decimal(1), rounding=rounding))


def _same(groups: tuple[Group, ...], computed: Mapping[str, int]) -> bool:
    """Whether the computed cents are theirs, group by group, with no component left over."""
    named = {component for group in groups for component in group.components}
    if any(cents for component, cents in computed.items() if component not in named):
        return False
    return all(sum(computed.get(each, 0) for each in group.components) == group.theirs_cents for group in groups)


def _by_price(groups: tuple[Group, ...], lines: list[Amount], rounding: str) -> list[Cause] | None:
    """Causes for the groups that differ, where our quantity at their price is their amount; nothing if one is not.

    Only a group of one line on both sides has one price.
    """
    computed = summed(_rounded(lines, rounding))
    found = []
    for group in groups:
        if sum(computed.get(each, 0) for each in group.components) == group.theirs_cents:
            continue
        mine = [line for line in lines if line[0] in group.components]
        if len(mine) != 1 or group.price is None:
            return None
        quantity, price, exact = mine[0][7], mine[0][8], mine[0][9]
        if not quantity or not price:
            return None
        with localcontext(prec=60):
            theirs = exact * group.price / price
        if _cents(theirs, _LINE.get(rounding, ROUND_HALF_UP)) != group.theirs_cents:
            return None
        found.append(Cause("rate", f"{price.normalize():f}", f"{group.price.normalize():f}"))
    return found
