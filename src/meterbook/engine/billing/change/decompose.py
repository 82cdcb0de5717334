"""The difference of two bills as parts, by sequential substitution; the parts add up to it by construction.

Service by service, this bill's circumstances are put in place of the other's, one kind after another, and the service
is priced again each time by the explanation's own arithmetic. What one substitution changes is that kind's part. The
order is fixed (`ORDER`): parts that depend on each other (more use at a higher rate) have none of their own.

1. **estimated**, **usage**: this bill's use in the other bill's days, at its rates; what is estimated first;
2. **days**: as many days as this bill has, from the other bill's first day;
3. **rate**: this bill's tariff versions, laid over those days so that they change at the same place in the bill;
4. **season**: this bill's own days;
5. **fact**: this bill's facts, one after another by name (carts, meter size, winter average); taxes and other shares of
   a charge stand in the same tariff and follow their base in every step;
6. **inside**: facts that changed inside one of the bills;
7. **other**: whatever pricing again does not reproduce, named and never hidden.

A step that cannot be priced (this bill's tariff asks for a fact the other bill never had) stands for those after it up
to the next that can. Services that only one bill has, corrections, bookings and the balance are parts of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meterbook.engine.billing.change.bills import Billed, Sold
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Change, Refusal

#: Kinds of parts in the order of their substitution.
ORDER = (
    "estimated", "usage", "days", "rate", "season", "fact", "inside", "split", "added", "removed", "correction",
    "other", "one_off", "credit", "balance",
)  # fmt: skip
_FINE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the difference: its kind, signed cents, the service it is about and what its sentence names.

    ``figures`` holds values by name: quantities with their ``unit``, days, tariff versions, the ``fact`` and both its
    values, words by language.
    """

    kind: str
    cents: int
    commodity: str = ""
    point: int | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)


def changed(this: Billed, other: Billed) -> list[Part]:
    """The parts of ``this.due − other.due``, dearest first; they add up to it to the cent. Empty ones are left out."""
    parts = [*_services(this, other), *_beside(this, other)]
    return sorted((part for part in parts if part.cents), key=lambda part: (-abs(part.cents), ORDER.index(part.kind)))


def _services(this: Billed, other: Billed) -> Iterator[Part]:
    now, before = _by_point(this.sold), _by_point(other.sold)
    for point in sorted(set(now) | set(before)):
        here, there = now.get(point, []), before.get(point, [])
        if any(one.reverses for one in (*here, *there)):
            cents = sum(one.cents for one in here) - sum(one.cents for one in there)
            yield Part("correction", cents, (here or there)[0].commodity, point)
        elif not there:
            yield from (Part("added", one.cents, one.commodity, point, {"days": one.days}) for one in here)
        elif not here:
            yield from (Part("removed", -one.cents, one.commodity, point, {"days": one.days}) for one in there)
        elif len(here) == len(there):
            for mine, theirs in zip(here, there, strict=True):
                yield from _substituted(mine, theirs)
        else:
            cents = sum(one.cents for one in here) - sum(one.cents for one in there)
            yield Part("split", cents, here[0].commodity, point, {"now": len(here), "before": len(there)})


def _by_point(sold: Sequence[Sold]) -> dict[int, list[Sold]]:
    found: dict[int, list[Sold]] = defaultdict(list)
    for one in sorted(sold, key=lambda each: (each.point, each.starts)):
        found[one.point].append(one)
    return found


@dataclass(frozen=True, slots=True)
class _State:
    """What a service is priced from while one thing after another is substituted."""

    tariff: Tariff
    starts: date
    ends: date
    told: Mapping[str, Decimal | str]
    changes: Sequence[Change] = ()

    def cents(self) -> int | None:
        """The price, or nothing where it cannot be priced."""
        try:
            return sum(line[4] for line in amounts(self.tariff, self.starts, self.ends, self.told, self.changes))
        except Refusal:
            return None


def _substituted(this: Sold, other: Sold) -> Iterator[Part]:
    """The parts of one service that both bills have; they add up to the difference of what the bills charge for it."""
    start = _State(other.tariff, other.starts, other.ends, other.told)
    at, inside, rest = other.cents, 0, 0
    first = start.cents()
    if first is not None:
        inside, rest = (first - at, 0) if other.changes else (0, first - at)
        at = first
    unpriced: tuple[str, dict[str, Any]] | None = None
    for kind, figures, state in _steps(this, other, start):
        priced = state.cents()
        if priced is None:
            unpriced = unpriced or (kind, figures)
            continue
        told, unpriced = unpriced or (kind, figures), None
        yield Part(told[0], priced - at, this.commodity, this.point, told[1])
        at = priced
    whole = _State(this.tariff, this.starts, this.ends, this.told, this.changes).cents()
    if whole is not None:
        kind, figures = unpriced or ("inside", {})
        yield Part(kind, whole - at + (inside if kind == "inside" else 0), this.commodity, this.point, figures)
        inside, at = (0, whole) if kind == "inside" else (inside, whole)
    yield Part("inside", inside, this.commodity, this.point)
    yield Part("other", this.cents - at + rest, this.commodity, this.point)


def _steps(this: Sold, other: Sold, start: _State) -> Iterator[tuple[str, dict[str, Any], _State]]:
    """Each substitution: its kind, its figures, and the state after it."""
    state = start
    for kind, told, figures in _uses(this, other):
        state = replace(state, told={**state.told, **told})
        yield kind, figures, state
    state = replace(state, ends=state.starts + timedelta(days=this.days))
    yield "days", {"now": this.days, "before": other.days}, state
    state = replace(state, tariff=_laid_over(this.tariff, other.starts - this.starts))
    earlier = f"{other.tariff.schedule} {_version(other)}"
    versions = {"now": _version(this), "earlier": earlier, "schedule": this.tariff.schedule}
    yield "rate", versions, state
    state = replace(state, tariff=this.tariff, starts=this.starts, ends=this.ends)
    yield "season", {}, state
    for name in sorted((set(this.told) | set(other.told)) - this.used - other.used):
        now, before = this.told.get(name), other.told.get(name)
        if now == before:
            continue
        told = {key: value for key, value in state.told.items() if key != name}
        state = replace(state, told=told if now is None else {**told, name: now})
        yield "fact", {"fact": name, "now": now, "before": before}, state


def _uses(this: Sold, other: Sold) -> Iterator[tuple[str, dict[str, Decimal | str], dict[str, Any]]]:
    """This bill's use in place of the other's: what rests on estimated reads by itself, then the rest.

    An estimate on the other bill puts all of the difference in doubt; one on this bill as much of the use as it is.
    """
    now = {name: value for name, value in this.told.items() if name in this.used}
    here, there = this.told.get("usage"), other.told.get("usage")
    if not (isinstance(here, Decimal) and isinstance(there, Decimal)):
        yield "usage", now, {}
        return
    figures = {"now": here, "before": there, "unit": this.unit}
    if other.estimated or (this.estimated and this.estimated == here):
        yield "estimated", now, figures
        return
    if this.estimated and here:
        # Estimated and measured use change in the proportion they have on this bill.
        share = (here - there) * this.estimated / here
        between = there + share.quantize(_FINE, rounding=ROUND_HALF_UP)
        yield "estimated", {"usage": between}, {"now": between, "before": there, "unit": this.unit}
        figures = {"now": here, "before": between, "unit": this.unit}
    yield "usage", now, figures


def _laid_over(tariff: Tariff, by: timedelta) -> Tariff:
    """A tariff whose versions take effect so many days later: the same rates over another bill's days."""
    versions = tuple(replace(version, effective=version.effective + by) for version in tariff.versions)
    return replace(tariff, versions=versions, digest=f"{tariff.digest}{by.days:+}")


def _version(sold: Sold) -> str:
    """The versions that price a segment, by name."""
    inside = [version for version in sold.tariff.versions if version.effective < sold.ends]
    first = max((at for at, version in enumerate(inside) if version.effective <= sold.starts), default=0)
    return " + ".join(version.version for version in inside[first:])


def _beside(this: Billed, other: Billed) -> Iterator[Part]:
    """What was booked beside the bills, and the balance: each booking of either bill, none hidden in another."""
    for bill, sign in ((this, 1), (other, -1)):
        for one in bill.booked:
            kind = "one_off" if one.cents > 0 else "credit"
            yield Part(
                kind, sign * one.cents, figures={"words": dict(one.words), "of": "this" if sign > 0 else "other"}
            )
    yield Part("balance", this.balance - other.balance, figures={"now": this.balance, "before": other.balance})
