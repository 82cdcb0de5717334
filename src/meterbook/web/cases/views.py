"""Cases: lists, one case with its steps, and the forms that take one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.cases import screens
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.web.cases import acts
from meterbook.web.cases.columns import CASES as COLUMNS
from meterbook.web.cases.forms import Complaint, Question, Stranger, Suspect
from meterbook.web.cases.listing import chosen, first_of, offices
from meterbook.web.cases.shown import case_context, enrich
from meterbook.web.cases.steps import STEPS, back_to, contest_form, now
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS, CASES
from meterbook.web.kit.tables import Table, table_page


@page(CASES)
def cases(request: HttpRequest) -> HttpResponseBase:
    """Every case; the address narrows to what is open, late or one's own."""
    query, show = chosen(request)
    table = Table(
        request, query, COLUMNS, order=("-state", "answer_by", "id"), name="cases", title=_("Cases"), enrich=enrich,
        empty=_("No case here. Complaints, questions to departments and suspicions of loss are taken above."),
        search=("account__number", "account__holder__name", "said", "told_by", "premise__street"),
        search_label=_("Account, name, street or words"),
    )  # fmt: skip
    context = {
        "show": show,
        **{f"may_{name}": may(request, f"cases.{name}") for name in ("take_complaint", "suspect", "refer")},
    }
    return table_page(request, "cases/list.html", table, context)


@page(CASES)
def case(request: HttpRequest, case_id: int) -> HttpResponseBase:
    """One case: what was said, what was done, what comes next."""
    return render(request, "cases/case.html", case_context(request, now(case_id)))


@page(CASES)
def case_step(request: HttpRequest, case_id: int, step: str) -> HttpResponseBase:
    """One step of a case: what it asks, doing it."""
    at = now(case_id)
    if step not in STEPS or not STEPS[step].fits(at):
        raise Http404(step)
    chosen_step = STEPS[step]
    about = FormPage(chosen_step.title, chosen_step.button, "cases", chosen_step.lead, chosen_step.dangerous,
                     "cases/step.html")  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        chosen_step.do(request, at, given)
        messages.success(request, gettext("Done."))
        return back_to(at)

    return form_page(request, chosen_step.form(request, at), about, done, case_context(request, at) | {"now": step})


@page(CASES)
def take_complaint(request: HttpRequest) -> HttpResponseBase:
    """A complaint of somebody who may have no account."""
    about = FormPage(_("Take a complaint"), _("Take it"), "cases")
    form = Stranger(sent(request), rules=screens.rules_on(business_date()))
    return form_page(request, form, about, lambda given: acts.complained(request, given))


@page(ACCOUNTS)
def complain(request: HttpRequest, number: str) -> HttpResponseBase:
    """A complaint about an account."""
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    about = FormPage(_("Take a complaint"), _("Take it"), "cases", f"{found.number} {found.holder.name}")
    form = Complaint(sent(request), rules=screens.rules_on(business_date()))
    return form_page(request, form, about, lambda given: acts.complained(request, given, found))


@page(ACCOUNTS)
def contest(request: HttpRequest, number: str) -> HttpResponseBase:
    """Charges of an account put in dispute."""
    found, day = or_404(account_numbered(number), number), business_date()
    pin(request, number=found.number, name=found.holder.name)
    about = FormPage(_("Put charges in dispute"), _("Put in dispute"), "cases", template="cases/contest.html", lead=_(
        "From this moment no penalty, cutoff, lien or agency, and no draft, takes what is in dispute."))  # fmt: skip
    context = {
        "account": found,
        "open_cents": screens.open_cents(found, day),
        "disputed": screens.contested(found, day),
    }
    form = contest_form(request, found, screens.rules_on(day))
    return form_page(request, form, about, lambda given: acts.contested(request, found, given), context)


@page(CASES)
def ask_department(request: HttpRequest) -> HttpResponseBase:
    """A question to another department."""
    about = FormPage(_("Ask a department"), _("Ask"), "cases", _("Its answer comes back to you."))
    form = Question(sent(request), rules=screens.rules_on(business_date()), initial=first_of(request))
    return form_page(request, form, about, lambda given: acts.asked(request, given))


@page(CASES)
def suspect_loss(request: HttpRequest) -> HttpResponseBase:
    """A suspicion of loss: from an order, a report or by hand."""
    about = FormPage(_("Suspect theft or tampering"), _("Open the case"), "cases", _(
        "The supervisor gets it at once. Nothing is charged before a second person agreed."))  # fmt: skip
    form = Suspect(sent(request), rules=screens.rules_on(business_date()), initial=first_of(request))
    return form_page(request, form, about, lambda given: acts.suspected(request, given))


@page(CASES)
def findings(request: HttpRequest) -> HttpResponseBase:
    """What crews found that may be loss, and no case was opened from."""
    context = {"findings": screens.findings(), "title": _("Findings of the field"), "here": "findings"}
    return render(request, "cases/findings.html", context)


@page(CASES)
def directory(request: HttpRequest) -> HttpResponseBase:
    """Other offices of the City and beyond: what a caller is given."""
    return render(
        request, "cases/directory.html", {"offices": offices(), "title": _("Whom to call"), "here": "directory"}
    )


@page(CASES)
def letter(request: HttpRequest, case_id: int) -> HttpResponse:
    """The answer as a letter, in the customer's language."""
    from meterbook.notices.case_answer import NoAnswer, render_answer

    found = or_404(screens.find(case_id), case_id)
    try:
        made = render_answer(found.pk, on=business_date())
    except NoAnswer:
        raise Http404(str(case_id)) from None
    return HttpResponse(made, content_type="application/pdf",
                        headers={"Content-Disposition": f'inline; filename="case-{found.pk}.pdf"'})  # fmt: skip


@page(CASES)
def file(request: HttpRequest, case_id: int, file_id: int) -> HttpResponse:
    """A file of a case, as it was attached."""
    found = or_404(screens.file_of(case_id, file_id), file_id)
    return HttpResponse(bytes(found.content), content_type="application/octet-stream",
                        headers={"Content-Disposition": f'attachment; filename="file-{found.pk}"',
                                 "X-Content-Type-Options": "nosniff"})  # fmt: skip
