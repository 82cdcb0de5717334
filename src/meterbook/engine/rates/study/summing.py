"""Adding up what two pricings of the same bills come to: by class, by component, by tier, by account, by change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

import polars as pl

from meterbook.engine.rates.study.charging import Charges, PartSums
from meterbook.engine.rates.study.report import (
    AccountChange,
    Bucket,
    ClassRevenue,
    Compared,
    ComponentRevenue,
    Impact,
    PartRevenue,
)
from meterbook.engine.rates.tariff import Component, Version

if TYPE_CHECKING:
    from meterbook.engine.rates.study.prepared import Study

#: Bounds of the buckets above zero, in cents; below zero they are mirrored.
DOLLAR_BOUNDS = (100, 200, 500, 1000, 2000, 5000, 10000)
#: The same in hundredths of a percent.
PERCENT_BOUNDS = (100, 200, 500, 1000, 2000, 5000)
#: How many of the most affected accounts are named.
MOST = 10
_PERCENT = 10_000
_INT64_SAFE = 2**62


def summed(study: Study, draft: Version, charged: Sequence[Charges]) -> Impact:
    """The impact of a draft whose components, in order, come to ``charged`` on the study's distinct bills."""
    old = _total(study.charged, study)
    change = _change(study.charged, charged, study)
    accounts = _accounts(study, old, change)
    pairs = _pairs(study.version, study.charged, draft, charged)
    classes = tuple(
        _class_revenue(study, at, pairs=pairs, old=old, change=change, accounts=accounts)
        for at in range(len(study.bills.ranges))
    )
    count = study.bills.count
    up, down = _weight(count, change > 0), _weight(count, change < 0)
    bills = int(count.sum())
    return Impact(
        schedule=study.today.schedule,
        accounts=accounts.height,
        bills=bills,
        total=sum((one.revenue for one in classes), start=Compared(0, 0)),
        classes=classes,
        components=tuple(_component(*pair, only=None) for pair in pairs),
        by_dollars=_buckets(change, None, count, DOLLAR_BOUNDS),
        by_percent=_buckets(change, old, count, PERCENT_BOUNDS),
        accounts_by_percent=_buckets(accounts["change"], accounts["old"], None, PERCENT_BOUNDS),
        bills_up=up,
        bills_down=down,
        bills_same=bills - up - down,
        most_up=_most(accounts, rising=True),
        most_down=_most(accounts, rising=False),
        unpriced=study.unpriced,
    )


def _nothing(study: Study) -> pl.Series:
    return pl.Series([0], dtype=pl.Int64).new_from_index(0, study.bills.count.len())


def _total(charged: Sequence[Charges], study: Study) -> pl.Series:
    """Cents of every distinct bill."""
    return sum((one.cents for one in charged), start=_nothing(study))


def _change(old: Sequence[Charges], new: Sequence[Charges], study: Study) -> pl.Series:
    """New less old cents of every distinct bill; what both have in common is not even looked at."""
    found = _nothing(study)
    for one in new:
        if not any(one is other for other in old):
            found = found + one.cents
    for one in old:
        if not any(one is other for other in new):
            found = found - one.cents
    return found


def _accounts(study: Study, old: pl.Series, change: pl.Series) -> pl.DataFrame:
    """Every account with ``old`` cents and ``change`` over all its bills."""
    ends = study.accounts["bills"].cast(pl.Int64).cum_sum()

    def over(value: pl.Series) -> pl.Series:
        running = value.gather(study.bill_of).cum_sum()
        upto = running.gather(ends - 1)
        return upto - upto.shift(1, fill_value=0)

    return study.accounts.with_columns(old=over(old), change=over(change))


_Pair = tuple[Component, Component, Charges | None, Charges | None]


def _pairs(old: Version, was: Sequence[Charges], new: Version, now: Sequence[Charges]) -> list[_Pair]:
    """Components of both versions by id: the draft's in its order, then those that only today's rates have."""
    before = {one.id: (one, charged) for one, charged in zip(old.components, was, strict=True)}
    found: list[_Pair] = []
    for component, charged in zip(new.components, now, strict=True):
        mine = before.pop(component.id, None)
        found.append((component if mine is None else mine[0], component, None if mine is None else mine[1], charged))
    return [*found, *((component, component, charged, None) for component, charged in before.values())]


def _component(
    old: Component, new: Component, was: Charges | None, now: Charges | None, only: int | None
) -> ComponentRevenue:
    """One component over all classes, or ``only`` one."""

    def of(values: tuple[int, ...]) -> int:
        return sum(values) if only is None else values[only]

    before = {} if was is None else {part.part: part for part in was.parts}
    after = {} if now is None else {part.part: part for part in now.parts}

    def part_revenue(part: int) -> PartRevenue:
        one, other = before.get(part), after.get(part)
        return PartRevenue(
            part=part,
            label=new.settings.label_of(part) or old.settings.label_of(part),
            old_units=0 if one is None else of(one.units),
            new_units=0 if other is None else of(other.units),
            revenue=Compared(0 if one is None else of(one.cents), 0 if other is None else of(other.cents)),
            old_price=_price(one),
            new_price=_price(other),
        )

    return ComponentRevenue(
        component=new.id,
        label=new.label,
        revenue=Compared(0 if was is None else of(was.sums), 0 if now is None else of(now.sums)),
        parts=tuple(part_revenue(part) for part in sorted({*before, *after})),
    )


def _price(part: PartSums | None) -> Decimal | None:
    return None if part is None else part.price


def _class_revenue(
    study: Study, at: int, *, pairs: list[_Pair], old: pl.Series, change: pl.Series, accounts: pl.DataFrame
) -> ClassRevenue:
    name, begins, ends = study.bills.ranges[at]
    found = tuple(_component(*pair, only=at) for pair in pairs)
    changes, before = change.slice(begins, ends - begins), old.slice(begins, ends - begins)
    return ClassRevenue(
        name=name,
        accounts=int((accounts["class"] == name).sum()),
        bills=int(study.bills.count.slice(begins, ends - begins).sum()),
        revenue=sum((one.revenue for one in found), start=Compared(0, 0)),
        components=found,
        largest_rise=max(0, _whole(changes.max())),
        largest_fall=max(0, -_whole(changes.min())),
        largest_rise_percent=_largest_percent(changes, before),
        largest_rise_from_zero=max(0, _whole(changes.filter(before == 0).max())),
    )


def _whole(value: object) -> int:
    return 0 if value is None else cast(int, value)


def _ample(value: pl.Series, factor: int) -> pl.Series:
    """The column in a type in which it may be multiplied by ``factor``."""
    largest = max(abs(_whole(value.max())), abs(_whole(value.min())))
    return value if largest * factor < _INT64_SAFE else value.cast(pl.Int128)


def _largest_percent(change: pl.Series, old: pl.Series) -> Decimal | None:
    """The greatest change in percent of bills but those of zero, rounded up to a hundredth: no limit is hidden."""
    charged = old != 0
    if not charged.any():
        return None
    fallen = (_ample(-change, _PERCENT) * _PERCENT).filter(charged) // old.abs().filter(charged)
    return Decimal(-_whole(fallen.min())).scaleb(-2)  # the floor of what is fallen is the ceiling of what is risen


def _weight(count: pl.Series | None, mask: pl.Series) -> int:
    return int(mask.sum()) if count is None else int(count.filter(mask).sum())


def _buckets(
    change: pl.Series, old: pl.Series | None, count: pl.Series | None, bounds: tuple[int, ...]
) -> tuple[Bucket, ...]:
    """How many changes lie between the bounds; in hundredths of a percent of ``old``, if given, else in cents.

    A change of a bill of nothing has no percent: it stands in the outermost bucket of its direction.
    """
    every = change.len() if count is None else int(count.sum())
    moved = change != 0
    count = None if count is None else count.filter(moved)
    change = change.filter(moved)
    value, unit = change, None
    if old is not None:
        old = old.filter(moved)
        value, unit = _ample(change, _PERCENT) * _PERCENT, _ample(old.abs(), bounds[-1])
    edges = [*(-bound for bound in reversed(bounds)), *bounds]
    reached = [_weight(count, value >= (edge if unit is None else unit * edge)) for edge in edges]
    rises, falls = _weight(count, change > 0), _weight(count, change < 0)
    middle = len(bounds)
    found = [Bucket(None, edges[0], rises + falls - reached[0])]
    for low, high, at in zip(edges[: middle - 1], edges[1:middle], range(middle - 1), strict=True):
        found.append(Bucket(low, high, reached[at] - reached[at + 1]))
    found.append(Bucket(edges[middle - 1], 0, reached[middle - 1] - rises))
    found.append(Bucket(0, 0, every - rises - falls))
    found.append(Bucket(0, edges[middle], rises - reached[middle]))
    for low, high, at in zip(edges[middle:-1], edges[middle + 1 :], range(middle, len(edges) - 1), strict=True):
        found.append(Bucket(low, high, reached[at] - reached[at + 1]))
    return (*found, Bucket(edges[-1], None, reached[-1]))


def _most(accounts: pl.DataFrame, *, rising: bool) -> tuple[AccountChange, ...]:
    """The accounts whose bills together change most, the largest change first; equal ones by account."""
    moved = accounts.filter(pl.col("change") > 0 if rising else pl.col("change") < 0)
    shown = moved.sort("change", "account", descending=[rising, False]).head(MOST)
    return tuple(
        AccountChange(account, name, bills, Compared(old, old + change))
        for account, bills, name, old, change in shown.select("account", "bills", "class", "old", "change").iter_rows()
    )
