"""Cutting what is asked into slices of channels, so that any question is answered in a fixed amount of memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import polars as pl

#: Intervals one slice may read.
ROWS = 5_000_000
#: Slices answered at once: while one is summed up the other reads.
AT_ONCE = 2


def slices(asked: pl.DataFrame, each: int) -> Iterator[pl.DataFrame]:
    """``asked`` in order of ``channel``, so many rows at a time as read about `ROWS` intervals at ``each`` a row."""
    if asked.is_empty():
        return
    yield from asked.sort("channel").iter_slices(max(ROWS // max(each, 1), 1))


def by_slices(asked: pl.DataFrame, each: int, answer: Callable[[pl.DataFrame], pl.DataFrame]) -> list[pl.DataFrame]:
    """The answers to all slices, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(answer, slices(asked, each)))
