"""`meterbook bench pages`: how long pages take while some people work at once, over HTTP from a server of its own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from meterbook.demo.bench.cities import large_city
from meterbook.demo.bench.large.city import LIVED as LIVED_CYCLE
from meterbook.demo.bench.large.questions import questions
from meterbook.demo.bench.large.search import LIVED, MONTHS, percentiles
from meterbook.records.platform.queries import user_named

_HOST = "127.0.0.1"
#: People read what they asked for before they ask again: seconds, from and to.
_READING = (1.0, 5.0)
_START_SECONDS = 60
#: Of a hundred pages somebody at the counter opens.
_MIX = (("account", 45), ("as typed", 25), ("find", 10), ("bill", 10), ("accounts list", 5), ("payments list", 5))


def measure_pages(
    data_dir: Path, *, accounts: int, users: int, seconds: int, seed: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Let ``users`` people work for ``seconds``; what each page took on their side of the wire, by kind of page."""
    (data_dir / "files").mkdir(parents=True, exist_ok=True)
    large_city(accounts, months=MONTHS, lived=LIVED, say=say, copied=False)
    pages = _pages(seed)
    cookies = [_signed_in() for _ in range(users)]
    connection.close()
    before = os.getloadavg()[0]
    taken: list[tuple[str, float]] = []
    with serving(data_dir) as port:
        for name, _weight in _MIX:
            for address in pages[name][-3:]:
                _fetch(port, address, cookies[0])
        say(f"{users} people work for {seconds} s")
        ends = time.monotonic() + seconds
        people = [
            threading.Thread(target=_work, args=(port, cookie, pages, Random(seed + at), ends, taken))
            for at, cookie in enumerate(cookies)
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()
    kinds = {name: percentiles(spent for kind, spent in taken if kind == name) for name, _weight in _MIX}
    return {
        "accounts": accounts, "users": users, "pages": len(taken), "pages_per_s": round(len(taken) / seconds, 1),
        **percentiles(spent for _kind, spent in taken), "load": round(before, 1), "kinds": kinds,
    }  # fmt: skip


def _work(
    port: int, cookie: str, pages: dict[str, list[str]], random: Random, ends: float, taken: list[tuple[str, float]]
) -> None:
    names, weights = zip(*_MIX, strict=True)
    time.sleep(random.uniform(0, _READING[1]))
    while time.monotonic() < ends:
        kind = random.choices(names, weights)[0]
        taken.append((kind, _fetch(port, random.choice(pages[kind]), cookie)))
        time.sleep(random.uniform(*_READING))


def _fetch(port: int, address: str, cookie: str) -> float:
    """Ask for one page; the seconds until its last byte. Raises `RuntimeError` for anything but a page."""
    began = time.perf_counter()
    wire = http.client.HTTPConnection(_HOST, port, timeout=60)
    wire.request("GET", address, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    answer = wire.getresponse()
    answer.read()
    wire.close()
    if answer.status != 200:
        raise RuntimeError(f"{address} was answered with {answer.status}")
    return time.perf_counter() - began


def _signed_in() -> str:
    """A session of the customer service representative, as the browser keeps it."""
    client = Client()
    client.force_login(user_named("csr"))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _pages(seed: int) -> dict[str, list[str]]:
    """Addresses by kind of page: accounts with years behind them, their bills, questions as typed."""
    numbers = _column(
        "SELECT a.number FROM customers_account a JOIN places_cycle c ON c.id = a.cycle_id "
        "WHERE c.code = %s ORDER BY a.id",
        LIVED_CYCLE,
    )
    bills = _column(
        "SELECT b.id FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id JOIN places_cycle c "
        "ON c.id = r.cycle_id WHERE c.code = %s ORDER BY b.id DESC LIMIT 500",
        LIVED_CYCLE,
    )
    said = [question.text for question in questions(20, seed)]
    return {
        "account": [reverse("account", args=[number]) for number in numbers],
        "bill": [reverse("bill", args=[bill]) for bill in bills],
        "find": [f"{reverse('find')}?{urlencode({'q': text, 'stay': 1})}" for text in said],
        "as typed": [f"{reverse('find_as_typed')}?{urlencode({'q': text})}" for text in said],
        "accounts list": [reverse("accounts")],
        "payments list": [reverse("payment_batches")],
    }


def _column(sql: str, cycle: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [cycle])
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def serving(data_dir: Path) -> Iterator[int]:
    """`meterbook serve` in a process of its own, on the database we are pointed at; its port."""
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = int(free.getsockname()[1])
    words = ["serve", "--host", _HOST, "--port", str(port), "--no-worker", "--data-dir", str(data_dir)]
    process = subprocess.Popen(
        [sys.executable, "-m", "meterbook.config.main", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(_START_SECONDS * 4):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as knock:
            if knock.connect_ex((_HOST, port)) == 0:
                return
        time.sleep(0.25)
    raise RuntimeError("the server does not answer")
