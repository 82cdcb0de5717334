"""The usage of a bill, added up again from the reads on it, apart from the code that derived it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meterbook.engine.rates.terms import Change

#: Determinant a register's channel counts towards.
COUNTS_AS = {"delivered": "usage", "high_flow": "usage", "low_flow": "usage", "received": "export"}
_MILLIONTH = Decimal("0.000001")


def usage_disagrees(
    pieces: Iterable[Mapping[str, Any]] | None,
    told: Mapping[str, Decimal | str],
    changes: Sequence[Change] = (),
    days: tuple[date, date] | None = None,
) -> str | None:
    """Why the reads of ``pieces`` do not add up to the determinants ``told``, or ``None`` when they do.

    A piece holds ``channel``, ``from_value`` and ``to_value`` (register as displayed, as text), ``dials``,
    ``multiplier`` (as text) and ``quantity_e6`` (millionths of the unit). What a person decided counts up from 0. Of
    a piece that is billed in parts, ``share`` (``from`` and ``to``, days as text) says which of its days ``from_on``
    to ``to_on`` count here. What ``changes`` tell of usage before a day must be the sum of what the reads make up to
    that day. With ``days``, the bill's first and the day after its last, all that counts must lie within.
    """
    if pieces is None:
        return None
    sums: dict[str, Decimal] = {}
    parts: list[tuple[str, str, Decimal]] = []
    for piece in pieces:
        passed = Decimal(piece["to_value"]) - Decimal(piece["from_value"])
        if passed < 0:
            passed += Decimal(10) ** piece["dials"]
        quantity = passed * Decimal(piece["multiplier"])
        ends = piece.get("to_on", "")
        if piece.get("share"):
            quantity, ends = _shared(piece, quantity), piece["share"]["to"]
            if days is not None and not (f"{days[0]}" <= piece["share"]["from"] <= ends <= f"{days[1]}"):
                return f"meter {piece['meter']}: the share to {ends} lies outside the bill"
        if quantity.scaleb(6) != piece["quantity_e6"]:
            return f"meter {piece['meter']}: reads make {quantity}, usage says {piece['quantity_e6']} millionths"
        name = COUNTS_AS[piece["channel"]]
        sums[name] = sums.get(name, Decimal(0)) + quantity
        parts.append((name, ends, quantity))
    for name, total in sums.items():
        if name in told and total != told[name]:
            return f"reads add up to {name} {total}, priced with {told[name]}"
    for one in changes:
        if one.name in sums:
            before = sum(
                (each for name, ends, each in parts if name == one.name and ends <= f"{one.before}"), Decimal(0)
            )
            if before != one.value:
                return f"reads add up to {one.name} {before} before {one.before}, split at {one.value}"
    return None


def _shared(piece: Mapping[str, Any], whole: Decimal) -> Decimal:
    """What the days of a share carry: all up to its end less all before it, each by days, to the millionth half-up."""
    first, after = date.fromisoformat(piece["from_on"]), date.fromisoformat(piece["to_on"])
    ends = [date.fromisoformat(piece["share"][end]) for end in ("from", "to")]
    low, high = (
        (whole * (day - first).days / (after - first).days).quantize(_MILLIONTH, rounding=ROUND_HALF_UP) for day in ends
    )
    return high - low
