"""Putting an accepted read in question, with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.queue.operations.own import question_read
from meterbook.records.metering.queue.screens import case as cases
from meterbook.web.kit.access import act
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent

QUESTION = FormPage(
    title=_("Question this read"),
    button=_("Put it in question"),
    back="exceptions",
    lead=_("The read makes no usage until somebody decides; bills that hold it stay as they are until then."),
)


def question_page(request: HttpRequest, read_id: int) -> HttpResponseBase:
    """Ask why, put the read in question, and open its case."""
    read = cases.read(read_id)
    if read is None:
        raise Http404(str(read_id))

    def done(given: dict[str, Any]) -> str:
        item = question_read(act(request, given["reason"]), read=read)
        messages.success(request, gettext("The read is in question."))
        return reverse("exception", args=[item.pk])

    return form_page(request, ReasonForm(sent(request)), QUESTION, done, {"read": read})
