"""What the forms of summaries and deposits do, and where each goes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.kinds.operations.summaries import (
    issue_summary,
    join_summary,
    leave_summary,
    open_summary_group,
)
from meterbook.records.ledger.deposits.operations.record_deposit import record_deposit
from meterbook.web.billing.kinds import forms
from meterbook.web.kit.access import act


@dataclass(frozen=True, slots=True)
class GroupDeed:
    """One deed on a group: its words, its form, what it does; it returns the address to go to."""

    title: str | Promise
    button: str | Promise
    lead: str | Promise
    form: type[django_forms.Form]
    do: Callable[[HttpRequest, Any, dict[str, Any]], str]


def _join(request: HttpRequest, group: Any, given: dict[str, Any]) -> str:
    made = join_summary(act(request), group=group, accounts=given["accounts"], starts=given["starts"])
    said = ngettext("%(n)d account joined.", "%(n)d accounts joined.", len(made)) % {"n": len(made)}
    messages.success(request, said)
    return reverse("summary_group", args=[group.code])


def _leave(request: HttpRequest, group: Any, given: dict[str, Any]) -> str:
    leave_summary(act(request), group=group, account=given["account"], ends=given["ends"])
    messages.success(request, gettext("The account gets its own mail again."))
    return reverse("summary_group", args=[group.code])


def _issue(request: HttpRequest, group: Any, given: dict[str, Any]) -> str:
    made = issue_summary(act(request), group=group, bill_date=given["bill_date"], due=given["due"])
    messages.success(request, gettext("The summary is issued."))
    return reverse("summary_bill", args=[made.pk])


DEEDS = {
    "join": GroupDeed(
        _("Accounts join"), _("Let them join"),
        _("From that day on their bills are summed up for the payer and no longer mailed alone."), forms.Members, _join,
    ),
    "leave": GroupDeed(
        _("An account leaves"), _("Let it leave"), _("Its bills are mailed to it again."), forms.Leaving, _leave
    ),
    "issue": GroupDeed(
        _("Issue a summary"), _("Issue summary"),
        _("Every posted bill of the members that is on no summary yet is summed up. Nothing is booked."),
        forms.Issue, _issue,
    ),
}  # fmt: skip


def opened(request: HttpRequest, given: dict[str, Any]) -> str:
    """Open a group and let its members join; the address of its page."""
    group = open_summary_group(
        act(request), code=given["code"], name=given["name"], payer_account=given["payer_account"]
    )
    join_summary(act(request), group=group, accounts=given["accounts"], starts=given["starts"])
    return reverse("summary_group", args=[group.code])


def recorded(request: HttpRequest, given: dict[str, Any]) -> str:
    """Record a deposit; the address of the list."""
    record_deposit(
        act(request), account=given["account"], amount_cents=int(given["amount"] * 100), service=given["service"],
        received_on=given["received_on"],
    )  # fmt: skip
    messages.success(request, gettext("The deposit is recorded."))
    return reverse("deposits")
