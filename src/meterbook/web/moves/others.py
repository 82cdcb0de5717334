"""Landlords, new names, and a developer's starts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.moves import screens
from meterbook.records.moves.looking.file_of_starts import Read, read_starts
from meterbook.records.moves.operations.bulk import start_many
from meterbook.records.moves.operations.landlords import end_agreement, open_agreement
from meterbook.records.moves.operations.names import change_name
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.moves.columns import LANDLORDS
from meterbook.web.moves.forms import Bulk, EndLandlord, Landlord, Rename
from meterbook.web.moves.views import account_or_404

_LARGEST = 2 * 2**20


@page(ACCOUNTS)
def landlords(request: HttpRequest) -> HttpResponseBase:
    """Every landlord's agreement."""
    table = Table(
        request, screens.landlords(), LANDLORDS, order=("address", "id"), name="landlords",
        title=_("Landlords' agreements"), empty=_("No agreement yet. Open the owner's account and choose “Landlord”."),
        search=("owner__name", "account__number", "address"), search_label=_("Owner, account or address"),
    )  # fmt: skip
    return table_page(request, "moves/list.html", table, {"here": "landlords"})


@page(ACCOUNTS)
def landlord(request: HttpRequest, number: str) -> HttpResponseBase:
    """A landlord's premises, who is served there, and the agreements; a tenant's landlord."""
    account, day = account_or_404(request, number), business_date()
    context = {
        "account": account, "title": _("Landlord and tenants"), "premises": screens.landlord_premises(account.pk, day),
        "of_tenant": screens.landlord_of_tenant(account.pk, day), "may": may(request, "moves.open_landlord_agreement"),
    }  # fmt: skip
    return render(request, "moves/landlord.html", context)


@page(ACCOUNTS)
def open_landlord(request: HttpRequest, number: str) -> HttpResponseBase:
    """Continuous service for some premises."""
    account = account_or_404(request, number)
    about = FormPage(_("Landlord's agreement"), _("Open the agreement"), "landlords", lead=_(
        "Between tenants service is the owner's from the day the tenant leaves; not after a cutoff for nonpayment."))  # fmt: skip  # noqa: E501

    def done(given: dict[str, Any]) -> str:
        found = [_only(line) for line in given["found"].splitlines() if line.strip()]
        open_agreement(
            act(request, given["evidence"]), account=account, premises=found, starts=given["starts"],
            evidence=given["evidence"], after_cutoff=given["after_cutoff"],
        )  # fmt: skip
        messages.success(request, gettext("The agreement holds."))
        return reverse("landlord", args=[number])

    return form_page(request, Landlord(sent(request), initial={"starts": business_date()}), about, done)


def _only(line: str) -> Any:
    found = screens.premises_found(line.replace("\0", ""))
    if len(found) != 1:
        raise screens.NoSuchPremise(line, len(found))
    return found[0]


@page(ACCOUNTS)
def end_landlord(request: HttpRequest, agreement_id: int) -> HttpResponseBase:
    """End an agreement."""
    found = screens.find_landlord(agreement_id)
    if found is None:
        raise Http404(str(agreement_id))
    about = FormPage(_("End the landlord's agreement"), _("End the agreement"), "landlords", dangerous=True, lead=_(
        "From that day on service at this address no longer reverts to the owner."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        end_agreement(act(request, given["reason"]), agreement=found, ends=given["ends"])
        messages.success(request, gettext("The agreement ends."))
        return reverse("landlord", args=[found.account.number])

    return form_page(request, EndLandlord(sent(request), initial={"ends": business_date()}), about, done)


@page(ACCOUNTS)
def rename(request: HttpRequest, number: str) -> HttpResponseBase:
    """A new name, or the estate of the holder."""
    account = account_or_404(request, number)
    about = FormPage(_("Name or estate"), _("Change the name"), "accounts", lead=_(
        "The account, its number and its history stay; the former name is still found."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        change_name(
            act(request, given["evidence"]), account=account, why=given["why"], name=given["name"],
            speaks=given["speaks"], phone=given["phone"],
        )  # fmt: skip
        messages.success(request, gettext("The name is changed."))
        return reverse("account", args=[number])

    return form_page(request, Rename(sent(request)), about, done, {"account": account})


@page(ACCOUNTS)
def bulk(request: HttpRequest) -> HttpResponseBase:
    """A developer's file: previewed row by row, then begun as a whole."""
    form, seen = Bulk(sent(request)), None
    if request.method == "POST" and form.is_valid():
        seen = _read(request, form)
        # What cannot be read put its reason on the form, and the field is no longer among the clean ones.
        account = account_numbered(form.cleaned_data.get("number", "").strip())
        if account is not None and seen is not None and not seen.problems and request.POST.get("do") == "save":
            try:
                made = start_many(act(request, "a developer's file"), account=account, text=form.data.get("text", ""))
            except NotPermitted:
                raise
            except Exception as error:
                if not is_refusal(error):
                    raise
                form.add_error(None, in_words(error))
            else:
                count = len(made.moves)
                messages.success(
                    request, ngettext("%(n)d premise begun.", "%(n)d premises begun.", count) % {"n": count}
                )
                return redirect("moves")
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "seen": seen, "title": _("Starts from a file"), "text": _text(form)}
    return render(request, "moves/bulk.html", context, status=status)


def _text(form: Bulk) -> str:
    if not form.is_bound:
        return ""
    file = form.files.get("file")
    if file is None:
        return str(form.data.get("text", ""))
    file.seek(0)
    return str(file.read(_LARGEST).decode("utf-8", errors="replace")).replace("\0", "")


def _read(request: HttpRequest, form: Bulk) -> Read | None:
    account = account_numbered(form.cleaned_data["number"].strip())
    text = _text(form)
    if account is None:
        form.add_error("number", gettext("There is no account with this number."))
    elif not text.strip():
        form.add_error("file", gettext("Choose a file."))
    else:
        return read_starts(text, account, business_date())
    return None
