"""What a correction changes: lines taken back, segments that come out as they stand, lines beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One line of a segment in figures: quantity in millionths, price in 10**-8 dollars, amount in cents."""

    component: str
    part: int
    version: str
    starts: date
    ends: date
    quantity_e6: int
    price_e8: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line as it was and as it becomes; one of the two may be missing."""

    was: LineFigures | None
    becomes: LineFigures | None

    @property
    def difference_cents(self) -> int:
        """What the line changes: above 0 the customer is charged more."""
        return (self.becomes.amount_cents if self.becomes else 0) - (self.was.amount_cents if self.was else 0)


def taken_back(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines (quantity, amount, and whatever else) with every quantity and amount negated; prices stay."""
    return lines.with_columns(-pl.col("quantity"), -pl.col("amount"))


def stands(
    was: Sequence[LineFigures],
    becomes: Sequence[LineFigures],
    inputs_was: Mapping[str, Any],
    inputs_becomes: Mapping[str, Any],
) -> bool:
    """Whether a segment billed again comes out as it stands: the same lines from the same inputs.

    Facts that only the new computation knows (a newer release asks for more of them) change nothing by themselves;
    a fact that is null is no fact.
    """
    if sorted(was, key=_order) != sorted(becomes, key=_order):
        return False
    return _holds_in(inputs_was, inputs_becomes)


def _order(line: LineFigures) -> tuple[Any, ...]:
    return (
        line.component, line.part, line.version, line.starts, line.ends, line.quantity_e6, line.price_e8,
        line.amount_cents,
    )  # fmt: skip


def _holds_in(was: Any, becomes: Any) -> bool:
    """Whether everything stated in ``was`` is stated the same in ``becomes``."""
    if isinstance(was, Mapping) and isinstance(becomes, Mapping):
        return all(_holds_in(value, becomes.get(name)) for name, value in was.items() if value is not None)
    if isinstance(was, list) and isinstance(becomes, list):
        return len(was) == len(becomes) and all(_holds_in(a, b) for a, b in zip(was, becomes, strict=True))
    if isinstance(was, list) and not was:
        return becomes is None
    return bool(was == becomes)


def paired(was: Iterable[LineFigures], becomes: Iterable[LineFigures]) -> list[ChangedLine]:
    """Lines beside each other, by component and part, then by the days they are for, in the order they were printed.

    Lines of one component and part that stand on both sides are paired first where their first day is the same, then
    in order; what is left has no partner. The differences add up to the difference of all lines.
    """
    waiting: dict[tuple[str, int], list[LineFigures]] = {}
    for line in becomes:
        waiting.setdefault((line.component, line.part), []).append(line)
    found: list[ChangedLine] = []
    for line in was:
        candidates = waiting.get((line.component, line.part), [])
        same = next((each for each in candidates if each.starts == line.starts), None)
        partner = same or (candidates[0] if candidates else None)
        if partner is not None:
            candidates.remove(partner)
        found.append(ChangedLine(line, partner))
    found += [ChangedLine(None, line) for lines in waiting.values() for line in lines]
    return found
