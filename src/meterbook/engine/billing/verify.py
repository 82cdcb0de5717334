"""The usage of a bill, added up again from the reads on it, apart from the code that derived it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

#: Determinant a register's channel counts towards.
COUNTS_AS = {"delivered": "usage", "high_flow": "usage", "low_flow": "usage", "received": "export"}


def usage_disagrees(pieces: Iterable[Mapping[str, Any]] | None, told: Mapping[str, Decimal | str]) -> str | None:
    """Why the reads of ``pieces`` do not add up to the determinants ``told``, or ``None`` when they do.

    A piece holds ``channel``, ``from_value`` and ``to_value`` (register as displayed, as text), ``dials``,
    ``multiplier`` (as text) and ``quantity_e6`` (millionths of the unit).
    """
    if pieces is None:
        return None
    sums: dict[str, Decimal] = {}
    for piece in pieces:
        passed = Decimal(piece["to_value"]) - Decimal(piece["from_value"])
        if passed < 0:
            passed += Decimal(10) ** piece["dials"]
        quantity = passed * Decimal(piece["multiplier"])
        if quantity.scaleb(6) != piece["quantity_e6"]:
            return f"meter {piece['meter']}: reads make {quantity}, usage says {piece['quantity_e6']} millionths"
        name = COUNTS_AS[piece["channel"]]
        sums[name] = sums.get(name, Decimal(0)) + quantity
    for name, total in sums.items():
        if name in told and total != told[name]:
            return f"reads add up to {name} {total}, priced with {told[name]}"
    return None
