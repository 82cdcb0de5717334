"""Which limits of a wish a draft breaks, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from meterbook.engine.rates.study.report import ClassRevenue, Impact
from meterbook.engine.rates.study.wish import RiseLimit, Share, Wish
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


def _falling(place: str, numbers: Mapping[str, Decimal]) -> Iterator[Step]:
    """A tier cheaper than the one before."""
    before: Decimal | None = None
    at = 0
    while (price := numbers.get(f"{place}[{at}].price")) is not None:
        if before is not None and price < before:
            words = N_("Tier {tier} would cost {price}, less than the tier before at {before}.")
            yield Step(words, {"tier": at + 1, "price": price, "before": before})
        before, at = price, at + 1


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
