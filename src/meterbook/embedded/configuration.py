"""The server's settings: ours in meterbook.conf, the operator's in local.conf beside it, which wins."""

import os
from pathlib import Path

PORT = 5432  # names the socket file only: nothing listens on the network

_SETTINGS = """\
# Written by Meterbook at every start; put your own settings into local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
port = {port}
max_connections = 60

# Nothing committed is ever lost.
fsync = on
synchronous_commit = on
full_page_writes = on

# A small machine, bulk loads.
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 32MB
maintenance_work_mem = 256MB
dynamic_shared_memory_type = {shared_memory}
max_wal_size = 4GB
min_wal_size = 512MB
wal_compression = on
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off

timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
log_checkpoints = off
"""

_INCLUDES = "\ninclude 'meterbook.conf'\ninclude_if_exists 'local.conf'\n"


def settings(*, socket_dir: Path) -> str:
    """The text of meterbook.conf."""
    quoted = str(socket_dir).replace("'", "''")
    return _SETTINGS.format(socket_dir=quoted, port=PORT, shared_memory=_dynamic_shared_memory())


def write_settings(cluster: Path, *, socket_dir: Path, owner: tuple[int, int]) -> None:
    """Write meterbook.conf into the cluster and include it from postgresql.conf once. owner: (uid, gid)."""
    _write(cluster / "meterbook.conf", settings(socket_dir=socket_dir), owner=owner)
    main = cluster / "postgresql.conf"
    text = main.read_text(encoding="utf-8")
    if _INCLUDES not in text:
        _write(main, text + _INCLUDES, owner=owner)


def _write(path: Path, text: str, *, owner: tuple[int, int]) -> None:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
        os.fchown(stream.fileno(), *owner)
    fresh.replace(path)


def _dynamic_shared_memory() -> str:
    """posix, or sysv where /dev/shm is too small for parallel queries (containers give it 64 MB)."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return "sysv"
    return "posix" if found.f_frsize * found.f_blocks >= 512 * 1024 * 1024 else "sysv"
