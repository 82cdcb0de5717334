"""What /proc says about a cluster's processes: who is alive, who was left behind, how much memory they hold."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_MIB = 1024 * 1024
GRACE_SECONDS = 10.0  # for processes left behind to end by themselves, then for each signal


def postmaster_pid(cluster: Path) -> int | None:
    """The pid of the running postmaster of `cluster`, or None.

    postmaster.pid is believed only if that process is a postgres whose working directory is the cluster: a pid
    reused by another program, and a killed postmaster nobody has reaped, count as not running.
    """
    pid = _first_number(cluster / "postmaster.pid")
    if pid is None:
        return None
    if not _PROC.joinpath("self").exists():  # no /proc (macOS): all we can ask is whether the pid lives
        with suppress(OSError):
            os.kill(pid, 0)
            return pid
        return None
    return pid if _is_postgres_in(pid, cluster) else None


def recorded_socket_dir(cluster: Path) -> Path | None:
    """The socket directory the running postmaster wrote into postmaster.pid (its fifth line)."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return Path(lines[4].strip()) if len(lines) > 4 and lines[4].strip() else None


def clear_debris(cluster: Path, *, socket_dir: Path, uid: int) -> None:
    """Make way for a new postmaster after a crash. Call only when none is running, under the lock.

    Waits for (then ends) server processes a killed postmaster left behind, as they still write to the cluster;
    ends a server whose cluster was deleted or moved from under it but which still holds our socket; only then
    removes the stale pid and socket files. uid: the server's user; no other user's process is signalled.
    """
    orphans = [pid for pid in _numbers_in_proc() if _is_postgres_in(pid, cluster)]
    if not _wait_gone(orphans, seconds=GRACE_SECONDS):
        _end(orphans, uid=uid)
    lock = socket_dir / ".s.PGSQL.5432.lock"
    holder = _first_number(lock)
    if holder is not None and _working_directory(holder) is not None and _command(holder) == "postgres":
        _end([holder], uid=uid)
    for stale in (cluster / "postmaster.pid", lock, lock.with_suffix("")):
        stale.unlink(missing_ok=True)


def memory_mib(pid: int) -> float:
    """MiB held by the process tree under `pid`: the sum of proportional set sizes.

    Where those may not be read: the sum of private resident pages plus the largest shared part, once. 0.0
    without /proc or when the process is gone.
    """
    parents = {child: _parent(child) for child in _numbers_in_proc()}
    tree, grown = {pid}, True
    while grown:
        grown = bool(more := {child for child, parent in parents.items() if parent in tree} - tree)
        tree |= more
    total, shared_once = 0, 0
    for member in tree:
        with suppress(OSError, ValueError, IndexError):
            proportional = _proportional_bytes(member)
            if proportional is not None:
                total += proportional
                continue
            _, resident, shared = (_PROC / str(member) / "statm").read_text().split()[:3]
            page = os.sysconf("SC_PAGE_SIZE")
            total += (int(resident) - int(shared)) * page
            shared_once = max(shared_once, int(shared) * page)
    return (total + shared_once) / _MIB


def _proportional_bytes(pid: int) -> int | None:
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return None
    return None


def _numbers_in_proc() -> Iterable[int]:
    if not _PROC.is_dir():
        return []
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    return None


def _command(pid: int) -> str:
    with suppress(OSError):
        return (_PROC / str(pid) / "comm").read_text().strip()
    return ""


def _working_directory(pid: int) -> str | None:
    """Its path (with " (deleted)" appended by the kernel when removed), None for a zombie or a stranger."""
    with suppress(OSError):
        return os.readlink(_PROC / str(pid) / "cwd")  # noqa: PTH115 - a Path would not show " (deleted)" as said
    return None


def _is_postgres_in(pid: int, cluster: Path) -> bool:
    return _command(pid) == "postgres" and _working_directory(pid) == str(cluster)


def _first_number(path: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return abs(int(path.read_text(encoding="utf-8").split()[0])) or None
    return None


def _end(pids: list[int], *, uid: int) -> None:
    for sign in (signal.SIGQUIT, signal.SIGKILL):
        for pid in pids:
            with suppress(OSError):
                if (_PROC / str(pid)).stat().st_uid == uid:
                    os.kill(pid, sign)
        if _wait_gone(pids, seconds=GRACE_SECONDS):
            return


def _wait_gone(pids: list[int], *, seconds: float) -> bool:
    """Wait until none of the pids is a living process (a zombie has no working directory); whether it came true."""
    deadline = time.monotonic() + seconds
    while any(_working_directory(pid) is not None for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
