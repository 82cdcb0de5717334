"""The acts that move a draft on: what each page says before, the deed, and what is said after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.operations.enact_rates import (
    billed_from,
    release_draft,
    return_draft,
    submit_draft,
)
from meterbook.records.platform.deeds import Act
from meterbook.records.rates.operations.withdraw_draft import recall_draft, withdraw_draft
from meterbook.web.kit import figures
from meterbook.web.kit.forms import ReasonForm, sent
from meterbook.web.rates.workbench.desk import Desk


class SubmitForm(ReasonForm):
    """Why; and, where bills were issued for days of the new rates, that the writer knows it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        billed = None if desk.tariff is None else billed_from(desk.draft.code, desk.tariff.versions[-1].effective)
        if billed is not None:
            known = gettext(
                "%(n)s bills were issued already for days of these rates. They stay as they are; I know that."
            )
            self.fields["reaches_back"] = forms.BooleanField(
                label=known % {"n": figures.count(billed.bills)}, required=False
            )


class DecideForm(ReasonForm):
    """Why; with the state and the request that were looked at, so that nothing else is decided on."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    approval = forms.IntegerField(widget=forms.HiddenInput)


def act_form(deed: DraftAct, desk: Desk, request: HttpRequest) -> forms.Form:
    """The form of an act on this draft; it carries what the page before it showed."""
    typed = sent(request)
    if deed.form is SubmitForm:
        return SubmitForm(desk, typed, initial={"revision": desk.revision.sequence})
    if deed.form is DecideForm:
        seen = {"revision": desk.revision.sequence, "approval": desk.draft.approval_id}
        return DecideForm(typed, initial=seen | {key: request.GET[key] for key in seen if key in request.GET})
    return deed.form(typed)


@dataclass(frozen=True, slots=True)
class DraftAct:
    """One act on a draft: its words, its form, the state it needs, the deed, and what is said when it is done."""

    title: str | Promise
    button: str | Promise
    lead: str | Promise
    done: str | Promise
    kind: str
    states: tuple[str, ...]
    do: Callable[[Act, Desk, dict[str, Any]], Any]
    form: type[forms.Form] = ReasonForm
    main: bool = False
    dangerous: bool = False


ACTS = {
    "submit": DraftAct(
        title=_("Submit for release"),
        button=_("Submit"),
        lead=_(
            "A supervisor or the finance director who wrote nothing in this draft sees the differences, the golden "
            "bills and the revenue, and decides. Until then the text stays as it is."
        ),
        done=_("The draft waits for a second person."),
        kind="rates.submit_draft",
        states=("draft",),
        form=SubmitForm,
        do=lambda act, desk, given: submit_draft(
            act, draft=desk.draft, revision=given["revision"], reaches_back=given.get("reaches_back", False)
        ),
        main=True,
    ),
    "release": DraftAct(
        title=_("Release these rates"),
        button=_("Release"),
        lead=_(
            "From the first day of the new version on, every bill is charged by it. A released version is never "
            "changed again; another one can follow it."
        ),
        done=_("The rates are released."),
        kind="rates.release_draft",
        states=("submitted",),
        form=DecideForm,
        do=lambda act, desk, given: release_draft(
            act, draft=desk.draft, revision=given["revision"], approval=given["approval"]
        ),
        main=True,
    ),
    "return": DraftAct(
        title=_("Send back to its writer"),
        button=_("Send back"),
        lead=_("The writer reads your reason, puts it right and submits again."),
        done=_("The draft is with its writer again."),
        kind="rates.return_draft",
        states=("submitted",),
        form=DecideForm,
        do=lambda act, desk, given: return_draft(
            act, draft=desk.draft, revision=given["revision"], approval=given["approval"]
        ),
    ),
    "recall": DraftAct(
        title=_("Take out of review"),
        button=_("Take out of review"),
        lead=_("You go on writing; the request is withdrawn."),
        done=_("The draft can be written again."),
        kind="rates.recall_draft",
        states=("submitted",),
        do=lambda act, desk, given: recall_draft(act, draft=desk.draft),
    ),
    "withdraw": DraftAct(
        title=_("Withdraw this draft"),
        button=_("Withdraw"),
        lead=_("It will not be released. Everything written in it stays to read."),
        done=_("The draft is withdrawn."),
        kind="rates.withdraw_draft",
        states=("draft", "submitted"),
        do=lambda act, desk, given: withdraw_draft(act, draft=desk.draft),
        dangerous=True,
    ),
}
