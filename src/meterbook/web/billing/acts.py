"""The acts of a bill run: what each page says before, what it does, and where it goes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.jobs.bill_run import start_calculation
from meterbook.records.billing.operations import cancel_run, post_run
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.platform.deeds import Act
from meterbook.web.billing.forms import NoQuestion, ReasonForm


@dataclass(frozen=True, slots=True)
class RunAct:
    """One act on a run: its words, its form, the deed, and what is said when it is done."""

    title: str | Promise
    button: str | Promise
    lead: str | Promise
    done: str | Promise
    form: type[forms.Form]
    do: Callable[[Act, Any], Any]
    dangerous: bool = False


ACTS = {
    "calculate": RunAct(
        title=_("Calculate this run"),
        button=_("Calculate"),
        lead=_("Every account of the cycle is gathered, priced and explained. Nothing is posted, nothing is mailed."),
        done=_("Calculation has begun. This page shows how far it is."),
        form=NoQuestion,
        do=lambda act, run: start_calculation(act, run),
    ),
    "request": RunAct(
        title=_("Ask for approval"),
        button=_("Ask for approval"),
        lead=_("A supervisor who did not calculate this run sees these totals and decides."),
        done=_("A supervisor has been asked."),
        form=ReasonForm,
        do=lambda act, run: request_posting(act, run=run),
    ),
    "post": RunAct(
        title=_("Post this run"),
        button=_("Post run"),
        lead=_(
            "Posting books every bill below, in one step, as receivables on its account. It cannot be undone; a wrong "
            "bill is corrected by a later one."
        ),
        done=_("The run is posted."),
        form=NoQuestion,
        do=lambda act, run: post_run(act, run=run),
        dangerous=True,
    ),
    "cancel": RunAct(
        title=_("Cancel this run"),
        button=_("Cancel run"),
        lead=_("Its bills and holds are taken back as if they had never been made. The cycle can be planned again."),
        done=_("The run is cancelled."),
        form=ReasonForm,
        do=lambda act, run: cancel_run(act, run=run),
        dangerous=True,
    ),
}
