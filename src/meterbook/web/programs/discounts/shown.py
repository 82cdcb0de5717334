"""The pages of discounts behind their addresses."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.fees.screens import services_of
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.records.programs.discounts import screens
from meterbook.records.programs.discounts.operations import enrol as deeds
from meterbook.web.kit import figures
from meterbook.web.kit.access import act
from meterbook.web.kit.cells import Row
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.programs.discounts.forms import Enrol


def enrol_page(request: HttpRequest, account: Any) -> HttpResponseBase:
    """Every program for the account's services, each with its checklist; the one that is sent is enrolled."""
    day, wanted = business_date(), request.POST.get("program", "")
    offered, status = [], 200
    for program in screens.programs_on(day, services_of(account.pk)):
        mine = request.method == "POST" and wanted == program.code
        form = Enrol(request.POST if mine else None, program=program, initial={"starts": day}, prefix=program.code)
        if mine and form.is_valid():
            try:
                return _enrolled(request, account, program.code, form)
            except NotPermitted:
                raise
            except Exception as error:
                if not is_refusal(error):
                    raise
                form.add_error(None, in_words(error))
        status = 422 if mine else status
        offered.append({"program": program, "form": form, "words": program.words[bilingual()],
                        "funding": program.funding[bilingual()]})  # fmt: skip
    context = {
        "title": _("Discounts and medical baseline"), "account": account, "offered": offered,
        "held": told(screens.of_account(account.pk)),
    }  # fmt: skip
    return render(request, "programs/discounts/enrol.html", context, status=status)


def _enrolled(request: HttpRequest, account: Any, program: str, form: Enrol) -> HttpResponseBase:
    made = deeds.enrol_discount(
        act(request, "documents seen"), account=account, program=program, shown=form.shown,
        starts=form.cleaned_data["starts"],
    )  # fmt: skip
    messages.success(request, gettext("Enrolled until %(day)s.") % {"day": figures.day(made.validity.upper)})
    return redirect("discount", made.pk)


def services(found: Any) -> list[str]:
    """The services the account of an enrolment ever had."""
    return services_of(found.account_id)


def renewed(request: HttpRequest, found: Any, form: Any) -> str:
    """Recertified; its page."""
    made = deeds.renew_discount(act(request, "recertified"), enrolment=found, shown=form.shown)
    messages.success(request, gettext("Enrolled until %(day)s.") % {"day": figures.day(made.validity.upper)})
    return reverse("discount", args=[found.pk])


def ended(request: HttpRequest, found: Any, given: dict[str, Any]) -> str:
    """Ended; the account's page."""
    deeds.end_discount(act(request, given["reason"]), enrolment=found)
    messages.success(request, gettext("The enrolment has ended."))
    return reverse("account", args=[found.account.number])


def told(found: list[Any]) -> list[dict[str, Any]]:
    """Enrolments with the words of their programs."""
    said = screens.words_on(business_date(), bilingual())
    return [{"item": one, "words": said.get(one.program, one.program)} for one in found]


def in_rows(rows: list[Row]) -> None:
    """Put words and state beside each row of a list."""
    day, said = business_date(), screens.words_on(business_date(), bilingual())
    for row in rows:
        row["words"] = said.get(row["program"], row["program"])
        row["state"] = "ended" if row["ended_id"] else "run_out" if row["until"] <= day else "holds"
