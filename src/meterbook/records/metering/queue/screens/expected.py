"""What the register was expected to count, and between which reads it would raise no question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.metering.validation.configure import Configured
from meterbook.engine.metering.validation.expectation import BASES, widened, with_expected
from meterbook.records.metering.models import ReadException
from meterbook.records.metering.queue.estimating import evidence
from meterbook.records.metering.validation.policy import rules_on


@dataclass(frozen=True, slots=True)
class Expected:
    """The last read and the usage expected since, all in millionths; ``basis`` in words, None where nobody knows.

    ``low`` and ``high`` are the usage between which the rule on high and low usage is content.
    """

    previous_on: date | None
    previous_value: int | None
    previous_estimated: bool
    days: int | None
    usage: int | None
    low: int | None
    high: int | None
    basis: str | None


def expected_of(item: ReadException, today: date) -> Expected | None:
    """What was expected of an item's register up to its day; None for an item of intervals."""
    frame = evidence([item])
    if frame.is_empty():
        return None
    known = with_expected(frame)
    row = known.row(0, named=True)
    low, high = _whole_steps(*_range(known, rules_on(today)), row)
    return Expected(
        previous_on=row["previous_on"],
        previous_value=row["previous_value"],
        previous_estimated=bool(row["previous_estimated"]),
        days=row["days"],
        usage=None if row["expected"] is None else _to_step(int(row["expected"]), row),
        low=low,
        high=high,
        basis=BASES.get(row["basis"] or ""),
    )


def _whole_steps(low: int | None, high: int | None, row: dict[str, Any]) -> tuple[int | None, int | None]:
    """The range in usage the register can count: its lowest step up, its highest step down."""
    if low is None or high is None:
        return None, None
    step = _step(row)
    return -(-low // step) * step, max(high // step * step, 0)


def _step(row: dict[str, Any]) -> int:
    """The least usage the register can count, in millionths."""
    return max(int(10 ** (6 - row["decimals"]) * row["multiplier"] // 10**6), 1)


def _to_step(usage: int, row: dict[str, Any]) -> int:
    """Usage to the nearest step the register can count, half up."""
    step = _step(row)
    return (2 * usage + step) // (2 * step) * step


def _range(known: pl.DataFrame, rules: Configured | None) -> tuple[int | None, int | None]:
    """The usage the rule ``high_low`` lets pass, from its settings for this register."""
    row = known.row(0, named=True)
    entries = () if rules is None else rules.entries.get("high_low", ())
    mine = [
        entry
        for entry in entries
        if entry.matches(row["commodity"], row["premise_class"], row["size"], row["channel"]) and entry.then != "off"
    ]
    if not mine or row["at_least"] is None:
        return None, None
    settings = mine[-1].settings(row["unit"])
    found = known.select(
        low=pl.col("at_least") * widened(settings["low"], settings["wider"], down=True) // 10**6,
        high=pl.col("at_most") * widened(settings["high"], settings["wider"]) // 10**6,
    ).row(0, named=True)
    return int(found["low"]), int(found["high"])
