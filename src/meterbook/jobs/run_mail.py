"""Handing a posted run to the printer: its bills printed in batches, recorded once all of them stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from procrastinate.contrib.django import app

from meterbook.jobs.bill_run import deferred
from meterbook.notices.bill import RunPrint, render_run
from meterbook.records.billing.queries import run_with_id
from meterbook.records.billing.stages.handoff import handed, unsent
from meterbook.records.billing.stages.operations.hand_off import AlreadyHandedOff, hand_off, restart_print
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_with_id

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun

Progress = Callable[[int, int], None]
PRINT = "print"
TASK, AGAIN = "meterbook.jobs.run_mail.mail", "meterbook.jobs.run_mail.again"


def mail_folder(run: BillRun) -> Path:
    """Where the office's own files of a run stand: in the data directory."""
    return Path(settings.DATA_DIR) / "mail" / run.number.replace("/", "-")


def start_hand_off(act: Act, run: BillRun) -> None:
    """Print and record in the background: the worker takes over from here."""
    if handed(run).whole:
        raise AlreadyHandedOff(f"run {run.number} was handed off already")
    deferred(TASK, f"mail-{run.pk}", run_id=run.pk, actor_id=act.actor.pk, reason=act.reason)


@app.task(name=TASK, queue="runs", retry=3)
def mail(run_id: int, actor_id: int, reason: str) -> None:
    """The worker's part: print what has not left yet, then record it."""
    run = run_with_id(run_id)
    mail_run(Act(user_with_id(actor_id), business_date(), reason=reason), run, mail_folder(run))


def start_printing_again(act: Act, run: BillRun, first_piece: int) -> None:
    """Print again from a piece on, in the background; the deed is done now. Raises `NoSuchPiece`."""
    restart_print(act, run=run, first_piece=first_piece)
    deferred(AGAIN, f"again-{run.pk}", run_id=run.pk, first_piece=first_piece)


@app.task(name=AGAIN, queue="runs", retry=3)
def again(run_id: int, first_piece: int) -> None:
    """The worker's part: the pieces from a number on, beside the files that were handed off."""
    run = run_with_id(run_id)
    _from(run, first_piece, mail_folder(run), None)


def mail_run(act: Act, run: BillRun, out: Path, *, told: Progress | None = None) -> RunPrint:
    """Print every piece of a posted run that has not left yet into ``out``, and record the hand-off.

    Safe to call again after any interruption: batches that stand are kept, and nothing is recorded before all stand.
    Raises `AlreadyHandedOff` and what `hand_off` refuses.
    """
    left = unsent(run)
    if not left and handed(run).begun:
        raise AlreadyHandedOff(f"run {run.number} was handed off already")
    wanted = None if len(left) == handed(run).bills else frozenset(left)
    printed = render_run(run.pk, out, wanted=wanted, progress=told)
    hand_off(act, run=run, channel=PRINT, files=printed.spans, apart=[f"{each}" for each in printed.isolated])
    return printed


def print_again(act: Act, run: BillRun, first_piece: int, out: Path, *, told: Progress | None = None) -> RunPrint:
    """Print a run that was handed off again from a piece on, the printer having jammed; the deed says so.

    The pieces come in the same order; whole files after the first are the same to the byte. Raises `NoSuchPiece`.
    """
    restart_print(act, run=run, first_piece=first_piece)
    return _from(run, first_piece, out, told)


def _from(run: BillRun, first_piece: int, out: Path, told: Progress | None) -> RunPrint:
    wanted = None if first_piece == 1 else frozenset(range(first_piece, handed(run).bills + 1))
    return render_run(run.pk, out, wanted=wanted, progress=told)
