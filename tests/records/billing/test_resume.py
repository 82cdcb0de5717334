"""A run survives being killed: what was committed stays, the rest is done again, and the bills are the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from meterbook.records.billing.calculate import calculate_chunk, progress
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.ledger.check import check_laws

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
SRC = Path(__file__).resolve().parents[3] / "src"

#: Calculates a run and kills itself, with no chance to tidy up, when the third chunk ends the stage it is given.
VICTIM = """
import os, signal, sys
import django
django.setup()
from meterbook.jobs import bill_run
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import user_named
run = bill_run.run_with_id(int(sys.argv[1]))
calculated, begun = bill_run.calculate_chunk, []
def until_killed(run, chunk, tariffs=None, **ignored):
    begun.append(chunk.number)
    def lap(stage):
        if len(begun) == 3 and stage == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)
    return calculated(run, chunk, tariffs, lap=lap)
bill_run.calculate_chunk = until_killed
bill_run.calculate_all(Act(user_named("billing"), run.bill_date), run)
"""


def by_natural_keys(run: BillRun, rows: Rows) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a run made, without surrogate ids and timestamps."""
    own = f"_run_{run.pk}" if run.status != BillRun.POSTED else ""
    mine = f"run_id = {run.pk}"
    return {
        "bills": rows(f"""
            SELECT number, bill_date, due_date, starts, ends, previous_cents, payments_cents, adjustments_cents,
                   current_cents FROM billing_bill WHERE {mine} ORDER BY number"""),
        "segments": rows(f"""
            SELECT b.number, p.code, c.code, d.sha256, s.commodity, s.starts, s.ends, s.estimated, s.inputs::text,
                   s.amount_cents
              FROM billing_segment{own} s JOIN billing_bill b ON b.id = s.bill_id
              JOIN places_servicepoint p ON p.id = s.service_point_id JOIN rates_schedule c ON c.id = s.schedule_id
              JOIN platform_document d ON d.id = s.document_id WHERE s.{mine} ORDER BY 1, 2, 6"""),
        "lines": rows(f"""
            SELECT b.number, p.code, s.starts, l.seq, l.component, l.part, l.version, l.starts, l.ends, l.quantity_e6,
                   l.price_e8, l.amount_cents
              FROM billing_line{own} l JOIN billing_segment{own} s ON s.id = l.segment_id AND s.run_id = l.run_id
              JOIN billing_bill b ON b.id = s.bill_id JOIN places_servicepoint p ON p.id = s.service_point_id
             WHERE l.{mine} ORDER BY 1, 2, 3, 4"""),
        "holds": rows(f"""
            SELECT a.number, p.code, h.reason, h.detail, h.owner, h.since
              FROM billing_hold h JOIN customers_account a ON a.id = h.account_id
              JOIN places_servicepoint p ON p.id = h.service_point_id WHERE h.{mine} ORDER BY 1, 2"""),
    }  # fmt: skip


def planned(office: Any) -> BillRun:
    """November of C1, in chunks of three, with one meter's read missing so that there are holds too."""
    meter = office.city.meters.filter(commodity="water", key="late_payer")["serial"][0]
    office.read("C1", 3, without=meter)
    run: BillRun = office.plan("C1", 3, chunk_accounts=3)
    assert run.chunks.count() == 5
    return run


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    """Room for what the run makes when nobody disturbs it, worked out once for this module."""
    return {}


def undisturbed_run(another: Callable[[], Any], rows: Rows, kept: dict[str, Any]) -> dict[str, Any]:
    if not kept:
        with another() as office:
            run = office.calculate(planned(office))
            kept |= {
                "made": by_natural_keys(run, rows), "totals": run.totals, "inputs": run.inputs_sha256,
                "chunks": list(run.chunks.order_by("number").values_list("inputs_sha256", flat=True)),
            }  # fmt: skip
            assert len(kept["made"]["bills"]) == 14
            assert len(kept["made"]["holds"]) == 5
            assert kept["made"]["lines"]
    return kept


@pytest.mark.parametrize("stage", ["gather", "price and explain", "store"])
def test_killed_in_the_middle_and_run_again(
    another: Callable[[], Any], rows: Rows, undisturbed: dict[str, Any], stage: str
) -> None:
    expected = undisturbed_run(another, rows, undisturbed)
    with another() as office:
        run = planned(office)
        died = subprocess.run(
            [sys.executable, "-c", VICTIM, str(run.pk), stage],
            env={**os.environ, "PYTHONPATH": str(SRC)}, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert died.returncode == -signal.SIGKILL, died.stderr
        run.refresh_from_db()
        done = list(run.chunks.filter(done_at__isnull=False).order_by("number").values_list("number", flat=True))
        assert done == [0, 1], "two chunks committed, the third left nothing"
        assert run.bills.count() < 14
        assert run.status == BillRun.PLANNED
        assert progress(run) == (6, 15)

        run = office.calculate(run)
        assert by_natural_keys(run, rows) == expected["made"]
        assert run.totals == expected["totals"]
        assert run.inputs_sha256 == expected["inputs"]
        assert list(run.chunks.order_by("number").values_list("inputs_sha256", flat=True)) == expected["chunks"]
        posted = office.post(run)
        assert posted.totals["completeness"]["held"] == 5
        assert [law.name for law in check_laws() if not law.holds] == []


def test_two_processes_make_what_one_makes(another: Callable[[], Any], rows: Rows, undisturbed: dict[str, Any]) -> None:
    expected = undisturbed_run(another, rows, undisturbed)
    with another() as office:
        seen: list[tuple[int, int]] = []
        run = office.calculate(planned(office), workers=2, told=lambda done, of: seen.append((done, of)))
        assert by_natural_keys(run, rows) == expected["made"]
        assert (run.totals, run.inputs_sha256) == (expected["totals"], expected["inputs"])
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert seen[-1] == (15, 15)


def test_how_a_run_is_cut_changes_nothing(office: Any, rows: Rows) -> None:
    """The same bills in one chunk as in five; only the hash, which is over chunks, is another."""
    run = planned(office)
    made = office.calculate(run)
    in_five = by_natural_keys(made, rows)
    cancel_run(office.act("billing"), run=made)
    whole = office.calculate(office.plan("C1", 3))
    assert whole.chunks.count() == 1
    assert by_natural_keys(whole, rows) == in_five


def test_a_done_chunk_is_done_once(office: Any, rows: Rows) -> None:
    run = office.calculate(planned(office))
    before = by_natural_keys(run, rows)
    assert [calculate_chunk(run, chunk) for chunk in run.chunks.all()] == [False] * 5
    assert by_natural_keys(run, rows) == before


def test_calculating_the_same_inputs_again_gives_the_same_bits(office: Any, rows: Rows) -> None:
    """A posted run's figures follow from its sealed inputs: the same reads in another copy seal the same hash."""
    run = office.calculate(planned(office))
    first = (run.inputs_sha256, run.code_sha256, by_natural_keys(run, rows))
    cancel_run(office.act("billing"), run=run)
    again = office.calculate(office.plan("C1", 3, chunk_accounts=3))
    assert (again.inputs_sha256, again.code_sha256, by_natural_keys(again, rows)) == first
