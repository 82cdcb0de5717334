"""Rate records as a file: one bare record, several as the API answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from meterbook.formats.urdb.exact_json import json_text


def write(records: Sequence[Mapping[str, Any]]) -> bytes:
    """The records as UTF-8 JSON with exact numbers.

    >>> from decimal import Decimal
    >>> write([{"name": "A", "rate": Decimal("0.10")}])
    b'{\\n "name": "A",\\n "rate": 0.10\\n}\\n'
    """
    value: Any = dict(records[0]) if len(records) == 1 else {"items": [dict(record) for record in records]}
    return (json_text(value, indent=1) + "\n").encode()
