"""The papers of an account: kept, listed, opened."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.documents import SHOWN, document, documents
from meterbook.records.platform.operations.attach_file import attach_file
from meterbook.web.contacts.views import found_account
from meterbook.web.customers.people.forms import PaperForm
from meterbook.web.kit.access import act, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import ACCOUNTS as SECTION

KEEP = FormPage(_("Documents"), _("Keep the file"), "accounts", template="customers/papers.html")


@page(SECTION)
def papers(request: HttpRequest, number: str) -> HttpResponseBase:
    """Every paper of an account, and a form to keep another."""
    account = found_account(number)

    def done(given: dict[str, Any]) -> str:
        file = given["file"]
        attach_file(
            act(request, given["reason"]), subject=f"account:{account.pk}", file_name=file.name[:200],
            content_type=(file.content_type or "application/octet-stream")[:100], content=file.read(),
        )  # fmt: skip
        messages.success(request, gettext("The file is kept."))
        return reverse("account_papers", args=[number])

    form = PaperForm(sent(request), request.FILES or None)
    return form_page(request, form, KEEP, done, {"account": account, "papers": documents(account.pk)})


@page(SECTION)
def paper(request: HttpRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """One paper as it came; only what is harmless opens in the browser."""
    found = document(found_account(number).pk, attachment_id)
    if found is None:
        raise Http404(str(attachment_id))
    shown = found.content_type in SHOWN
    kind = found.content_type if shown else "application/octet-stream"
    response = HttpResponse(bytes(found.content), content_type=kind)
    where = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = f"{where}; filename*=UTF-8''{quote(found.file_name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
