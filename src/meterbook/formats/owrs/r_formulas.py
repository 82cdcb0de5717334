"""Formulas of the tariff language as R's arithmetic, for OWRS."""

from __future__ import annotations

from collections.abc import Callable

from meterbook.engine.rates.language.expressions import (
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Name,
    Negative,
    Node,
    Number,
    Text,
)

#: A name or an earlier line (``component`` true) as a key of OWRS.
Named = Callable[[str, bool], str]
_LEVEL = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6}
_COMPARE, _SIGN, _ATOM = 4, 7, 8
_FUNCTIONS = {"min": "pmin", "max": "pmax", "abs": "abs", "ceil": "ceiling", "floor": "floor", "if": "ifelse"}


class Unsayable(ValueError):
    """Something has no words in OWRS; the message says what."""


def in_r(node: Node, named: Named) -> str:
    """A checked formula as R text; raises `Unsayable`.

    Units are left out: OWRS has none.

    >>> from meterbook.engine.rates.language.expressions import Typed, parse_formula
    >>> rule = parse_formula("if(units > 2, min(a, 1.5), -a)", scope={"units": Typed("number"), "a": Typed("number")})
    >>> in_r(rule.node, lambda name, component: name)
    'ifelse(units > 2, pmin(a, 1.5), -a)'
    """
    return _piece(node, named)[0]


def _wrapped(node: Node, named: Named, level: int) -> str:
    text, own = _piece(node, named)
    return text if own >= level else f"({text})"


def _piece(node: Node, named: Named) -> tuple[str, int]:
    match node:
        case Number():
            return f"{node.value:f}", _ATOM if node.value >= 0 else _SIGN
        case Text():
            if '"' in node.value:
                raise Unsayable(f"the text {node.value} with its quotation mark")
            return f'"{node.value}"', _ATOM
        case Name():
            return named(node.name, False), _ATOM
        case Negative():
            return f"-{_wrapped(node.of, named, _SIGN)}", _SIGN
        case Arithmetic():
            level = _LEVEL[node.op]
            return f"{_wrapped(node.left, named, level)}{node.op}{_wrapped(node.right, named, level + 1)}", level
        case Comparison():
            return f"{_wrapped(node.left, named, 5)} {node.op} {_wrapped(node.right, named, 5)}", _COMPARE
        case Logic():
            level = _LEVEL[node.op]
            if node.right is None:
                return f"!({in_r(node.left, named)})", _ATOM
            word = "&" if node.op == "and" else "|"
            return f"{_wrapped(node.left, named, level)} {word} {_wrapped(node.right, named, level + 1)}", level
        case Call():
            return _call(node, named)


def _call(node: Call, named: Named) -> tuple[str, int]:
    if node.component:
        return named(node.component, True), _ATOM
    if node.function != "round":
        return f"{_FUNCTIONS[node.function]}({', '.join(in_r(arg, named) for arg in node.args)})", _ATOM
    inner = in_r(node.args[0], named)
    if node.mode == "half_even" and node.places >= 0:
        return (f"round({inner})" if node.places == 0 else f"round({inner}, {node.places})"), _ATOM
    if node.places < 0:
        raise Unsayable("rounding to tens or more")
    scale = 10**node.places
    scaled = inner if scale == 1 else f"({inner})*{scale}"
    rounded = {"half_up": f"floor({scaled}+0.5)", "up": f"ceiling({scaled})", "down": f"floor({scaled})"}.get(node.mode)
    if rounded is None:
        raise Unsayable(f"rounding {node.mode} to {node.places} decimals")
    return (rounded, _ATOM) if scale == 1 else (f"{rounded}/{scale}", _LEVEL["/"])
