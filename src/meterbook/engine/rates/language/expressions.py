"""Small safe formulas for tariffs: read, checked for kinds and units, and kept as a value. Nothing is evaluated here.

The language: exact numbers (``0.62``, with a unit ``748 [gal/ccf]``), ``'text'``, names, ``+ - * /``, comparisons,
``and or not``, and the functions of `FUNCTIONS`. Two evaluators read the same value: `on_columns` for `price` and
`in_decimal` for `explain`. Both carry every product and quotient to `DECIMALS` decimals, half-up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from meterbook.engine.rates.language.units import PURE, Unit, parse_unit, shown_unit, times_unit

#: Decimals every result is carried to.
DECIMALS = 12
#: No result may be larger, whatever its unit.
VALUE_LIMIT = Decimal(10**13)
#: Deepest tree of one formula; a sum of so many parts is as deep.
LEVELS = 100
ROUNDINGS = ("half_up", "half_even", "up", "down")
#: Functions and how many arguments they take (least, most).
FUNCTIONS = {"min": (2, 99), "max": (2, 99), "abs": (1, 1), "ceil": (1, 1), "floor": (1, 1), "round": (2, 3),
             "if": (3, 3), "line": (1, 1), "exact": (1, 1)}  # fmt: skip
#: Names every formula may use: days charged here, days of the bill, days of one whole charge, the rule's normal days.
DAYS = ("days", "bill_days", "full_days", "normal_days")

Sort = Literal["number", "text", "truth"]


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number; ``unit`` ``None`` for a bare one."""

    value: Decimal
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A literal text."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A named value, an input, or one of `DAYS`."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """The negative of a number."""

    of: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left op right``; op is ``+ - * /``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left op right``; op is ``== != < <= > >=``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """``and``/``or`` of two truths; ``not`` has only ``left``. Both sides are always evaluated."""

    op: str
    left: Node
    right: Node | None


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `FUNCTIONS`. ``round`` carries its places and mode; ``line``/``exact`` their component id."""

    function: str
    args: tuple[Node, ...]
    places: int = 0
    mode: str = "half_up"
    component: str = ""


Node = Number | Text | Name | Negative | Arithmetic | Comparison | Logic | Call


class FormulaError(ValueError):
    """A formula is not well made; ``found`` and ``expected`` say how."""

    def __init__(self, *, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(f"found {found}, expected {expected}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a name in scope stands for."""

    sort: Sort
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula: its text, its tree, the names and component ids it reads.

    ``reads`` are its names together with the built-in ones. ``constant`` is its value where it is a plain number;
    most prices are. ``exact``: it reads an unrounded line. ``levels``: how deep it is.
    """

    text: str
    node: Node
    sort: Sort
    unit: Unit | None
    names: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    constant: Decimal | None = None
    exact: bool = False
    levels: int = 1
    reads: tuple[str, ...] = ()


def constant(value: Decimal) -> Formula:
    """A plain number as a formula."""
    return Formula(f"{value:f}", Number(value), "number", None, constant=value)


_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'[^']*')"
    r"|(?P<op><=|>=|==|!=|[-+*/(),<>])|(?P<unit>\[[^\]]*\]))"
)


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(found=f"{text[at:].strip()[:20]!r}", expected="a number, a name, a text or an operator")
        kind = str(match.lastgroup)
        found.append((kind, match.group(kind)))
        at = match.end()
    return found


class _Reader:
    """Recursive descent over the tokens; deep nesting is refused before Python would give up."""

    def __init__(self, text: str) -> None:
        self.tokens, self.at, self.depth = _tokens(text), 0, 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "the end")

    def take(self, *wanted: str) -> str | None:
        kind, value = self.peek()
        if value in wanted and kind in ("op", "name"):
            self.at += 1
            return value
        return None

    def need(self, wanted: str) -> None:
        if self.take(wanted) is None:
            raise FormulaError(found=repr(self.peek()[1]), expected=repr(wanted))

    def either(self) -> Node:
        self.deeper()
        left = self.both()
        while self.take("or"):
            left = Logic("or", left, self.both())
        self.depth -= 1
        return left

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > 60:
            raise FormulaError(found="more than 60 levels of nesting", expected="a formula people can read")

    def both(self) -> Node:
        left = self.negated()
        while self.take("and"):
            left = Logic("and", left, self.negated())
        return left

    def negated(self) -> Node:
        if self.take("not"):
            self.deeper()
            inner = self.negated()
            self.depth -= 1
            return Logic("not", inner, None)
        left = self.sum()
        op = self.take("==", "!=", "<=", ">=", "<", ">")
        return left if op is None else Comparison(op, left, self.sum())

    def sum(self) -> Node:
        left = self.product()
        while op := self.take("+", "-"):
            left = Arithmetic(op, left, self.product())
        return left

    def product(self) -> Node:
        left = self.signed()
        while op := self.take("*", "/"):
            left = Arithmetic(op, left, self.signed())
        return left

    def signed(self) -> Node:
        if self.take("-"):
            self.deeper()
            inner = self.signed()
            self.depth -= 1
            return Negative(inner)
        self.take("+")
        return self.atom()

    def atom(self) -> Node:
        kind, value = self.peek()
        self.at += 1
        if kind == "number":
            return Number(_literal(value), self._unit())
        if kind == "text":
            return Text(value[1:-1])
        if value == "(":
            inner = self.either()
            self.need(")")
            return inner
        if kind == "name" and value not in ("and", "or", "not"):
            return self._call(value) if self.take("(") else Name(value)
        raise FormulaError(found=repr(value), expected="a number, a name, a text or '('")

    def _unit(self) -> Unit | None:
        kind, value = self.peek()
        if kind != "unit":
            return None
        self.at += 1
        unit = parse_unit(value[1:-1])
        if unit is None:
            raise FormulaError(found=repr(value), expected="a unit such as [gal/ccf]")
        return unit

    def _call(self, function: str) -> Call:
        if function not in FUNCTIONS:
            raise FormulaError(found=f"the function {function}", expected="one of " + ", ".join(FUNCTIONS))
        args = [self.either()]
        while self.take(","):
            args.append(self.either())
        self.need(")")
        least, most = FUNCTIONS[function]
        if not least <= len(args) <= most:
            expected = f"{least} to {most}" if least != most else str(least)
            raise FormulaError(found=f"{len(args)} arguments of {function}", expected=expected)
        if function == "round":
            return _round(args)
        if function in ("line", "exact"):
            if not isinstance(args[0], Name):
                raise FormulaError(found=f"an expression in {function}()", expected="the id of an earlier component")
            return Call(function, (), component=args[0].name)
        return Call(function, tuple(args))


def _literal(text: str) -> Decimal:
    """A number as it stands, if both evaluators can carry it exactly."""
    if len(text.partition(".")[2]) > DECIMALS:
        raise FormulaError(found=f"{_short(text)}", expected=f"a number with at most {DECIMALS} decimals")
    value = Decimal(text)
    if value > VALUE_LIMIT:
        raise FormulaError(found=f"{_short(text)}", expected=f"a number of at most {VALUE_LIMIT:f}")
    return value


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _round(args: list[Node]) -> Call:
    places = args[1]
    negative = isinstance(places, Negative)
    number = places.of if isinstance(places, Negative) else places
    if not isinstance(number, Number) or number.value != int(number.value) or number.value > DECIMALS:
        raise FormulaError(found="other places of round()", expected=f"a whole number from -6 to {DECIMALS}")
    mode = args[2] if len(args) == 3 else Name("?")
    if not isinstance(mode, Name) or mode.name not in ROUNDINGS:
        raise FormulaError(found="round() without its mode", expected="one of " + ", ".join(ROUNDINGS))
    digits = -int(number.value) if negative else int(number.value)
    if digits < -6:
        raise FormulaError(found=f"{digits} places of round()", expected=f"a whole number from -6 to {DECIMALS}")
    return Call("round", (args[0],), places=digits, mode=mode.name)


class _Checker:
    """Kinds and units of every part; collects the names and components the formula reads."""

    def __init__(self, scope: Mapping[str, Typed], earlier: tuple[str, ...]) -> None:
        self.scope, self.earlier = scope, earlier
        self.names: dict[str, None] = {}
        self.reads: dict[str, None] = {}
        self.components: dict[str, None] = {}
        self.exact = False

    def of(self, node: Node) -> Typed:
        match node:
            case Number():
                return Typed("number", node.unit)
            case Text():
                return Typed("text")
            case Name():
                return self._name(node)
            case Negative():
                return self._sort(node.of, "number")
            case Arithmetic():
                return self._arithmetic(node)
            case Comparison():
                self._compared(node)
                return Typed("truth")
            case Logic():
                for side in (node.left, node.right):
                    if side is not None:
                        self._sort(side, "truth")
                return Typed("truth")
            case Call():
                return self._call(node)

    def _name(self, node: Name) -> Typed:
        self.reads[node.name] = None
        if node.name in DAYS:
            return Typed("number", None)
        if node.name not in self.scope:
            known = ", ".join((*self.scope, *DAYS))
            raise FormulaError(found=f"the name {node.name}", expected=f"one of {known}")
        self.names[node.name] = None
        return self.scope[node.name]

    def _sort(self, node: Node, sort: Sort) -> Typed:
        typed = self.of(node)
        if typed.sort != sort:
            raise FormulaError(found=f"a {typed.sort}", expected=f"a {sort}")
        return typed

    def _same(self, first: Typed, second: Typed, doing: str) -> Unit | None:
        if first.unit is None or second.unit is None:
            return second.unit if first.unit is None else first.unit
        if first.unit != second.unit:
            raise FormulaError(found=f"{shown_unit(first.unit)} {doing} {shown_unit(second.unit)}",
                               expected="the same unit on both sides")  # fmt: skip
        return first.unit

    def _arithmetic(self, node: Arithmetic) -> Typed:
        left, right = self._sort(node.left, "number"), self._sort(node.right, "number")
        if node.op == "/" and isinstance(node.right, Number) and node.right.value == 0:
            raise FormulaError(found="a division by 0", expected="another divisor")
        if node.op in "*/":
            return Typed("number", times_unit(left.unit, right.unit, power=1 if node.op == "*" else -1))
        return Typed("number", self._same(left, right, node.op))

    def _compared(self, node: Comparison) -> None:
        left, right = self.of(node.left), self.of(node.right)
        if left.sort != right.sort or left.sort == "truth" or (left.sort == "text" and node.op not in ("==", "!=")):
            raise FormulaError(found=f"a {left.sort} {node.op} a {right.sort}", expected="two numbers, or two texts")
        self._same(left, right, node.op)

    def _call(self, node: Call) -> Typed:
        if node.component:
            if node.component not in self.earlier:
                found = f"{node.function}({node.component})"
                known = ", ".join(self.earlier) or "no component before this one"
                raise FormulaError(found=found, expected=f"a component that stands earlier: {known}")
            self.components[node.component] = None
            self.exact = self.exact or node.function == "exact"
            return Typed("number", (("USD", 1),))
        if node.function == "if":
            self._sort(node.args[0], "truth")
            yes, no = self.of(node.args[1]), self.of(node.args[2])
            if yes.sort != no.sort:
                raise FormulaError(found=f"a {yes.sort} or a {no.sort}", expected="the same kind in both branches")
            return Typed(yes.sort, self._same(yes, no, "or"))
        typed = self._sort(node.args[0], "number")
        for arg in node.args[1:]:
            typed = Typed("number", self._same(typed, self._sort(arg, "number"), "and"))
        return typed


def _levels(node: Node) -> int:
    """How deep the tree is, found without going down it by recursion."""
    found, layer = 0, [node]
    while layer:
        found += 1
        layer = [inner for one in layer for inner in _inside(one)]
    return found


def _inside(node: Node) -> tuple[Node, ...]:
    match node:
        case Negative():
            return (node.of,)
        case Arithmetic() | Comparison():
            return (node.left, node.right)
        case Logic():
            return (node.left,) if node.right is None else (node.left, node.right)
        case Call():
            return node.args
    return ()


def _fixed(node: Node) -> Decimal | None:
    """The value of a number, however many signs and brackets stand around it."""
    negative = False
    while isinstance(node, Negative):
        node, negative = node.of, not negative
    if not isinstance(node, Number):
        return None
    return -node.value if negative else node.value


def parse_formula(text: str, *, scope: Mapping[str, Typed], earlier: tuple[str, ...] = ()) -> Formula:
    """Read a formula over the names in ``scope`` and the ``earlier`` components; raise `FormulaError`.

    >>> parse_formula("max(0, units - 2) * 3.50", scope={"units": Typed("number")}).names
    ('units',)
    """
    reader = _Reader(text)
    node = reader.either()
    if reader.peek()[0] != "end":
        raise FormulaError(found=repr(reader.peek()[1]), expected="an operator or the end")
    levels = _levels(node)
    if levels > LEVELS:
        raise FormulaError(found=f"{levels} levels of nesting", expected=f"at most {LEVELS}: parts of it as values")
    checker = _Checker(scope, earlier)
    typed = checker.of(node)
    fixed = _fixed(node)
    names, components = tuple(checker.names), tuple(checker.components)
    return Formula(
        text, node, typed.sort, typed.unit, names, components, fixed, checker.exact, levels, tuple(checker.reads)
    )


__all__ = ["DAYS", "DECIMALS", "FUNCTIONS", "PURE", "ROUNDINGS", "VALUE_LIMIT", "Arithmetic", "Call", "Comparison",
           "Formula", "FormulaError", "Logic", "Name", "Negative", "Node", "Number", "Sort", "Text", "Typed", "Unit",
           "constant", "parse_formula"]  # fmt: skip
