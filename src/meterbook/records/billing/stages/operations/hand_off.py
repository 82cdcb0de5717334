"""Handing a posted run to the printer, once; and printing again from a piece on after the printer jammed."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.records.billing.kinds.mailed import mailed
from meterbook.records.billing.models import BillRun, RunHandoff
from meterbook.records.billing.operations.calculate_run import WrongStage
from meterbook.records.billing.stages.handoff import HandedFile, handed, held_twice, order_sha256
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Event
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class AlreadyHandedOff(ValueError):
    """The run's bills left by this channel already; print again from a piece on instead."""


class PiecesBroken(ValueError):
    """The files hold a piece twice, or one the run does not have."""


class NoSuchPiece(LookupError):
    """The run's mail has no piece of this number."""


class OrderChanged(ValueError):
    """Addresses changed since the hand-off: the pieces would come in another order, under other numbers."""


@operation("billing.hand_off", roles={BILLING, SUPERVISOR})
def hand_off(
    deed: Deed, *, run: BillRun, channel: str, files: Sequence[HandedFile], apart: Sequence[str] = ()
) -> list[RunHandoff]:
    """Record the files a posted run left the house in, for pieces that had not left yet.

    Pieces that are in no file, a bill that could not be printed, keep the run open; they can follow in a file of their
    own; ``apart`` names them for the log. Raises `WrongStage`, `AlreadyHandedOff`, `PiecesBroken`.
    """
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    if locked.status != BillRun.POSTED:
        raise WrongStage(f"run {locked.number} is {locked.status}; only what is posted is mailed")
    if handed(locked, channel).whole:
        raise AlreadyHandedOff(f"run {locked.number} was handed off already; restart it at a piece instead")
    ordered = sorted(files, key=lambda each: each.first_piece)
    if at := held_twice([*locked.handoffs.filter(channel=channel), *ordered], mailed(locked).count()):
        raise PiecesBroken(f"run {locked.number}: piece {at} is in two files, or there is none")
    made = RunHandoff.objects.bulk_create(
        RunHandoff(
            run=locked, channel=channel, file_name=each.name, sha256=each.sha256, first_piece=each.first_piece,
            pieces=each.pieces, pages=each.pages, deed=deed,
        )
        for each in ordered
    )  # fmt: skip
    tell(
        deed, "billing.run_handed_off", run=locked.pk, channel=channel, files=len(made),
        pieces=sum(each.pieces for each in made), pages=sum(each.pages for each in made), bills=mailed(locked).count(),
        order=order_sha256(locked), apart=list(apart),
    )  # fmt: skip
    return made


@operation("billing.restart_print", roles={BILLING, SUPERVISOR})
def restart_print(deed: Deed, *, run: BillRun, first_piece: int) -> None:
    """Say that a run is printed again from a piece on; nothing is handed off twice.

    Raises `WrongStage`, `NoSuchPiece`, `OrderChanged`.
    """
    mail = handed(run)
    if not mail.begun:
        raise WrongStage(f"run {run.number} was not handed off yet")
    last = mail.bills
    if not 1 <= first_piece <= last:
        raise NoSuchPiece(f"run {run.number} has pieces 1 to {last}, not {first_piece}")
    told = Event.objects.filter(kind="billing.run_handed_off", payload__run=run.pk).order_by("-pk").first()
    if first_piece > 1 and told is not None and told.payload.get("order") not in (None, order_sha256(run)):
        raise OrderChanged(f"run {run.number}: addresses changed since it was handed off; print it from piece 1")
    tell(deed, "billing.print_restarted", run=run.pk, first_piece=first_piece)
