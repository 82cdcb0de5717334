"""Reads as digits: what a read would be with two digits exchanged, one left out or one added.

Every way is one column of displayed values; `with_best` picks, in each row, the one whose usage comes nearest to what
was expected. Only ever asked of the few rows that cannot be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from meterbook.engine.metering.validation.contract import Settings
from meterbook.engine.metering.validation.expectation import fits, from_steps, steps_of, usage_of, whole_range


def target() -> pl.Expr:
    """The value the register would show had it counted what was expected, in millionths."""
    ahead = pl.col("expected") * 1_000_000 // pl.col("multiplier")
    return (pl.col("previous_value").cast(pl.Int128) + ahead) % whole_range()


def digits_of(value: pl.Expr | str) -> pl.Expr:
    """How many digits a value has, in steps of the register's last one, leading zeros left out."""
    steps = steps_of((pl.col(value) if isinstance(value, str) else value).cast(pl.Int128))
    return steps.cast(pl.Int64).cast(pl.String).str.len_chars()


def swapped(count: int) -> list[pl.Expr]:
    """The value with each pair of its ``count`` last digits exchanged; null where both are the same."""
    return list(_swapped(count))


def _swapped(count: int) -> Iterator[pl.Expr]:
    steps = _steps()
    for place in range(count):
        unit = 10**place
        low, high = steps // unit % 10, steps // (unit * 10) % 10
        moved = from_steps(steps + (low - high) * (unit * 9))
        yield pl.when((low != high) & (moved < whole_range())).then(moved)


def without_digit(count: int) -> list[pl.Expr]:
    """The value with each of its ``count`` last digits left out."""
    steps = _steps()
    return [from_steps(steps // 10 ** (place + 1) * 10**place + steps % 10**place) for place in range(count)]


def with_digit(count: int) -> list[pl.Expr]:
    """The value with a digit added at each place: at each, the digit that comes nearest to the target."""
    return list(_with_digit(count))


def _with_digit(count: int) -> Iterator[pl.Expr]:
    steps, aim = _steps(), steps_of(target())
    for place in range(count):
        unit = 10**place
        bare = steps // unit * (unit * 10) + steps % unit
        digit = ((aim - bare + unit // 2) // unit).clip(0, 9)
        added = from_steps(bare + digit * unit)
        yield pl.when(added < whole_range()).then(added)


def with_best(frame: pl.DataFrame, values: Sequence[pl.Expr], settings: Settings, *, name: str) -> pl.DataFrame:
    """Add ``name``: of several values for a row the one whose usage is nearest to what was expected, if it `fits`.

    Equally near ones are told apart by their place, the smallest first. Null where none fits.
    """
    tries = [f"try_{number}" for number in range(len(values))]
    tried = frame.with_columns(value.cast(pl.Int128).alias(column) for value, column in zip(values, tries, strict=True))
    tried = tried.with_columns(_off(pl.col(column), settings).alias(f"off_{column}") for column in tries)
    tried = tried.with_columns(nearest=pl.min_horizontal(f"off_{column}" for column in tries))
    chosen = pl.coalesce(pl.when(pl.col(f"off_{column}") == pl.col("nearest")).then(column) for column in tries)
    return tried.with_columns(chosen.alias(name)).drop(*tries, *(f"off_{column}" for column in tries), "nearest")


def _off(value: pl.Expr, settings: Settings) -> pl.Expr:
    """How far the usage of a value would be from what was expected; null where it does not fit."""
    usage = usage_of(value)
    return pl.when(fits(usage, settings["within"])).then((usage - pl.col("expected")).abs())


def places(frame: pl.DataFrame) -> int:
    """The digits of the longest register in the frame, and one for a digit too many."""
    most = frame.select((pl.col("dials") + pl.col("decimals")).max()).item()
    return (most or 0) + 1


def _steps() -> pl.Expr:
    return steps_of(pl.col("value").cast(pl.Int128))
