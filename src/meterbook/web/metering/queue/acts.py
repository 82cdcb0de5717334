"""The decisions on a case: key, words, form, and the deed each one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.queue.operations.accept import accept_read, needs_approval, request_acceptance
from meterbook.records.metering.queue.operations.change import correct_read, estimate_read, reject_read
from meterbook.records.metering.queue.operations.own import (
    assign_exception,
    note_exception,
    release_exception,
    take_exception,
)
from meterbook.records.metering.queue.operations.pass_over import pass_read
from meterbook.records.metering.queue.operations.send_out import request_check, request_re_read
from meterbook.records.metering.queue.screens import items as queue
from meterbook.records.metering.queue.settings import queue_settings
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_named
from meterbook.web.kit.access import may
from meterbook.web.metering.queue import forms as asked


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One decision: the key that begins it, its words, its form if it asks anything, the deed, and what follows.

    ``for_read``, ``for_missing`` and ``for_intervals`` say for which kinds of item it is offered; ``stays`` that the
    case is still there afterwards.
    """

    name: str
    key: str
    title: str | Promise
    button: str | Promise
    done: str | Promise
    kind: str
    do: Callable[[Act, Any, dict[str, Any]], Any]
    form: type[forms.Form] | None = None
    lead: str | Promise = ""
    for_read: bool = True
    for_missing: bool = False
    for_intervals: bool = False
    stays: bool = False
    dangerous: bool = False


ALL = (
    CaseAct(
        "accept", "a", _("Accept"), _("Accept"), _("%(what)s is accepted as it came."), "metering.accept_read",
        lambda act, item, given: accept_read(act, item=item), for_intervals=True,
    ),
    CaseAct(
        "approval", "a", _("Ask to accept"), _("Ask a second person"),
        _("A second person has been asked about %(what)s."),
        "metering.request_acceptance", lambda act, item, given: request_acceptance(act, item=item), form=asked.Why,
        lead=_("So much is at risk that two people accept it: you ask, a supervisor or the finance director decides."),
    ),
    CaseAct(
        "correct", "c", _("Correct"), _("Put this value in force"), _("%(what)s is corrected."),
        "metering.correct_read",
        lambda act, item, given: correct_read(act, item=item, value=given["value"]), form=asked.CorrectForm,
        lead=_("The read as it came stays on record; the new value is a newer version of it."),
    ),
    CaseAct(
        "estimate", "e", _("Estimate"), _("Estimate"), _("%(what)s is estimated."), "metering.estimate_read",
        lambda act, item, given: estimate_read(act, item=item, method=given["method"]), form=asked.EstimateForm,
        for_missing=True,
    ),
    CaseAct(
        "re_read", "r", _("Re-read"), _("Ask for a re-read"), _("A re-read of %(what)s is asked for."),
        "metering.request_re_read",
        lambda act, item, given: request_re_read(act, item=item, due_on=given["due_on"]), form=asked.SendOutForm,
        for_missing=True, lead=_("The case waits until the field has answered."),
    ),
    CaseAct(
        "check", "d", _("Check the meter"), _("Send somebody to check"), _("Somebody is asked to check %(what)s."),
        "metering.request_check", lambda act, item, given: request_check(act, item=item, due_on=given["due_on"]),
        form=asked.SendOutForm, for_missing=True, for_intervals=True,
        lead=_("The case waits until the field has answered."),
    ),
    CaseAct(
        "reject", "x", _("Reject"), _("Reject this read"), _("%(what)s is rejected."), "metering.reject_read",
        lambda act, item, given: reject_read(act, item=item), form=asked.Why, dangerous=True,
        lead=_("Nothing takes its place: billing goes on waiting for a read of these days."),
    ),
    CaseAct(
        "pass", "p", _("No read is due"), _("No read is due"), _("%(what)s: no read is missing any more."),
        "metering.pass_read", lambda act, item, given: pass_read(act, item=item), form=asked.Why, for_read=False,
        for_missing=True,
        lead=_("For a meter that was taken down, or that nobody can read or estimate. Billing goes on without it."),
    ),
    CaseAct(
        "note", "n", _("Note"), _("Keep the note"), _("The note is kept."), "metering.note_exception",
        lambda act, item, given: note_exception(act, item=item), form=asked.NoteForm, for_missing=True,
        for_intervals=True, stays=True,
    ),
    CaseAct(
        "take", "o", _("Take"), _("Take"), _("The case is yours."), "metering.take_exception",
        lambda act, item, given: take_exception(act, item=item), for_missing=True, for_intervals=True, stays=True,
    ),
    CaseAct(
        "release", "o", _("Give back"), _("Give back"), _("The case is everybody's again."),
        "metering.release_exception", lambda act, item, given: release_exception(act, item=item), for_missing=True,
        for_intervals=True, stays=True,
    ),
    CaseAct(
        "assign", "s", _("Assign"), _("Assign"), _("The case is assigned."), "metering.assign_exception",
        lambda act, item, given: assign_exception(act, item=item, owner=user_named(given["owner"])),
        form=asked.OwnerForm, for_missing=True, for_intervals=True, stays=True,
    ),
)  # fmt: skip
ACTS = {each.name: each for each in ALL}


def offered(request: HttpRequest, item: Any) -> list[CaseAct]:
    """The decisions this reader may take on this item, in the order of their buttons."""
    if item.state == "resolved":
        return [ACTS["note"]] if may(request, ACTS["note"].kind) else []
    mine = item.owner_id == request.user.pk
    second = needs_approval(item, business_date())
    hidden = {"take" if mine else "release", "accept" if second else "approval"}
    return [each for each in ALL if each.name not in hidden and fits(each, item) and may(request, each.kind)]


def fits(each: CaseAct, item: Any) -> bool:
    """Whether there is something here this decision could be about."""
    if item.channel_id is not None:
        return each.for_intervals
    if item.read_id is None:
        return each.for_missing or (each.name == "accept" and item.source != "rules")
    return each.for_read


def ask_for_value(act: Act, item: Any, given: dict[str, Any]) -> Any:
    """Ask a second person whether a read may be corrected to a value."""
    return request_acceptance(act, item=item, value=given["value"])


def form_of(each: CaseAct, typed: QueryDict | None) -> forms.Form | None:
    """The form of a decision, as it was sent."""
    if each.form is None:
        return None
    if each.form is asked.SendOutForm:
        kind = "re_read" if each.name == "re_read" else "check_meter"
        today = business_date()
        return asked.SendOutForm(typed, due_on=queue_settings(today).due_on(kind, today), first=today)
    if each.form is asked.OwnerForm:
        people = [(person.username, str(person)) for person in queue.workers(business_date())]
        return asked.OwnerForm(typed, people=people)
    return each.form(typed)
