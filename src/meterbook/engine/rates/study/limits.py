"""How far a draft is from every limit of a wish, in words; and whether what a wish names is there at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from meterbook.engine.rates.study.report import ClassRevenue, Impact
from meterbook.engine.rates.study.wish import CannotSolve, RiseLimit, Share, Wish
from meterbook.engine.trace import N_, Step, Value


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit and a draft: which it is, how much room the draft leaves, and what to say if it leaves none.

    ``room`` is below zero where the draft breaks the limit. It is in a unit of the limit's own (dollars of a price,
    cents, percent) and is compared with that of other drafts only.
    """

    key: tuple[str, ...]
    room: Decimal
    words: Step


def limits(impact: Impact, wish: Wish, numbers: Mapping[str, Decimal]) -> tuple[Limit, ...]:
    """Every limit of the wish, class by class; ``numbers`` are those of the draft's document, by path."""
    found: list[Limit] = []
    for place in wish.inclining:
        found += _falling(place, numbers)
    for at, share in enumerate(wish.shares):
        found += _share(impact, share, wish, str(at))
    for at, limit in enumerate(wish.rises):
        for one in impact.classes:
            if limit.customer_class in ("", one.name):
                found += _rise(one, limit, str(at))
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


def _falling(place: str, numbers: Mapping[str, Decimal]) -> Iterator[Limit]:
    """No tier cheaper than the one before."""
    words = N_("Tier {tier} would cost {price}, less than the tier before at {before}.")
    for (_, before), (at, price) in pairwise(_tiers(place, numbers)):
        said = Step(words, {"tier": at + 1, "price": price, "before": before})
        yield Limit(("inclining", place, str(at)), price - before, said)


def _share(impact: Impact, share: Share, wish: Wish, key: str) -> Iterator[Limit]:
    """A share of the counted revenue within its bounds."""
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
    if share.lowest is not None:
        words = N_("{components} would raise less than {percent} percent of the revenue.")
        said = Step(words, values | {"percent": f"{share.lowest:f}"})
        yield Limit(("share", key, "lowest"), part * 100 - share.lowest * whole, said)
    if share.highest is not None:
        words = N_("{components} would raise more than {percent} percent of the revenue.")
        said = Step(words, values | {"percent": f"{share.highest:f}"})
        yield Limit(("share", key, "highest"), share.highest * whole - part * 100, said)


def _rise(one: ClassRevenue, limit: RiseLimit, key: str) -> Iterator[Limit]:
    """No bill of the class that rises too much."""
    if limit.cents is not None:
        words = N_("A bill of class {name} would rise by {rise}, more than {limit}.")
        said = Step(words, {"name": one.name, "rise": _dollars(one.largest_rise), "limit": _dollars(limit.cents)})
        yield Limit(("rise", key, one.name), Decimal(limit.cents - one.largest_rise), said)
    percent = one.largest_rise_percent
    if limit.percent is not None and percent is not None:
        words = N_("A bill of class {name} would rise by {rise}%, more than {limit}%.")
        said = Step(words, {"name": one.name, "rise": f"{percent:f}", "limit": f"{limit.percent:f}"})
        yield Limit(("rise in percent", key, one.name), limit.percent - percent, said)
    if limit.percent is not None and limit.zero_cents is not None:
        words = N_("A bill of class {name} that is zero today would rise by {rise}, more than {limit}.")
        rise = one.largest_rise_from_zero
        said = Step(words, {"name": one.name, "rise": _dollars(rise), "limit": _dollars(limit.zero_cents)})
        yield Limit(("rise from zero", key, one.name), Decimal(limit.zero_cents - rise), said)


def _dollars(cents: int) -> str:
    return f"${Decimal(cents).scaleb(-2):f}"
