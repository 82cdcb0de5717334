"""Forms of the hub: a source of reads."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.hub.sources import VIAS
from meterbook.web.metering.forms import read_formats
from meterbook.web.metering.hub.vias import VIA


class SourceForm(forms.Form):
    """What a source is, where its files come from, and how its numbers are to be read."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As the office calls it, like “AMI head-end”."))
    format = forms.ChoiceField(label=_("File format"), choices=read_formats)
    via = forms.ChoiceField(label=_("Comes by"), choices=lambda: [(code, VIA[code]) for code in VIAS])
    location = forms.CharField(
        label=_("Folder or mailbox"), max_length=300, required=False,
        help_text=_("The folder that is watched, from the root, or the mailbox's name. Empty for uploads."),
    )  # fmt: skip
    pattern = forms.CharField(
        label=_("File names"), max_length=100, required=False,
        help_text=_("Which files are taken, like *.csv or ami_*.txt. Empty takes every file."),
    )  # fmt: skip
    timezone = forms.CharField(
        label=_("Time zone of its times"), max_length=60, required=False,
        help_text=_("Like America/Los_Angeles. Empty is the utility's own."),
    )  # fmt: skip
    multiplier_applied = forms.BooleanField(
        label=_("Its numbers carry the multiplier already"), required=False,
        help_text=_("Tick only if the sender has multiplied: otherwise usage is counted too often."),
    )  # fmt: skip

    def clean_timezone(self) -> str:
        """A zone there is, or nothing."""
        found = str(self.cleaned_data["timezone"]).strip()
        if found and found not in available_timezones():
            raise forms.ValidationError(_("No time zone has this name. Type one like America/Los_Angeles."))
        return found

    def clean(self) -> dict[str, Any]:
        """A folder or mailbox has a place."""
        found = super().clean() or {}
        if found.get("via") in ("folder", "mailbox") and not str(found.get("location", "")).strip():
            self.add_error("location", _("Say which folder is watched, or which mailbox is read."))
        if found.get("via") == "folder" and found.get("location") and not str(found["location"]).startswith("/"):
            self.add_error("location", _("Type the folder from the root, like /srv/reads."))
        return found
