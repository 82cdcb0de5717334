"""Unclaimed money: the list, one property with its steps, lists published, claims, the end."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from meterbook.notices.unclaimed_letter import render_letter
from meterbook.notices.unclaimed_list import render_list
from meterbook.records.adjustments.proofs import kept
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.unclaimed import screens
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.refunds.columns import UNCLAIMED
from meterbook.web.refunds.forms import Claim, Decide, Publish, TakeProof
from meterbook.web.refunds.shown import letter_of
from meterbook.web.refunds.unclaimed import acts
from meterbook.web.refunds.unclaimed.shown import list_context, rule_to_publish


@page(MONEY)
def unclaimed(request: HttpRequest) -> HttpResponseBase:
    """Everything unclaimed and where it stands; what is due today."""
    if request.method == "POST":
        return redirect(acts.pressed(request))
    table = Table(
        request, screens.properties(), UNCLAIMED, order=("since", "id"), name="unclaimed", title=_("Unclaimed money"),
        empty=_("Nothing is set aside. Look for what is due above."), search=("owner", "account__number"),
        search_label=_("Owner or account"),
    )  # fmt: skip
    return table_page(request, "refunds/unclaimed.html", table, list_context(request))


@page(MONEY)
def one(request: HttpRequest, unclaimed_id: int) -> HttpResponseBase:
    """One property: every step on its day, and its claims."""
    found = or_404(screens.find(unclaimed_id), unclaimed_id)
    pin(request, number=found.account.number, name=found.account.holder.name)
    context = {
        "item": found, "steps": screens.steps(found.pk), "claims": screens.claims(found.pk), "title": found.owner,
        "may_claim": found.state in ("found", "published") and may(request, "refunds.claim_unclaimed"),
        "may_contact": found.state == "found" and may(request, "refunds.record_contact"),
    }  # fmt: skip
    return render(request, "refunds/property.html", context)


@page(MONEY)
def letter(request: HttpRequest, unclaimed_id: int) -> HttpResponseBase:
    """The letter to its owner."""
    found = or_404(screens.find(unclaimed_id), unclaimed_id)
    return letter_of(render_letter(found.pk, found.account.holder.language, business_date()), f"unclaimed-{found.pk}")


@page(MONEY)
def heard_of(request: HttpRequest, unclaimed_id: int) -> HttpResponseBase:
    """The owner was heard of."""
    found = or_404(screens.find(unclaimed_id), unclaimed_id)
    about = FormPage(_("The owner was heard of"), _("Save"), "unclaimed", lead=_("The years begin again today."))
    return form_page(request, ReasonForm(sent(request)), about, lambda given: acts.heard_of(request, found, given))


@page(MONEY)
def claim(request: HttpRequest, unclaimed_id: int) -> HttpResponseBase:
    """Take in a claim."""
    found = or_404(screens.find(unclaimed_id), unclaimed_id)
    about = FormPage(_("Claim"), _("Ask"), "unclaimed", lead=_("A second person decides; then a check waits."))
    form = Claim(sent(request), request.FILES or None)
    return form_page(request, form, about, lambda given: acts.claimed(request, found, given))


@page(MONEY)
def decide_claim(request: HttpRequest, claim_id: int) -> HttpResponseBase:
    """One claim, decided here by a second person."""
    found = or_404(screens.find_claim(claim_id), claim_id)
    mine = found.deed.actor_id == request.user.pk
    context: dict[str, object] = {
        "item": found, "mine": mine, "proofs": kept(f"unclaimedclaim:{found.pk}"),
        "may_decide": found.state == "asked" and not mine and may(request, "refunds.decide_claim"),
        "waits": "proposed" if found.state == "asked" else "",
    }  # fmt: skip
    about = FormPage(_("Claim"), _("Approve"), "unclaimed", template="refunds/claim.html")
    return form_page(
        request, Decide(sent(request)), about, lambda given: acts.claim_decided(request, found, given), context
    )


@page(MONEY)
def publish(request: HttpRequest) -> HttpResponseBase:
    """Publish a list."""
    about = FormPage(_("Publish a list"), _("List"), "unclaimed", lead=_(
        "Everything dormant by the first notice whose owner had a letter and the time to answer."))  # fmt: skip
    form, rule = Publish(sent(request)), rule_to_publish()
    return form_page(request, form, about, lambda given: acts.published(request, rule, given))


@page(MONEY)
def publication(request: HttpRequest, publication_id: int) -> HttpResponseBase:
    """A list that was published, with the newspaper's proof."""
    found = or_404(screens.find_publication(publication_id), publication_id)
    about = FormPage(_("Published list"), _("Keep the proof"), "unclaimed", template="refunds/publication.html")
    context: dict[str, object] = {
        "item": found, "listed": found.listed.select_related("account").order_by("owner"),
        "proofs": kept(f"publication:{found.pk}"), "may_prove": may(request, "refunds.prove_publication"),
    }  # fmt: skip
    form = TakeProof(sent(request), request.FILES or None)
    return form_page(request, form, about, lambda given: acts.proved(request, found, given), context)


@page(MONEY)
def printed(request: HttpRequest, publication_id: int) -> HttpResponseBase:
    """The list as the newspaper prints it."""
    found = or_404(screens.find_publication(publication_id), publication_id)
    return letter_of(render_list(found.pk, bilingual()), f"publication-{found.pk}")


@page(MONEY)
def take_over(request: HttpRequest, approval_id: int) -> HttpResponseBase:
    """What a request would end, decided here by a second person."""
    found = or_404(screens.take_over_request(approval_id), approval_id)
    mine, waits = found.requested_by_id == request.user.pk, found.status == "pending"
    context: dict[str, object] = {
        "item": found, "mine": mine, "waits": "proposed" if waits else "",
        "may_decide": waits and not mine and may(request, "refunds.take_over"),
    }  # fmt: skip
    about = FormPage(_("Take over unclaimed money"), _("Approve"), "unclaimed", template="refunds/take_over.html")
    return form_page(request, Decide(sent(request)), about, lambda given: acts.over(request, found, given), context)
