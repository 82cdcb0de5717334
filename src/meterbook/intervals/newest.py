"""Which value counts: of every channel and start, the one of the newest generation among those that count.

Written as SQL over the files. Files that cover different channels or times cannot disagree and are read as they are;
only where a newer file covers part of an older one is the older one read without what the newer one has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from meterbook.intervals.files import Box, Part

COLUMNS = ("channel", "starts", "minutes", "value", "quality", "copies", "generation")
_MICROSECOND = timedelta(microseconds=1)
_NOTHING = {
    "channel": "BIGINT", "starts": "TIMESTAMPTZ", "minutes": "INTEGER", "value": "BIGINT", "quality": "UTINYINT",
    "copies": "INTEGER", "generation": "BIGINT",
}  # fmt: skip


def box(channels: tuple[int, int], since: datetime, until: datetime) -> Box:
    """Channels from … to, and starts from ``since`` until before ``until``."""
    return Box(channels, (since.astimezone(UTC), until.astimezone(UTC) - _MICROSECOND))


def instant(moment: datetime) -> str:
    """An instant as SQL."""
    return f"TIMESTAMPTZ '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"


def _files(paths: Sequence[str]) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{quoted}], hive_partitioning = false)"


def _inside(where: Box, name: str) -> str:
    return (
        f"{name}.channel BETWEEN {where.channels[0]} AND {where.channels[1]} "
        f"AND {name}.starts BETWEEN {instant(where.starts[0])} AND {instant(where.starts[1])}"
    )


def newest(parts: Sequence[Part], where: Box, columns: Sequence[str] = COLUMNS) -> str:
    """A query for the values that count inside ``where``; each channel and start once."""
    mine = [part for part in parts if part.counts and part.box.meets(where)]
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for part in mine:
        alike[_newer(part, mine)].append(str(part.path))
    arms = [_arm(paths, newer, where, columns) for newer, paths in alike.items()]
    return "\nUNION ALL\n".join(arms) or nothing(columns)


def versions(parts: Sequence[Part], where: Box, columns: Sequence[str] = COLUMNS) -> str:
    """A query for every value that ever came inside ``where``, superseded or not."""
    mine = [str(part.path) for part in parts if part.box.meets(where)]
    if not mine:
        return nothing(columns)
    names = ", ".join(f"r.{name}" for name in columns)
    return f"SELECT {names} FROM {_files(mine)} r WHERE {_inside(where, 'r')}"


def beaten(parts: Sequence[Part], where: Box) -> str:
    """A query for the values of ``parts`` inside ``where`` that another of these parts superseded."""
    mine = [part for part in parts if part.counts and part.box.meets(where)]
    names = ", ".join(f"r.{name}" for name in COLUMNS)
    arms = []
    for part in mine:
        for paths, sign in zip(_newer(part, mine), (">=", ">"), strict=True):
            if paths:
                arms.append(f"SELECT {names} FROM {_files([str(part.path)])} r SEMI JOIN {_rivals(paths, where)} n "
                            f"ON {_beats(sign)} WHERE {_inside(where, 'r')}")  # fmt: skip
    return "\nUNION\n".join(arms) or nothing(COLUMNS)


def nothing(columns: Sequence[str]) -> str:
    """A query without rows."""
    return f"SELECT {', '.join(f'NULL::{_NOTHING[name]} AS {name}' for name in columns)} WHERE false"


def _newer(part: Part, others: Sequence[Part]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files that may have newer values for what ``part`` covers.

    The first of a later folder: a value of the same generation is then a merged copy, and the copy counts. The others
    only where their generation is really newer.
    """
    later, earlier = [], []
    for other in others:
        if other is part or not other.box.meets(part.box):
            continue
        if other.generation > part.generation and other.came_with[1] >= part.came_with[0]:
            later.append(str(other.path))
        elif other.generation < part.generation and other.came_with[1] > part.came_with[0]:
            earlier.append(str(other.path))
    return tuple(later), tuple(earlier)


def _rivals(paths: Sequence[str], where: Box) -> str:
    return f"(SELECT channel, starts, generation FROM {_files(paths)} m WHERE {_inside(where, 'm')})"


def _beats(sign: str) -> str:
    return f"n.channel = r.channel AND n.starts = r.starts AND n.generation {sign} r.generation"


def _arm(
    paths: Sequence[str], newer: tuple[tuple[str, ...], tuple[str, ...]], where: Box, columns: Sequence[str]
) -> str:
    names = ", ".join(f"r.{name}" for name in columns)
    found = f"(SELECT r.* FROM {_files(paths)} r WHERE {_inside(where, 'r')})"
    if not any(newer):
        return f"SELECT {names} FROM {_files(paths)} r WHERE {_inside(where, 'r')}"
    for rivals, sign in zip(newer, (">=", ">"), strict=True):
        if rivals:
            found = f"(SELECT r.* FROM {found} r ANTI JOIN {_rivals(rivals, where)} n ON {_beats(sign)})"
    return f"SELECT {names} FROM {found} r"
