"""Forms of the account's services: suspend one, resume it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.forms import DayField, ReasonForm


class SuspendForm(ReasonForm):
    """Why and for which days a service is off."""

    cause = forms.ChoiceField(label=_("Cause"))
    starts = DayField(label=_("First day without service"))
    ends = DayField(
        label=_("First day with service again"), required=False,
        help_text=_("Leave it empty if nobody knows yet; the service is resumed later."),
    )  # fmt: skip
    field_order = ("cause", "starts", "ends", "reason")

    def __init__(self, *args: Any, causes: list[tuple[str, str]], **kwargs: Any) -> None:
        """``causes`` are those of the policy that suspend this service: code and words."""
        super().__init__(*args, **kwargs)
        self.fields["cause"] = forms.ChoiceField(label=_("Cause"), choices=causes)


class ResumeForm(ReasonForm):
    """The day a service is on again."""

    starts = DayField(label=_("First day with service again"))
    field_order = ("starts", "reason")
