"""Forms of routes: what a route is, where a meter is found, opting out and in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.places.screens import cycle_choices
from meterbook.web.kit import words
from meterbook.web.kit.forms import DayField, ReasonForm


class RouteForm(forms.Form):
    """What a route is called, how it is read and by whom."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("How it is read"), choices=lambda: list(words.ROUTE_KIND.items()))
    reader = forms.CharField(label=_("Reader"), max_length=40, required=False, help_text=_("Who reads it now."))


class NewRouteForm(RouteForm):
    """A route begins: its code and its cycle."""

    code = forms.RegexField(
        r"^[A-Za-z0-9-]{1,10}\Z", label=_("Code"), max_length=10, help_text=_("Like R13, or M1 for opt-outs."),
        error_messages={"invalid": _("Use 1 to 10 letters, digits or hyphens.")},
    )  # fmt: skip
    cycle = forms.ChoiceField(label=_("Cycle"), choices=cycle_choices)
    field_order = ("code", "cycle", "title", "kind", "reader")


class LocationForm(forms.Form):
    """Where a meter is found and what guards it."""

    location = forms.CharField(
        label=_("Where the meter is, and what guards it"), max_length=200, required=False,
        help_text=_("Left of the garage; gate code; dog."),
    )  # fmt: skip


class OptOutForm(ReasonForm):
    """A customer declines the radio: the manual route and the day."""

    route = forms.ChoiceField(label=_("Manual route"))
    on = DayField(label=_("From"))
    field_order = ("route", "on", "reason")

    def __init__(self, *args: Any, routes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"] = forms.ChoiceField(
            label=_("Manual route"), choices=[(code, f"{code} · {title}") for code, title in routes],
            error_messages={"required": _("There is no manual route in this cycle. Begin one first.")},
        )  # fmt: skip
        self.order_fields(self.field_order)


class OptInForm(ReasonForm):
    """A customer takes the radio back."""

    on = DayField(label=_("From"))
    field_order = ("on", "reason")
