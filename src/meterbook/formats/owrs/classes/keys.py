"""Keys of OWRS tables: several joined by ``|``, meter sizes in many spellings, numbers and truths as words.

A table that depends on several fields joins their values by ``|``; a one-and-a-half-inch meter is often spelled
``1|1/2"``, which holds the same mark. A key is therefore taken apart by the number of fields it must have.
"""

from __future__ import annotations

import re
from fractions import Fraction

_SIZE = re.compile(r"(?:(\d{1,3})[ _|-]+)?(\d{1,3})/(\d{1,3})", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"\s*\d{1,3}\s*", re.ASCII)
_PART = re.compile(r"\s*\d{1,3}/\d{1,3}.*", re.ASCII)


def canonical(text: str) -> str:
    """One form for every spelling of the same key; different keys stay different.

    >>> canonical('1|1/2"') == canonical('1 1/2"') == canonical("1_1/2”") == canonical("1.5 inch")
    True
    >>> canonical("Inside City") == canonical("inside_city"), canonical("4.0") == canonical("4")
    (True, True)
    >>> canonical('1"') == canonical('1/2"')
    False
    """
    lowered = text.strip().lower().translate(str.maketrans("“”″’", '"""\''))
    size = re.sub(r"\s*(?:\"|''|-?\s*inch(?:es)?|\bin\.?)\s*$", "", lowered).strip()
    match = _SIZE.fullmatch(size)
    if match is not None and int(match[3]):
        return str(int(match[1] or 0) + Fraction(int(match[2]), int(match[3])))
    if _NUMBER.fullmatch(size):
        return str(Fraction(size))
    return re.sub(r"[\s_-]+", "_", lowered)


def parts(key: str, fields: int) -> list[tuple[str, ...]]:
    """The ways to read a key as at most ``fields`` values; one way for every well-made key, none for a longer one.

    >>> parts('1|1/2"|inside_city', 2)
    [('1|1/2"', 'inside_city')]
    >>> parts("Winter|1|High", 3)
    [('Winter', '1', 'High')]
    """
    pieces = key.split("|")
    if fields == 1:
        return [(key.strip(),)]
    found: list[tuple[str, ...]] = [tuple(piece.strip() for piece in pieces)]
    while len(found[0]) > fields:
        shorter = [_joined(way, at) for way in found for at in range(len(way) - 1) if _is_size(way, at)]
        found = list(dict.fromkeys(shorter))
        if not found:
            return []
    return found


def _is_size(way: tuple[str, ...], at: int) -> bool:
    return bool(_WHOLE.fullmatch(way[at]) and _PART.fullmatch(way[at + 1]))


def _joined(way: tuple[str, ...], at: int) -> tuple[str, ...]:
    return (*way[:at], f"{way[at]}|{way[at + 1]}", *way[at + 2 :])
