"""The payoff letter: the figures kept, the letter set and kept with the account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from meterbook.notices.payoff_letter import render_letter
from meterbook.records.fees.operations.payoff import answer_payoff
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.operations.attach_file import attach_file
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.payoff.forms import Ask


def letter(request: HttpRequest, account: Any, form: Ask) -> HttpResponseBase | None:
    """The letter, kept with the account; nothing where it is refused, with the reason on the form."""
    given = form.cleaned_data
    try:
        made = answer_payoff(
            act(request, "payoff asked for"), account=account, good_through=given["good_through"],
            requester=given["requester"], fee_for=given["fee_for"],
        )  # fmt: skip
        content = render_letter(made, requester=given["requester"], language=given["language"])
        name = f"payoff-{account.number}-{made.day}.pdf"
        attach_file(
            act(request, given["requester"]), subject=f"account:{account.pk}", file_name=name,
            content_type="application/pdf", content=content,
        )  # fmt: skip
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        form.add_error(None, in_words(error))
        return None
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
