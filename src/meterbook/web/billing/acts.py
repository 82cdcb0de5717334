"""The acts of a bill run: what each page says before, what it does, and where it goes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.jobs.bill_run import restart_calculation, resume_calculation, start_calculation
from meterbook.jobs.run_mail import start_hand_off, start_printing_again
from meterbook.jobs.run_reports import post_and_keep, start_keeping
from meterbook.records.billing.operations import cancel_run
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.billing.stages.operations.close_run import close_run
from meterbook.records.billing.stages.operations.pause_run import pause_run
from meterbook.records.billing.stages.operations.recalculate_run import recalculate_run
from meterbook.records.platform.deeds import Act
from meterbook.web.billing.forms import FromPiece, NoQuestion, ReasonForm


@dataclass(frozen=True, slots=True)
class RunAct:
    """One act on a run: its words, its form, the deed, and what is said when it is done."""

    title: str | Promise
    button: str | Promise
    lead: str | Promise
    done: str | Promise
    form: type[forms.Form]
    do: Callable[[Act, Any, dict[str, Any]], Any]
    dangerous: bool = False


ACTS = {
    "calculate": RunAct(
        title=_("Calculate this run"),
        button=_("Calculate"),
        lead=_("Every account of the cycle is gathered, priced and explained. Nothing is posted, nothing is mailed."),
        done=_("Calculation has begun. This page shows how far it is."),
        form=NoQuestion,
        do=lambda act, run, _given: start_calculation(act, run),
    ),
    "pause": RunAct(
        title=_("Pause this run"),
        button=_("Pause"),
        lead=_("The calculation stops before its next part. What is calculated stays; it goes on from there."),
        done=_("The run pauses before its next part."),
        form=ReasonForm,
        do=lambda act, run, _given: pause_run(act, run=run),
    ),
    "resume": RunAct(
        title=_("Go on with this run"),
        button=_("Go on"),
        lead=_("The calculation goes on at the part it was paused before."),
        done=_("The calculation goes on."),
        form=NoQuestion,
        do=lambda act, run, _given: resume_calculation(act, run),
    ),
    "restart": RunAct(
        title=_("Start the calculation again"),
        button=_("Start again"),
        lead=_(
            "The worker that calculated this run has stopped. Another takes over where it was; nothing is done twice."
        ),
        done=_("The calculation was handed to another worker."),
        form=ReasonForm,
        do=lambda act, run, _given: restart_calculation(act, run),
    ),
    "recalculate": RunAct(
        title=_("Do this run again"),
        button=_("Do it again"),
        lead=_(
            "Its bills and holds are taken back and the run is planned again, with the accounts and reads of "
            "now. "
            "An approval that was given no longer counts. The log stays."
        ),
        done=_("The run is planned again."),
        form=ReasonForm,
        do=lambda act, run, _given: recalculate_run(act, run=run),
        dangerous=True,
    ),
    "request": RunAct(
        title=_("Ask for approval"),
        button=_("Ask for approval"),
        lead=_("A supervisor who did not calculate this run sees these totals and decides."),
        done=_("A supervisor has been asked."),
        form=ReasonForm,
        do=lambda act, run, _given: request_posting(act, run=run),
    ),
    "post": RunAct(
        title=_("Post this run"),
        button=_("Post run"),
        lead=_(
            "Posting books every bill below, in one step, as receivables on its account. It cannot be undone; a wrong "
            "bill is corrected by a later one."
        ),
        done=_("The run is posted. Its reports are being kept."),
        form=NoQuestion,
        do=lambda act, run, _given: post_and_keep(act, run),
        dangerous=True,
    ),
    "reports": RunAct(
        title=_("Keep this run's reports"),
        button=_("Keep the reports"),
        lead=_("The reports of this run are computed from its rows, hashed, and kept with it for good."),
        done=_("The reports are being kept."),
        form=NoQuestion,
        do=lambda act, run, _given: start_keeping(act, run),
    ),
    "handoff": RunAct(
        title=_("Hand this run to the printer"),
        button=_("Hand to the printer"),
        lead=_(
            "Every bill is printed as a numbered piece, in the order of the mail, and the pieces are counted against "
            "the bills. Nobody on record asks for bills by e-mail yet, so all are printed."
        ),
        done=_("The bills are being printed."),
        form=NoQuestion,
        do=lambda act, run, _given: start_hand_off(act, run),
    ),
    "reprint": RunAct(
        title=_("Print again from a piece"),
        button=_("Print again"),
        lead=_("The printer jammed: the pieces from this number on are printed again, in the same order."),
        done=_("The pieces are being printed again."),
        form=FromPiece,
        do=lambda act, run, given: start_printing_again(act, run, given["piece"]),
    ),
    "close": RunAct(
        title=_("Close this run"),
        button=_("Close run"),
        lead=_(
            "Bills, lines and cents are counted again from the books, the pieces against the bills, the kept reports "
            "against their hashes. A run that agrees is closed for good."
        ),
        done=_("The run is closed."),
        form=ReasonForm,
        do=lambda act, run, _given: close_run(act, run=run),
    ),
    "cancel": RunAct(
        title=_("Cancel this run"),
        button=_("Cancel run"),
        lead=_("Its bills and holds are taken back as if they had never been made. The cycle can be planned again."),
        done=_("The run is cancelled."),
        form=ReasonForm,
        do=lambda act, run, _given: cancel_run(act, run=run),
        dangerous=True,
    ),
}
