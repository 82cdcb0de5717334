"""The cluster's directory (PGDATA): which version it is of, and how a new one is made."""

import os
import shutil
from pathlib import Path

from meterbook.embedded.account import ServerAccount
from meterbook.embedded.binaries import MAJOR
from meterbook.embedded.errors import (
    DataDirectoryUnusable,
    DataDirectoryVersionMismatch,
    ServerCommandFailed,
)


def major(cluster: Path) -> str | None:
    """The major version in PG_VERSION, or None when there is none (or, for another user's, it may not be read)."""
    try:
        return (cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
    except OSError:
        return None


def check_version(cluster: Path) -> None:
    """Raise `DataDirectoryVersionMismatch` for another major version, `DataDirectoryUnusable` for no cluster."""
    found = major(cluster)
    if found is not None and found != MAJOR:
        raise DataDirectoryVersionMismatch(cluster, found=found, expected=MAJOR)
    if found is None and cluster.exists() and any(cluster.iterdir()):
        raise DataDirectoryUnusable(
            f"{cluster} is not empty and not a PostgreSQL cluster (no PG_VERSION). Choose another --data-dir."
        )


def initialise(cluster: Path, account: ServerAccount, programs: Path, *, role: str) -> None:
    """Make the cluster beside its place and rename it there, so that a half-made one is never used.

    programs: the bin folder the account can execute from. Raises `ServerCommandFailed`.
    """
    fresh = cluster.with_name(f"{cluster.name}.new")
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    os.chown(fresh, account.uid, account.gid, follow_symlinks=False)
    command: list[str | Path] = [programs / "initdb", "-D", fresh, "-U", role, "--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
    command += ["--auth-local=trust", "--auth-host=reject"]
    code, output = account.run(command)
    if code:
        raise ServerCommandFailed("making a new cluster", output=output)
    if cluster.is_dir():
        cluster.rmdir()
    fresh.rename(cluster)
