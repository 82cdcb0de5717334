"""Forms of net metering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.engine.programs.net_metering import OPTIONS
from meterbook.web.kit import words
from meterbook.web.kit.forms import DayField, ReasonForm
from meterbook.web.metering.shop.forms import TypedDecimal


def _options() -> list[tuple[str, str]]:
    return [(option, words.say("net_metering_option", option)) for option in OPTIONS]


class EnrolForm(ReasonForm):
    """An agreement under net metering."""

    point = forms.CharField(label=_("Service point"), max_length=20, help_text=_("Its code, like E-1000033."))
    option = forms.ChoiceField(label=_("Option"), choices=_options, help_text=_("The tariff must have it."))
    starts = DayField(label=_("First day"))
    true_up_month = forms.IntegerField(
        label=_("True-up month"), min_value=1, max_value=12,
        help_text=_("1 to 12: the month whose bill settles the customer's year."),
    )  # fmt: skip
    grandfathered_until = DayField(label=_("Grandfathered until"), required=False)
    capacity_w = forms.IntegerField(label=_("Rated power, W"), min_value=1, max_value=10**8, required=False)
    opening_kwh = TypedDecimal(label=_("Opening bank, kWh"), decimal_places=6, min_value=0, required=False)
    opening_dollars = TypedDecimal(label=_("Opening bank, $"), decimal_places=2, min_value=0, required=False)
    field_order = (
        "point", "option", "starts", "true_up_month", "grandfathered_until", "capacity_w", "opening_kwh",
        "opening_dollars", "reason",
    )  # fmt: skip

    def arranged(self) -> dict[str, Any]:
        """What was typed as the operation takes it, but for the agreement."""
        given = self.cleaned_data
        return {
            "option": given["option"], "starts": given["starts"], "true_up_month": given["true_up_month"],
            "grandfathered_until": given["grandfathered_until"], "capacity_w": given["capacity_w"],
            "opening_e6": int((given["opening_kwh"] or 0) * 10**6),
            "opening_cents": int((given["opening_dollars"] or 0) * 100),
        }  # fmt: skip


class EndForm(ReasonForm):
    """The end of an enrolment."""

    ends = DayField(label=_("First day no longer under it"))
    field_order = ("ends", "reason")
