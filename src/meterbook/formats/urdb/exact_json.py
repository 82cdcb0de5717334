"""JSON with exact numbers: what is read is written back digit for digit, and nothing passes through a float."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from meterbook.formats.contract import WrongFormat, shortened, utf8_text

#: A rate record needs far less; what reads it descends with it.
DEEPEST = 50
#: Python refuses to read numbers of thousands of digits; no rate has one of more than this.
_DIGITS = 300
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def _depth(text: str) -> int:
    """How deep brackets stand in brackets, those within texts left out."""
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth += (found.group() in "[{") - (found.group() in "]}")
        deepest = max(deepest, depth)
    return deepest


def read_json(data: bytes) -> Any:
    """The JSON value of a file; numbers with a point or exponent are ``Decimal``. Raises `WrongFormat`.

    >>> read_json(b'{"rate": 0.10}')
    {'rate': Decimal('0.10')}
    >>> read_json(b'{"rate": 1, "rate": 2}')
    Traceback (most recent call last):
    ...
    meterbook.formats.contract.WrongFormat: line 1, rate: the key stands twice; found rate, expected each key once
    """
    text = utf8_text(data)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise WrongFormat("the key stands twice", line=1, field=key, found=key, expected="each key once")
            found[key] = value
        return found

    def whole(digits: str) -> int:
        if len(digits) > _DIGITS:
            expected = f"at most {_DIGITS} digits"
            raise WrongFormat("not a number of a rate", line=1, field="number", found=digits, expected=expected)
        return int(digits)

    def refused(word: str) -> Any:
        raise WrongFormat("not a number", line=1, field="number", found=word, expected="a JSON number")

    if _depth(text) > DEEPEST:
        expected = f"at most {DEEPEST} levels"
        raise WrongFormat("too deeply nested", line=1, field="file", found="brackets in brackets", expected=expected)
    try:
        return json.loads(text, parse_float=Decimal, parse_int=whole, parse_constant=refused, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        raise WrongFormat(
            f"broken JSON ({error.msg.removesuffix(' at').lower()})",
            line=error.lineno,
            field=f"column {error.colno}",
            found=shortened(lines[error.lineno - 1].strip(), 60) if error.lineno <= len(lines) else "",
            expected="a complete JSON file",
        ) from error


def json_text(value: Any, *, indent: int | None = None, level: int = 0) -> str:
    """The value as JSON; ``Decimal`` is written with its own digits. Lists of plain values stay on one line.

    >>> json_text({"rate": Decimal("0.10"), "months": [0, 1], "name": "Año"})
    '{"rate": 0.10, "months": [0, 1], "name": "Año"}'
    """
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        items = [f"{json_text(str(k))}: {json_text(v, indent=indent, level=level + 1)}" for k, v in value.items()]
        return _joined("{", items, "}", indent=indent, level=level)
    if isinstance(value, list):
        nested = any(isinstance(item, dict | list) for item in value)
        items = [json_text(item, indent=indent, level=level + 1) for item in value]
        return _joined("[", items, "]", indent=indent if nested else None, level=level)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _joined(opening: str, items: list[str], closing: str, *, indent: int | None, level: int) -> str:
    if indent is None or not items:
        return opening + ", ".join(items) + closing
    inner, outer = " " * indent * (level + 1), " " * indent * level
    return f"{opening}\n{inner}" + f",\n{inner}".join(items) + f"\n{outer}{closing}"
