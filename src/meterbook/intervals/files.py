"""The folder: one subfolder a UTC month and generation, files that appear whole or not at all, and what each covers.

``month=2026-03/g=000012/part-0001.parquet`` holds the values that count within a generation, sorted by channel and
starts; ``superseded-0001.parquet`` beside it what they took the place of. A file is never changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from meterbook.intervals.problems import StoreProblem

#: Rows of one row group: what a query skips or reads at once.
ROW_GROUP = 250_000
#: ``copies`` is how often the interval came in one delivery; ``generation`` the one the value came with.
SCHEMA = pa.schema(
    [
        ("channel", pa.int64()),
        ("starts", pa.timestamp("us", tz="UTC")),
        ("minutes", pa.int32()),
        ("value", pa.int64()),
        ("quality", pa.uint8()),
        ("copies", pa.int32()),
        ("generation", pa.int64()),
    ]
)
_DELTA = ("channel", "starts", "minutes", "value", "copies", "generation")
_FOLDER = re.compile(r"month=([0-9]{4}-[0-9]{2})/g=([0-9]{6,})/(part|superseded)-[0-9]+\.parquet")
_TEMPORARY = ".unfinished"


@dataclass(frozen=True, slots=True)
class Box:
    """Channels and starts from … to, both included."""

    channels: tuple[int, int]
    starts: tuple[datetime, datetime]

    def meets(self, other: Box) -> bool:
        """Whether the two have a corner in common."""
        return (
            self.channels[0] <= other.channels[1]
            and other.channels[0] <= self.channels[1]
            and self.starts[0] <= other.starts[1]
            and other.starts[0] <= self.starts[1]
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One file: whose generation it belongs to, what it covers, and which generations its values came with."""

    path: Path
    month: str
    generation: int
    counts: bool
    rows: int
    bytes: int
    box: Box
    came_with: tuple[int, int]


@lru_cache(maxsize=16_384)
def _part(root: Path, name: str, written: int) -> Part:
    """Read from the file's own footer; files never change (``written`` is when), so once is enough."""
    match = _FOLDER.fullmatch(name)
    assert match is not None
    path = root / name
    footer = pq.read_metadata(path)
    names = [footer.schema.column(at).name for at in range(footer.num_columns)]

    def bounds(column: str) -> tuple[list[int], list[int]]:
        at = names.index(column)
        found = [footer.row_group(group).column(at).statistics for group in range(footer.num_row_groups)]
        return [one.min for one in found], [one.max for one in found]

    (channel, starts, came) = (bounds(column) for column in ("channel", "starts", "generation"))
    box = Box((min(channel[0]), max(channel[1])), (min(starts[0]), max(starts[1])))  # type: ignore[arg-type]
    return Part(
        path, match[1], int(match[2]), match[3] == "part", footer.num_rows, path.stat().st_size, box,
        (min(came[0]), max(came[1])),
    )  # fmt: skip


class Folder:
    """The files of a store."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def parts(self, generations: Collection[int], *, superseded: bool = False) -> list[Part]:
        """The files of these generations that count (or all, what they superseded too), in order of name."""
        wanted, retired = frozenset(generations), self.retired()
        found = []
        for name, month, generation, kind in self._names():
            if generation in wanted and month not in retired and (superseded or kind == "part"):
                found.append(_part(self.root, name, (self.root / name).stat().st_mtime_ns))
        return found

    def _names(self) -> Iterator[tuple[str, str, int, str]]:
        for path in sorted(self.root.glob("month=*/g=*/*.parquet")):
            name = path.relative_to(self.root).as_posix()
            match = _FOLDER.fullmatch(name)
            if match is not None:
                yield name, match[1], int(match[2]), match[3]

    def retired(self) -> frozenset[str]:
        """Months whose intervals are not kept any more; whatever still lies in their folders does not count."""
        return frozenset(path.stem.removeprefix("month=") for path in self.root.glob("retired/month=*.parquet"))

    def retired_file(self, month: str) -> Path:
        """Where the daily sums of a retired month lie."""
        return self.root / "retired" / f"month={month}.parquet"

    def generation_folders(self) -> list[tuple[str, int, Path]]:
        """Month, generation and path of every folder there is, finished or not."""
        found = []
        for path in sorted(self.root.glob("month=*/g=*")):
            match = re.fullmatch(r"g=([0-9]{6,})", path.name)
            if match is not None:
                found.append((path.parent.name.removeprefix("month="), int(match[1]), path))
        return found

    def next_file(self, month: str, generation: int, kind: str) -> Path:
        """Where the next file of a generation goes; its folder is made."""
        folder = self.root / f"month={month}" / f"g={generation:06}"
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder.parent, self.root):
            _sync_folder(path)
        taken = len(list(folder.glob(f"{kind}-*.parquet")))
        return folder / f"{kind}-{taken + 1:04}.parquet"

    def unfinished(self) -> list[Path]:
        """Files a crash left half written. Nothing ever reads them."""
        return sorted(self.root.rglob(f"*{_TEMPORARY}"))


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def appearing(path: Path, schema: pa.Schema = SCHEMA) -> Iterator[pq.ParquetWriter]:
    """Write a Parquet file that appears under its name when it is whole and on the disk, and else not at all."""
    if path.exists():
        raise StoreProblem(f"{path.name} is there already; expected a file that is written once")
    temporary = path.with_name(f"{path.name}{_TEMPORARY}")
    delta = {name: "DELTA_BINARY_PACKED" for name in _DELTA if name in schema.names}
    with pq.ParquetWriter(
        temporary, schema, compression="zstd", use_dictionary=False, column_encoding=delta, write_statistics=True,
        sorting_columns=[pq.SortingColumn(schema.get_field_index(name)) for name in ("channel", "starts")
                         if name in schema.names],
    ) as writer:  # fmt: skip
        yield writer
    handle = os.open(temporary, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.rename(path)
    _sync_folder(path.parent)
