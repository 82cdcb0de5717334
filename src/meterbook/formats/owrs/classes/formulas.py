"""The formulas of OWRS: R's arithmetic as its files use it, read into a small tree. Nothing is evaluated here.

Read: exact numbers (``.62``, ``1e3``, ``5L``), names (also with dots, or in backticks), texts, ``+ - * / ^``,
``%/% %%``, comparisons, ``TRUE FALSE``, ``& | !``, ``#`` remarks,
``ifelse(…)`` and ``if (…) … else …``, and the functions of `FUNCTIONS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Num:
    """An exact number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A key of the class or an input of the bill."""

    name: str


@dataclass(frozen=True, slots=True)
class Op:
    """``args`` joined by ``op``: ``+ - * /`` and the comparisons take two, ``neg`` and ``not`` one, ``and``/``or``
    two, and the functions ``min max abs ceil floor round if`` their own number (``round`` with its places).
    """

    op: str
    args: tuple[Tree, ...]


Tree = Num | Text | Name | Op


class FormulaError(ValueError):
    """A formula cannot be read; the message says why, in half a sentence."""


#: R's functions and the operation each stands for.
FUNCTIONS = {"min": "min", "pmin": "min", "max": "max", "pmax": "max", "abs": "abs", "ceiling": "ceil",
             "ceil": "ceil", "floor": "floor", "round": "round", "ifelse": "if", "sum": "sum"}  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?L?", re.ASCII)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?L?)|(?P<name>[A-Za-z.][A-Za-z0-9_.]*|`[^`]+`)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')|(?P<op>%/%|%%|<=|>=|==|!=|\*\*|&&|\|\||[-+*/^(),<>&|!]))",
    re.ASCII,
)
_COMPARE = ("==", "!=", "<=", ">=", "<", ">")
_DEPTH = 40
#: A longer formula nests deeper than can be computed; so does a power of more factors.
_PIECES, _FACTORS, _POWER = 400, 60, 10


def number(text: str) -> Decimal | None:
    """The exact number a text writes, or None.

    >>> number(".7"), number("1e3"), number("$4"), number("1,200")
    (Decimal('0.7'), Decimal('1E+3'), None, None)
    """
    stripped = text.strip()
    return Decimal(stripped.rstrip("L")) if _NUMBER.fullmatch(stripped) else None


def read(text: str, *, known: tuple[str, ...] = ()) -> Tree:
    """A formula as a tree. ``known`` are names that hold more than R allows in one (a hyphen), taken as they stand.

    Raises `FormulaError`.

    >>> read("2.1*usage_ccf")
    Op(op='*', args=(Num(value=Decimal('2.1')), Name(name='usage_ccf')))
    """
    reader = _Reader(text, known)
    tree = reader.either()
    if reader.kind != "end":
        raise FormulaError(f"{reader.value!r} stands where an operator should")
    return tree


def names(tree: Tree) -> Iterator[str]:
    """Every name the tree reads, in order, as often as it stands."""
    if isinstance(tree, Name):
        yield tree.name
    elif isinstance(tree, Op):
        for arg in tree.args:
            yield from names(arg)


def addends(tree: Tree) -> list[tuple[int, Tree]]:
    """The terms of a sum with their signs, brackets opened.

    >>> [(sign, term.name) for sign, term in addends(read("a-(b-c)"))]
    [(1, 'a'), (-1, 'b'), (1, 'c')]
    """
    if isinstance(tree, Op) and tree.op in ("+", "-"):
        turn = 1 if tree.op == "+" else -1
        return [*addends(tree.args[0]), *((sign * turn, term) for sign, term in addends(tree.args[1]))]
    if isinstance(tree, Op) and tree.op == "neg":
        return [(-sign, term) for sign, term in addends(tree.args[0])]
    return [(1, tree)]


class _Reader:
    """Recursive descent with R's precedence; deep nesting is refused before Python would give up."""

    def __init__(self, text: str, known: tuple[str, ...]) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.known = tuple(sorted(known, key=len, reverse=True))
        self.kind, self.value, self.pieces = "", "", 0
        self.step()

    def step(self) -> None:
        rest = self.text[self.at :]
        stripped = rest.lstrip()
        if stripped.startswith("#"):
            self.at += len(rest) - len(stripped) + len(stripped.partition("\n")[0])
            self.step()
            return
        if not stripped:
            self.kind, self.value = "end", "the end"
            return
        literal = next((name for name in self.known if stripped.startswith(name)), None)
        if literal is not None:
            self.at += len(rest) - len(stripped) + len(literal)
            self.kind, self.value = "name", literal
            return
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            raise FormulaError(f"{stripped[:20]!r} is no part of a formula")
        self.at = match.end()
        self.kind = str(match.lastgroup)
        self.value = match.group(self.kind)
        self.pieces += 1
        if self.pieces > _PIECES:
            raise FormulaError(f"it has more than {_PIECES} numbers, names and signs")

    def take(self, *wanted: str) -> str | None:
        if self.kind in ("op", "name") and self.value in wanted:
            found = self.value
            self.step()
            return found
        return None

    def need(self, wanted: str) -> None:
        if self.take(wanted) is None:
            raise FormulaError(f"{self.value!r} stands where {wanted!r} should")

    def either(self) -> Tree:
        self.depth += 1
        if self.depth > _DEPTH:
            raise FormulaError(f"more than {_DEPTH} brackets stand in each other")
        left = self.both()
        while self.take("|", "||"):
            left = Op("or", (left, self.both()))
        self.depth -= 1
        return left

    def both(self) -> Tree:
        left = self.negated()
        while self.take("&", "&&"):
            left = Op("and", (left, self.negated()))
        return left

    def negated(self) -> Tree:
        if self.take("!"):
            return Op("not", (self.negated(),))
        left = self.sum()
        op = self.take(*_COMPARE)
        return left if op is None else Op(op, (left, self.sum()))

    def sum(self) -> Tree:
        left = self.product()
        while op := self.take("+", "-"):
            left = Op(op, (left, self.product()))
        return left

    def product(self) -> Tree:
        left = self.divided()
        while op := self.take("*", "/"):
            left = Op(op, (left, self.divided()))
        return left

    def divided(self) -> Tree:
        left = self.signed()
        while op := self.take("%/%", "%%"):
            by = self.signed()
            whole = Op("floor", (Op("/", (left, by)),))
            left = whole if op == "%/%" else Op("-", (left, Op("*", (by, whole))))
        return left

    def signed(self) -> Tree:
        if self.take("-"):
            return Op("neg", (self.signed(),))
        self.take("+")
        return self.power()

    def power(self) -> Tree:
        base = self.atom()
        if not self.take("^", "**"):
            return base
        exponent = self.signed()
        negative = isinstance(exponent, Op) and exponent.op == "neg"
        times = exponent.args[0] if isinstance(exponent, Op) and negative else exponent
        if not isinstance(times, Num) or times.value != int(times.value) or times.value > _POWER:
            raise FormulaError(f"only powers of whole numbers to {_POWER} have an exact value")
        if times.value * len(list(names(base))) > _FACTORS:
            raise FormulaError("a power has too many factors")
        tree: Tree = base if times.value else Num(Decimal(1))
        for _ in range(int(times.value) - 1):
            tree = Op("*", (tree, base))
        return Op("/", (Num(Decimal(1)), tree)) if negative else tree

    def atom(self) -> Tree:
        kind, value = self.kind, self.value
        if kind == "end":
            raise FormulaError("it ends in the middle")
        self.step()
        if kind == "number":
            return Num(Decimal(value.rstrip("L")))
        if kind == "text":
            return Text(value[1:-1])
        if value == "(":
            inner = self.either()
            self.need(")")
            return inner
        if kind != "name":
            raise FormulaError(f"{value!r} stands where a number or a name should")
        if value == "if" and self.take("("):
            condition = self.either()
            self.need(")")
            yes = self.either()
            self.need("else")
            return Op("if", (condition, yes, self.either()))
        if self.kind == "op" and self.value == "(":
            self.step()
            return self._call(value)
        if value in ("TRUE", "FALSE"):
            return Op("==", (Num(Decimal(1)), Num(Decimal(value == "TRUE"))))
        return Name(value.strip("`"))

    def _call(self, function: str) -> Tree:
        args = [self.either()]
        while self.take(","):
            args.append(self.either())
        self.need(")")
        op = FUNCTIONS.get(function.lower())
        if op is None:
            raise FormulaError(f"the function {function} is not known")
        if op == "sum":
            tree = args[0]
            for arg in args[1:]:
                tree = Op("+", (tree, arg))
            return tree
        if op in ("min", "max") and len(args) == 1:
            return args[0]
        if op == "round" and len(args) == 1:
            args.append(Num(Decimal(0)))
        wanted = {"min": len(args), "max": len(args), "if": 3, "round": 2}.get(op, 1)
        if len(args) != wanted:
            raise FormulaError(f"{function} takes {wanted} arguments, not {len(args)}")
        if op == "round" and not (isinstance(args[1], Num) and args[1].value == int(args[1].value) <= 6):
            raise FormulaError("round() takes a whole number of places")
        return Op(op, tuple(args))
