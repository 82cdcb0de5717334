"""Taking read files from watched folders: every complete file once, whatever happens in between.

A file is taken when it has stood still: the same size and time of change at two looks in a row. Names that end in
``.part``, ``.tmp`` or begin with a dot are left until they are renamed. What is taken goes to ``done``, what is refused
to ``refused``, in the same folder and never over another file, each with a ``.txt`` beside it that says why.

A crash may come anywhere: the import commits before the file moves, and the same bytes again are the same record; so
the next look only moves what an interrupted one left.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from meterbook.records.metering.hub.inbox import in_inbox, inbox
from meterbook.records.metering.hub.operations.receive_file import receive_file, refuse_file
from meterbook.records.metering.hub.sources import FOLDER, active_sources, source_of
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.attach_file import LARGEST_BYTES

if TYPE_CHECKING:
    from meterbook.records.metering.models import ReadSource, ReceivedFile

log = logging.getLogger(__name__)
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
DONE, REFUSED, LEFT = "done", "refused", "left"
#: What a file looked like: size and time of change in nanoseconds.
Look = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a file: done, refused or left where it is, and why in a sentence."""

    name: str
    outcome: str
    words: str
    source: str = ""
    batch: int | None = None


@dataclass(slots=True)
class Watch:
    """Watched folders, as they looked the last time."""

    seen: dict[Path, Look] = field(default_factory=dict)

    def look(self, act: Act) -> list[Handled]:
        """Take every file that has not changed since the last look; returns what became of each that was due."""
        told: list[Handled] = []
        now: dict[Path, Look] = {}
        for folder, sources in _folders():
            if not in_inbox(str(folder)):
                words = f"the folder is not in {inbox()}, the inbox of METERBOOK_INBOX"
                told.append(Handled(str(folder), LEFT, words, sources[0].name))
                continue
            if not folder.is_dir():
                told.append(Handled(str(folder), LEFT, "the folder is not there", sources[0].name))
                continue
            for path in _files(folder):
                look = _look(path)
                if look is None:
                    continue
                now[path] = look
                if self.seen.get(path) == look:
                    told.append(_take(act, path, look, sources))
        self.seen = now
        return told


def _folders() -> Iterator[tuple[Path, list[ReadSource]]]:
    by_place: dict[str, list[ReadSource]] = {}
    for source in active_sources(FOLDER):
        by_place.setdefault(source.location, []).append(source)
    for place, sources in by_place.items():
        yield Path(place), sources


def _files(folder: Path) -> list[Path]:
    """The files of a folder that may be complete, by name."""
    found = (Path(entry.path) for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False))
    return sorted(path for path in found if not path.name.startswith(".") and path.suffix.lower() not in UNFINISHED)


def _look(path: Path) -> Look | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_size, stat.st_mtime_ns


def _take(act: Act, path: Path, look: Look, sources: Iterable[ReadSource]) -> Handled:
    """Take one file in and put it away; whatever goes wrong with it, the others have their turn."""
    source = source_of(path.name, sources)
    if source is None:
        return Handled(path.name, LEFT, "no source takes a file of this name")
    try:
        received = _received(act, path, look, source)
        if received is None or _look(path) != look:
            return Handled(path.name, LEFT, "it changed while it was read; the next look takes it", source.name)
        outcome = REFUSED if received.refusal else DONE
        words = received.refusal or told(received)
        put_away(path, path.parent / outcome, words)
    except Exception as error:
        log.exception("%s could not be taken", path)
        return Handled(path.name, LEFT, f"{type(error).__name__}: {error}", source.name)
    return Handled(path.name, outcome, words, source.name, received.batch_id)


def _received(act: Act, path: Path, look: Look, source: ReadSource) -> ReceivedFile | None:
    """The file's record; None if it changed under the hand. A file too large for a record is refused unread."""
    if look[0] > LARGEST_BYTES:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        refusal = f"{path.name} has {look[0]:,} bytes; at most {LARGEST_BYTES:,} are taken, split it by route"
        return refuse_file(act, source=source, file_name=path.name, sha256=digest, refusal=refusal)
    content = path.read_bytes()
    if _look(path) != look:
        return None
    return receive_file(act, source=source, file_name=path.name, content=content)


def told(received: ReceivedFile) -> str:
    """What a file that was taken brought, in a sentence."""
    batch = received.batch
    assert batch is not None
    return (
        f"taken in as file {batch.pk}: {batch.rows} rows, {batch.loaded} loaded, {batch.unchanged} unchanged,"
        f" {batch.same_day} earlier the same day, {batch.rejected} to correct"
    )


def put_away(path: Path, folder: Path, words: str) -> Path:
    """Move a file into a folder beside it, never over another, with what became of it in a ``.txt``; where it went.

    The sidecar is written first and the file linked before its old name goes, so that a crash loses neither; a file
    that is already there with the same bytes is the one an interrupted move left.
    """
    folder.mkdir(exist_ok=True)
    content = path.read_bytes() if path.stat().st_size <= LARGEST_BYTES else None
    for target in _names(folder, path.name):
        if target.exists():
            same = target.samefile(path) or (content is not None and target.read_bytes() == content)
            if not same:
                continue
            _write(_sidecar(target), words)
            path.unlink()
            return target
        _write(_sidecar(target), words)
        try:
            os.link(path, target)
        except FileExistsError:
            continue
        except OSError:  # a file system without links
            path.rename(target)
            return target
        path.unlink()
        return target
    raise AssertionError("names never run out")


def _names(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    stem, number = Path(name), 2
    while True:
        yield folder / f"{stem.stem}-{number}{stem.suffix}"
        number += 1


def _sidecar(target: Path) -> Path:
    return target.with_name(f"{target.name}.txt")


def _write(path: Path, words: str) -> None:
    """Write a sidecar whole or not at all."""
    temporary = path.with_name(f".{path.name}.unfinished")
    temporary.write_text(f"{words}\n", encoding="utf-8")
    temporary.replace(path)
