"""Whose process the server is: ourselves, or a service user when we are root (PostgreSQL refuses root)."""

import grp
import os
import pwd
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from meterbook.embedded.errors import EmbeddedServerError, ServiceUserUnavailable

SERVICE_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class ServerAccount:
    """The operating system user the server runs as. `switch` is true when we are root and must become it."""

    uid: int
    gid: int
    name: str
    switch: bool

    def run(
        self, command: Sequence[str | Path], *, cwd: Path = Path("/"), timeout: float | None = None
    ) -> tuple[int, str]:
        """Run a command as this user; returns (exit code, standard output and error together).

        The output goes through a file, not a pipe: a server started by the command inherits it and would keep
        a pipe open for as long as it lives. Raises `ServiceUserUnavailable` when we may not become the user.
        """
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment |= {"LC_ALL": "C", "LANG": "C"}
        with tempfile.TemporaryFile() as output:
            try:
                done = subprocess.run(
                    [str(part) for part in command],
                    cwd=cwd,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=timeout,
                    check=False,
                    user=self.uid if self.switch else None,
                    group=self.gid if self.switch else None,
                    extra_groups=_groups(self.name, self.gid) if self.switch else None,
                )
            except subprocess.TimeoutExpired as error:
                raise EmbeddedServerError(f"{command[0]} did not finish within {timeout:g} s") from error
            except PermissionError as error:
                if not self.switch:
                    raise
                raise ServiceUserUnavailable(
                    f"Running as root, but not allowed to run {command[0]} as user {self.name!r}: {error}"
                ) from error
            output.seek(0)
            return done.returncode, output.read().decode("utf-8", "replace")

    def can_enter(self, directory: Path) -> bool:
        """Whether this user can reach `directory` and traverse it (asked of the system, so ACLs count)."""
        code, _ = self.run(["/bin/sh", "-c", 'cd "$1"', "sh", directory])
        return code == 0


def choose_account(*, cluster_owner: int | None) -> ServerAccount:
    """The user to run the server as.

    cluster_owner: uid that owns an existing cluster, or None when there is none yet.
    As an ordinary user: ourselves. As root: the owner of the cluster, else the first of `SERVICE_USERS`.
    Raises `ServiceUserUnavailable` when root finds none of them.
    """
    uid = os.geteuid()
    if uid != 0:
        return ServerAccount(uid=uid, gid=os.getegid(), name=user_name(uid), switch=False)
    if cluster_owner:
        try:
            return _service(pwd.getpwuid(cluster_owner))
        except KeyError as error:
            raise ServiceUserUnavailable(
                f"The cluster belongs to uid {cluster_owner}, which has no entry in the user database"
            ) from error
    for name in SERVICE_USERS:
        try:
            return _service(pwd.getpwnam(name))
        except KeyError:
            continue
    raise ServiceUserUnavailable(
        f"PostgreSQL refuses to run as root, and none of the users {', '.join(SERVICE_USERS)} exists. "
        f"Create one, or run as an ordinary user."
    )


def user_name(uid: int) -> str:
    """The login name of a uid, or "uid 1234" when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def is_home_directory(directory: Path) -> bool:
    """Whether `directory` is some user's home."""
    return any(entry.pw_dir == str(directory) for entry in pwd.getpwall())


def _service(entry: pwd.struct_passwd) -> ServerAccount:
    return ServerAccount(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name, switch=True)


def _groups(name: str, gid: int) -> list[int]:
    return sorted({gid, *(group.gr_gid for group in grp.getgrall() if name in group.gr_mem)})
