"""Tests that need a database get a real PostgreSQL: the one of DATABASE_URL, or an embedded one of their own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

os.environ.setdefault("METERBOOK_SECRET_KEY", "only-for-tests")
os.environ["METERBOOK_INBOX"] = "/srv"  # where the folders of the tests' sources lie; none of them has to be there
os.environ.setdefault("METERBOOK_EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
_OWN_SERVER = "DATABASE_URL" not in os.environ
os.environ["DJANGO_SETTINGS_MODULE"] = "meterbook.config.settings"

import django  # noqa: E402

django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Start an embedded server for the session unless DATABASE_URL names one."""
    if not _OWN_SERVER:
        yield
        return
    from django.db import connections

    from meterbook.config.settings import database
    from meterbook.embedded import EmbeddedServer

    folder = Path(tempfile.mkdtemp(prefix="meterbook-tests-"))
    server = EmbeddedServer(folder)
    url = server.start()
    connections["default"].settings_dict.update(database(url))
    os.environ["DATABASE_URL"] = url
    with psycopg.connect(url, autocommit=True) as own:  # it lives no longer than the session: no need to wait for disk
        own.execute("ALTER SYSTEM SET fsync = off")
        own.execute("SELECT pg_reload_conf()")
    yield
    connections.close_all()
    server.destroy()
    shutil.rmtree(folder, ignore_errors=True)
