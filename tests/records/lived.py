"""A city that was lived through, committed in a database of its own, and copies of it for tests that change things.

The database the session migrated stays empty: what is founded here is founded in a copy of it, so that tests beside
these find it as they expect. A copy takes a moment; what a test commits in its own is gone with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection, connections

from meterbook.demo import sources
from meterbook.demo.calendar import bill_on, read_on
from meterbook.demo.city import City
from meterbook.demo.founding import found
from meterbook.demo.life import Life
from meterbook.demo.policies import enact_policies
from meterbook.demo.reads import ReadFile
from meterbook.demo.stories import Staff
from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.plan_run import plan_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.customers.models import Account
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import ImportBatch
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.business_date import advance_business_date

ACCOUNTS, SEED, PASSWORD = 60, 7, "correct-horse-battery"


def _server(sql: str) -> None:
    """Run a statement on the server, outside the database the tests are in."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


def _url(settings: dict[str, Any]) -> str:
    """The address of the connected database, as another process needs it."""
    sign_in = quote(settings["USER"] or "", safe="")
    if settings["PASSWORD"]:
        sign_in += ":" + quote(settings["PASSWORD"], safe="")
    host, port = settings["HOST"] or "", settings["PORT"] or "5432"
    if host.startswith("/") or not host:
        return f"postgresql://{sign_in}@/{settings['NAME']}?host={quote(host, safe='/')}&port={port}"
    return f"postgresql://{sign_in}@{host}:{port}/{settings['NAME']}"


def copied(source: str, name: str) -> str:
    """Copy a database under another name, in place of a copy left by an earlier session."""
    _server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _server(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name


def forget_the_disk() -> None:
    """Let a server that lives no longer than the session answer without waiting for its disk."""
    _server("ALTER SYSTEM SET fsync = off")
    _server("SELECT pg_reload_conf()")


def drop(names: Iterable[str]) -> None:
    """Drop databases, all at once at the end: the first drop waits for everything to be on disk."""
    for name in names:
        _server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Point Django, and the processes a test starts, at another database of the same server.

    The connection of before stands by untouched, with the transaction pytest-django may have begun on it.
    """
    before, url = connections["default"], os.environ.get("DATABASE_URL")
    own = before.copy()
    own.settings_dict["NAME"] = name
    connections["default"] = own
    os.environ["DATABASE_URL"] = _url(own.settings_dict)
    try:
        yield
    finally:
        own.close()
        connections["default"] = before
        os.environ.pop("DATABASE_URL")
        if url is not None:
            os.environ["DATABASE_URL"] = url


@dataclass
class Office:
    """The office of a lived city: who works there, what day it is, and the day's work in one word each."""

    database: str
    city: City
    staff: Staff
    folder: Path
    today: date
    months: int
    _written: dict[int, list[ReadFile]] = field(default_factory=dict)

    def act(self, who: str, reason: str = "as the office does", on: date | None = None) -> Act:
        """An act of a member of staff, today or ``on``."""
        return Act(actor=self.staff[who], business_date=on or self.today, reason=reason)

    def advance(self, to: date) -> None:
        """Let the business date move on."""
        self.today = to
        advance_business_date(self.act("system", "a new business day"), to=to)

    def read_day(self, cycle: str, month: int) -> date:
        """The day a cycle is read in ``month``."""
        return read_on(month, sources.document("city")["cycles"][cycle])

    def bill_day(self, cycle: str, month: int) -> date:
        """The day a cycle is billed in ``month``."""
        return bill_on(month, sources.document("city")["cycles"][cycle])

    def files(self, month: int, cycle: str) -> list[ReadFile]:
        """The read files of a cycle's month."""
        if month not in self._written:
            self._written[month] = self.city.write_reads(month, self.folder)
        return [file for file in self._written[month] if file.cycle == cycle]

    def take_in(self, format: str, content: bytes, name: str = "reads.csv") -> ImportBatch:
        """Import a read file as the billing technician."""
        return import_reads(self.act("billing"), format=format, file_name=name, content=content)

    def read(self, cycle: str, month: int, *, without: str = "") -> None:
        """Take in a month's reads of a cycle; lines that name the meter ``without`` never came."""
        for file in self.files(month, cycle):
            content = file.path.read_bytes()
            if without and without.encode() in content:
                lines = content.decode().splitlines(keepends=True)
                kept = [line for line in lines if without not in line]
                if kept[-1].startswith("#END"):
                    kept[-1] = f"#END,{len(kept) - 2}\n"
                content = "".join(kept).encode()
            self.take_in(file.format, content, file.path.name)

    def plan(self, cycle: str, month: int, **kwargs: Any) -> BillRun:
        """Go to a cycle's bill date and plan its run."""
        self.advance(max(self.today, self.bill_day(cycle, month)))
        return plan_run(self.act("billing"), cycle=cycle_named(cycle), bill_date=self.today, **kwargs)

    def calculate(self, run: BillRun, **kwargs: Any) -> BillRun:
        """Calculate and seal a run."""
        return calculate_all(self.act("billing"), run, **kwargs)

    def approve(self, run: BillRun) -> BillRun:
        """The technician asks, the supervisor approves."""
        request = request_posting(self.act("billing"), run=run)
        decide_approval(self.act("supervisor"), request=request, approve=True)
        return BillRun.objects.get(pk=run.pk)

    def post(self, run: BillRun) -> BillRun:
        """Approve and post a calculated run."""
        return post_run(self.act("billing"), run=self.approve(run))

    def bill(self, cycle: str, month: int, **kwargs: Any) -> BillRun:
        """Plan, calculate, approve and post a cycle's month."""
        return self.post(self.calculate(self.plan(cycle, month, **kwargs)))

    def account(self, number: str) -> Account:
        """An account by its number."""
        return Account.objects.get(number=number)


def founded(folder: Path, *, months: int) -> Office:
    """The city after its first months, in a copy of the session's empty database; needs a test marked ``django_db``."""
    empty = connection.settings_dict["NAME"]
    assert empty.startswith("test_"), "pytest-django made no database: mark the tests django_db"
    connection.close()
    name = copied(empty, f"{empty}_{months}")
    with connected_to(name):
        return _live(name, folder, months=months)


def _live(database: str, folder: Path, *, months: int) -> Office:
    """Found the city in the connected, empty database and live through its first months."""
    city = City(accounts=ACCOUNTS, seed=SEED)
    staff = found(city, password=PASSWORD)
    enact_policies(staff)
    life = Life(city, staff, folder)
    for _ in life.months(1, months):
        pass
    return Office(database, city, staff, folder, life.today, months)


def day_after(day: date, days: int = 1) -> date:
    """Some days later."""
    return day + timedelta(days=days)


def rows(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """What a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])
        return cursor.fetchall()
