"""The acts on a correction case: what each page says before, what it does, and when it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.records.corrections.operations.calculate_case import calculate_case
from meterbook.records.corrections.operations.decide_usage import decide_usage
from meterbook.records.corrections.operations.post_case import decide_case, post_case, request_case
from meterbook.records.corrections.operations.withdraw_case import withdraw_case
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.attach_file import attach_file
from meterbook.web.billing.forms import NoQuestion
from meterbook.web.corrections.forms import DecideUsage, Evidence
from meterbook.web.kit.forms import ReasonForm

#: States in which nothing is posted or ended yet.
OPEN = ("draft", "calculated", "requested", "approved")


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One act: its words, its form, the deed, the operation that permits it, and the states it is offered in."""

    title: str | Promise
    button: str | Promise
    lead: str | Promise
    done: str | Promise
    form: type[forms.Form]
    do: Callable[[Act, Any, Any], Any]
    kind: str
    states: tuple[str, ...]
    dangerous: bool = False


def _attach(act: Act, case: Any, form: Any) -> Any:
    file = form.cleaned_data["file"]
    return attach_file(
        act, subject=f"correctioncase:{case.pk}", file_name=file.name,
        content_type=file.content_type or "application/octet-stream", content=file.read(),
    )  # fmt: skip


ACTS = {
    "calculate": CaseAct(
        _("Calculate this case"), _("Calculate"),
        _("The days are billed again with the tariffs of those days and the facts as they are known now. Nothing is "
          "posted; what was calculated before is made anew, and an approval of it ends."),
        _("Calculated. This is what would change."), NoQuestion,
        lambda act, case, form: calculate_case(act, case=case), "corrections.calculate_case", OPEN,
    ),
    "request": CaseAct(
        _("Ask for approval"), _("Ask for approval"),
        _("Somebody else sees this diff and decides, within what their role may approve."),
        _("A second person has been asked."), ReasonForm, lambda act, case, form: request_case(act, case=case),
        "corrections.request_case", ("calculated",),
    ),
    "approve": CaseAct(
        _("Approve this correction"), _("Approve"),
        _("What you have seen on the case is what will post."), _("Approved."), ReasonForm,
        lambda act, case, form: decide_case(act, case=case, approve=True), "corrections.decide_case", ("requested",),
    ),
    "refuse": CaseAct(
        _("Refuse this correction"), pgettext_lazy("approval", "Refuse"),
        _("The case stays open and can be calculated again."), _("Refused."),
        ReasonForm, lambda act, case, form: decide_case(act, case=case, approve=False), "corrections.decide_case",
        ("requested",),
    ),
    "post": CaseAct(
        _("Post this correction"), _("Post"),
        _("Posting takes the old segments back and books the new ones, in one step. It cannot be undone; what is wrong "
          "then is corrected by another case."),
        _("The correction is posted."), NoQuestion, lambda act, case, form: post_case(act, case=case),
        "corrections.post_case", ("approved",), dangerous=True,
    ),
    "usage": CaseAct(
        _("Decide a usage"), _("Decide usage"),
        _("Where no read tells what was used, you say it: a total over whole billed periods. It is spread by days, "
          "priced in each period, and printed and sealed with your name and reason."),
        _("The usage is decided. Calculate the case to see what it changes."), DecideUsage,
        lambda act, case, form: decide_usage(act, case=case, **form.given()), "corrections.decide_usage",
        ("draft", "calculated"),
    ),
    "evidence": CaseAct(
        _("Add evidence"), _("Add evidence"), _("The file is kept with the case as it is."), _("The file is kept."),
        Evidence, _attach, "platform.attach_file", OPEN,
    ),
    "withdraw": CaseAct(
        _("Withdraw this case"), _("Withdraw"), _("The case ends. Nothing is posted, every bill stands as it is."),
        _("The case is withdrawn."), ReasonForm, lambda act, case, form: withdraw_case(act, case=case),
        "corrections.withdraw_case", OPEN, dangerous=True,
    ),
}  # fmt: skip
