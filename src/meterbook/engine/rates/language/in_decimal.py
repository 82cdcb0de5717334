"""Formulas on one bill: exact ``Decimal``, written from the language's own rule and not from `on_columns`.

Every product and quotient is carried to twelve decimals, half a unit up. A branch, a cell or a band that the bill does
not fall into is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import cast

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
    Number,
    Text,
)
from meterbook.engine.rates.language.values import SEASON, Bands, NamedValue, Table
from meterbook.engine.rates.spans import MILLIONTH, ONE, ZERO, Charged, Facts, Span, number, plain, say, usd
from meterbook.engine.rates.terms import (
    COUNT_LIMIT,
    PRICE_LIMIT,
    QUANTITY_LIMIT,
    Determinant,
    MissingDeterminant,
    OutOfRange,
    UnknownKey,
)
from meterbook.engine.trace import N_, Step

Found = Decimal | str | bool

_FINE = Decimal(1).scaleb(-12)
_PRICE = Decimal(1).scaleb(-8)
_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}
#: How measured usage becomes whole billed units, by rounding.
_BILLED = {
    "half_up": N_("The bill measured {measured} ({name}); every {per} are one billed unit, to the nearest, "
                  "half a unit up: {units}."),
    "half_even": N_("The bill measured {measured} ({name}); every {per} are one billed unit, to the nearest, "
                    "half a unit to the even one: {units}."),
    "up": N_("The bill measured {measured} ({name}); every {per} are one billed unit, a started one counts: {units}."),
    "down": N_("The bill measured {measured} ({name}); every {per} are one billed unit, a started one does not count: "
               "{units}."),
}  # fmt: skip


class _Reckoning:
    """The formulas of one component on one span of one bill."""

    def __init__(self, span: Span, component: str, facts: Facts, charged: Mapping[str, int]) -> None:
        self.span, self.component, self.facts, self.charged = span, component, facts, charged
        self.known: dict[str, Found] = {}
        #: Names and lines that each formula being reckoned has looked at, the innermost last.
        self.looked: list[dict[str, None]] = [{}]

    def told(self, node: Node) -> tuple[Found, dict[str, None]]:
        """What the formula comes to, and the names and lines it looked at itself."""
        self.looked.append({})
        found = self.of(node)
        return found, self.looked.pop()

    def refuse(self, what: str) -> OutOfRange:
        return OutOfRange(schedule=self.span.schedule, what=f"component {self.component}: {what}")

    def billed(self, name: str) -> Step | None:
        """How the whole bill's measured usage became billed units, if it did."""
        one = self.span.version.scope.inputs.get(name)
        if one is None or one.billed is None:
            return None
        stated = self.facts.get(name)
        measured = cast("Decimal", one.default if stated is None else stated)
        units = (measured / one.billed.per).quantize(ONE, rounding=_MODES[one.billed.rounding])
        values = {"measured": plain(measured), "per": plain(one.billed.per), "units": plain(units), "name": name}
        return say(_BILLED[one.billed.rounding], **values)

    def lines(self, formula: Formula, looked: Mapping[str, None]) -> str:
        """The lines a formula looked at, each as it was read: rounded by ``line``, unrounded by ``exact``."""
        read = [(function, line) for line in formula.components for function in ("line", "exact")
                if f"{function}({line})" in looked]  # fmt: skip
        both = len({function for function, _ in read}) > 1
        return ", ".join(
            f"{f'{function}({line})' if both else line} = "
            + usd(cast("Decimal", self.call(Call(function, (), component=line))).normalize())
            for function, line in read
        )

    def within(self, value: Decimal) -> Decimal:
        if abs(value) > VALUE_LIMIT:
            raise self.refuse("a formula comes to more than ten million million")
        return value

    def of(self, node: Node) -> Found:
        match node:
            case Number() | Text():
                return node.value
            case Name():
                return self.name(node.name)
            case Negative():
                return -self.figure(node.of)
            case Arithmetic():
                return self.arithmetic(node.op, self.figure(node.left), self.figure(node.right))
            case Comparison():
                return _compare(node.op, self.of(node.left), self.of(node.right))
            case Logic():
                left = self.of(node.left)
                if node.right is None:
                    return not left
                right = self.of(node.right)
                return bool(left and right) if node.op == "and" else bool(left or right)
            case Call():
                return self.call(node)

    def figure(self, node: Node) -> Decimal:
        return cast("Decimal", self.of(node))

    def arithmetic(self, op: str, left: Decimal, right: Decimal) -> Decimal:
        if op == "+":
            return self.within(left + right)
        if op == "-":
            return self.within(left - right)
        if op == "*":
            return self.within((left * right).quantize(_FINE, rounding=ROUND_HALF_UP))
        if not right:
            raise self.refuse("a formula divides by zero")
        return self.within((left / right).quantize(_FINE, rounding=ROUND_HALF_UP))

    def name(self, name: str) -> Found:
        self.looked[-1][name] = None
        if name not in self.known:  # what many values rest on is reckoned once
            self.looked.append({})
            self.known[name] = self.named(name)
            self.looked.pop()
        return self.known[name]

    def named(self, name: str) -> Found:
        span = self.span
        days = {"days": span.days, "bill_days": span.bill_days, "full_days": span.full_days}
        if name in days:
            return Decimal(days[name])
        if name == "normal_days":
            return Decimal(span.version.proration.normal_days)
        if name == SEASON:
            return span.season or ""
        scope = span.version.scope
        return self.input(name) if name in scope.inputs else self.value(scope.values[name])

    def input(self, name: str) -> Found:
        one = self.span.version.scope.inputs[name]
        stated = self.facts.get(name)
        if stated is None and one.default is not None:
            stated = one.default
        if stated is None:
            raise MissingDeterminant(schedule=self.span.schedule, component=self.component, determinant=name)
        if one.kind == "key":
            return str(stated)
        limit = COUNT_LIMIT if one.kind == "count" else QUANTITY_LIMIT
        value = number({name: stated}, one.determinant, span=self.span, component=self.component, limit=limit)
        if one.billed is not None:
            value = (value / one.billed.per).quantize(ONE, rounding=_MODES[one.billed.rounding])
            if value > QUANTITY_LIMIT:
                raise self.refuse(f"billed units are more than {QUANTITY_LIMIT}")
        if one.kind == "usage":
            known = "" if one.billed is not None else name
            return self.span.usage_of(value, starts=self.span.starts, ends=self.span.ends, name=known)
        return value

    def value(self, value: NamedValue) -> Found:
        rule = value.rule
        if isinstance(rule, Formula):
            return self.of(rule.node)
        if isinstance(rule, Bands):
            return self.of(self.band(rule).node)
        return self.of(self.cell(rule).node)

    def cell(self, table: Table) -> Formula:
        keys = tuple(str(self.name(key)) for key in table.by)
        for cell, formula in table.cells:
            if cell == keys:
                return formula
        if table.otherwise is not None:
            return table.otherwise
        raise UnknownKey(schedule=self.span.schedule, component=self.component, determinant=", ".join(table.by),
                         values=[" / ".join(keys)])  # fmt: skip

    def band(self, bands: Bands) -> Formula:
        of = self.figure(bands.of.node)
        for bound, formula in bands.steps:
            if bound is None or of <= bound:
                return formula
        raise self.refuse(f"{bands.of.text} is above the last band")

    def call(self, node: Call) -> Found:
        if node.component:
            self.looked[-1][f"{node.function}({node.component})"] = None
        if node.function == "line":
            return self.within(Decimal(self.charged[node.component]).scaleb(-2))
        if node.function == "exact":
            return self.within(cast("Charged", self.charged).exact.get(node.component, ZERO))
        if node.function == "if":
            return self.of(node.args[1] if self.of(node.args[0]) else node.args[2])
        figures = [self.figure(arg) for arg in node.args]
        first = figures[0]
        match node.function:
            case "abs":
                return abs(first)
            case "ceil":
                return first.to_integral_value(rounding=ROUND_CEILING)
            case "floor":
                return first.to_integral_value(rounding=ROUND_FLOOR)
            case "min":
                return min(figures)
            case "max":
                return max(figures)
        rounded = first.quantize(ONE.scaleb(-node.places), rounding=_MODES[node.mode])
        return self.within(Decimal(f"{rounded:f}"))


def _compare(op: str, left: Found, right: Found) -> bool:
    if op in ("==", "!="):
        return (left == right) is (op == "==")
    first, second = cast("Decimal", left), cast("Decimal", right)
    return {"<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second}[op]


def reckon(formula: Formula, span: Span, facts: Facts, charged: Mapping[str, int], *, component: str) -> Found:
    """The formula on one bill: a number, a text or a truth. Raises what a missing or wrong fact raises."""
    return _Reckoning(span, component, facts, charged).of(formula.node)


def _rounded(formula: Formula, span: Span, facts: Facts, charged: Mapping[str, int], *, component: str,
             unit: Decimal, limit: Decimal, what: str) -> Decimal:  # fmt: skip
    known = formula.constant
    value = cast("Decimal", reckon(formula, span, facts, charged, component=component)) if known is None else known
    value = value.quantize(unit, rounding=ROUND_HALF_UP)
    if abs(value) > limit:
        what = f"component {component}: {what} {formula.text} is beyond {limit}"
        raise OutOfRange(schedule=span.schedule, what=what)
    return value.normalize() if known is None or known != value else known


def price_of(formula: Formula, span: Span, facts: Facts, charged: Mapping[str, int], *, component: str) -> Decimal:
    """A price in dollars; a computed one is rounded half-up to eight decimals."""
    return _rounded(formula, span, facts, charged, component=component, unit=_PRICE, limit=PRICE_LIMIT,
                    what="the price")  # fmt: skip


def quantity_of(formula: Formula, span: Span, facts: Facts, charged: Mapping[str, int], *, component: str,
                limit: Decimal = QUANTITY_LIMIT) -> Decimal:  # fmt: skip
    """A quantity of either sign; a computed one is rounded half-up to six decimals."""
    return _rounded(formula, span, facts, charged, component=component, unit=MILLIONTH, limit=limit,
                    what="the quantity")  # fmt: skip


def truth_of(formula: Formula, span: Span, facts: Facts, charged: Mapping[str, int], *, component: str) -> bool:
    """Whether the condition holds."""
    return bool(reckon(formula, span, facts, charged, component=component))


def measured(measure: Measure, span: Span, facts: Facts, charged: Mapping[str, int], *, component: str,
             limit: Decimal = QUANTITY_LIMIT) -> Decimal:  # fmt: skip
    """A measure for the days of the span: usage by its days, other facts as they are; from zero up."""
    return measuring(measure, span, component=component, limit=limit)(facts, charged)


def measuring(measure: Measure, span: Span, *, component: str,
              limit: Decimal = QUANTITY_LIMIT) -> Callable[[Facts, Mapping[str, int]], Decimal]:  # fmt: skip
    """`measured` made ready for many bills of one span."""
    known = measure.determinant
    if known is None:
        formula = cast("Formula", measure.formula)
        shown = Determinant(formula.text, "count")

        def computed(facts: Facts, charged: Mapping[str, int]) -> Decimal:
            value = quantity_of(formula, span, facts, charged, component=component, limit=limit)
            return number({formula.text: value}, shown, span=span, component=component, limit=limit)

        return computed
    top = COUNT_LIMIT if known.kind == "count" else QUANTITY_LIMIT
    name, optional = known.name, known.optional
    split = known.kind == "usage" and not (span.starts == span.opens and span.ends == span.closes)

    def stated(facts: Facts, charged: Mapping[str, int]) -> Decimal:
        value = facts.get(name)
        if value is None and optional:
            return ZERO
        if not (isinstance(value, Decimal) and ZERO <= value <= top):
            value = number(facts, known, span=span, component=component, limit=top)
        return span.usage_of(value, starts=span.starts, ends=span.ends, name=name) if split else value

    return stated


def reasons(formula: Formula, span: Span, facts: Facts, charged: Mapping[str, int], *, component: str,
            money: bool = False) -> list[Step]:  # fmt: skip
    """How a computed number came about: every named value it rests on, then the formula itself; none for a constant."""
    if formula.constant is not None:
        return []
    found: list[Step] = []
    reckoning = _Reckoning(span, component, facts, charged)
    seen: set[str] = set()

    def tell(one: Formula, name: str) -> None:
        result, looked = reckoning.told(one.node)
        names = [inner for inner in one.names if inner in looked]
        for inner in names:
            value = span.version.scope.values.get(inner)
            if value is not None and inner not in seen:
                seen.add(inner)
                _tell_value(inner, value)
            billed = reckoning.billed(inner)
            if billed is not None and inner not in seen:
                seen.add(inner)
                found.append(billed)
        alone = one.node.name if isinstance(one.node, Name) and not name else ""
        if alone in seen or (alone and not money):  # a quantity that is but a name is told where it is counted
            return
        shown = [f"{inner} = {_shown(reckoning.name(inner))}" for inner in names
                 if inner != alone and not isinstance(reckoning.name(inner), bool)]  # fmt: skip
        facts_told = "; ".join(part for part in (", ".join(shown), reckoning.lines(one, looked)) if part)
        words = N_("{formula} = {result}, where {values}.") if facts_told else N_("{formula} = {result}.")
        if name:
            words = N_("{name} is {formula} = {result}, where {values}.") if facts_told else N_("{name} is {result}.")
        told = usd(result) if money and isinstance(result, Decimal) and not name else _shown(result)
        found.append(say(words, name=name, formula=one.text, result=told, values=facts_told))

    def _tell_value(name: str, value: NamedValue) -> None:
        rule = value.rule
        if isinstance(rule, Table):
            chosen = reckoning.cell(rule)
            keys = ", ".join(f"{key} {reckoning.name(key)}" for key in rule.by)
            found.append(say(N_("For {keys} the table of {name} has {result}."), keys=keys, name=name,
                             result=_shown(reckoning.of(chosen.node))))  # fmt: skip
        elif isinstance(rule, Bands):
            words = N_("{of} = {amount} falls into the band of {name} that has {result}.")
            of, result = reckoning.of(rule.of.node), reckoning.of(reckoning.band(rule).node)
            found.append(say(words, of=rule.of.text, amount=_shown(of), name=name, result=_shown(result)))
        elif rule.constant is None:
            tell(rule, name)
        else:
            seen.discard(name)

    tell(formula, "")
    return found


def _shown(value: Found) -> str | Step:
    if isinstance(value, bool):
        return say(N_("yes")) if value else say(N_("no"))
    return plain(value) if isinstance(value, Decimal) else value
