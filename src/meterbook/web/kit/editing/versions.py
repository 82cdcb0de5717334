"""Forms that edit a record on file: who comes second is told who changed what, and keeps what they typed.

    form = PersonForm(sent(request), initial=…, version=version_of(person))
    return edit_page(request, form, PAGE, done, words="person_field")

``done`` gets the cleaned data with ``version`` and hands it to the operation, which refuses with `ChangedMeanwhile`.
The form then comes back with everything typed, what changed beside it, and the version of now: sending it again saves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django import forms
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from meterbook.records.platform.versions import Change, ChangedMeanwhile
from meterbook.web.kit import words
from meterbook.web.kit.figures import moment
from meterbook.web.kit.forms import FormPage, form_page

#: The newest version a form can name; what is larger was typed by nobody.
_LARGEST = 2**62


class VersionedForm(forms.Form):
    """A form that knows which version of the record it shows."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_LARGEST)

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        """``version`` is that of the record as it stands now; one that was sent stays as it was sent."""
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version

    def now_at(self, version: int) -> None:
        """Let the form stand at a newer version, everything else as it was typed."""
        data = QueryDict(mutable=True)
        for name, values in cast("QueryDict", self.data).lists():
            data.setlist(name, values)
        data[self.add_prefix("version")] = str(version)
        self.data = data


def edit_page(
    request: HttpRequest, form: VersionedForm, page: FormPage, done: Callable[[dict[str, Any]], str], *,
    vocabulary: str, codes: Mapping[str, str] | None = None, context: dict[str, object] | None = None,
) -> HttpResponseBase:  # fmt: skip
    """`form_page` for a `VersionedForm`; ``vocabulary`` names the fields, ``codes`` the vocabulary of coded ones."""
    shown: dict[str, object] = {**(context or {}), "changes": []}

    def guarded(given: dict[str, Any]) -> str:
        try:
            return done(given)
        except ChangedMeanwhile as found:
            form.now_at(found.version)
            shown["changes"] = [_told(each, vocabulary, codes or {}) for each in found.changes]
            raise

    return form_page(request, form, page, guarded, shown)


def _told(change: Change, vocabulary: str, codes: Mapping[str, str]) -> dict[str, str]:
    """One change in words: which field, what it was, what it is, by whom, when."""
    return {
        "field": words.say(vocabulary, change.field), "before": _value(change, change.before, codes),
        "after": _value(change, change.after, codes), "by": change.by, "at": moment(change.at),
    }  # fmt: skip


def _value(change: Change, value: Any, codes: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if value in ("", None):
        return gettext("empty")
    return words.say(codes[change.field], str(value)) if change.field in codes else str(value)
