"""The form that takes a read file in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.formats.registry import discover

LARGEST = 64 * 2**20


def read_formats() -> list[tuple[str, str]]:
    """The read formats by name and title."""
    return [(name, each.title) for name, each in sorted(discover().items()) if each.kind == "reads"]


class ReadFile(forms.Form):
    """A read file and the format it claims to be."""

    format = forms.ChoiceField(label=_("File format"), choices=read_formats)
    file = forms.FileField(
        label=_("File"),
        help_text=_("As it came from the head-end or the handheld; 64 MB at most."),
        error_messages={"required": _("Choose the file to import."), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> object:
        """The file, unless it is too large to be one day's reads."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is larger than 64 MB. Split it by route and import the parts."))
        return file
