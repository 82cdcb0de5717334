"""The worklist, one adjustment, adjusting an account, a leak credit from its bill."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.adjustments import screens
from meterbook.records.billing import screens as billing
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.web.adjustments import deciding
from meterbook.web.adjustments.columns import ADJUSTMENTS
from meterbook.web.adjustments.forms import AdjustAccount, Decide, Leak
from meterbook.web.adjustments.shown import adjustment_context, claim_context, leak_or_refusal
from meterbook.web.kit.access import or_404, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import ACCOUNTS, BILLS
from meterbook.web.kit.tables import Table, table_page


def _in_words(rows: list[Row]) -> None:
    for row in rows:
        row["words"] = row[f"words_{bilingual()}"]


@page(BILLS)
def worklist(request: HttpRequest) -> HttpResponseBase:
    """Every adjustment, the newest first; filtered by status it is the worklist."""
    table = Table(
        request, screens.adjustments(), ADJUSTMENTS, order=("-id",), name="adjustments", title=_("Adjustments"),
        empty=_("No adjustment yet. Open an account or a bill and choose “Adjust”."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"), enrich=_in_words,
    )  # fmt: skip
    return table_page(request, "adjustments/list.html", table)


@page(BILLS)
def adjustment(request: HttpRequest, adjustment_id: int) -> HttpResponseBase:
    """One adjustment: what, why, by whom; decided here by a second person."""
    found = or_404(screens.find(adjustment_id), adjustment_id)
    if found.claim_id:
        return redirect("leak_claim", found.claim_id)
    context = adjustment_context(request, found)
    about = FormPage(context["words"], _("Approve"), "adjustments", template="adjustments/adjustment.html")
    here = reverse("adjustment", args=[adjustment_id])
    return form_page(
        request, Decide(sent(request)), about, lambda given: deciding.decided(request, found.approval, given, here),
        context,
    )  # fmt: skip


@page(BILLS)
def leak_claim(request: HttpRequest, claim_id: int) -> HttpResponseBase:
    """A leak claim: rules, lines beside each other, steps; decided here by a second person."""
    context = claim_context(request, or_404(screens.find_claim(claim_id), claim_id))
    about = FormPage(_("Leak credit"), _("Approve"), "adjustments", template="adjustments/claim.html")
    here, asked = reverse("leak_claim", args=[claim_id]), context["first"].approval
    return form_page(
        request, Decide(sent(request)), about, lambda given: deciding.decided(request, asked, given, here), context
    )


@page(BILLS)
def reverse_one(request: HttpRequest, adjustment_id: int) -> HttpResponseBase:
    """Undo a booked adjustment."""
    found = or_404(screens.find(adjustment_id), adjustment_id)
    about = FormPage(_("Reverse this adjustment"), _("Reverse"), "adjustments", dangerous=True, lead=_(
        "The same amount is booked the other way; both stay. Above your limit a second person decides."))  # fmt: skip
    return form_page(request, ReasonForm(sent(request)), about, lambda given: deciding.reversed_(request, found, given))


@require_POST
@page(BILLS)
def withdraw(request: HttpRequest, adjustment_id: int) -> HttpResponseBase:
    """Take back what one asked for oneself."""
    return redirect(deciding.withdrawn(request, or_404(screens.find(adjustment_id), adjustment_id)))


@page(ACCOUNTS)
def adjust(request: HttpRequest, number: str) -> HttpResponseBase:
    """Charge or credit an account beside its bills."""
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    asked = request.GET.get("bill", "")
    bill = billing.bill(int(asked)) if asked.isdigit() else None
    form = AdjustAccount(sent(request), request.FILES or None, account=found, day=business_date())
    about = FormPage(gettext("Adjust %(number)s") % {"number": number}, _("Book or ask"), "adjustments", lead=_(
        "Within your own limit it is booked at once; above it a second person decides."))  # fmt: skip
    return form_page(request, form, about, lambda given: deciding.proposed(request, found, bill, given))


@page(BILLS)
def leak(request: HttpRequest, bill_id: int) -> HttpResponseBase:
    """A leak credit: what the policy would give for this bill, with every rule; then ask for it."""
    found = or_404(billing.bill(bill_id), bill_id)
    pin(request, number=found.account.number, name=found.account.holder.name)
    form = Leak(sent(request), request.FILES or None)
    about = FormPage(_("Leak credit"), _("Ask for this credit"), "adjustments", template="adjustments/leak.html")
    shown = {"bill": found, **leak_or_refusal(request, found)}
    return form_page(request, form, about, lambda given: deciding.leak_asked(request, found, given), shown)


@page(BILLS)
def proof(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A file kept with an adjustment, to download; never shown inside a page of ours."""
    found = or_404(screens.attachment(attachment_id), attachment_id)
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    name = found.file_name.replace('"', "").replace("\\", "").replace("\r", "").replace("\n", "")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
