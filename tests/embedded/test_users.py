"""Who runs the server: root through a service user, an ordinary user by itself, neither over the other."""

import os
import pwd
import shutil
import stat
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from meterbook.embedded import (
    DataDirectoryUnusable,
    EmbeddedServer,
    ServiceUserUnavailable,
    account,
    binaries,
    default_data_dir,
)

NewServer = Callable[[Path], EmbeddedServer]
NewDir = Callable[[], Path]

as_root = pytest.mark.skipif("os.geteuid() != 0", reason="only root can become another user")


def as_nobody(action: Callable[[], None]) -> str:
    """Run `action` in a child process as user nobody; returns the traceback, or "" when it went well.

    A fork, not a new Python: the interpreter may lie where nobody cannot read.
    """
    entry = pwd.getpwnam("nobody")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            action()
        except BaseException:
            os.write(write, traceback.format_exc().encode()[-60000:])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


@as_root
def test_root_opens_a_mktemp_directory_and_runs_as_the_service_user(
    new_server: NewServer, new_dir: NewDir, said: list[str]
) -> None:
    data_dir = new_dir()
    server = new_server(data_dir)
    server.start()
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o711
    assert pwd.getpwuid(server.cluster.stat().st_uid).pw_name in account.SERVICE_USERS
    assert Path(f"/proc/{server.status().pid}").stat().st_uid == server.cluster.stat().st_uid
    assert server.cluster == data_dir / "postgres"
    assert said == []


@as_root
def test_a_directory_the_service_user_cannot_reach_gets_a_link(
    new_server: NewServer, new_dir: NewDir, system_dir: Path, said: list[str]
) -> None:
    closed = new_dir()
    (closed / "data").mkdir()
    server = new_server(closed / "data")
    url = server.start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert (closed / "data" / "postgres").is_symlink()
    assert server.cluster.parent == system_dir / "clusters"
    assert "cannot reach" in said[0]
    assert new_server(closed / "data").start() == url

    (closed / "data" / "postgres").unlink()  # as `rm -rf` of the data directory does
    again = new_server(closed / "data")
    again.start()
    assert "set aside" in said[1]
    assert again.status().running


@as_root
def test_root_runs_an_ordinary_users_cluster_as_that_user(new_server: NewServer, new_dir: NewDir) -> None:
    nobody = pwd.getpwnam("nobody")
    data_dir = new_dir()
    data_dir.chmod(0o711)
    (data_dir / "postgres").mkdir()
    os.chown(data_dir / "postgres", nobody.pw_uid, nobody.pw_gid)
    server = new_server(data_dir)
    server.start()
    assert Path(f"/proc/{server.status().pid}").stat().st_uid == nobody.pw_uid


@as_root
def test_without_a_service_user_root_is_told(
    monkeypatch: pytest.MonkeyPatch, new_server: NewServer, new_dir: NewDir
) -> None:
    monkeypatch.setattr(account, "SERVICE_USERS", ("no-such-user",))
    with pytest.raises(ServiceUserUnavailable, match="no-such-user"):
        new_server(new_dir()).start()


@as_root
def test_an_ordinary_user_runs_a_server_of_their_own(
    new_dir: NewDir, system_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readable = binaries.readable_copy(binaries.packaged_bin(), into=system_dir / "server")
    monkeypatch.setattr(binaries, "packaged_bin", lambda: readable)
    home = new_dir()
    os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
    theirs = EmbeddedServer(home / "data", system_dir=Path("/nonexistent"))

    def live() -> None:
        first = theirs.start()
        assert theirs.start() == first
        assert theirs.memory_mib() > 5
        assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700
        os.kill(theirs.status().pid or 0, 9)
        assert theirs.start() == first
        theirs.stop()
        assert not theirs.status().running

    assert as_nobody(live) == ""


@as_root
def test_an_ordinary_user_cannot_take_up_a_cluster_of_somebody_else(new_dir: NewDir) -> None:
    data_dir = new_dir()
    data_dir.chmod(0o777)
    (data_dir / "postgres").mkdir(mode=0o700)

    def start() -> None:
        with pytest.raises(DataDirectoryUnusable, match="belongs to user 'root'"):
            EmbeddedServer(data_dir).start()

    assert as_nobody(start) == ""


def test_the_copied_binaries_are_complete_and_copied_once(new_dir: NewDir) -> None:
    into = new_dir() / "server"
    programs = binaries.readable_copy(binaries.packaged_bin(), into=into)
    made = programs.stat().st_ino
    assert binaries.readable_copy(binaries.packaged_bin(), into=into).stat().st_ino == made
    assert [path.name[:5] for path in into.iterdir()] == ["pg18-"]
    code, output = account.choose_account(cluster_owner=None).run(["/bin/sh", "-c", f"'{programs}/psql' --version"])
    assert ("(PostgreSQL) 18" in output and code == 0) or os.geteuid() == 0, output
    shutil.rmtree(into)


def test_the_default_data_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METERBOOK_DATA_DIR", "/srv/books")
    assert default_data_dir() == Path("/srv/books")
    monkeypatch.delenv("METERBOOK_DATA_DIR")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/meterbook")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/invalid")
    assert default_data_dir() == Path("/home/ana/.local/share/meterbook")
    monkeypatch.setenv("XDG_DATA_HOME", "/home/ana/data")
    assert default_data_dir() == Path("/home/ana/data/meterbook")
