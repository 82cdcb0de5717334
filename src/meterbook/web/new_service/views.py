"""The permit queue: files taken in, what a permit proposes, taken over or dismissed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.new_service import screens
from meterbook.records.new_service.operations import permits as dealing
from meterbook.records.new_service.operations.import_permits import import_permits
from meterbook.web.kit.access import act, or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import FIELD
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.new_service import shown
from meterbook.web.new_service.columns import PERMITS
from meterbook.web.new_service.forms import PermitFile, Take


@page(FIELD)
def permits(request: HttpRequest) -> HttpResponseBase:
    """The queue: what waits or changed first."""
    table = Table(
        request, screens.permits(), PERMITS, order=("open_first", "issued_on", "id"), name="permits",
        title=_("Permits"), empty=_("No permit came in yet. Take in the building department's file, or pull its API."),
        search=("number", "address_line", "applicant", "parcel_number"), search_label=_("Permit, address or applicant"),
    )  # fmt: skip
    return table_page(request, "new_service/list.html", table, {"here": "permits", "waiting": screens.waiting()})


@page(FIELD)
def take_file(request: HttpRequest) -> HttpResponseBase:
    """Take in a file of permits."""

    def done(given: dict[str, Any]) -> str:
        file = given["file"]
        batch = import_permits(act(request), format=given["format"], file_name=file.name, content=file.read())
        messages.success(request, shown.of_batch(batch))
        return reverse("permits")

    about = FormPage(_("Take in permits"), _("Take in"), "permits", template="new_service/import.html")
    form = PermitFile(sent(request), request.FILES or None, formats=shown.formats())
    return form_page(request, form, about, done, {"batches": screens.batches()})


@page(FIELD)
def permit(request: HttpRequest, permit_id: int) -> HttpResponseBase:
    """One permit: what it says, what it proposes, and taking that over."""
    found = or_404(screens.permit(permit_id), permit_id)
    proposal, initial = shown.proposed(found)
    form = Take(sent(request), initial=initial)

    def done(given: dict[str, Any]) -> str:
        taken = dealing.take_permit(act(request, f"Permit {found.number}"), permit=found, **form.places(given))
        messages.success(request, gettext("Its places are on record; orders to set the meters are open."))
        return reverse("permit", args=[taken.pk])

    about = FormPage(found.number, _("Take over"), "permits", template="new_service/permit.html")
    return form_page(request, form, about, done, shown.about_permit(request, found, proposal))


@page(FIELD)
def dismiss(request: HttpRequest, permit_id: int) -> HttpResponseBase:
    """A permit needs nothing of us."""
    found = or_404(screens.permit(permit_id), permit_id)

    def done(given: dict[str, Any]) -> str:
        dealing.dismiss_permit(act(request, given["reason"]), permit=found)
        return reverse("permits")

    about = FormPage(_("This permit needs nothing of us"), _("Put it away"), "permits", lead=found.address)
    return form_page(request, ReasonForm(sent(request)), about, done)


@page(FIELD)
def again(request: HttpRequest, permit_id: int) -> HttpResponseBase:
    """A permit changed after it was dealt with: look at it again, or see that nothing follows."""
    found = or_404(screens.permit(permit_id), permit_id)

    def done(given: dict[str, Any]) -> str:
        reopen = request.POST.get("do") == "reopen"
        dealing.look_again(act(request, given["reason"]), permit=found, reopen=reopen)
        return reverse("permit", args=[found.pk])

    about = FormPage(_("The permit changed"), _("Nothing follows"), "permits", template="new_service/again.html")
    return form_page(request, ReasonForm(sent(request)), about, done, {"item": found})
