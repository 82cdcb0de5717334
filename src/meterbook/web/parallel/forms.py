"""Forms of a parallel run: the other system's file, and the sign-off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.screens import recent_runs
from meterbook.records.parallel.mapping import Mapping, WrongMapping, parse_mapping
from meterbook.records.platform.operations.attach_file import LARGEST_BYTES


class CompareForm(forms.Form):
    """The file of bills, how its words map to ours, and the run it is compared with."""

    file = forms.FileField(
        label=_("File"), help_text=_("Bills line by line, as CSV (meterbook-bills); 50 MB at most."),
        error_messages={"required": _("Choose the other system's file."), "empty": _("This file is empty.")},
    )  # fmt: skip
    mapping = forms.FileField(
        label=_("Mapping"), required=False,
        help_text=_("A YAML file: which of their charges are which of ours. Without it, labels are compared."),
    )  # fmt: skip
    run = forms.ChoiceField(
        label=_("Run"), required=False,
        choices=lambda: [("", _("Posted bills of the same days")), *((str(pk), said) for pk, said in recent_runs())],
    )  # fmt: skip

    def clean_file(self) -> object:
        """The file, unless it is too large to be kept."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(_("This file is larger than 50 MB. Compare one cycle at a time."))
        return file

    def clean_mapping(self) -> Mapping:
        """The mapping, read whole or refused."""
        file: Any = self.cleaned_data["mapping"]
        if not file:
            return Mapping()
        try:
            return parse_mapping(file.read().decode("utf-8"), file=file.name)
        except (WrongMapping, UnicodeDecodeError) as error:
            raise forms.ValidationError(str(error)) from error


class SignForm(forms.Form):
    """What is accepted, and why."""

    note = forms.CharField(
        label=_("What you accept"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where anything is unexplained. It stays with the comparison for the auditor."),
    )  # fmt: skip
