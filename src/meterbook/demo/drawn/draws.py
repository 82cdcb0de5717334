"""Repeatable chance: the same seed, topic and number always draw the same, on any machine and any library version.

>>> frame = pl.DataFrame({"n": [1, 2, 3]})
>>> frame.select(between(pl.col("n"), 1, 6, topic="dice", seed=7).alias("dice"))["dice"].to_list()
[2, 6, 2]
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import polars as pl

_ODD = 0x9E3779B97F4A7C15
_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def draw(number: pl.Expr, *, topic: str, seed: int) -> pl.Expr:
    """64 well-mixed bits for each ``number`` (splitmix64): wrapping multiplication is meant here."""
    salt = (crc32(f"{seed}/{topic}".encode()) * _ODD) % 2**64
    mixed = number.cast(pl.UInt64) * _wide(_ODD) + _wide(salt)
    for factor, shift in zip(_MIX, (30, 27), strict=True):
        mixed = mixed.xor(mixed // _wide(2**shift)) * _wide(factor)
    return mixed.xor(mixed // _wide(2**31))


def _wide(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)


def between(number: pl.Expr, low: int, high: int, *, topic: str, seed: int) -> pl.Expr:
    """A whole number from ``low`` to ``high``, both included."""
    return (draw(number, topic=topic, seed=seed) % _wide(high - low + 1)).cast(pl.Int64) + low


def chance(number: pl.Expr, permille: int, *, topic: str, seed: int) -> pl.Expr:
    """True for about ``permille`` of a thousand."""
    return between(number, 0, 999, topic=topic, seed=seed) < permille


def choice(number: pl.Expr, words: Sequence[str], *, topic: str, seed: int) -> pl.Expr:
    """One of ``words``, each as likely."""
    at = between(number, 0, len(words) - 1, topic=topic, seed=seed)
    return pl.lit(pl.Series(list(words))).gather(at)


def weighted(number: pl.Expr, words: Sequence[tuple[str, int]], *, topic: str, seed: int) -> pl.Expr:
    """One of ``words``, each with its weight."""
    return choice(number, [word for word, weight in words for _ in range(weight)], topic=topic, seed=seed)
