"""R formulas as formulas of the tariff language, with the fewest roundings: a reciprocal becomes a division.

Names are left to the caller, who knows what they stand for.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from meterbook.formats.owrs.classes.formulas import Name, Num, Op, Text, Tree

#: How tightly a piece of a formula binds, from a choice of truths to one number or name.
OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, ATOM = range(8)
Piece = tuple[str, int]
_TRUTHS = ("==", "!=", "<=", ">=", "<", ">", "and", "or", "not")
_LEVEL = {"or": OR, "and": AND, "not": NOT, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "neg": SIGN}
#: Decimals of a formula that are not known to end.
ENDLESS = 99
#: The largest number of the tariff language.
_LARGEST = Decimal(10**13)


class Unrenderable(ValueError):
    """Something in the tree has no counterpart; the message says what."""


def plain(value: Decimal) -> str:
    """A number without an exponent, at most 12 decimals (the language carries no more). Raises `Unrenderable`.

    >>> plain(Decimal("1E+3")), plain(Decimal("0.700"))
    ('1000', '0.7')
    """
    if abs(value) > _LARGEST:
        raise Unrenderable(f"{value} is more than a tariff can say")
    shown = f"{round(value, 12):f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


def simplified(tree: Tree) -> Tree:
    """The same formula with ``a * (b / c)`` as ``a * b / c`` and sums and products of plain numbers worked out."""
    if not isinstance(tree, Op):
        return tree
    args = tuple(simplified(arg) for arg in tree.args)
    left, right = args[0], args[-1]
    if tree.op == "*" and isinstance(right, Op) and right.op == "/":
        return simplified(Op("/", (Op("*", (left, right.args[0])), right.args[1])))
    if tree.op == "*" and isinstance(left, Op) and left.op == "/":
        return simplified(Op("/", (Op("*", (left.args[0], right)), left.args[1])))
    if isinstance(left, Num) and isinstance(right, Num) and len(args) == 2 and tree.op in ("+", "-", "*"):
        first, second = left.value, right.value
        return Num({"+": first + second, "-": first - second, "*": first * second}[tree.op])
    if tree.op == "*" and isinstance(left, Num) and left.value == 1:
        return right
    if tree.op in ("*", "/") and len(args) == 2 and isinstance(right, Num) and right.value == 1:
        return left
    if tree.op == "neg" and isinstance(left, Num):
        return Num(-left.value)
    return Op(tree.op, args)


def rendered(tree: Tree, name: Callable[[str], Piece], text: Callable[[Tree, str], Piece]) -> str:
    """The formula in the tariff language. ``name`` renders a numeric name, ``text`` a name compared with a text."""
    return _counted(simplified(tree), name, text)[0]


def wrapped(piece: Piece, level: int) -> str:
    """A piece inside one that binds at ``level``."""
    return piece[0] if piece[1] >= level else f"({piece[0]})"


def _piece(tree: Tree, name: Callable[[str], Piece], text: Callable[[Tree, str], Piece]) -> Piece:
    match tree:
        case Num():
            return (plain(tree.value), ATOM if tree.value >= 0 else SIGN)
        case Text():
            raise Unrenderable(f"the text {tree.value!r} stands where a number should")
        case Name():
            return name(tree.name)
    args, op = tree.args, tree.op
    if op in ("==", "!=", "<=", ">=", "<", ">"):
        return (f"{_side(args, 0, name, text)} {op} {_side(args, 1, name, text)}", COMPARE)
    if op == "if":
        condition = _truth(args[0], name, text)
        inner = [condition, *(_counted(arg, name, text)[0] for arg in args[1:])]
        return (f"if({', '.join(inner)})", ATOM)
    if op in ("and", "or", "not"):
        level = _LEVEL[op]
        sides = [wrapped((_truth(arg, name, text), _truth_level(arg)), level + 1) for arg in args]
        return (f"not {sides[0]}" if op == "not" else f" {op} ".join(sides), level)
    if op in ("min", "max", "abs", "ceil", "floor"):
        return (f"{op}({', '.join(_counted(arg, name, text)[0] for arg in args)})", ATOM)
    if op == "round":
        return (f"round({_counted(args[0], name, text)[0]}, {_piece(args[1], name, text)[0]}, half_even)", ATOM)
    level = _LEVEL[op]
    if op == "neg":
        return (f"-{wrapped(_counted(args[0], name, text), SIGN)}", SIGN)
    left, right = _counted(args[0], name, text), _counted(args[1], name, text)
    return (f"{wrapped(left, level)} {op} {wrapped(right, level + 1)}", level)


def _side(args: tuple[Tree, ...], at: int, name: Callable[[str], Piece], text: Callable[[Tree, str], Piece]) -> str:
    mine, other = args[at], args[1 - at]
    if isinstance(mine, Text):
        return text(mine, mine.value)[0]
    if isinstance(other, Text):
        return text(mine, other.value)[0]
    return wrapped(_counted(mine, name, text), SUM)


def _truth(tree: Tree, name: Callable[[str], Piece], text: Callable[[Tree, str], Piece]) -> str:
    piece = _piece(tree, name, text)
    return piece[0] if _is_truth(tree) else f"{wrapped(piece, SUM)} != 0"


def _truth_level(tree: Tree) -> int:
    return _LEVEL[tree.op] if isinstance(tree, Op) and tree.op in ("and", "or", "not") else COMPARE


def _is_truth(tree: Tree) -> bool:
    return isinstance(tree, Op) and tree.op in _TRUTHS


def _counted(tree: Tree, name: Callable[[str], Piece], text: Callable[[Tree, str], Piece]) -> Piece:
    """A piece that is a number: what is true counts one, as in R."""
    piece = _piece(tree, name, text)
    return (f"if({piece[0]}, 1, 0)", ATOM) if _is_truth(tree) else piece


def decimals(tree: Tree, of_name: Callable[[str], int]) -> int:
    """The most decimals the exact value of a formula can have; `ENDLESS` where a division makes it unknown."""
    match tree:
        case Num():
            exponent = tree.value.normalize().as_tuple().exponent
            return max(0, -exponent) if isinstance(exponent, int) else ENDLESS
        case Name():
            return of_name(tree.name)
        case Text():
            return 0
    if tree.op in _TRUTHS:
        return 0
    inner = [decimals(arg, of_name) for arg in (tree.args[1:] if tree.op == "if" else tree.args)]
    if tree.op == "*":
        return min(ENDLESS, sum(inner))
    if tree.op == "/":
        return ENDLESS
    if tree.op in ("ceil", "floor"):
        return 0
    if tree.op == "round":
        places = tree.args[1]
        return int(places.value) if isinstance(places, Num) else ENDLESS
    return max(inner)
