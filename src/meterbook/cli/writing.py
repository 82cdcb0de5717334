"""Files that commands write: whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click


def writable(file: Path) -> None:
    """Refuse a target whose folder is missing or cannot be written, before any work is done for it."""
    folder = file.parent
    if not folder.is_dir():
        raise click.ClickException(f"{file}: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise click.ClickException(f"{file}: the folder {folder} cannot be written")


@contextmanager
def written(file: Path) -> Iterator[IO[str]]:
    """A stream of UTF-8 text whose content becomes ``file`` at the end of the block, and only if it ends well.

    Until then, and after an interruption, the old file stands as it was. A device or a pipe is written as it is.
    """
    writable(file)
    if file.exists() and not file.is_file():
        with file.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    # A link keeps pointing where it does: what it points to is replaced.
    target = file.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        draft.replace(target)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)


def write_text(file: Path, text: str) -> None:
    """Write a whole text as `written` does."""
    with written(file) as stream:
        stream.write(text)
