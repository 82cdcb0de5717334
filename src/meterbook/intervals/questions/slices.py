"""Cutting what is asked into slices of channels, so that any question is answered in a fixed amount of memory."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

#: Intervals one slice may read.
ROWS = 6_000_000


def slices(asked: pl.DataFrame, each: int) -> Iterator[pl.DataFrame]:
    """``asked`` in order of ``channel``, so many rows at a time as read about `ROWS` intervals at ``each`` a row."""
    if asked.is_empty():
        return
    yield from asked.sort("channel").iter_slices(max(ROWS // max(each, 1), 1))
