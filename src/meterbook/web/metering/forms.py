"""The form that takes a read file in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.formats.registry import discover
from meterbook.records.metering.hub.sources import UPLOAD, active_sources
from meterbook.records.platform.operations.attach_file import LARGEST_BYTES


def read_formats() -> list[tuple[str, str]]:
    """The read formats by name and title."""
    return [(name, each.title) for name, each in sorted(discover().items()) if each.kind == "reads"]


def uploaded_sources() -> list[tuple[str, Any]]:
    """The sources whose files are uploaded, and none."""
    return [("", _("None: choose the format below")), *((str(each.pk), each.name) for each in active_sources(UPLOAD))]


class ReadFile(forms.Form):
    """A read file with the source it comes from, or the format it claims to be."""

    source = forms.ChoiceField(
        label=_("Source"), choices=uploaded_sources, required=False,
        help_text=_("A source knows its format, its time zone and whether it has multiplied."),
    )  # fmt: skip
    format = forms.ChoiceField(
        label=_("File format"), required=False, choices=lambda: [("", _("As the source says")), *read_formats()]
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("As it came from the head-end or the handheld; 50 MB at most."),
        error_messages={"required": _("Choose the file to import."), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> object:
        """The file, unless it is too large to be kept with the books."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(_("This file is larger than 50 MB. Split it by route and import the parts."))
        return file

    def clean(self) -> dict[str, Any]:
        """One of source and format is said."""
        found = super().clean() or {}
        if not found.get("source") and not found.get("format") and "format" not in self.errors:
            self.add_error("format", _("Choose the source or the format of the file."))
        return found
