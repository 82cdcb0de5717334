"""A run's day in the office: the worker dies, Rosa pauses over lunch, the printer jams, nothing closes by mistake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.records.billing.stages.press import in_fives

from meterbook import reports
from meterbook.jobs import bill_run
from meterbook.jobs.run_mail import mail_run, print_again
from meterbook.jobs.run_reports import keep_run_reports
from meterbook.records.billing.calculate import calculate_chunk, progress, unfinished_chunks
from meterbook.records.billing.models import BillRun, RunClosing, RunHandoff
from meterbook.records.billing.operations.calculate_run import WrongStage, start_calculation
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.post_run import NotApproved, post_run
from meterbook.records.billing.stages.books import obstacles
from meterbook.records.billing.stages.due import due_runs
from meterbook.records.billing.stages.handoff import HandedFile, handed, pieces, unsent
from meterbook.records.billing.stages.kept import KEPT, Altered, kept
from meterbook.records.billing.stages.log import log_of
from meterbook.records.billing.stages.operations.close_run import AlreadyClosed, CannotClose, close_run
from meterbook.records.billing.stages.operations.hand_off import (
    AlreadyHandedOff,
    NoSuchPiece,
    OrderChanged,
    PiecesBroken,
    hand_off,
)
from meterbook.records.billing.stages.operations.pause_run import pause_run, restart_run, resume_run
from meterbook.records.billing.stages.operations.recalculate_run import NothingCalculated, recalculate_run
from meterbook.records.billing.stages.pace import is_begun, pace
from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Approval

pytestmark = pytest.mark.django_db
SRC = Path(__file__).resolve().parents[4] / "src"
Rows = Callable[..., list[tuple[Any, ...]]]
#: A worker that is killed, with no chance to tidy up, as it begins its third chunk.
WORKER = """
import os, signal, sys
import django
django.setup()
from meterbook.jobs import bill_run
calculated, begun = bill_run.calculate_chunk, []
def until_killed(run, chunk, tariffs=None, **more):
    begun.append(chunk.number)
    if len(begun) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return calculated(run, chunk, tariffs, **more)
bill_run.calculate_chunk = until_killed
bill_run.calculate(int(sys.argv[1]), int(sys.argv[2]))
"""


def planned(office: Any, **more: Any) -> BillRun:
    office.read("C1", 3)
    run: BillRun = office.plan("C1", 3, **{"chunk_accounts": 4, **more})
    return run


def posted(office: Any) -> BillRun:
    run: BillRun = office.post(office.calculate(planned(office)))
    return run


def again(run: BillRun) -> BillRun:
    return BillRun.objects.get(pk=run.pk)


def as_if_printed(run: BillRun, *, without: int = 0) -> list[HandedFile]:
    """Files of ten pieces each, two pages a piece, as the printer would get them; one piece left out if asked."""
    files = []
    for start in range(1, run.bills.count() + 1, 10):
        last = min(start + 9, run.bills.count())
        spans = [(start, last)]
        if start <= without <= last:
            spans = [(a, b) for a, b in ((start, without - 1), (without + 1, last)) if a <= b]
        files += [HandedFile(f"f{start}.pdf", a, b - a + 1, 2 * (b - a + 1), "0" * 64) for a, b in spans]
    return files


def test_the_worker_is_killed_at_chunk_two_and_the_run_goes_on(open_office: Any) -> None:
    run = planned(open_office)
    billing = open_office.staff["billing"]
    start_calculation(open_office.act("billing"), run=run)
    died = subprocess.run(
        [sys.executable, "-c", WORKER, str(run.pk), str(billing.pk)],
        env={**os.environ, "PYTHONPATH": str(SRC)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert progress(run) == (8, 15)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_runchunk SET done_at = done_at - interval '12 minutes' WHERE run_id = %s", [run.pk]
        )
    halted = pace(run, halted_after=0)
    assert halted.state == "halted" and halted.stuck, "a silent run says so"
    bill_run.restart_calculation(open_office.act("supervisor", "the worker died"), run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = %s", [f"run-{run.pk}"])
        assert cursor.fetchone()[0] == 1
    assert pace(run).state == "waiting"
    bill_run.calculate(run.pk, billing.pk)
    assert again(run).status == BillRun.CALCULATED and progress(run) == (15, 15)
    assert [entry.kind for entry in log_of(run)][-2:] == ["billing.restart_run", "billing.seal_run"]


def test_rosa_pauses_the_run_over_lunch(office: Any) -> None:
    run = planned(office)
    seen: list[tuple[int, int]] = []

    def lunch(done: int, of: int) -> None:
        seen.append((done, of))
        if len(seen) == 2:
            pause_run(office.act("supervisor", "lunch"), run=run)

    left = office.calculate(run, told=lunch)
    assert left.status == BillRun.PLANNED and progress(run) == (8, 15), "it stopped before the next chunk"
    stands = pace(again(run))
    assert stands.state == "paused" and not stands.stuck
    with pytest.raises(WrongStage, match="paused"):
        pause_run(office.act("billing"), run=run)
    assert office.calculate(again(run)).status == BillRun.PLANNED, "a worker that comes along leaves it alone"
    assert progress(run) == (8, 15)
    resume_run(office.act("billing", "back from lunch"), run=run)
    assert office.calculate(again(run)).status == BillRun.CALCULATED
    told = {entry.kind: (entry.who, entry.why) for entry in log_of(run)}
    assert told["billing.pause_run"][1] == "lunch" and told["billing.resume_run"][1] == "back from lunch"
    with pytest.raises(WrongStage, match="not being calculated"):
        pause_run(office.act("billing"), run=run)


def test_two_processes_stop_for_lunch_too(open_office: Any) -> None:
    run = planned(open_office, chunk_accounts=2)
    paused = threading.Event()

    def lunch(_done: int, _of: int) -> None:
        if not paused.is_set():
            paused.set()
            pause_run(open_office.act("supervisor", "lunch"), run=run)

    left = open_office.calculate(run, workers=2, told=lunch)
    assert left.status == BillRun.PLANNED and 0 < progress(run)[0] < 15
    resume_run(open_office.act("billing"), run=run)
    assert open_office.calculate(again(run), workers=2).status == BillRun.CALCULATED


def test_doing_it_again_leaves_no_trace_but_the_log(office: Any, rows: Rows) -> None:
    run = planned(office)
    with pytest.raises(NothingCalculated):
        recalculate_run(office.act("billing"), run=run)
    made = office.approve(office.calculate(run))
    first = (made.totals, made.inputs_sha256)
    recalculate_run(office.act("billing", "a read was corrected"), run=run)
    back = again(run)
    assert (back.status, back.totals, back.inputs_sha256, back.approval) == (BillRun.PLANNED, {}, "", None)
    assert not is_begun(back) and not back.bills.exists() and not back.holds.exists()
    assert rows("SELECT to_regclass(%s), to_regclass(%s)", [f"billing_segment_run_{run.pk}",
                                                           f"billing_line_run_{run.pk}"]) == [(None, None)]  # fmt: skip
    assert len(unfinished_chunks(back)) == back.chunks.count() == 4
    assert {"billing.plan_run", "billing.seal_run", "platform.decide_approval", "billing.recalculate_run"} <= {
        entry.kind for entry in log_of(back)
    }
    redone = office.calculate(back)
    assert (redone.totals, redone.inputs_sha256) == first
    with pytest.raises(NotApproved):
        post_run(office.act("billing"), run=redone)
    assert office.post(redone).status == BillRun.POSTED
    with pytest.raises(WrongStage):
        recalculate_run(office.act("billing"), run=run)


def test_an_approval_that_waits_is_withdrawn(office: Any) -> None:
    from meterbook.records.billing.operations.post_run import request_posting

    run = office.calculate(planned(office))
    asked = request_posting(office.act("billing"), run=run)
    recalculate_run(office.act("billing", "wrong reads"), run=run)
    assert Approval.objects.get(pk=asked.pk).status == Approval.WITHDRAWN


def test_an_account_opened_meanwhile_is_in_the_run_that_is_done_again(office: Any) -> None:
    run = planned(office)
    office.calculate(run)
    before = sum(chunk.accounts for chunk in run.chunks.all())
    other = Account.objects.exclude(cycle=run.cycle).first()
    assert other is not None
    other.cycle = run.cycle
    other.save()
    recalculate_run(office.act("billing", "one more account"), run=run)
    assert sum(chunk.accounts for chunk in again(run).chunks.all()) == before + 1


def test_a_cancelled_run_stops_its_worker(office: Any) -> None:
    run = planned(office)
    start_calculation(office.act("billing"), run=run)
    chunk = unfinished_chunks(run)[0]
    cancel_run(office.act("billing", "wrong cycle"), run=run)
    assert not calculate_chunk(run, chunk), "the chunk is gone; nothing is written"
    assert again(run).status == BillRun.CANCELLED
    assert [entry.kind for entry in log_of(run)] == [
        "billing.plan_run", "billing.start_calculation", "billing.cancel_run",
    ]  # fmt: skip
    with pytest.raises(WrongStage):
        restart_run(office.act("billing"), run=again(run))


def test_what_the_calendar_says_is_due_is_listed_until_it_is_planned(office: Any) -> None:
    due = due_runs(office.today)
    assert due == [], "the months of 2024 were billed before there was a calendar"


def test_a_run_whose_pieces_do_not_match_cannot_close(office: Any) -> None:
    run = posted(office)
    with pytest.raises(CannotClose, match=r"reports are not kept yet.*not handed to the printer"):
        close_run(office.act("billing"), run=run)
    assert keep_run_reports(office.act("billing"), run) == list(KEPT)
    assert keep_run_reports(office.act("billing"), run) == []
    hand_off(office.act("billing"), run=run, channel="print", files=as_if_printed(run, without=7))
    assert unsent(run) == [7]
    with pytest.raises(CannotClose, match="14 pieces were handed off for 15 bills") as refused:
        close_run(office.act("supervisor"), run=run)
    assert [each.name for each in refused.value.obstacles] == ["pieces"]
    with pytest.raises(PiecesBroken, match="piece 6"):
        hand_off(office.act("billing"), run=run, channel="print", files=[HandedFile("x.pdf", 6, 2, 4, "1" * 64)])
    hand_off(office.act("billing"), run=run, channel="print", files=[HandedFile("x.pdf", 7, 1, 2, "1" * 64)])
    closing = close_run(office.act("supervisor", "all mailed"), run=run)
    assert (closing.totals["pieces"], closing.totals["pages"], closing.totals["bills"]) == (15, 30, 15)
    assert closing.totals["cents"] == closing.totals["booked_cents"] == run.totals["cents"]
    assert set(closing.totals["reports"]) == set(KEPT)
    with pytest.raises(AlreadyClosed):
        close_run(office.act("supervisor"), run=run)
    with pytest.raises(AlreadyHandedOff):
        hand_off(office.act("billing"), run=run, channel="print", files=as_if_printed(run))
    assert [entry.kind for entry in log_of(run)][-1] == "billing.close_run"


def test_what_was_not_posted_is_neither_mailed_nor_closed(office: Any) -> None:
    run = office.calculate(planned(office))
    with pytest.raises(WrongStage):
        hand_off(office.act("billing"), run=run, channel="print", files=[])
    with pytest.raises(CannotClose, match="not posted"):
        close_run(office.act("billing"), run=run)
    with pytest.raises(WrongStage):
        keep_run_reports(office.act("billing"), run)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("UPDATE {line} SET amount_cents = amount_cents + 1 WHERE id = (SELECT min(id) FROM {line})",
         "The lines add up"),
        ("INSERT INTO billing_unbilled (run_id, service_point_id, outcome, reason) SELECT {run}, min(service_point_id),"
            " 'held', 'x' FROM billing_segment WHERE run_id = {run}",
         "billed and left out"),
        ("UPDATE {entry} SET amount_cents = amount_cents + 5 WHERE id = (SELECT min(id) FROM {entry})",
         "The ledger has"),
        ("UPDATE billing_runreport SET rows = '[]' WHERE run_id = {run} AND name = 'control_totals'",
         "Kept reports were altered: control_totals"),
    ],
)  # fmt: skip
def test_a_run_the_books_disagree_with_cannot_close(office: Any, fault: str, says: str) -> None:
    """What no operation can do, done past every guard: the count from the books still finds it."""
    run = posted(office)
    keep_run_reports(office.act("billing"), run)
    hand_off(office.act("billing"), run=run, channel="print", files=as_if_printed(run))
    assert obstacles(again(run)) == []
    names = {name: f"{table}_run_{run.pk}" for name, table in (("line", "billing_line"), ("entry", "ledger_entry"))}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(fault.format(run=run.pk, **names))
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(CannotClose, match=says):
        close_run(office.act("supervisor"), run=again(run))
    assert not RunClosing.objects.filter(run=run).exists()


def test_the_printer_jams_at_piece_seven(office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces are numbered as they are mailed; a restart prints the same ones in the same order."""
    in_fives(monkeypatch)
    run = posted(office)
    printed = mail_run(office.act("billing"), run, tmp_path / "mail")
    mail = handed(run)
    assert mail.whole and mail.pieces == printed.bills == 15
    assert [(each.first_piece, each.pieces) for each in mail.files] == [(1, 5), (6, 5), (11, 5)]
    order = [piece.bill_number for piece in pieces(run)]
    assert order == [number for file in printed.files for number in file.read_text().split()]

    with pytest.raises(NoSuchPiece):
        print_again(office.act("billing"), run, 16, tmp_path / "again")
    rest = print_again(office.act("billing", "jammed"), run, 7, tmp_path / "again")
    assert [number for file in rest.files for number in file.read_text().split()] == order[6:]
    assert next(file.name for file in rest.files).endswith("-0002-from-7.pdf")
    assert rest.files[1].read_bytes() == printed.files[2].read_bytes(), "the files after the first are the same"
    assert RunHandoff.objects.filter(run=run).count() == 3, "nothing is handed off twice"
    assert log_of(run)[-1].told["first_piece"] == 7
    with pytest.raises(AlreadyHandedOff):
        mail_run(office.act("billing"), run, tmp_path / "mail")
    moved = Account.objects.get(bills__number=order[0])
    moved.mail_lines = ["9 Far Street", "Far Away, AK 99999"]
    moved.save()
    with pytest.raises(OrderChanged):
        print_again(office.act("billing", "jammed again"), run, 7, tmp_path / "again")
    assert print_again(office.act("billing", "from the start"), run, 1, tmp_path / "whole").bills == 15


def test_kept_reports_are_shown_as_kept_and_an_altered_one_is_refused(office: Any) -> None:
    run = posted(office)
    live = {name: made_now(run, name) for name in KEPT}
    keep_run_reports(office.act("billing"), run)
    for name in KEPT:
        assert shown(office, run, name) == live[name], name
    found = kept(run, "control_totals")
    assert found is not None and found[1].sha256 == found[0].sha256
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE billing_runreport SET rows = '[]' WHERE run_id = %s", [run.pk])
    with pytest.raises(Altered):
        kept(run, "control_totals")


def made_now(run: BillRun, name: str) -> list[dict[str, Any]]:
    from meterbook.reports.asking import asked

    report = reports.report(name)
    return stripped(report.rows(asked(report, {"run": run.number}, run.bill_date)), report)


def shown(office: Any, run: BillRun, name: str) -> list[dict[str, Any]]:
    return made_now(run, name)


def stripped(rows: list[dict[str, Any]], report: Any) -> list[dict[str, Any]]:
    keys = [column.key for column in report.columns(None)]
    return [{key: row.get(key) for key in keys} for row in rows]
