"""Start, find, stop and measure the embedded PostgreSQL server of a data directory."""

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from meterbook.embedded import binaries, configuration, placement, processes
from meterbook.embedded.account import ServerAccount, choose_account
from meterbook.embedded.cluster import check_version, initialise, major
from meterbook.embedded.errors import (
    BinariesNotFound,
    DataDirectoryUnusable,
    EmbeddedServerError,
    ServerCommandFailed,
)

ROLE = "meterbook"
DATABASE = "meterbook"
START_SECONDS = 600  # crash recovery of a large cluster takes minutes, and must not be cut short
_LOG_BYTES = 16 * 1024 * 1024

StopMode = Literal["smart", "fast", "immediate"]


def _to_stderr(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class ServerStatus:
    """A look at the server. `pid` and `url` are None when it is not running, `major` when there is no cluster."""

    running: bool
    pid: int | None
    url: str | None
    cluster: Path
    major: str | None


class EmbeddedServer:
    """The PostgreSQL server of one data directory. It outlives the process that starts it; `stop` is explicit.

    data_dir: created if missing; the cluster is `data_dir`/postgres (or a symlink of that name, see `placement`).
    system_dir: where root keeps what the service user must reach: the copied binaries, displaced clusters.
    say: receives sentences the user should see, such as an unusual place for the cluster.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        system_dir: Path = placement.SYSTEM_DIR,
        say: Callable[[str], None] = _to_stderr,
    ) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self._system_dir = system_dir
        self._say = say

    @property
    def cluster(self) -> Path:
        """The cluster's directory (PGDATA), symlinks resolved. It need not exist."""
        return (self.data_dir / placement.CLUSTER).resolve()

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.cluster / "server.log"

    def start(self) -> str:
        """Start the server unless it runs already, make the database if missing; returns its DATABASE_URL.

        The URL has the shape `postgresql://meterbook@/meterbook?host=/tmp/meterbook-…&port=5432`.
        Raises `DataDirectoryVersionMismatch` (nothing is changed), `DataDirectoryUnusable`, `BinariesNotFound`,
        `ServiceUserUnavailable`, or `ServerCommandFailed` with the end of the server's log.
        """
        with self._locked():
            account = choose_account(cluster_owner=placement.cluster_owner(self.data_dir))
            cluster = placement.place_cluster(self.data_dir, account, system_dir=self._system_dir, say=self._say)
            placement.check_path(cluster, what="cluster")
            check_version(cluster)
            programs = self._programs(account)
            socket_dir = self._running_socket_dir(cluster, account, programs)
            if socket_dir is None:
                if not (cluster / "PG_VERSION").exists():
                    initialise(cluster, account, programs, role=ROLE)
                socket_dir = placement.make_socket_dir(cluster, account)
                self._launch(cluster, account, programs, socket_dir=socket_dir)
            self._ensure_database(account, programs, socket_dir=socket_dir)
            return _url(socket_dir)

    def stop(self, mode: StopMode = "fast") -> None:
        """Stop the server and wait until it is down; nothing happens when it is not running.

        mode: PostgreSQL's: "smart" waits for clients, "fast" ends them, "immediate" skips the checkpoint.
        Raises `ServerCommandFailed` when it would not stop within 600 seconds.
        """
        if processes.postmaster_pid(self.cluster) is None:
            return
        with self._locked():
            if processes.postmaster_pid(self.cluster) is not None:
                account = choose_account(cluster_owner=placement.cluster_owner(self.data_dir))
                self._halt(self.cluster, account, self._programs(account), mode=mode)

    def destroy(self) -> None:
        """Stop the server and delete the cluster with everything in it. The data directory itself stays."""
        self.stop("immediate")
        if not self.data_dir.is_dir():
            return
        with self._locked():
            entry, cluster = self.data_dir / placement.CLUSTER, self.cluster
            if entry.exists() and not (cluster / "PG_VERSION").exists() and any(cluster.iterdir()):
                raise DataDirectoryUnusable(f"{cluster} is not a PostgreSQL cluster; it was not deleted.")
            if cluster.is_dir():
                shutil.rmtree(cluster)
            if entry.is_symlink():
                entry.unlink()

    def status(self) -> ServerStatus:
        """Whether the server runs, and where. Takes no lock, starts nothing, changes nothing."""
        cluster = self.cluster
        pid = processes.postmaster_pid(cluster)
        socket_dir = processes.recorded_socket_dir(cluster) if pid else None
        return ServerStatus(
            running=pid is not None,
            pid=pid,
            url=_url(socket_dir) if socket_dir else None,
            cluster=cluster,
            major=major(cluster),
        )

    def bin_path(self, name: str) -> Path:
        """The path of a packaged client program, e.g. "pg_dump". Raises `BinariesNotFound`."""
        path = binaries.packaged_bin() / name
        if not path.is_file():
            raise BinariesNotFound(f"PostgreSQL {binaries.MAJOR} as packaged has no program {name!r}")
        return path

    def psql_command(self) -> list[str]:
        """The command line of psql on the running server's database. Raises `EmbeddedServerError` if it is down."""
        url = self.status().url
        if url is None:
            raise EmbeddedServerError(f"The embedded server of {self.data_dir} is not running")
        return [str(self.bin_path("psql")), url]

    def memory_mib(self) -> float:
        """MiB held by the server's processes now, shared memory counted once; 0.0 when it is not running."""
        pid = processes.postmaster_pid(self.cluster)
        return processes.memory_mib(pid) if pid else 0.0

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One starter or stopper per data directory at a time, across processes and threads."""
        try:
            self.data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            lock = os.open(self.data_dir / f"{placement.CLUSTER}.lock", flags, 0o600)
        except OSError as error:
            raise DataDirectoryUnusable(f"The data directory cannot be used: {error}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _programs(self, account: ServerAccount) -> Path:
        """The bin folder the server's user can execute from."""
        packaged = binaries.packaged_bin()
        programs = packaged
        if account.switch:
            programs = binaries.readable_copy(packaged, into=self._system_dir / "server")
        placement.check_path(programs, what="PostgreSQL installation")
        return programs

    def _running_socket_dir(self, cluster: Path, account: ServerAccount, programs: Path) -> Path | None:
        """The socket directory of the running server once it answers; None after ending one that never will."""
        if processes.postmaster_pid(cluster) is None:
            return None
        socket_dir = processes.recorded_socket_dir(cluster)
        private = socket_dir is not None and placement.is_private(socket_dir, account)
        if socket_dir is not None and private and self._answers(account, programs, socket_dir):
            return socket_dir
        self._say(f"The server of {self.data_dir} runs but cannot be reached at {socket_dir}; restarting it.")
        self._halt(cluster, account, programs, mode="fast")
        return None

    def _answers(self, account: ServerAccount, programs: Path, socket_dir: Path) -> bool:
        """Whether the server accepts connections, waiting while it says that it is still recovering."""
        command: list[str | Path] = [
            programs / "pg_isready",
            "-q",
            "-h",
            socket_dir,
            "-p",
            str(configuration.PORT),
            "-t",
            "5",
        ]
        code = 1
        for _ in range(START_SECONDS):
            code, _output = account.run(command)
            if code != 1:  # 1: alive, rejecting connections
                break
            time.sleep(1)
        return code == 0

    def _launch(self, cluster: Path, account: ServerAccount, programs: Path, *, socket_dir: Path) -> None:
        processes.clear_debris(cluster, socket_dir=socket_dir, uid=account.uid)
        configuration.write_settings(cluster, socket_dir=socket_dir, owner=(account.uid, account.gid))
        log = cluster / "server.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        command: list[str | Path] = [
            programs / "pg_ctl",
            "-D",
            cluster,
            "-w",
            "-t",
            str(START_SECONDS),
            "-s",
            "-l",
            log,
            "start",
        ]
        code, output = account.run(command)
        if code:
            _remove_empty(socket_dir)
            raise ServerCommandFailed("starting the server", output=output, log=log)

    def _halt(self, cluster: Path, account: ServerAccount, programs: Path, *, mode: StopMode) -> None:
        socket_dir = processes.recorded_socket_dir(cluster)
        command: list[str | Path] = [
            programs / "pg_ctl",
            "-D",
            cluster,
            "-w",
            "-t",
            str(START_SECONDS),
            "-s",
            "-m",
            mode,
            "stop",
        ]
        code, output = account.run(command)
        if code and processes.postmaster_pid(cluster) is not None:
            raise ServerCommandFailed("stopping the server", output=output, log=cluster / "server.log")
        if socket_dir is not None and placement.is_private(socket_dir, account):
            _remove_empty(socket_dir)

    def _ensure_database(self, account: ServerAccount, programs: Path, *, socket_dir: Path) -> None:
        psql: list[str | Path] = [
            programs / "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-h",
            socket_dir,
            "-p",
            str(configuration.PORT),
        ]
        psql += ["-U", ROLE, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c"]
        code, found = account.run([*psql, f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"])
        if code == 0 and found.strip() == "1":
            return
        if code == 0:
            create = f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin"
            code, found = account.run([*psql, f"{create} BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"])
        if code:
            raise ServerCommandFailed(f"making the database {DATABASE}", output=found)


def _remove_empty(directory: Path) -> None:
    with suppress(OSError):
        directory.rmdir()


def _url(socket_dir: Path) -> str:
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(socket_dir))}&port={configuration.PORT}"
