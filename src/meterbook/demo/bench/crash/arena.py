"""A server that may be broken: its own cluster in a file system of its own, the prepared city as a template."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from django.db import connections

from meterbook.embedded import EmbeddedServer

_MIB = 1024 * 1024
#: Write-ahead log is written into new files, so that a full disk is met there as well.
_SETTINGS = "wal_recycle = off\nwal_init_zero = on\nmin_wal_size = 32MB\nmax_wal_size = 96MB\nfsync = on\n"
_PATIENCE = 60.0


class Arena:
    """One server in one folder; ``limited`` says whether the folder is a file system with an end.

    ``work`` is the database that trials break; `restore` makes it anew from ``ready``.
    """

    def __init__(self, folder: Path, *, limited: bool) -> None:
        self.folder, self.limited = folder, limited
        self.server = EmbeddedServer(folder / "data", say=lambda words: None)

    @property
    def files(self) -> Path:
        """The data directory of the office that works here."""
        return self.folder / "files"

    def start(self) -> None:
        """Start the server, recovering whatever it was left in, and point Django and later processes at ``work``."""
        began = time.monotonic()
        while True:
            try:
                url = self.server.start()
                break
            except Exception:
                if time.monotonic() - began > _PATIENCE:
                    raise
                time.sleep(0.5)
        local = self.server.cluster / "local.conf"
        if not local.exists():
            local.write_text(_SETTINGS)
            local.chmod(0o644)
            self.server.stop()
            url = self.server.start()
        self.use(url)

    def use(self, url: str) -> None:
        """Point Django, and processes started from here, at this server."""
        connections.close_all()
        query = parse_qs(urlsplit(url).query)
        connections["default"].settings_dict.update(
            HOST=query["host"][0], PORT=query["port"][0], USER="meterbook", PASSWORD="", NAME="meterbook"
        )
        os.environ["DATABASE_URL"] = url

    def url(self, database: str) -> str:
        """The address of one of the server's databases."""
        parts = urlsplit(os.environ["DATABASE_URL"])
        return parts._replace(path=f"/{database}").geturl()

    def run(self, *statements: str) -> None:
        """Statements on the server, outside any database that is worked on."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            for statement in statements:
                server.execute(statement)

    def restore(self) -> None:
        """The city as it was before its run."""
        connections.close_all()
        shutil.rmtree(self.files / "mail", ignore_errors=True)
        self.run("DROP DATABASE IF EXISTS work WITH (FORCE)", "CREATE DATABASE work TEMPLATE ready", "CHECKPOINT")

    def free(self) -> int:
        """Bytes left in the file system."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def fill(self, left: int) -> None:
        """Fill the file system up to ``left`` bytes."""
        size = max(self.free() - left, 0)
        with (self.folder / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))

    def empty(self) -> None:
        """Take the filling out again."""
        (self.folder / "ballast").unlink(missing_ok=True)

    def kill_server(self) -> None:
        """End the server's first process with no chance to tidy up; the others notice."""
        pid = self.server.status().pid
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def arena(size_mib: int) -> Iterator[Arena]:
    """A place to break things, gone afterwards: a tmpfs of its own where we may mount one, else a folder."""
    folder = Path(tempfile.mkdtemp(prefix="meterbook-crash-"))
    folder.chmod(0o711)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mib}m,mode=0711", "meterbook-crash", str(folder)]
    limited = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    made = Arena(folder, limited=limited)
    try:
        yield made
    finally:
        connections.close_all()
        made.empty()
        with suppress(Exception):
            made.server.destroy()
        if limited:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
