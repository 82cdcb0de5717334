"""A bill run killed at a moment nobody chose and gone on with: counted by SQL that knows nothing of the run's code."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from meterbook.demo.bench.crash.counting import Left, compared, left_in
from meterbook.demo.bench.crash.trial import Job, finish

pytestmark = pytest.mark.django_db


def ready(office: Any) -> tuple[Job, str]:
    """November of C1, read and not planned: what is to be done, and the address of its database."""
    office.read("C1", 3)
    day = office.bill_day("C1", 3)
    office.advance(max(office.today, day))
    return Job("meterbook.cli.bill_day", ("C1", day.isoformat(), "4")), os.environ["DATABASE_URL"]


def planted(url: str, undisturbed: Left, sql: str) -> tuple[int, int, int]:
    """Duplicates, gaps and cents that are found once somebody changed the books behind the program's back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        assert cursor.rowcount == 1
    found = compared(url, undisturbed)
    assert found.told
    return found.duplicates, found.gaps, found.cents_off


def test_killed_at_a_random_moment_and_gone_on_with(
    another: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METERBOOK_DATA_DIR", str(tmp_path / "undisturbed"))
    with another() as office:
        job, url = ready(office)
        seconds = finish(job, url)
        undisturbed = left_in(url)
    kinds = {what for what, _ in undisturbed}
    assert {"run", "bill", "segment", "line", "entry", "item", "days", "unbilled"} <= kinds
    monkeypatch.setenv("METERBOOK_DATA_DIR", str(tmp_path / "killed"))
    with another() as office:
        job, url = ready(office)
        assert compared(url, undisturbed).gaps > 100, "nothing is billed yet"
        worker = job.process(url)
        time.sleep(random.Random(4).uniform(0.2, 0.6) * seconds)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate()
        assert worker.returncode == -signal.SIGKILL, "it was at work"
        finish(job, url)
        assert compared(url, undisturbed).told == []
        assert compared(url, undisturbed).right
        newest = "(SELECT max(id) FROM ledger_openitem WHERE source_kind = 'bill')"
        more = f"UPDATE ledger_openitem SET amount_cents = amount_cents + 1 WHERE id = {newest}"
        assert planted(url, undisturbed, more) == (0, 0, 1)
        again = """
            INSERT INTO billing_line (run_id, id, segment_id, seq, component, part, version, starts, ends, quantity_e6,
                   price_e8, amount_cents)
            SELECT run_id, nextval('billing_line_id_seq'), segment_id, seq, component, part, version, starts, ends,
                   quantity_e6, price_e8, amount_cents
              FROM billing_line WHERE amount_cents > 0 ORDER BY id DESC LIMIT 1"""
        duplicates, gaps, cents_off = planted(url, undisturbed, again)
        assert (duplicates, gaps) == (1, 0)
        assert cents_off > 1
