"""Where things live: the data directory, the cluster inside it, and the socket's short directory."""

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from meterbook.embedded.account import ServerAccount, is_home_directory, user_name
from meterbook.embedded.binaries import make_traversable
from meterbook.embedded.errors import DataDirectoryUnusable

SYSTEM_DIR = Path("/var/lib/meterbook")
CLUSTER = "postgres"
LONGEST_CLUSTER_PATH = 900  # bytes; PostgreSQL's MAXPGPATH is 1024 and it appends file names
_SHELL_ACTIVE = '"$`\\\n'  # pg_ctl and initdb put paths between double quotes in a shell command


def default_data_dir() -> Path:
    """The per-user data directory; nothing is created.

    $METERBOOK_DATA_DIR, else /var/lib/meterbook as root, else $XDG_DATA_HOME/meterbook, else
    ~/.local/share/meterbook.
    """
    if chosen := os.environ.get("METERBOOK_DATA_DIR"):
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:
        return SYSTEM_DIR
    data_home = os.environ.get("XDG_DATA_HOME", "")
    if not Path(data_home).is_absolute():  # the XDG specification: relative values are invalid
        return Path.home() / ".local" / "share" / "meterbook"
    return Path(data_home) / "meterbook"


def check_path(path: Path, *, what: str) -> None:
    """Raise `DataDirectoryUnusable` for a path PostgreSQL's own tools cannot handle."""
    bad = sorted(set(str(path)) & set(_SHELL_ACTIVE))
    if bad:
        raise DataDirectoryUnusable(
            f"The path of the {what} has characters PostgreSQL's tools cannot handle ({' '.join(map(repr, bad))}): "
            f"{path}"
        )
    if len(os.fsencode(path)) > LONGEST_CLUSTER_PATH:
        raise DataDirectoryUnusable(
            f"The path of the {what} is longer than PostgreSQL allows (found {len(os.fsencode(path))} bytes, "
            f"expected at most {LONGEST_CLUSTER_PATH}): {path}"
        )


def cluster_owner(data_dir: Path) -> int | None:
    """The uid that owns the existing cluster of `data_dir`, or None when there is no cluster."""
    try:
        return (data_dir / CLUSTER).stat().st_uid
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise DataDirectoryUnusable(f"Not allowed to look into {data_dir}: {error}") from error


def place_cluster(data_dir: Path, account: ServerAccount, *, system_dir: Path, say: Callable[[str], None]) -> Path:
    """The directory of the cluster, symlinks resolved; it need not exist yet, its parent does.

    data_dir: exists, resolved. Normally the cluster is `data_dir`/postgres. When the service user cannot reach
    `data_dir`, the cluster goes under `system_dir`/clusters/ and `data_dir`/postgres is a symlink to it.
    Raises `DataDirectoryUnusable` when the cluster is another user's or cannot be reached.
    """
    entry = data_dir / CLUSTER
    if entry.is_symlink() and not entry.exists():
        say(f"{entry} points to {entry.readlink()}, which is gone; starting a new cluster.")
        entry.unlink()
    if entry.exists():
        cluster = entry.resolve()
        _check_owner(cluster, account)
        if account.switch and not account.can_enter(cluster.parent) and not _open_up(cluster.parent, account):
            raise DataDirectoryUnusable(
                f"User {account.name!r}, who runs PostgreSQL for root, cannot reach {cluster}. "
                f"Allow it to traverse the directories above (chmod o+x), or choose another --data-dir."
            )
        return cluster
    if not account.switch or account.can_enter(data_dir) or _open_up(data_dir, account):
        return entry
    return _place_in_system_dir(data_dir, account, system_dir=system_dir, say=say)


def _place_in_system_dir(
    data_dir: Path, account: ServerAccount, *, system_dir: Path, say: Callable[[str], None]
) -> Path:
    home = system_dir / "clusters"
    make_traversable(home)
    if not account.can_enter(home):
        raise DataDirectoryUnusable(
            f"User {account.name!r}, who runs PostgreSQL for root, can reach neither {data_dir} nor {home}."
        )
    cluster = home.resolve() / short_hash(data_dir)
    if cluster.exists():  # its data directory was deleted and made anew: never take up old books silently
        aside = cluster.with_name(f"{cluster.name}.left-{int(time.time())}")
        cluster.rename(aside)
        say(f"A cluster left by an earlier {data_dir} was set aside as {aside}.")
    (data_dir / CLUSTER).symlink_to(cluster)
    say(f"User {account.name!r} cannot reach {data_dir}: the cluster is in {cluster}, linked from {CLUSTER}.")
    return cluster


def _open_up(directory: Path, account: ServerAccount) -> bool:
    """Make root's own 0700 directory traversable (0711), unless it is somebody's home; whether that sufficed."""
    found = directory.stat()
    if found.st_uid != 0 or is_home_directory(directory) or found.st_mode & 0o001:
        return False
    directory.chmod(stat.S_IMODE(found.st_mode) | 0o011)
    if account.can_enter(directory):
        return True
    directory.chmod(stat.S_IMODE(found.st_mode))
    return False


def _check_owner(cluster: Path, account: ServerAccount) -> None:
    owner = cluster.stat().st_uid
    if owner != account.uid and (owner != 0 or not account.switch or any(cluster.iterdir())):
        raise DataDirectoryUnusable(
            f"{cluster} belongs to user {user_name(owner)!r} and the server would run as {account.name!r}. "
            f"Run Meterbook as {user_name(owner)!r} or as root, or choose another --data-dir."
        )


def short_hash(path: Path) -> str:
    """16 hex digits naming a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def make_socket_dir(cluster: Path, account: ServerAccount) -> Path:
    """Create or accept the directory of the server's socket: owned by the server's user, mode 0700, short.

    It is derived from the cluster's path, under /tmp because a login session's runtime directory vanishes with
    the session and the server does not. If somebody else holds that name, a fresh unguessable one is used.
    """
    base = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())
    directory = base / f"meterbook-{account.uid}-{short_hash(cluster)}"
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        if is_private(directory, account):
            return directory
        directory = Path(tempfile.mkdtemp(prefix=f"meterbook-{account.uid}-", dir=base))
    directory.chmod(0o700)
    os.chown(directory, account.uid, account.gid, follow_symlinks=False)
    return directory


def is_private(directory: Path, account: ServerAccount) -> bool:
    """Whether `directory` is a real directory that only the server's user (and root) can enter."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077
