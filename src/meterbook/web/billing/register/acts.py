"""Acting on marked or held accounts: what each act asks, says and does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.register import acting
from meterbook.records.billing.register.settings import hold_rules_on
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.forms import NoQuestion, ReasonForm
from meterbook.web.billing.register.said import owner_choices, reason_choices
from meterbook.web.kit.access import act, may
from meterbook.web.kit.forms import DayField, FormPage, form_page, sent


def _reasons() -> list[tuple[str, str]]:
    return reason_choices(hold_rules_on(business_date()))


class HoldForm(ReasonForm):
    """Why, who works it, and until when if the bill is only put off."""

    code = forms.ChoiceField(label=_("Kind of reason"), choices=_reasons)
    owner = forms.ChoiceField(label=_("Who works it"), choices=owner_choices, required=False)
    until = DayField(
        label=_("Put off until"), required=False,
        help_text=_("Only for a bill that is put off on purpose: the day on which it is due again."),
    )  # fmt: skip
    field_order = ("code", "reason", "owner", "until")


PAGES = {
    "hold": FormPage(_("Hold these accounts"), _("Hold"), "runs", _(
        "They stay out of every run until somebody releases them. Out of this run they are taken at once, and an "
        "approval that was asked for is withdrawn.")),
    "release": FormPage(_("Release these accounts"), _("Release"), "runs", _(
        "What was held by hand is released, and implausible figures go out as they were seen. Accounts of a run that "
        "is not posted are calculated again at once.")),
    "recalculate": FormPage(_("Calculate these accounts again"), _("Calculate again"), "runs", _(
        "Reads, facts and rates are gathered anew for these accounts only. Nobody else's bill changes, and an approval "
        "that was asked for is withdrawn.")),
}  # fmt: skip
FORMS: dict[str, type[forms.Form]] = {"hold": HoldForm, "release": ReasonForm, "recalculate": NoQuestion}
DONE = {
    "hold": lambda n: ngettext("%(n)d account is held.", "%(n)d accounts are held.", n),
    "release": lambda n: ngettext("%(n)d account is released.", "%(n)d accounts are released.", n),
    "recalculate": lambda n: ngettext(
        "%(n)d account is calculated again.", "%(n)d accounts are calculated again.", n
    ),
}  # fmt: skip

#: The deed behind each act, its key, and its words.
_ACTS: dict[str, tuple[str, str, str | Promise]] = {
    "hold": ("billing.hold_account", "h", pgettext_lazy("register", "Hold")),
    "release": ("billing.release_hold", "r", pgettext_lazy("register", "Release")),
    "recalculate": ("billing.recalculate_account", "c", _("Calculate again")),
}


def acts(request: HttpRequest, *, again: bool, run_id: int | None = None) -> list[tuple[str, str, str | Promise]]:
    """What the signed-in person may do with ticked rows: address, key, words."""
    found = []
    for name, (kind, key, said) in _ACTS.items():
        if may(request, kind) and (again or name != "recalculate"):
            place = reverse("run_register_act", args=[run_id, name]) if run_id else reverse("holds_act", args=[name])
            found.append((place, key, said))
    return found


def ticked(request: HttpRequest) -> list[int]:
    """The rows an act is about, as the address says."""
    return [int(each) for each in request.GET.getlist("item") if each.isdecimal()]


def act_page(
    request: HttpRequest, action: str, pairs: list[tuple[Any, Any]], back: str, context: dict[str, object]
) -> HttpResponseBase:
    """Show what the act will do to which accounts, and do it; ``pairs`` are accounts with their runs."""
    if action not in PAGES:
        raise Http404(action)
    if not pairs:
        messages.warning(request, gettext("Tick rows first, then choose what becomes of their accounts."))
        return redirect(back)

    def done(given: dict[str, Any]) -> str:
        acting.for_all(pairs, lambda account, run: _do(request, action, given, account, run))
        messages.success(request, DONE[action](len(pairs)) % {"n": len(pairs)})
        return back

    shown = {**context, "accounts": [account for account, _run in pairs], "back": back}
    page = PAGES[action]
    about = FormPage(page.title, page.button, page.back, page.lead, template="billing/register/act.html")
    return form_page(request, FORMS[action](sent(request)), about, done, shown)


def _do(request: HttpRequest, action: str, given: dict[str, Any], account: Any, run: Any) -> None:
    does = act(request, given.get("reason", ""))
    if action == "hold":
        acting.hold(does, account=account, run=run, reason=given["code"], owner=given["owner"], until=given["until"])
    elif action == "release":
        acting.release(does, account=account, run=run)
    else:
        acting.recalculate(does, account=account, run=run)
