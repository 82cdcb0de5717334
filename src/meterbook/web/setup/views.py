"""Setup: people, one of them, what roles may do, the access review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.platform.staffing import people as staff
from meterbook.web.kit.access import or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import SETUP
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.reports.table import ReportTable
from meterbook.web.setup import acts, forms
from meterbook.web.setup.columns import OPERATIONS, PEOPLE, REVIEW
from meterbook.web.setup.shown import member_context, people_in_words, review_in_words


@page(SETUP)
def people(request: HttpRequest) -> HttpResponseBase:
    """Everyone who signs in, with the roles of today."""
    table = Table(
        request, staff.people(), PEOPLE, order=("-is_active", "username"), name="staff", title=_("Staff"),
        empty=_("Nobody works here yet."), search=("username", "first_name", "last_name"), search_label=_("Name"),
        enrich=people_in_words,
    )  # fmt: skip
    return table_page(request, "setup/list.html", table, {"here": "staff"})


@page(SETUP)
def member(request: HttpRequest, username: str) -> HttpResponseBase:
    """One of the staff: roles held and asked for; a request is decided here."""
    found = or_404(staff.person(username), username)
    context = member_context(request, found)
    about = FormPage(str(found), _("Approve"), "staff", template="setup/member.html")
    form = ReasonForm(sent(request))
    return form_page(request, form, about, lambda given: acts.decided(request, found, context["asked"], given), context)


@page(SETUP)
def add(request: HttpRequest) -> HttpResponseBase:
    """A new colleague."""
    about = FormPage(_("Add a colleague"), _("Add"), "staff")
    return form_page(request, forms.AddPerson(sent(request)), about, lambda given: acts.added(request, given))


@page(SETUP)
def grant(request: HttpRequest, username: str) -> HttpResponseBase:
    """Give a role for a time."""
    found = or_404(staff.person(username), username)
    lead = _("Supervisor and finance director are given and taken by two people. Nobody gives a role to themselves.")
    about = FormPage(_("Give a role"), _("Give or ask"), "staff", lead=lead)
    form = forms.GrantRole(sent(request), initial={"first": business_date()})
    return form_page(request, form, about, lambda given: acts.granted(request, found, given))


@page(SETUP)
def end(request: HttpRequest, grant_id: int) -> HttpResponseBase:
    """Let a role end."""
    found = or_404(staff.find_grant(grant_id), grant_id)
    about = FormPage(_("Let a role end"), _("End or ask"), "staff", dangerous=True)
    form = forms.EndRole(sent(request), initial={"last": business_date()})
    return form_page(request, form, about, lambda given: acts.ended(request, found, given))


@page(SETUP)
def switch(request: HttpRequest, username: str) -> HttpResponseBase:
    """Switch a sign-in off at once, or on again."""
    found = or_404(staff.person(username), username)
    off, lead = _("Switch the sign-in off"), _("They are signed out at once, and every role ends today.")
    about = FormPage(off, off, "staff", lead=lead, dangerous=True)
    if not found.is_active:
        about = FormPage(_("Switch the sign-in on"), _("Switch on"), "staff", lead=_("Roles are given anew."))
    return form_page(request, ReasonForm(sent(request)), about, lambda given: acts.switched(request, found, given))


@page(SETUP)
def operations(request: HttpRequest) -> HttpResponseBase:
    """Which role may do what, from the operations themselves."""
    table = ReportTable(
        request, cast("Any", None), OPERATIONS, order=(), name="operations", title=_("What each role may do"),
        empty=_("No operation."), search_label=_("Operation"), search=("kind",), found=staff.operations(),
    )  # fmt: skip
    return table_page(request, "setup/list.html", table, {"here": "operations"})


@page(SETUP)
def review(request: HttpRequest) -> HttpResponseBase:
    """Who holds and held which role, since when, given by whom: what an access review goes through and signs."""
    since = business_date() - timedelta(days=90)
    table = Table(
        request, staff.grants(), REVIEW, order=("user__username", "id"), name="access-review", title=_("Access review"),
        empty=_("Nobody holds a role."), enrich=lambda rows: review_in_words(rows, staff.deeds_since(since)),
    )  # fmt: skip
    return table_page(request, "setup/list.html", table, {"here": "review"})
