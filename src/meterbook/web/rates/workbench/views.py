"""The rate workbench: drafts from the first number to their release, one page for each step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.rates import draft_screens
from meterbook.records.rates.manuscript import add_case, drop_case
from meterbook.records.rates.operations.begin_draft import begin_draft
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import RATES
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.rates.workbench import exports, writing
from meterbook.web.rates.workbench.acts import ACTS, act_form
from meterbook.web.rates.workbench.columns import DRAFTS
from meterbook.web.rates.workbench.desk import desk, shown
from meterbook.web.rates.workbench.forms import BeginForm, GoldenForm, NewScheduleForm, months_of
from meterbook.web.rates.workbench.impact import first_impact, impact_context, sliders
from meterbook.web.rates.workbench.review import review_context, shown_differences, steps
from meterbook.web.rates.workbench.solving import WishForm, chosen, counted, offered, solution_context, solved

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(RATES)
def drafts(request: HttpRequest) -> HttpResponseBase:
    """Every draft, the ones under way first."""
    table = Table(
        request, draft_screens.drafts(), DRAFTS, order=("status", "-id"), name="rate-drafts", title=_("Rate drafts"),
        empty=_("No draft yet. A new version of a schedule begins with “Draft new rates”."),
        search=("title", "code"), search_label=_("What changes"),
    )  # fmt: skip
    return table_page(request, "rates/workbench/drafts.html", table, {"may_begin": may(request, "rates.begin_draft")})


@page(RATES)
def begin(request: HttpRequest) -> HttpResponseBase:
    """Begin a new version of a schedule that exists."""
    form = BeginForm(sent(request), initial={"schedule": request.GET.get("schedule", "")} | writing.citation(request))
    about = FormPage(title=_("Draft new rates"), button=_("Begin the draft"), back="drafts", lead=_(
        "The draft starts as a copy of the newest version. Nothing applies until a second person releases it."
    ))  # fmt: skip
    return form_page(request, form, about, lambda given: writing.begin(request, form))


@page(RATES)
def begin_schedule(request: HttpRequest) -> HttpResponseBase:
    """Begin a schedule that does not exist yet, from its text."""
    form = NewScheduleForm(sent(request))
    about = FormPage(title=_("Draft a new schedule"), button=_("Begin the draft"), back="drafts", lead=_(
        "For rates the city never had. The text is checked line by line once the draft has begun."))  # fmt: skip
    return form_page(request, form, about, lambda given: reverse(
        "draft_text", args=[begin_draft(act(request), **given).pk]))  # fmt: skip


@page(RATES)
def draft(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """The form editor: the version's heading and every number with its words."""
    found = desk(request, draft_id)
    form = writing.heading_form(request, found)
    wrong: dict[str, str] = {}
    refusal = ""
    if request.method == "POST" and form is not None:
        text, wrong, refusal = writing.priced_text(request, found, form)
        if text is not None:
            return writing.keep(request, found, lambda: {"text": text}, "draft")
    context = shown(found, "draft", form=form, steps=steps(request, found), refusal=refusal, checked=found.checked,
                    field="text", groups=writing.number_rows(request, found, wrong))  # fmt: skip
    return render(request, "rates/workbench/prices.html", context, status=422 if request.method == "POST" else 200)


@page(RATES)
def draft_text(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """The text editor; sent as a form where there is no script."""
    found = desk(request, draft_id)
    done, left = writing.keep_typed(request, found, "text", "draft_text") if request.method == "POST" else (None, {})
    if done is not None:
        return done
    context = shown(found, "draft_text", checked=found.checked, field="text", typed=None,
                    revisions=draft_screens.revisions(found.draft)[:20])  # fmt: skip
    return render(request, "rates/workbench/text.html", context | left, status=422 if left else 200)


@page(RATES)
@require_POST
def draft_check(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """What is wrong with the text on the screen, which is saved as it stands."""
    found = desk(request, draft_id)
    return render(request, "rates/workbench/problems.html", {"desk": found, **writing.autosave(request, found)})


@page(RATES)
def draft_revision(request: HttpRequest, draft_id: int, sequence: int) -> HttpResponseBase:
    """An earlier state of a draft, to read."""
    found = desk(request, draft_id)
    state = next((each for each in draft_screens.revisions(found.draft) if each.sequence == sequence), None)
    if state is None:
        raise Http404(str(sequence))
    return render(request, "rates/workbench/revision.html", shown(found, "draft_text", state=state))


@page(RATES)
def draft_golden(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """The golden bills, run just now by both computations; a form to add one."""
    found = desk(request, draft_id)
    form = GoldenForm(found.tariff, sent(request)) if found.tariff is not None else None
    if request.method == "POST" and form is not None and form.is_valid():
        return writing.keep(
            request, found, lambda: {"cases": add_case(found.revision.cases, form.bill())}, "draft_golden"
        )
    context = shown(found, "draft_golden", form=form, golden=found.golden, checked=found.checked, field="cases",
                    typed=None)  # fmt: skip
    return render(request, "rates/workbench/golden.html", context, status=422 if request.method == "POST" else 200)


@page(RATES)
@require_POST
def draft_golden_text(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """Save the golden bills as text; where there is no script."""
    found = desk(request, draft_id)
    done, left = writing.keep_typed(request, found, "cases", "draft_golden")
    context = shown(found, "draft_golden", golden=found.golden, checked=found.checked, field="cases", **left)
    return done or render(request, "rates/workbench/golden.html", context, status=422)


@page(RATES)
@require_POST
def draft_golden_drop(request: HttpRequest, draft_id: int, at: int) -> HttpResponseBase:
    """Take a golden bill away."""
    found = desk(request, draft_id)
    return writing.keep(
        request, found, lambda: {"cases": drop_case(found.revision.cases, at, file="golden bills")}, "draft_golden"
    )


@page(RATES)
def draft_differences(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """The draft's last version against the newest released one, number by number."""
    found = desk(request, draft_id)
    context = shown(found, "draft_differences", differences=shown_differences(found.differences))
    return render(request, "rates/workbench/differences.html", context)


@page(RATES)
def draft_impact(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """Revenue and bills under the draft, priced again with each number that is dragged."""
    found = desk(request, draft_id)
    if request.method == "POST":
        context = shown(found, "draft_impact", **writing.tried(request, found))
    else:
        context = shown(found, "draft_impact", sliders=sliders(found, {}, request.POST))
        context |= first_impact(found, months_of(request.GET))
    part = "impact_result" if request.headers.get("HX-Request") else "impact"
    return render(request, f"rates/workbench/{part}.html", context)


@page(RATES)
@require_POST
def draft_impact_keep(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """Put the numbers that were tried into the draft."""
    found = desk(request, draft_id)
    text, wrong = writing.tried_text(request, found)
    if text is not None:
        return writing.keep(request, found, lambda: {"text": text}, "draft_impact")
    context = shown(found, "draft_impact", **writing.tried(request, found))
    refusal = _("Nothing was put into the draft.")
    return render(request, "rates/workbench/impact.html", context | {"wrong": wrong, "refusal": refusal}, status=422)


@page(RATES)
def draft_impact_file(request: HttpRequest, draft_id: int, form: str) -> HttpResponseBase:
    """The draft's impact as a spreadsheet."""
    found = desk(request, draft_id)
    impact = impact_context(found, months=months_of(request.GET), changes={}).get("impact")
    if impact is None or form not in ("csv", "xlsx"):
        raise Http404(form)
    made: Any = exports.as_xlsx if form == "xlsx" else exports.as_csv
    kind = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    response = HttpResponse(made(impact, bilingual()), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="impact-{found.draft.code}-{draft_id}.{form}"'
    return response


@page(RATES)
def draft_solve(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """Name the revenue; see the prices that raise it and what each class pays."""
    found = desk(request, draft_id)
    form, fields = WishForm(sent(request)), chosen(sent(request), found)
    choices = [(label, [(one, one in fields) for one in group]) for label, group in offered(found)]
    charges = counted(sent(request), found)
    context = shown(found, "draft_solve", form=form, charges=charges, offered=choices)
    if request.method == "POST" and form.is_valid():
        solution, context["reason"] = solved(found, form.cleaned_data, fields, charges)
        context |= solution_context(found, solution) if solution is not None else {}
    return render(request, "rates/workbench/solve.html", context)


@page(RATES)
def draft_review(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """What a second person looks at: differences, golden bills, revenue; and the acts open to the reader."""
    found = desk(request, draft_id)
    context = shown(found, "draft_review", **review_context(request, found))
    return render(request, "rates/workbench/review.html", context)


@page(RATES)
def draft_act(request: HttpRequest, draft_id: int, action: str) -> HttpResponseBase:
    """Do one of the acts on a draft, after the page has said what it does."""
    found, deed = desk(request, draft_id), ACTS.get(action)
    if deed is None:
        raise Http404(action)
    about = FormPage(deed.title, deed.button, "draft_review", deed.lead, deed.dangerous, "rates/workbench/act.html")

    def done(given: dict[str, Any]) -> str:
        deed.do(act(request, given["reason"]), found, given)
        messages.success(request, str(deed.done))
        return reverse("draft_review", args=[draft_id])

    return form_page(request, act_form(deed, found, request), about, done, shown(found, "draft_review"))
