"""Units in formulas: what a number measures, as a product of words with whole exponents.

``USD/ccf`` times ``ccf`` is ``USD``; adding dollars to cubic feet is refused. A bare number in a formula takes the unit
of what it is added to or compared with, and is a pure number where it multiplies.
"""

from __future__ import annotations

import re

#: Words with their exponents, in alphabetical order; the empty tuple is a pure number.
Unit = tuple[tuple[str, int], ...]
PURE: Unit = ()
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def parse_unit(text: str) -> Unit | None:
    """A unit written as ``word/word·word``; ``1`` is a pure number; ``None`` if it is not a unit.

    >>> parse_unit("USD/ccf")
    (('USD', 1), ('ccf', -1))
    """
    found: dict[str, int] = {}
    for at, part in enumerate(text.strip().split("/")):
        for word in re.split(r"[·*]", part):
            if word.strip() == "1":
                continue
            if not _WORD.fullmatch(word.strip()):
                return None
            found[word.strip()] = found.get(word.strip(), 0) + (1 if at == 0 else -1)
    return tuple(sorted((word, power) for word, power in found.items() if power))


def times_unit(first: Unit | None, second: Unit | None, *, power: int = 1) -> Unit | None:
    """The unit of a product (of a quotient with ``power`` -1). A bare number leaves the other's unit as it is."""
    if first is None and second is None:
        return None
    found = dict(first or PURE)
    for word, exponent in second or PURE:
        found[word] = found.get(word, 0) + exponent * power
    return tuple(sorted((word, exponent) for word, exponent in found.items() if exponent))


def shown_unit(unit: Unit | None) -> str:
    """The unit as people write it.

    >>> shown_unit(parse_unit("USD/ccf"))
    'USD/ccf'
    """
    if unit is None:
        return "a bare number"
    above = "·".join(word for word, power in unit for _ in range(power))
    below = "".join(f"/{word}" for word, power in unit for _ in range(-power))
    return (above or ("1" if below else "a pure number")) + below
