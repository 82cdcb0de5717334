"""Tiered charges: where each tier ends and what a unit in it costs.

"Tiered" lists the first whole unit billed at each price, so a tier ends one unit before the next one's start.
"Budget" lists where the tier before ends: a number of units, ``indoor``, ``outdoor``, a percentage of the budget or a
formula, rounded half-even to whole units. A tier never begins before the one below it ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from meterbook.formats.owrs.classes.formulas import Name, Num, Op, Tree, number
from meterbook.formats.owrs.classes.keys import canonical
from meterbook.formats.owrs.classes.rendering import ATOM, Piece, plain
from meterbook.formats.owrs.classes.scope import BUDGET, Unusable
from meterbook.formats.owrs.classes.tables import Keys, Steps, read_table
from meterbook.formats.owrs.classes.values import Unreadable, Values
from meterbook.formats.owrs.document import Bare, Value

#: An end that no usage passes; the language's largest quantity.
_NEVER = "1000000000"
_SIMPLE = re.compile(r"[a-z0-9_.]+")


@dataclass(frozen=True, slots=True)
class Tier:
    """Units up to ``end`` (a number or formula; None: all others) at ``price``; ``fine``: at most 8 decimals."""

    end: str | None
    price: str
    fine: bool


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of tier starts or prices, one or by keys, its items as they stand."""

    key: str
    by: tuple[str, ...]
    rows: tuple[tuple[Keys, list[Value]], ...]
    line: int

    @property
    def lengths(self) -> set[int]:
        return {len(items) for _, items in self.rows}


def tiers_of(values: Values, key: str) -> list[Tier]:
    """The tiers of a charge that says Tiered or Budget; at least one, the last one open."""
    starts, prices = _listed(values, key, "tier_starts"), _listed(values, key, "tier_prices")
    if starts.by != prices.by and (len(starts.lengths) > 1 or len(prices.lengths) > 1):
        raise Unusable(f"{key} has lists of different lengths by different fields", starts.line)
    starts, prices = _paired(values, key, starts, prices)
    most = max(starts.lengths)
    if most == 0:
        raise Unusable(f"{key} has no tiers", starts.line)
    ends = _ends(values, key, starts, most, budget=values.scope.kind(key) == BUDGET)
    found: list[Tier] = []
    for at in range(most):
        price, fine = _price(values, key, prices, at)
        end = ends[at] if at < most - 1 else None
        if end is not None and end == (found[-1].end if found else "0"):
            continue
        found.append(Tier(end, price, fine))
    return found


def as_formula(values: Values, key: str) -> Piece:
    """The whole tiered charge as one formula, for a charge that rests on it without printing it."""
    usage = values.input("usage")
    pieces: list[str] = []
    below = "0"
    for tier in tiers_of(values, key):
        top = usage if tier.end is None else f"min({usage}, {tier.end})"
        width = top if below == "0" else f"({top} - {below})"
        price = tier.price if _SIMPLE.fullmatch(tier.price) else f"({tier.price})"
        pieces.append(f"{price} * {width}")
        below = top
    return (f"({' + '.join(pieces)})", ATOM)


def _listed(values: Values, key: str, what: str) -> _Listed:
    scope = values.scope
    found = scope.key(what, key, own=True)
    if found is None:
        raise Unusable(f"{key} says {scope.kind(key)}, but the class has no {what}", values.line(key))
    entry = scope.entry(found)
    if isinstance(entry.value, list):
        return _Listed(found, (), (((), entry.value),), entry.line)
    if isinstance(entry.value, str):
        return _Listed(found, (), (((), [entry.value]),), entry.line)
    table = read_table(scope, found)
    if isinstance(table, Steps):
        raise Unusable(f"{found} lists its values by steps, which no tier can follow", entry.line)
    values.remarks.extend(table.skipped)
    rows = tuple((keys, _items(cell)) for keys, cell in table.cells)
    return _Listed(found, table.by, rows, entry.line)


def _items(cell: Value) -> list[Value]:
    return cell if isinstance(cell, list) else [cell]


def _paired(values: Values, key: str, starts: _Listed, prices: _Listed) -> tuple[_Listed, _Listed]:
    """Only the rows that have as many prices as starts."""
    if starts.by == prices.by:
        many = {keys: len(items) for keys, items in prices.rows}
        good = [keys for keys, items in starts.rows if many.get(keys) == len(items)]
        for keys, items in starts.rows:
            if keys not in good:
                where = f" for {'|'.join(keys)}" if keys else ""
                found = f"{len(items)} tier starts but {many.get(keys, 0)} prices"
                sentence = f"line {starts.line}: {key} has {found}{where}"
                values.remarks.append(sentence)
                fields = tuple(zip(starts.by, map(canonical, keys), strict=True))
                values.unreadable.append(Unreadable(fields, sentence))
        if not good:
            raise Unusable(f"{key} has {sorted(starts.lengths)[0]} tier starts but {sorted(prices.lengths)[0]} prices",
                           starts.line)  # fmt: skip
        rows = [tuple((keys, items) for keys, items in one.rows if keys in good) for one in (starts, prices)]
        return (_Listed(starts.key, starts.by, rows[0], starts.line),
                _Listed(prices.key, prices.by, rows[1], prices.line))  # fmt: skip
    if starts.lengths != prices.lengths:
        raise Unusable(f"{key} has {max(starts.lengths)} tier starts but {max(prices.lengths)} prices", starts.line)
    return starts, prices


def _exact_end(item: Value, *, budget: bool) -> Decimal | None:
    exact = number(item) if isinstance(item, str) else None
    if exact is None:
        return None
    return round(exact) + Decimal(0) if budget else exact - 1


def _ends(values: Values, key: str, starts: _Listed, most: int, *, budget: bool) -> list[str]:
    """Where each tier but the last ends: exact numbers where they are known, else the names of values."""
    known: list[list[Decimal | None]] = []
    for _, items in starts.rows:
        row: list[Decimal | None] = []
        for item in items[1:]:
            end = _exact_end(item, budget=budget)
            before = row[-1] if row else Decimal(0)
            row.append(None if end is None or before is None else max(end, before, Decimal(0)))
        known.append(row)
    ends: list[str] = []
    for at in range(most - 1):
        cells = [row[at] if at < len(row) else Decimal(_NEVER) for row in known]
        exact = [cell for cell in cells if cell is not None]
        if len(exact) == len(cells):
            ends.append(_numbered(values, key, starts, at, exact))
        elif starts.by:
            raise Unusable(f"{starts.key} holds formulas in a table", starts.line)
        else:
            ends.append(_computed(values, key, starts, at, before=ends[-1] if ends else "0", budget=budget))
    return ends


def _numbered(values: Values, key: str, starts: _Listed, at: int, exact: list[Decimal]) -> str:
    if not starts.by:
        return plain(exact[0])
    cells: list[tuple[Keys, Value]] = [
        (keys, Bare(plain(end))) for (keys, _), end in zip(starts.rows, exact, strict=True)
    ]
    return values.table(f"{key}_tier_{at + 1}_end", starts.by, cells, places=6)


def _computed(values: Values, key: str, starts: _Listed, at: int, *, before: str, budget: bool) -> str:
    item = starts.rows[0][1][at + 1]
    if not isinstance(item, str):
        raise Unusable(f"{starts.key} holds a list where a tier start should stand", starts.line)
    tree = _start(values, key, item.strip(), starts, budget=budget)
    formula = values.formula(tree, key)
    if budget and values.places(tree, key) > 0:
        formula = f"round({formula}, 0, half_even)"
    if before != "0" or "-" in formula:
        formula = f"max({before}, {formula})"
    return values.value(f"{key}_tier_{at + 1}_end", {"formula": formula}, places=0 if budget else 6)


def _start(values: Values, key: str, item: str, starts: _Listed, *, budget: bool) -> Tree:
    exact = number(item)
    if exact is not None:
        return Num(exact if budget else exact - 1)
    if item.endswith("%"):
        percent = number(item[:-1])
        if percent is None:
            raise Unusable(f"{starts.key} has the start {item!r}, which is no percentage", starts.line)
        if not budget:
            raise Unusable(f"{starts.key} has percentages, but its charge says Tiered", starts.line)
        return Op("*", (Num(percent / 100), Name(values.scope.key("budget", key, own=True) or "budget")))
    if item.lower() in ("indoor", "outdoor"):
        return Name(values.scope.key(item.lower(), key, own=True) or item.lower())
    tree = values.scope.tree(item, starts.line)
    return tree if budget else Op("-", (tree, Num(Decimal(1))))


def _price(values: Values, key: str, prices: _Listed, at: int) -> tuple[str, bool]:
    cells: list[tuple[Keys, Value]] = []
    places = 0
    for keys, items in prices.rows:
        content, most = values.cell(items[at], prices.key) if at < len(items) else (Bare("0"), 0)
        cells.append((keys, content))
        places = max(places, most)
    if not prices.by:
        return (str(cells[0][1]), places <= 8)
    return (values.table(f"{key}_tier_{at + 1}_price", prices.by, cells, places=places), places <= 8)
