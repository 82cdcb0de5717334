"""Which limits of a wish a draft breaks, in words; and whether what a wish names is there at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from meterbook.engine.rates.study.report import ClassRevenue, Impact
from meterbook.engine.rates.study.wish import CannotSolve, RiseLimit, Share, Wish
from meterbook.engine.trace import N_, Step, Value


def broken(impact: Impact, wish: Wish, numbers: Mapping[str, Decimal]) -> tuple[Step, ...]:
    """Every limit of the wish that the draft breaks; ``numbers`` are those of its document, by path."""
    found: list[Step] = []
    for place in wish.inclining:
        found += _falling(place, numbers)
    for share in wish.shares:
        found += _share(impact, share, wish)
    for limit in wish.rises:
        for one in impact.classes:
            if limit.customer_class in ("", one.name):
                found += _rise(one, limit)
    return tuple(found)


def refuse_unknown(
    wish: Wish, *, classes: Collection[str], components: Collection[str], numbers: Mapping[str, Decimal]
) -> None:
    """Raise `CannotSolve` if the wish names a class, a component or tiers that are not there.

    A limit on what does not exist would never be broken, and so would pass for one that is kept.
    """
    for name in (*wish.classes, *(limit.customer_class for limit in wish.rises if limit.customer_class)):
        if name not in classes:
            words = N_("No bill of the study is of class {name}; its classes are {known}.")
            raise CannotSolve(Step(words, {"name": name, "known": ", ".join(classes)}))
    for name in (*wish.components, *(name for share in wish.shares for name in share.components)):
        if name not in components:
            words = N_("Neither today's rates nor the draft have a component {name}; they have {known}.")
            raise CannotSolve(Step(words, {"name": name, "known": ", ".join(components)}))
    for share in wish.shares:
        if not share.components:
            raise CannotSolve(Step(N_("A share of the revenue names no component.")))
    for place in wish.inclining:
        if not _tiers(place, numbers):
            raise CannotSolve(Step(N_("{path} are no tiers of the draft that have prices."), {"path": place}))


def _tiers(place: str, numbers: Mapping[str, Decimal]) -> list[tuple[int, Decimal]]:
    """The tiers at a place that have one price each: which of them, and the price, in order."""
    one = re.compile(re.escape(place) + r"\[(\d+)\]\.price")
    return sorted((int(match[1]), price) for path, price in numbers.items() if (match := one.fullmatch(path)))


def _falling(place: str, numbers: Mapping[str, Decimal]) -> Iterator[Step]:
    """A tier cheaper than the one before."""
    for (_, before), (at, price) in pairwise(_tiers(place, numbers)):
        if price < before:
            words = N_("Tier {tier} would cost {price}, less than the tier before at {before}.")
            yield Step(words, {"tier": at + 1, "price": price, "before": before})


def _share(impact: Impact, share: Share, wish: Wish) -> Iterator[Step]:
    """A share of the counted revenue outside its bounds."""
    part, whole = 0, 0
    for one in impact.classes:
        if wish.classes and one.name not in wish.classes:
            continue
        for component in one.components:
            if component.component in share.components:
                part += component.revenue.new
            if not wish.components or component.component in wish.components:
                whole += component.revenue.new
    values: dict[str, Value] = {"components": ", ".join(share.components)}
    if share.lowest is not None and part * 100 < share.lowest * whole:
        words = N_("{components} would raise less than {percent} percent of the revenue.")
        yield Step(words, values | {"percent": f"{share.lowest:f}"})
    if share.highest is not None and part * 100 > share.highest * whole:
        words = N_("{components} would raise more than {percent} percent of the revenue.")
        yield Step(words, values | {"percent": f"{share.highest:f}"})


def _rise(one: ClassRevenue, limit: RiseLimit) -> Iterator[Step]:
    """A bill of the class that would rise too much."""
    if limit.cents is not None and one.largest_rise > limit.cents:
        words = N_("A bill of class {name} would rise by {rise}, more than {limit}.")
        rise, most = Decimal(one.largest_rise).scaleb(-2), Decimal(limit.cents).scaleb(-2)
        yield Step(words, {"name": one.name, "rise": f"${rise:f}", "limit": f"${most:f}"})
    percent = one.largest_rise_percent
    if limit.percent is not None and percent is not None and percent > limit.percent:
        words = N_("A bill of class {name} would rise by {rise}%, more than {limit}%.")
        yield Step(words, {"name": one.name, "rise": f"{percent:f}", "limit": f"{limit.percent:f}"})
    if limit.percent is not None and limit.zero_cents is not None and one.largest_rise_from_zero > limit.zero_cents:
        words = N_("A bill of class {name} that is zero today would rise by {rise}, more than {limit}.")
        rise, most = Decimal(one.largest_rise_from_zero).scaleb(-2), Decimal(limit.zero_cents).scaleb(-2)
        yield Step(words, {"name": one.name, "rise": f"${rise:f}", "limit": f"${most:f}"})
