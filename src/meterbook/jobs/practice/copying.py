"""A practice copy beside the live database: copied by PostgreSQL's own programs, anonymised, or not there at all."""

from __future__ import annotations

import shutil
import subprocess
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from meterbook.embedded.binaries import packaged_bin
from meterbook.jobs.practice.anonymising import Anonymised, anonymise

#: A setting that the newest pg_dump writes at the head of a dump and servers before PostgreSQL 17 do not know.
_TOO_NEW, _HEAD = b"SET transaction_timeout", 60


class NotACopy(ValueError):
    """The database is the live one, or holds something that is not a practice copy: nothing was touched."""


def practice_url(live: str) -> str:
    """The address of the practice copy: the live database's name with ``_practice`` behind it.

    >>> practice_url("postgresql://mb@localhost/meterbook?host=/run")
    'postgresql://mb@localhost/meterbook_practice?host=/run'
    """
    parts = urlsplit(live)
    name = parts.path.strip("/") or "meterbook"
    return urlunsplit(parts._replace(path=f"/{name}_practice"))


def is_practice(url: str) -> bool:
    """Whether the database there is a practice copy. Raises `psycopg.OperationalError` where there is none."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('platform_utility')").fetchone() == (None,):
            return False
        there = connection.execute("SELECT practice_since IS NOT NULL FROM platform_utility").fetchone()
        return there is not None and bool(there[0])


def make_copy(live: str, copy: str, password: str) -> Anonymised:
    """Make ``copy`` anew from ``live``; an earlier practice copy is replaced, and anything else refused.

    The copy exists only if the proof found nobody real in it. Raises `NotACopy`, `StillNamed`.
    """
    _check(live, copy)
    name = urlsplit(copy).path.strip("/")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(live, autocommit=True) as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            _restore(live, copy)
            with psycopg.connect(copy) as connection, connection.cursor() as cursor:
                return anonymise(cursor, password)
        except BaseException:
            server.execute(drop)
            raise


def _check(live: str, copy: str) -> None:
    """Refuse everything that could be somebody's live database."""
    if urlsplit(live)._replace(query="") == urlsplit(copy)._replace(query=""):
        raise NotACopy("the copy would be made over the live database")
    if is_practice(live):
        raise NotACopy("this database is a practice copy itself")
    try:
        practice = is_practice(copy)
    except psycopg.OperationalError:
        return
    if not practice:
        raise NotACopy("the database there is no practice copy; it is left alone")


def _restore(live: str, copy: str) -> None:
    """Everything of the live database, into the empty one beside it."""
    programs = packaged_bin()
    dump = [str(programs / "pg_dump"), "--no-owner", "--no-privileges", live]
    restore = [str(programs / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", copy]
    with (
        subprocess.Popen(dump, stdout=subprocess.PIPE) as source,
        subprocess.Popen(restore, stdin=subprocess.PIPE) as target,
    ):
        assert source.stdout is not None and target.stdin is not None
        for line in islice(source.stdout, _HEAD):
            if not line.startswith(_TOO_NEW):
                target.stdin.write(line)
        shutil.copyfileobj(source.stdout, target.stdin, 1 << 20)
        target.stdin.close()
        if source.wait() or target.wait():
            raise subprocess.CalledProcessError(source.returncode or target.returncode, "pg_dump | psql")
