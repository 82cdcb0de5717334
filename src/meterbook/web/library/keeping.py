"""Files kept long enough: what the policy says of each class, lists of what may be destroyed."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.registers import screens
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import LIBRARY
from meterbook.web.library import acts


@page(LIBRARY)
def retention(request: HttpRequest) -> HttpResponseBase:
    """Every class of files with its rule and what of it may be destroyed; a list is asked for here."""
    classes = screens.outlived(business_date())
    said = {one["code"]: one["words"][bilingual()] for one in classes}
    context: dict[str, object] = {
        "classes": [(one, said[one["code"]]) for one in classes], "here": "retention",
        "lists": [(one, said.get(one.retention, one.retention)) for one in screens.destruction_lists()],
        "may_list": may(request, "registers.list_destruction"),
    }  # fmt: skip
    about = FormPage(_("Retention of files"), _("Ask"), "library", template="library/retention.html")
    return form_page(request, ReasonForm(sent(request)), about,
                     lambda given: acts.listed(request, request.POST.get("class", ""), given), context)  # fmt: skip


@page(LIBRARY)
def destruction_list(request: HttpRequest, list_id: int) -> HttpResponseBase:
    """One list: every file with its fingerprint; a second person agrees or refuses."""
    found = or_404(screens.destruction_list(list_id), list_id)
    mine = found.asked_by.actor_id == request.user.pk
    decides = found.state == "asked" and not mine and may(request, "registers.decide_destruction")
    context: dict[str, object] = {"item": found, "mine": mine, "may_decide": decides}
    about = FormPage(_("Files to be destroyed"), _("Agree"), "retention", template="library/destruction.html")
    return form_page(request, ReasonForm(sent(request)), about,
                     lambda given: acts.destroyed(request, found, given), context)  # fmt: skip
