"""A bill's sealed inputs priced again with other usage, by the columns and by the explanation, which must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from meterbook.engine.billing.build import difference
from meterbook.engine.billing.leak.settings import CreditRule
from meterbook.engine.billing.leak.usage import plain
from meterbook.engine.money import cents_half_up
from meterbook.engine.rates.changing.stretches import CHANGE
from meterbook.engine.rates.changing.told import with_usage
from meterbook.engine.rates.explain import explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Change
from meterbook.engine.trace import N_, Step

USAGE = "usage"
_CHANGES = pl.List(pl.Struct(CHANGE))


class FacesDiffer(ValueError):
    """Priced and explained amounts of the same facts differ; nothing may be credited on that ground."""


class NoTiers(ValueError):
    """The schedule has no tiers a surplus could be priced at."""


@dataclass(frozen=True, slots=True)
class AgainLine:
    """One line as it would be: quantity in the line's unit, price in dollars, cents; ``words`` by language."""

    component: str
    part: int
    version: str
    starts: date
    quantity: Decimal
    price: Decimal
    amount_cents: int
    revenue: str
    words: Mapping[str, str]


def price_again(
    tariff: Tariff, starts: date, ends: date, told: Mapping[str, Decimal | str], changes: Sequence[Change] = (), *,
    usage: Decimal | None = None,
) -> tuple[AgainLine, ...]:  # fmt: skip
    """Every line of one agreement over half-open days from its sealed facts, with another usage if given.

    ``changes`` are what differed inside the days; another usage was used at the pace of the one read. Raises
    `FacesDiffer`, and what the rate engine refuses.
    """
    facts = dict(told) if usage is None else {**told, USAGE: usage}
    was = told.get(USAGE)
    if usage is not None and isinstance(was, Decimal):
        changes = with_usage(changes, USAGE, was, usage)
    cells = {f"det.{name}": _cell(value) for name, value in facts.items()}
    frame = pl.DataFrame({"row": [1], "starts": [starts], "ends": [ends], **cells})
    if changes:
        frame = frame.with_columns(changes=pl.Series([[_entry(one) for one in changes]], dtype=_CHANGES))
    columned = price(tariff, frame).sort("seq", "starts", "part")
    explained = explain(tariff, starts=starts, ends=ends, determinants=facts, changes=changes).lines
    priced = [
        (row["component"], row["part"], row["version"], row["starts"], row["amount"])
        for row in columned.iter_rows(named=True)
    ]
    said = [(line.component, line.part, line.version, line.starts, line.amount_cents) for line in explained]
    wrong = difference(priced, said)
    if wrong is not None:
        raise FacesDiffer(f"{tariff.schedule}, {starts} to {ends}: {wrong}")
    return tuple(
        AgainLine(
            line.component, line.part, line.version, line.starts, line.quantity, line.price, line.amount_cents,
            line.revenue, line.label,
        )
        for line in explained
    )  # fmt: skip


def _cell(value: Decimal | str) -> list[int] | list[str]:
    """A determinant as the columns hold it: numbers in millionths."""
    return [value] if isinstance(value, str) else [int(value.scaleb(6))]


def _entry(change: Change) -> dict[str, object]:
    """A change as the columns hold it."""
    value = change.value
    number = int(value.scaleb(6)) if isinstance(value, Decimal) else None
    key = value if isinstance(value, str) else None
    return {"before": change.before, "key": key, "name": change.name, "number": number}


def total(lines: Sequence[AgainLine]) -> int:
    """The sum of lines, in cents."""
    return sum(line.amount_cents for line in lines)


def excess_at_tier(
    tariff: Tariff, billed: Sequence[AgainLine], base: Sequence[AgainLine], excess: Decimal, rule: CreditRule
) -> tuple[tuple[AgainLine, ...], Step]:
    """The lines at the base and the surplus at one tier's price; across a rate change it is shared by the quantities.

    ``billed`` are the lines as issued. Rounded half-up once, on the surplus. Raises `NoTiers`.
    """
    groups: dict[tuple[str, str, date], list[AgainLine]] = {}
    for line in billed:
        if line.part and tariff_kind(tariff, line) == "tiered":
            groups.setdefault((line.version, line.component, line.starts), []).append(line)
    whole = sum((line.quantity for lines in groups.values() for line in lines), Decimal(0))
    if not groups or not whole:
        raise NoTiers(f"{tariff.schedule} bills no tiers in these days")
    money = Decimal(0)
    for lines in groups.values():
        share = excess * sum((line.quantity for line in lines), Decimal(0)) / whole
        money += share * _price(lines, rule)
    first = next(iter(groups.values()))
    kept = first[0]
    cents = cents_half_up(money)
    at = money / excess if excess else _price(first, rule)
    again = AgainLine(
        kept.component, 0, kept.version, kept.starts, excess, at, cents, kept.revenue,
        {"en": "Usage beyond the base", "es": "Consumo por encima de la base"},
    )  # fmt: skip
    step = Step(
        N_("{excess} beyond the base at ${price}: ${amount}."),
        {
            "excess": plain(excess),
            "price": plain(at.quantize(Decimal("0.0001"))),
            "amount": f"{Decimal(cents) / 100:.2f}",
        },
    )
    return (*base, again), step


def tariff_kind(tariff: Tariff, line: AgainLine) -> str:
    """The kind of component a line comes from."""
    version = next(one for one in tariff.versions if one.version == line.version)
    return version.component(line.component).keyword


def _price(lines: Sequence[AgainLine], rule: CreditRule) -> Decimal:
    """The tier's price among the lines issued: of the number asked for, or the lowest."""
    if rule.tier is None:
        return min(line.price for line in lines)
    return next((line.price for line in lines if line.part == rule.tier), min(line.price for line in lines))
