"""The order of payment: which open charge a credit settles first, as a utility's policy states it.

Three things can be looked at, in any turn: the due date (oldest first), what the charge is for (penalty, tax, fee,
service) and the service. ``by`` names the turn; the policy lists categories and services in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

KEYS = ("due_on", "category", "service")
_MANY = 100  # more categories or services than any policy lists; ranks of two keys share one number


class WrongOrder(ValueError):
    """The policy's order of payment cannot be followed; says what was found and expected."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order of payment; with ``current_from``, an account's own: charges due before that day go after all others.

    >>> spokane = Order(by=("due_on", "category", "service"), categories=(), services=("refuse", "sewer", "water"))
    >>> spokane.turn(date(2026, 5, 22), "service", "sewer") < spokane.turn(date(2026, 5, 22), "service", "water")
    True
    >>> penalty_first = Order(by=("category", "due_on", "service"), categories=("penalty", "tax"), services=())
    >>> penalty_first.turn(date(2026, 5, 22), "penalty", "") < penalty_first.turn(date(2026, 1, 1), "service", "")
    True
    """

    by: tuple[str, ...]
    categories: tuple[str, ...]
    services: tuple[str, ...]
    current_from: date | None = None

    def turn(self, due_on: date, category: str, service: str) -> tuple[int, date, int]:
        """When a charge is settled: what is smaller goes first; equals go by the charge's id."""
        ranks = {"category": _rank(category, self.categories), "service": _rank(service, self.services)}
        before, after = self._sides()
        arrears = _MANY**2 if self.current_from and due_on < self.current_from else 0
        return arrears + _joined(ranks, before), due_on, _joined(ranks, after)

    def ranked(self, charges: pl.DataFrame) -> pl.DataFrame:
        """``charges`` (with ``category`` and ``service``) with the columns ``before`` and ``rank`` of `allocate`.

        A column ``current_from`` (Date) gives accounts their own; where it is null the order's counts.
        """
        ranks = {
            name: _ranks(name, listed) for name, listed in zip(KEYS[1:], (self.categories, self.services), strict=True)
        }
        before, after = self._sides()
        own = pl.col("current_from") if "current_from" in charges.columns else pl.lit(None, dtype=pl.Date)
        current = own.fill_null(pl.lit(self.current_from, dtype=pl.Date))
        arrears = pl.when(pl.col("due_on") < current).then(_MANY**2).otherwise(0).cast(pl.Int32)
        return charges.with_columns(before=arrears + _joined_columns(ranks, before), rank=_joined_columns(ranks, after))

    def _sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        at = self.by.index("due_on")
        return self.by[:at], self.by[at + 1 :]


def order_of(document: Mapping[str, Any]) -> Order:
    """The order a policy states: ``order`` lists services, ``categories`` what charges are for, ``by`` the turn.

    Without ``by`` the oldest due date goes first, then category, then service; what is not listed comes last.
    Raises `WrongOrder`.
    """
    by = document.get("by", list(KEYS))
    if not isinstance(by, list) or sorted(map(str, by)) != sorted(KEYS):
        raise WrongOrder(f"payment-order, by: found {by!r}, expected {', '.join(KEYS)} in some order")
    listed = {name: document.get(name, []) for name in ("categories", "order")}
    for name, values in listed.items():
        if not isinstance(values, list) or len(set(map(str, values))) != len(values):
            raise WrongOrder(f"payment-order, {name}: found {values!r}, expected a list that names each once")
    return Order(tuple(by), tuple(listed["categories"]), tuple(listed["order"]))


def _rank(value: str, listed: Sequence[str]) -> int:
    """0 is money of no service, 1 the first listed, and what is not listed comes last."""
    if not value:
        return 0
    return listed.index(value) + 1 if value in listed else len(listed) + 1


def _ranks(name: str, listed: Sequence[str]) -> pl.Expr:
    known = {"": 0, **{value: at for at, value in enumerate(listed, start=1)}}
    return pl.col(name).replace_strict(known, default=len(listed) + 1, return_dtype=pl.Int32)


def _joined(ranks: Mapping[str, int], names: Sequence[str]) -> int:
    joined = 0
    for name in names:
        joined = joined * _MANY + ranks[name]
    return joined


def _joined_columns(ranks: Mapping[str, pl.Expr], names: Sequence[str]) -> pl.Expr:
    joined: pl.Expr = pl.lit(0, dtype=pl.Int32)
    for name in names:
        joined = joined * _MANY + ranks[name]
    return joined.cast(pl.Int32)
