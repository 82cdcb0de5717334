"""The embedded server lives: started, found again, killed, deleted from under itself, stopped."""

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from meterbook.embedded import (
    DataDirectoryUnusable,
    DataDirectoryVersionMismatch,
    EmbeddedServer,
    EmbeddedServerError,
    ServerCommandFailed,
    processes,
)

NewServer = Callable[[Path], EmbeddedServer]
NewDir = Callable[[], Path]


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def write(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def copy_of(template: Path, target: Path) -> Path:
    """A copy of the template's cluster, owners kept."""
    subprocess.run(["cp", "-a", str(template / "postgres"), str(target / "postgres")], check=True)
    target.chmod(0o711)
    return target


def pid_of(server: EmbeddedServer) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


def gone(pid: int) -> bool:
    """Whether the process ended; a zombie that nobody reaps counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def kill_postmaster(server: EmbeddedServer) -> None:
    pid = pid_of(server)
    os.kill(pid, signal.SIGKILL)
    while not gone(pid):
        time.sleep(0.01)


def test_a_new_server_is_private_utf8_and_durable(new_server: NewServer, new_dir: NewDir) -> None:
    server = new_server(new_dir())
    url = server.start()

    parts = urlsplit(url)
    assert (parts.scheme, parts.username, parts.path) == ("postgresql", "meterbook", "/meterbook")
    socket_dir = Path(parse_qs(parts.query)["host"][0])
    assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((socket_dir / ".s.PGSQL.5432").stat().st_mode) == 0o700
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SHOW server_version_num")[:2] == "18"  # type: ignore[index]
    assert (ask(url, "SHOW server_encoding"), ask(url, "SHOW fsync"), ask(url, "SHOW jit")) == ("UTF8", "on", "off")
    assert ask(url, "SELECT upper('ñandú')") == "ÑANDÚ"
    assert ask(url, "SELECT string_agg(w, ' ' ORDER BY w) FROM unnest(ARRAY['b', 'a', 'B']) w") == "B a b"
    assert 5 < server.memory_mib() < 600
    answer = subprocess.run([*server.psql_command(), "-Atc", "SELECT 7"], capture_output=True, text=True)
    assert answer.stdout == "7\n", answer.stderr


def test_starting_twice_finds_the_same_server(new_server: NewServer, new_dir: NewDir, template: Path) -> None:
    data_dir = copy_of(template, new_dir())
    first, second = new_server(data_dir), new_server(data_dir)
    url = first.start()
    pid = pid_of(first)
    assert (second.start(), pid_of(second)) == (url, pid)
    second.stop()
    second.stop()
    assert not first.status().running
    assert first.memory_mib() == 0
    with pytest.raises(EmbeddedServerError, match="not running"):
        first.psql_command()


def test_starters_at_the_same_moment_share_one_server(new_server: NewServer, new_dir: NewDir) -> None:
    data_dir = new_dir()
    servers = [new_server(data_dir) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        urls = set(pool.map(lambda server: server.start(), servers))
    assert len(urls) == 1


def test_what_was_committed_survives_kill_9(new_server: NewServer, new_dir: NewDir, template: Path) -> None:
    server = new_server(copy_of(template, new_dir()))
    write(server.start())
    kill_postmaster(server)
    assert not server.status().running
    assert ask(server.start(), "SELECT answer FROM kept") == 42


@pytest.mark.parametrize("reused_by", ["nobody alive", "another program", "another postgres"])
def test_a_stale_pid_file_does_not_stand_in_the_way(
    reused_by: str, new_server: NewServer, new_dir: NewDir, template: Path
) -> None:
    server = new_server(copy_of(template, new_dir()))
    server.start()
    pid_file = server.cluster / "postmaster.pid"
    text = pid_file.read_text()
    kill_postmaster(server)
    bystander = subprocess.Popen(["sleep", "60"], user=server.cluster.stat().st_uid)
    other = new_server(copy_of(template, new_dir()))
    other.start()
    pid = {"nobody alive": 4194303, "another program": bystander.pid, "another postgres": pid_of(other)}[reused_by]
    owner = server.cluster.stat()
    pid_file.write_text(text.replace(text.split("\n")[0], str(pid), 1))
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    try:
        assert not server.status().running
        assert ask(server.start(), "SELECT 1") == 1
        assert bystander.poll() is None
        assert other.status().running
    finally:
        bystander.kill()
        bystander.wait()


def test_a_session_left_behind_by_a_killed_postmaster_is_ended_first(
    new_server: NewServer, new_dir: NewDir, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.5)
    server = new_server(copy_of(template, new_dir()))
    with psycopg.connect(server.start(), autocommit=True) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # cannot notice that its postmaster died
        kill_postmaster(server)
        assert not gone(backend)
        assert ask(server.start(), "SELECT 1") == 1
        assert gone(backend)


def test_a_data_directory_deleted_under_a_running_server_starts_afresh(
    new_server: NewServer, new_dir: NewDir, template: Path
) -> None:
    server = new_server(copy_of(template, new_dir()))
    write(server.start())
    left_behind = pid_of(server)
    shutil.rmtree(server.cluster, ignore_errors=True)
    if server.cluster.exists():
        shutil.rmtree(server.cluster)
    assert ask(server.start(), "SELECT to_regclass('kept')") is None
    assert gone(left_behind)


def test_a_vanished_socket_brings_a_restart(
    new_server: NewServer, new_dir: NewDir, template: Path, said: list[str]
) -> None:
    server = new_server(copy_of(template, new_dir()))
    url = server.start()
    shutil.rmtree(parse_qs(urlsplit(url).query)["host"][0])
    assert ask(server.start(), "SELECT 1") == 1
    assert "cannot be reached" in said[0]


def test_a_socket_directory_taken_by_somebody_else_is_not_used(
    new_server: NewServer, new_dir: NewDir, template: Path
) -> None:
    server = new_server(copy_of(template, new_dir()))
    usual = Path(parse_qs(urlsplit(server.start()).query)["host"][0])
    server.stop()
    usual.mkdir()
    usual.chmod(0o777)
    try:
        used = Path(parse_qs(urlsplit(server.start()).query)["host"][0])
        assert used != usual
        assert stat.S_IMODE(used.stat().st_mode) == 0o700
    finally:
        usual.rmdir()


def test_another_major_version_is_refused_and_left_alone(new_server: NewServer, new_dir: NewDir) -> None:
    data_dir = new_dir()
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("16\n")
    if os.geteuid() == 0:
        import pwd

        for path in (data_dir / "postgres", data_dir / "postgres" / "PG_VERSION"):
            os.chown(path, pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(DataDirectoryVersionMismatch, match=r"found: 16.*expected: 18") as caught:
        new_server(data_dir).start()
    assert (caught.value.found, caught.value.expected) == ("16", "18")
    assert [path.name for path in (data_dir / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_folder_that_is_no_cluster_is_refused(new_server: NewServer, new_dir: NewDir) -> None:
    data_dir = new_dir()
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "letter.txt").write_text("Dear Ana")
    with pytest.raises(DataDirectoryUnusable):
        new_server(data_dir).start()


def test_a_data_directory_longer_than_a_socket_path_works(
    new_server: NewServer, new_dir: NewDir, template: Path
) -> None:
    deep = new_dir()
    deep.chmod(0o711)
    for name in ("Stadtwerke Alder Bend", "x" * 120, "it's 100% ours"):
        deep = deep / name
        deep.mkdir()
    assert ask(new_server(copy_of(template, deep)).start(), "SELECT 1") == 1


@pytest.mark.parametrize("name", ['a"b', "a$b", "y" * 240 + "/" + "y" * 240 + "/" + "y" * 240 + "/" + "y" * 240])
def test_a_path_postgresql_cannot_handle_is_refused(name: str, new_server: NewServer, new_dir: NewDir) -> None:
    data_dir = new_dir()
    data_dir.chmod(0o711)
    with pytest.raises(DataDirectoryUnusable, match="path of the cluster"):
        new_server(data_dir / name).start()


def test_a_failed_start_shows_the_end_of_the_log(new_server: NewServer, new_dir: NewDir, template: Path) -> None:
    server = new_server(copy_of(template, new_dir()))
    (server.cluster / "local.conf").write_text("shared_buffers = 'plenty'\n")
    (server.cluster / "local.conf").chmod(0o644)
    with pytest.raises(ServerCommandFailed, match="invalid value for parameter") as caught:
        server.start()
    assert "plenty" in caught.value.log_tail


def test_a_half_made_cluster_is_made_again(new_server: NewServer, new_dir: NewDir) -> None:
    data_dir = new_dir()
    (data_dir / "postgres.new").mkdir()
    (data_dir / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert ask(new_server(data_dir).start(), "SELECT 1") == 1


def test_destroy_leaves_nothing(new_server: NewServer, new_dir: NewDir, template: Path) -> None:
    server = new_server(copy_of(template, new_dir()))
    server.start()
    server.destroy()
    assert not server.cluster.exists()
    assert server.data_dir.is_dir()
