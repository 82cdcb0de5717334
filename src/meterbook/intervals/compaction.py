"""Merging generations into one, so that a month is one sorted file again. No answer changes, and nothing is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyarrow as pa

from meterbook.intervals.duck import Duck
from meterbook.intervals.files import ROW_GROUP, SCHEMA, Box, Folder, Part, appearing
from meterbook.intervals.newest import COLUMNS, beaten, newest, versions
from meterbook.intervals.problems import StoreProblem

#: Intervals sorted at a time.
_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class Compacted:
    """``generation`` now holds what ``merged`` held: ``rows`` that count and ``superseded`` ones beside them."""

    generation: int
    merged: tuple[int, ...]
    rows: int
    superseded: int
    files: int
    bytes: int


def compact(folder: Folder, duck: Duck, *, merge: Collection[int], generation: int) -> Compacted:
    """See `IntervalStore.compact`."""
    if not merge or generation <= max(merge):
        raise StoreProblem(f"merging {len(merge)} generations into {generation}; expected some, and a newer number")
    if any(number == generation for _, number, _ in folder.generation_folders()):
        raise StoreProblem(f"generation {generation} is there already; expected a new number")
    parts = folder.parts(merge, superseded=True)
    files = size = rows = superseded = 0
    for month in sorted({part.month for part in parts}):
        mine = [part for part in parts if part.month == month]
        for kind in ("part", "superseded"):
            tables = _merged(duck, mine, kind)
            first = next(tables, None)
            if first is None:
                continue
            path = folder.next_file(month, generation, kind)
            written = 0
            with appearing(path) as writer:
                for table in (first, *tables):
                    writer.write_table(table, row_group_size=ROW_GROUP)
                    written += table.num_rows
            files, size = files + 1, size + path.stat().st_size
            if kind == "part":
                rows += written
            else:
                superseded += written
    return Compacted(generation, tuple(sorted(merge)), rows, superseded, files, size)


def _merged(duck: Duck, parts: list[Part], kind: str) -> Iterator[pa.Table]:
    """The rows of a month in order of channel and starts, some channels at a time; none if there are no rows."""
    old = [part for part in parts if not part.counts]
    for where in _boxes(duck, parts):
        if kind == "part":
            sql = newest(parts, where)
        else:
            # equal copies of one delivery stay as many as they were
            sql = f"SELECT * FROM ({beaten(parts, where)})\nUNION ALL\n{versions(old, where)}"
        frame = duck.frame(f"SELECT * FROM ({sql}) ORDER BY channel, starts, generation DESC, quality, value")
        if frame.height:
            yield frame.select(COLUMNS).to_arrow().cast(SCHEMA)


def _boxes(duck: Duck, parts: list[Part]) -> Iterator[Box]:
    """Stretches of channels of about `_ROWS` rows each."""
    earliest, latest = min(part.box.starts[0] for part in parts), max(part.box.starts[1] for part in parts)
    lowest = min(part.box.channels[0] for part in parts)
    highest = max(part.box.channels[1] for part in parts)
    whole = Box((lowest, highest), (earliest, latest))
    sql = f"SELECT channel, count(*) AS count FROM ({versions(parts, whole, ('channel',))}) GROUP BY 1 ORDER BY 1"
    first, last, reached = None, None, 0
    for channel, count in duck.frame(sql).iter_rows():
        if first is not None and last is not None and reached + count > _ROWS:
            yield Box((first, last), (earliest, latest))
            first, reached = None, 0
        first, last, reached = channel if first is None else first, channel, reached + count
    if first is not None and last is not None:
        yield Box((first, last), (earliest, latest))
