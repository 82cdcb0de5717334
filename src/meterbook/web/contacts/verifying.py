"""Verifying a caller on an account, and opening its data for a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.contacts import screens
from meterbook.records.contacts.operations.verify import open_without, verify_caller
from meterbook.records.customers.people import screens as people
from meterbook.records.platform.queries import business_date
from meterbook.web.contacts.callers import caller, on_record
from meterbook.web.contacts.forms import CallerForm, OpenForm
from meterbook.web.contacts.views import found_account
from meterbook.web.kit import words
from meterbook.web.kit.access import act, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import ACCOUNTS as SECTION

ASK = FormPage(_("Verify the caller"), _("Verify"), "accounts", template="contacts/verify.html", lead=_(
    "Type what the caller says. It is compared with what is on file and not kept; who was verified, by whom and by "
    "which questions is."))  # fmt: skip
OPEN = FormPage(_("Open the data without asking"), _("Open"), "accounts", template="contacts/verify.html", lead=_(
    "For a call you make, a letter you answer, a file you work on. The reason stays on the account for everybody to "
    "see."))  # fmt: skip


def callers_of(account: Any, day: Any) -> list[tuple[str, str]]:
    """Who may be calling: the holder, everybody with a part in the account, or somebody else."""
    chosen = [(f"holder:{account.holder_id}", _caller("holder", account.holder.name))]
    for row in people.parts(account.pk, day):
        if day in row["validity"]:
            chosen.append((f"{row['part']}:{row['person_id']}", _caller(row["part"], row["name"])))
    return [*chosen, (f"other:{account.holder_id}", words.say("caller_part", "other"))]


def _caller(part: str, name: str) -> str:
    return f"{name} ({words.say('caller_part', part).lower()})"


@page(SECTION)
def verify(request: HttpRequest, number: str) -> HttpResponseBase:
    """Ask a caller who they are."""
    account, day = found_account(number), business_date()
    asked = caller(request, account.pk, day, confidential=False)
    form = CallerForm(sent(request), callers=callers_of(account, day), questions=asked.questions)

    def done(given: dict[str, Any]) -> str:
        part, _colon, person_id = given.pop("caller").partition(":")
        person = people.person_of(account, int(person_id))
        answers = {code: ("yes" if value is True else str(value or "")) for code, value in given.items()}
        made = verify_caller(
            act(request), account=account, person=None if part == "other" else person, part=part, answers=answers,
            on_record=on_record(account, person, day),
        )  # fmt: skip
        _tell(request, made.outcome)
        return reverse("account", args=[number])

    return form_page(request, form, ASK, done, {"account": account, "caller": asked, **_before(account.pk)})


def _tell(request: HttpRequest, outcome: str) -> None:
    if outcome == "verified":
        messages.success(request, gettext("The caller is verified."))
    else:
        messages.warning(request, gettext("The answers are not right. Tell this caller nothing about the account."))


@page(SECTION)
def open_data(request: HttpRequest, number: str) -> HttpResponseBase:
    """Open an account's data for a stated reason."""
    account, day = found_account(number), business_date()

    def done(given: dict[str, Any]) -> str:
        open_without(act(request, given["why"]), account=account)
        return reverse("account", args=[number])

    asked = caller(request, account.pk, day, confidential=False)
    shown = {"account": account, "caller": asked, **_before(account.pk)}
    return form_page(request, OpenForm(sent(request)), OPEN, done, shown)


def _before(account_id: int) -> dict[str, object]:
    return {"verifications": screens.verifications(account_id, 10)}
