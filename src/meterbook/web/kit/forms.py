"""Forms over operations: one column, label above, the error beside the field in words that say what to type."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.deeds import NotPermitted
from meterbook.web.kit.refusals import in_words, is_refusal

_AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")


class DayField(forms.Field):
    """A date typed as people type it: 3/12/2026, 3-12-26 or 2026-03-12; month before day in both languages."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"})
    default_error_messages = {"invalid": _("Type a date like 3/12/2026.")}

    def to_python(self, value: Any) -> date | None:
        """The date meant, or an error that says what to type."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            if found := _AMERICAN.fullmatch(text):
                year = int(found[3])
                return date(year + 2000 if year < 100 else year, int(found[1]), int(found[2]))
            return date.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """Dates go back into the field the way they are typed."""
        return f"{value.month}/{value.day}/{value.year}" if isinstance(value, date) else value


class ReasonForm(forms.Form):
    """A form that asks why."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("One sentence; it stays with the deed for the auditor."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form sent, even when every field is empty; nothing while it is only being shown."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class FormPage:
    """What stands around a form: its title, what the act will do, the button, and where Cancel goes."""

    title: str | Promise
    button: str | Promise
    back: str
    lead: str | Promise = ""
    dangerous: bool = False
    template: str = "kit/form_page.html"


def form_page(
    request: HttpRequest,
    form: forms.Form,
    page: FormPage,
    done: Callable[[dict[str, Any]], str],
    context: dict[str, object] | None = None,
) -> HttpResponseBase:
    """Show the form; when it is sent and valid, do the deed and go to the address it returns.

    A refusal by the operation is shown on the form with everything still typed in; `NotPermitted` goes to the kind
    page.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(done(form.cleaned_data))
        except NotPermitted:
            raise
        except Exception as error:
            if not is_refusal(error):
                raise
            form.add_error(None, in_words(error))
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request, page.template, {"form": form, "page": page, "title": page.title, **(context or {})}, status=status
    )
