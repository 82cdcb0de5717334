"""Servers in directories of their own, outside pytest's 0700 tree, which a service user could not reach."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from meterbook.embedded import EmbeddedServer


@pytest.fixture(scope="session")
def system_dir() -> Iterator[Path]:
    """Where root's copies go: one for the session, as copying the binaries takes a second."""
    directory = Path(tempfile.mkdtemp(prefix="mb-system-", dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def new_dir() -> Iterator[Callable[[], Path]]:
    """Makes fresh 0700 directories, as `mktemp -d` does."""
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="mb-data-", dir="/tmp")))
        return made[-1]

    yield make
    for directory in made:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def new_server(
    system_dir: Path, said: list[str], new_dir: Callable[[], Path]
) -> Iterator[Callable[[Path], EmbeddedServer]]:
    """Makes servers that are stopped when the test ends, whatever it did, and before `new_dir` tidies up."""
    made: list[EmbeddedServer] = []

    def make(data_dir: Path) -> EmbeddedServer:
        made.append(EmbeddedServer(data_dir, system_dir=system_dir, say=said.append))
        return made[-1]

    yield make
    for server in made:
        server.stop("immediate")


@pytest.fixture(scope="module")
def template(system_dir: Path) -> Iterator[Path]:
    """A data directory with a cluster that was stopped cleanly, to copy: making one anew takes a second."""
    data_dir = Path(tempfile.mkdtemp(prefix="mb-template-", dir="/tmp"))
    server = EmbeddedServer(data_dir, system_dir=system_dir)
    server.start()
    server.stop()
    yield data_dir
    shutil.rmtree(data_dir)
