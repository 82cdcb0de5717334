"""Prepared cities for measuring, kept as template databases so that every measurement starts from the same state."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path

import polars as pl
import psycopg
from django.core.management import call_command
from django.db import connections

import meterbook.records
from meterbook.demo.bench.large.city import LargeCity, in_two_cycles
from meterbook.demo.bench.large.lived import former_customers, live
from meterbook.demo.bench.large.multiplied import multiply
from meterbook.demo.calendar import CITY_ON, first_of
from meterbook.demo.city import City
from meterbook.demo.founding import found
from meterbook.demo.life import Life
from meterbook.demo.policies import enact_policies
from meterbook.demo.sources import CITY_DIR, POLICY_DIR, TARIFF_DIR, document
from meterbook.demo.stories import Staff
from meterbook.embedded.binaries import packaged_bin
from meterbook.records.metering.operations.load_reads import derive_all_usage, load_reads
from meterbook.records.platform.copying import copy_out, refresh_statistics
from meterbook.records.platform.queries import business_date, user_named

Say = Callable[[str], None]
_SMALL_SEED = 7
#: Accounts of a large city that are founded; the others are copies.
_FOUNDED = 20_000
_STAFF = ("system", "billing", "supervisor", "cashier")


@lru_cache(maxsize=1)
def schema_hash() -> str:
    """Hash of everything a prepared city depends on: migrations, generator, tariffs, policies."""
    digest = hashlib.sha256()
    records = Path(next(iter(meterbook.records.__path__)))
    demo = Path(__file__).resolve().parents[1]
    files = [*records.glob("*/migrations/*.py"), *demo.glob("*.py"), *demo.glob("drawn/*.py"), Path(__file__)]
    files += demo.glob("bench/vee/measured.py")
    for folder in (CITY_DIR, TARIFF_DIR, POLICY_DIR):
        files += folder.glob("*.yaml")
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


def use_database(name: str) -> None:
    """Point Django, and processes started from here, at another database of the same server."""
    connections.close_all()
    connections["default"].settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = re.sub(r"@([^/]*)/\w+", rf"@\1/{name}", os.environ["DATABASE_URL"], count=1)


def _server() -> psycopg.Connection:
    url = re.sub(r"@([^/]*)/\w+", r"@\1/postgres", os.environ["DATABASE_URL"], count=1)
    return psycopg.connect(url, autocommit=True)


def working_copy(accounts: int, months: int, seed: int, *, say: Say) -> tuple[City, Staff, Life]:
    """A fresh database ``work`` with the city ready for the run of month ``months``: reads in, no usage made yet."""
    return _copy_of(f"city_{accounts}_{months}_{seed}", accounts, seed, partial(_prepare, months=months), say=say)


def city_with_history(
    accounts: int, months: int, seed: int, *, say: Say, drawn: type[City] = City
) -> tuple[City, Staff, Life]:
    """A fresh database ``work`` with ``months`` months of reads and the usage made of them, and no bills."""
    kind = f"history_{accounts}_{months}_{seed}" + ("" if drawn is City else f"_{drawn.__name__.lower()}")
    return _copy_of(kind, accounts, seed, partial(_read, months=months), say=say, drawn=drawn)


def city_that_owes(accounts: int, owe: Callable[[Life], None], *, say: Say, kept: Path) -> Life:
    """A fresh database ``work`` with a small city to which ``owe`` added accounts that owe; kept under that number.

    The small city is kept as well, as a dump in the folder ``kept`` that any server can take: founding it takes
    minutes, the accounts beside it seconds.
    """

    def prepare(city: City, *, say: Say) -> None:
        dump = kept / f"small_{schema_hash()}.dump"
        if dump.is_file():
            _program("pg_restore", "--no-owner", "--exit-on-error", "--dbname", os.environ["DATABASE_URL"], str(dump))
            life = _life(city)
        else:
            life = _founded(city, say=say)
            fresh = dump.with_suffix(".new")
            _program("pg_dump", "--format=custom", "--file", str(fresh), os.environ["DATABASE_URL"])
            fresh.rename(dump)
        owe(life)
        refresh_statistics()

    return _copy_of(f"owing_{accounts}", 60, _SMALL_SEED, prepare, say=say)[2]


def large_city(accounts: int, *, months: int, lived: int, say: Say, copied: bool) -> Life:
    """A city of about ``accounts`` with names of their own, everybody billed ``months`` months and ``lived`` sites 24.

    The first 20,000 are founded and billed by the product's own operations, the others are copies of them under other
    names (see `multiplied`). It is kept over changes of the schema, and takes the migrations that came since. With
    ``copied`` a fresh database ``work`` is made of it, to change; without, the kept one is used as it stands, to ask.
    """
    in_two_cycles()
    founded = min(accounts, _FOUNDED)
    city = LargeCity(accounts=founded, seed=_SMALL_SEED, lived=lived)
    base = f"large_{founded}_{months}_{lived}_{_drawn_hash()}"
    _keep(base, partial(_lived_in_full, city, months, say), say=say)
    name = base
    if accounts > founded:
        name = f"large_{accounts}_{months}_{lived}_{_drawn_hash()}"
        _keep(name, partial(_multiplied, accounts // founded - 1), say=say, template=_migrated(base))
    _migrated(name)
    if copied:
        with _server() as server:
            server.execute("DROP DATABASE IF EXISTS work WITH (FORCE)")
            server.execute(f"CREATE DATABASE work TEMPLATE {name}")
        name = "work"
    use_database(name)
    life = _life(city)
    life.today = business_date()
    return life


def _lived_in_full(city: LargeCity, months: int, say: Say) -> None:
    life = _founded(city, say=say)
    life.workers = 2
    former_customers()
    refresh_statistics()
    live(life, city, months=months, say=say)
    refresh_statistics()


def _multiplied(copies: int) -> None:
    multiply(copies)
    refresh_statistics()


def _migrated(name: str) -> str:
    """The name of a kept city, once it has today's schema."""
    use_database(name)
    call_command("migrate", verbosity=0)
    connections.close_all()
    return name


def _drawn_hash() -> str:
    """Hash of what draws the large city."""
    digest = hashlib.sha256()
    for name in ("words", "city", "lived"):
        digest.update((Path(__file__).parent / "large" / f"{name}.py").read_bytes())
    return digest.hexdigest()[:6]


def _keep(name: str, prepare: Callable[[], None], *, say: Say, template: str = "template1") -> None:
    """Prepare a city in a database of its own, the first time it is asked for."""
    if _kept(name):
        return
    say(f"preparing {name} (kept for the next time)")
    with _server() as server:
        server.execute("DROP DATABASE IF EXISTS making WITH (FORCE)")
        server.execute(f"CREATE DATABASE making TEMPLATE {template}")
    use_database("making")
    prepare()
    connections.close_all()
    with _server() as server:
        server.execute(f"ALTER DATABASE making RENAME TO {name}")


def _program(name: str, *words: str) -> None:
    """Run a program of the embedded server's installation. Raises `subprocess.CalledProcessError`."""
    subprocess.run([packaged_bin() / name, *words], check=True, capture_output=True)


def _kept(template: str) -> bool:
    """Whether a prepared city is kept under this name."""
    with _server() as server:
        return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone() is not None


def _copy_of(
    kind: str, accounts: int, seed: int, prepare: Callable[..., None], *, say: Say, drawn: type[City] = City
) -> tuple[City, Staff, Life]:
    """A copy of a prepared city; it is prepared the first time and kept."""
    _in_one_cycle()
    template = f"{kind}_{schema_hash()}"
    city = drawn(accounts=accounts, seed=seed)
    _keep(template, partial(prepare, city, say=say), say=say)
    connections.close_all()
    with _server() as server:
        server.execute("DROP DATABASE IF EXISTS work WITH (FORCE)")
        server.execute(f"CREATE DATABASE work TEMPLATE {template}")
    use_database("work")
    life = _life(city)
    return city, life.staff, life


def _life(city: City) -> Life:
    """The life of a city that stands in the database we are pointed at."""
    staff = {name: user_named(name) for name in _STAFF}
    return Life(city, staff, Path(os.environ["METERBOOK_DATA_DIR"]) / "files")


def _in_one_cycle() -> None:
    """Read and bill the measured city on one day: one bill run of all its accounts."""
    plan = document("city")
    first = next(iter(plan["cycles"]))
    plan["cycles"] = {first: plan["cycles"][first]}
    for route in plan["routes"]:
        route["cycle"] = first


def _founded(city: City, *, say: Say) -> Life:
    call_command("migrate", verbosity=0)
    staff = found(city, password=os.urandom(12).hex(), tell=say)
    enact_policies(staff)
    return Life(city, staff, Path(os.environ["METERBOOK_DATA_DIR"]) / "files")


def _read(city: City, *, months: int, say: Say) -> None:
    life = _founded(city, say=say)
    hung = copy_out(
        "SELECT serial FROM metering_meter", [], {"serial": pl.String}
    )  # exchanges of the story do not happen
    for month in range(1, months + 1):
        life.today = max(CITY_ON, first_of(month))
        load_reads(life.act("billing", "benchmark"), reads=city.reads_frame(month).join(hung, on="serial", how="semi"))
    refresh_statistics()
    derive_all_usage(life.act("billing", "benchmark"), since=CITY_ON - timedelta(days=60))
    refresh_statistics()
    say(f"{months} months read")


def _prepare(city: City, *, months: int, say: Say) -> None:
    life = _founded(city, say=say)
    for month in range(1, months + 1):
        life.today = max(CITY_ON, first_of(month))
        load_reads(life.act("billing", "benchmark"), reads=city.reads_frame(month))
        refresh_statistics()
        if month < months:
            derive_all_usage(life.act("billing", "benchmark"), since=CITY_ON - timedelta(days=60))
            life.bill_month(month)
            say(f"month {month} billed")
