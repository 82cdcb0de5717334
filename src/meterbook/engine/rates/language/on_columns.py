"""Formulas on columns: integers of 10**-12, 128 bits wide, every product and quotient half-up, guarded.

A branch of ``if``, a cell of a table and a band are evaluated only for the bills that fall into it, so that a fact is
asked only of bills that need it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.fixed_point import Number, half_up, narrow, times, wide
from meterbook.engine.rates.language.amounts import Measure
from meterbook.engine.rates.language.expressions import (
    VALUE_LIMIT,
    Arithmetic,
    Call,
    Comparison,
    Formula,
    Logic,
    Name,
    Negative,
    Node,
    Text,
)
from meterbook.engine.rates.language.expressions import Number as Literal
from meterbook.engine.rates.language.values import SEASON, Bands, Billed, Input, NamedValue, Table
from meterbook.engine.rates.terms import PRICE_LIMIT, QUANTITY_LIMIT, Determinant, OutOfRange, UnknownKey
from meterbook.engine.rates.versions import Charged, Slices

ONE = 10**12
_LIMIT = int(VALUE_LIMIT) * ONE
_MILLIONTH = 10**6


class _Evaluation:
    """One component's formulas on one set of slices."""

    def __init__(self, slices: Slices, component: str, charged: Mapping[str, pl.Series]) -> None:
        self.slices, self.component, self.charged = slices, component, charged
        self.height = slices.frame.height

    def where(self, mask: pl.Series) -> _Evaluation:
        charged = self.charged.where(mask) if isinstance(self.charged, Charged) else self.charged
        return _Evaluation(self.slices.where(mask), self.component, charged)

    def tall(self, value: pl.Series) -> pl.Series:
        return prorate.tall(value, self.height)

    def guarded(self, value: pl.Series) -> pl.Series:
        """The value, if no row is beyond the limit of a formula."""
        highest, lowest = value.max(), value.min()
        if highest is not None and (highest > _LIMIT or lowest < -_LIMIT):  # type: ignore[operator]
            self.refuse("a formula comes to more than ten million million", (value.abs() > wide(_LIMIT)))
        return value

    def refuse(self, what: str, rows: pl.Series) -> None:
        marked = self.slices.rows.filter(self.tall(rows)).to_list()
        raise OutOfRange(schedule=self.slices.schedule, what=f"component {self.component}: {what}", rows=marked)

    def of(self, node: Node) -> pl.Series:
        match node:
            case Literal():
                return wide(int(node.value.scaleb(12)))
            case Text():
                return pl.Series([node.value], dtype=pl.String)
            case Name():
                return self.name(node.name)
            case Negative():
                return wide(0) - self.of(node.of)
            case Arithmetic():
                return self.arithmetic(node.op, self.of(node.left), self.of(node.right))
            case Comparison():
                return _compared(node.op, self.of(node.left), self.of(node.right))
            case Logic():
                left = self.of(node.left)
                if node.right is None:
                    return ~left
                right = self.of(node.right)
                return left & right if node.op == "and" else left | right
            case Call():
                return self.call(node)

    def arithmetic(self, op: str, left: pl.Series, right: pl.Series) -> pl.Series:
        if op == "+":
            return self.guarded(left + right)
        if op == "-":
            return self.guarded(left - right)
        if op == "*":
            self._fits(left, right)
            return self.guarded(half_up(left * right, ONE))
        zero = right == wide(0)
        if zero.any():
            self.refuse("a formula divides by zero", zero)
        signed = left * right.sign().cast(pl.Int128)
        return self.guarded(half_up(times(signed, ONE), right.abs()))

    def _fits(self, left: pl.Series, right: pl.Series) -> None:
        """Refuse before a product could leave 128 bits: none that is carried may pass the limit of a formula."""
        if _largest(left) * _largest(right) <= _LIMIT * ONE:
            return
        below = right.abs()
        beyond = left.abs() > wide((_LIMIT + 1) * ONE) // below.zip_with(below != wide(0), wide(1))
        if beyond.any():
            self.refuse("a formula comes to more than ten million million", beyond)

    def name(self, name: str) -> pl.Series:
        slices, rule = self.slices, self.slices.version.proration
        match name:
            case "days":
                return times(slices.until - slices.first, ONE)
            case "bill_days":
                return times(slices.days, ONE)
            case "full_days":
                return times(prorate.full_days(slices), ONE)
            case "normal_days":
                return wide(rule.normal_days * ONE)
            case _ if name == SEASON:
                return pl.Series([slices.season], dtype=pl.String)
        if name not in slices.memo:
            scope = slices.version.scope
            found = self.input(scope.inputs[name]) if name in scope.inputs else self.value(scope.values[name])
            slices.memo[name] = found
        return slices.memo[name]

    def input(self, one: Input) -> pl.Series:
        if one.kind == "key":
            keys = self.slices.text(self.component, one.determinant)
            return keys if one.default is None else keys.fill_null(str(one.default))
        numbers = self.slices.number(self.component, one.determinant)
        if one.default is not None:
            numbers = numbers.fill_null(int(cast("Decimal", one.default).scaleb(6)))
        if one.billed is not None:
            numbers = self.billed(numbers, one.billed)
        if one.kind == "usage":
            known = "" if one.billed is not None else one.determinant.name
            numbers = prorate.slice_usage(numbers, self.slices, name=known)
        return times(numbers, _MILLIONTH)

    def billed(self, numbers: pl.Series, billed: Billed) -> pl.Series:
        """Whole billed units, in millionths, of measured millionths."""
        measured, unit = wide(numbers), int(billed.per.scaleb(6))
        whole, rest = measured // wide(unit), measured % wide(unit)
        match billed.rounding:
            case "up":
                more = rest > wide(0)
            case "half_up":
                more = rest * wide(2) >= wide(unit)
            case "half_even":
                more = (rest * wide(2) > wide(unit)) | ((rest * wide(2) == wide(unit)) & (whole % wide(2) == wide(1)))
            case _:
                more = rest < wide(0)
        units = times(whole + more.cast(pl.Int128), _MILLIONTH)
        beyond = units > wide(int(QUANTITY_LIMIT) * _MILLIONTH)
        if beyond.any():
            self.refuse(f"billed units are more than {QUANTITY_LIMIT}", beyond)
        return units.cast(pl.Int64)

    def value(self, value: NamedValue) -> pl.Series:
        match value.rule:
            case Formula():
                return self.of(value.rule.node)
            case Table():
                return self.table(value.name, value.rule)
            case Bands():
                return self.bands(value.rule)

    def table(self, name: str, table: Table) -> pl.Series:
        keys = [self.tall(self.name(key)) for key in table.by]
        joined = keys[0]
        for key in keys[1:]:
            joined = joined + "\x1f" + key
        order = ["\x1f".join(cell) for cell, _ in table.cells]
        chosen: pl.Series = joined.replace_strict(order, list(range(len(order))), default=None, return_dtype=pl.Int64)
        formulas = [formula for _, formula in table.cells]
        if table.otherwise is not None:
            chosen = chosen.fill_null(len(formulas))
            formulas.append(table.otherwise)
        if chosen.null_count():
            unknown = chosen.is_null()
            values = joined.filter(unknown).unique().sort().str.replace_all("\x1f", " / ", literal=True).to_list()
            raise UnknownKey(schedule=self.slices.schedule, component=self.component, determinant=", ".join(table.by),
                             values=values, rows=self.slices.rows.filter(unknown).to_list())  # fmt: skip
        return self.chosen(formulas, chosen)

    def bands(self, bands: Bands) -> pl.Series:
        of = self.tall(self.of(bands.of.node))
        chosen = pl.Series([len(bands.steps)], dtype=pl.Int64).new_from_index(0, self.height)
        for at in range(len(bands.steps) - 1, -1, -1):
            bound = bands.steps[at][0]
            inside = of <= wide(int(bound.scaleb(12))) if bound is not None else of == of
            chosen = pl.Series([at], dtype=pl.Int64).new_from_index(0, self.height).zip_with(inside, chosen)
        beyond = chosen == len(bands.steps)
        if beyond.any():
            self.refuse(f"{bands.of.text} is above the last band", beyond)
        return self.chosen([formula for _, formula in bands.steps], chosen)

    def chosen(self, formulas: list[Formula], chosen: pl.Series) -> pl.Series:
        """The formula that each row chose, evaluated for those rows only."""
        if all(formula.constant is not None for formula in formulas):
            fixed = [int(cast("Decimal", formula.constant).scaleb(12)) for formula in formulas]
            return pl.Series(fixed, dtype=pl.Int128).gather(chosen)
        dtype = {"number": pl.Int128, "text": pl.String, "truth": pl.Boolean}[formulas[0].sort]
        found = pl.Series([None], dtype=dtype).new_from_index(0, self.height)
        for at, formula in enumerate(formulas):
            mask = chosen == at
            if mask.any():
                inner = self if mask.all() else self.where(mask)
                found = found.scatter(mask.arg_true(), inner.tall(inner.of(formula.node)))
        return found

    def call(self, node: Call) -> pl.Series:
        if node.component:
            return self.guarded(self.before(node))
        if node.function == "if":
            return self.either(node)
        first = self.of(node.args[0])
        match node.function:
            case "abs":
                return first.abs()
            case "ceil":
                return wide(0) - (wide(0) - first) // wide(ONE) * wide(ONE)
            case "floor":
                return first // wide(ONE) * wide(ONE)
            case "round":
                return self.guarded(_rounded(first, node.places, node.mode))
        for arg in node.args[1:]:
            other = self.of(arg)
            keep = first <= other if node.function == "min" else first >= other
            height = max(first.len(), other.len())
            keep = prorate.tall(keep, height)
            first = prorate.tall(first, height).zip_with(keep, prorate.tall(other, height))
        return first

    def before(self, node: Call) -> pl.Series:
        """An earlier line, rounded or not."""
        if node.function == "exact":
            return cast("Charged", self.charged).exact[node.component]
        return times(self.charged[node.component], ONE // 100)

    def either(self, node: Call) -> pl.Series:
        condition = self.of(node.args[0])
        if condition.len() == 1 and self.height != 1:
            return self.of(node.args[1] if condition[0] else node.args[2])
        if condition.all():
            return self.of(node.args[1])
        if not condition.any():
            return self.of(node.args[2])
        yes, no = self.where(condition), self.where(~condition)
        first, second = yes.tall(yes.of(node.args[1])), no.tall(no.of(node.args[2]))
        found = pl.Series([None], dtype=first.dtype).new_from_index(0, self.height)
        return found.scatter(condition.arg_true(), first).scatter((~condition).arg_true(), second)


def _largest(value: pl.Series) -> int:
    """The largest size of any value; 0 for none."""
    return max(abs(cast("int", value.max() or 0)), abs(cast("int", value.min() or 0)))


def _compared(op: str, left: pl.Series, right: pl.Series) -> pl.Series:
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right


def _rounded(value: pl.Series, places: int, mode: str) -> pl.Series:
    unit = 10 ** (12 - places)
    if mode == "half_up":
        return times(half_up(value, unit), unit)
    size, sign = value.abs(), value.sign().cast(pl.Int128)
    whole, rest = size // wide(unit), size % wide(unit)
    if mode == "down":
        more = rest != rest
    elif mode == "up":
        more = rest > wide(0)
    else:
        twice = rest * wide(2)
        more = (twice > wide(unit)) | ((twice == wide(unit)) & (whole % wide(2) == wide(1)))
    return times(whole + more.cast(pl.Int128), unit) * sign


def evaluate(formula: Formula, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> pl.Series:
    """The formula on every slice: integers of 10**-12, text or truth; one row where all bills have the same.

    Raises `MissingDeterminant`, `UnknownKey` or `OutOfRange` naming rows.
    """
    return _Evaluation(slices, component, charged).of(formula.node)


def _fixed(formula: Formula, slices: Slices, component: str, charged: Mapping[str, pl.Series], digits: int,
           limit: Decimal, what: str) -> Number:  # fmt: skip
    top, what = int(limit.scaleb(digits)), f"component {component}: {what} {formula.text} is beyond {limit}"
    if formula.constant is not None:
        fixed: int = half_up(wide(int(formula.constant.scaleb(12))), 10 ** (12 - digits)).item()
        if abs(fixed) <= top:
            return fixed
        raise OutOfRange(schedule=slices.schedule, what=what, rows=slices.rows.to_list())
    value = half_up(evaluate(formula, slices, component=component, charged=charged), 10 ** (12 - digits))
    value = prorate.tall(value, slices.frame.height)
    return narrow(value, rows=slices.rows, schedule=slices.schedule, what=what, limit=top)


def price_of(formula: Formula, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> Number:
    """A price in hundred-millionths of a dollar; a computed one is rounded half-up to eight decimals."""
    return _fixed(formula, slices, component, charged, 8, PRICE_LIMIT, "the price")


def quantity_of(formula: Formula, slices: Slices, *, component: str, charged: Mapping[str, pl.Series],
                limit: Decimal = QUANTITY_LIMIT) -> Number:  # fmt: skip
    """A quantity in millionths, of either sign; a computed one is rounded half-up to six decimals."""
    return _fixed(formula, slices, component, charged, 6, limit, "the quantity")


def truth_of(formula: Formula, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> pl.Series:
    """Whether the condition holds, for every slice."""
    found = evaluate(formula, slices, component=component, charged=charged)
    return prorate.tall(found, slices.frame.height)


def measured(measure: Measure, slices: Slices, *, component: str, charged: Mapping[str, pl.Series],
             limit: Decimal = QUANTITY_LIMIT) -> pl.Series:  # fmt: skip
    """A measure in millionths for the days of every slice: usage by its days, other facts as they are; from zero up."""
    if measure.determinant is not None:
        numbers = slices.number(component, measure.determinant)
        numbers = numbers.fill_null(0) if measure.determinant.optional else numbers
        if measure.determinant.kind != "usage":
            return numbers
        return prorate.slice_usage(numbers, slices, name=measure.determinant.name)
    formula = cast("Formula", measure.formula)
    value = quantity_of(formula, slices, component=component, charged=charged, limit=limit)
    column = prorate.tall(pl.Series([value], dtype=pl.Int64) if isinstance(value, int) else value, slices.frame.height)
    return slices.within(column, limit=int(limit) * _MILLIONTH, name=formula.text)


def looked_up(prices: Mapping[str, Formula], determinant: Determinant, slices: Slices, *, component: str,
              charged: Mapping[str, pl.Series]) -> pl.Series:  # fmt: skip
    """The price that each slice's key has, in hundred-millionths of a dollar; computed ones for those slices only."""
    places = {key: at for at, key in enumerate(prices)}
    chosen = slices.looked_up(component, determinant, places)
    formulas = list(prices.values())
    if all(formula.constant is not None for formula in formulas):
        fixed = [int(cast("Decimal", formula.constant).scaleb(8)) for formula in formulas]
        return pl.Series(fixed, dtype=pl.Int64).gather(chosen)
    found = _Evaluation(slices, component, charged).chosen(formulas, chosen)
    what = f"component {component}: a price is beyond {PRICE_LIMIT}"
    limit = int(PRICE_LIMIT.scaleb(8))
    return narrow(half_up(found, 10**4), rows=slices.rows, schedule=slices.schedule, what=what, limit=limit)
