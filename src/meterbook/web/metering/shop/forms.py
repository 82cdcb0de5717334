"""Forms of the shop: a shipment, a test, reads of each register, seals, rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.metering.accuracy import BenchPoint
from meterbook.engine.metering.comparison import Counts
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField, ReasonForm

LARGEST = 8 * 2**20


class TypedDecimal(forms.DecimalField):
    """A number typed with ten keys: digits and a point."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 15)
        super().__init__(**kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})


class ShipmentFile(forms.Form):
    """The list of a shipment."""

    file = forms.FileField(
        label=_("List of the shipment (CSV)"),
        help_text=_("One row a register. Columns: serial, commodity, size, manufacturer, model, channel, dials, "
                    "decimals, multiplier, unit; if there are any also lot, endpoint, tested_on, tester, certificate "
                    "and accuracy_minimum, accuracy_intermediate, accuracy_maximum, accuracy_full_load, "
                    "accuracy_light_load."),
        error_messages={"required": _("Choose the list to receive."), "empty": _("This file is empty.")},
    )  # fmt: skip

    def clean_file(self) -> object:
        """The file, unless it is too large to be a shipment."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("This file is larger than 8 MB. Send the shipment in parts."))
        return file


class TestForm(forms.Form):
    """What the bench found at every point of the meter's type."""

    __test__ = False
    tested_on = DayField(label=_("Tested on"))
    kind = forms.ChoiceField(label=_("Kind of test"), choices=lambda: list(words.TEST_KIND.items()))
    tester = forms.CharField(label=_("Tested by"), max_length=80)
    certificate = forms.CharField(label=_("Certificate"), max_length=80, required=False)

    def __init__(self, *args: Any, points: Sequence[BenchPoint], kinds: Sequence[str], **kwargs: Any) -> None:
        """``points`` are those the limits in force name for the meter's type, ``kinds`` what its state allows."""
        super().__init__(*args, **kwargs)
        choices = [(kind, said) for kind, said in words.TEST_KIND.items() if kind in kinds]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of test"), choices=choices)
        for point in points:
            says = gettext("%(at)s; allowed new %(new)s %%, in use %(used)s %%") % {
                "at": point.at, "new": f"{point.new.low}–{point.new.high}",
                "used": f"{point.used.low}–{point.used.high}",
            }  # fmt: skip
            label = gettext("%(point)s, percent") % {"point": words.say("bench_point", point.name)}
            self.fields[f"point_{point.name}"] = TypedDecimal(label=label, help_text=says, decimal_places=4)

    def found(self) -> dict[str, Decimal]:
        """Percent by point, as typed."""
        given = self.cleaned_data.items()
        return {name.removeprefix("point_"): value for name, value in given if name.startswith("point_")}


class StepForm(ReasonForm):
    """A step in a meter's life: when, and why."""

    on = DayField(label=_("Day"))
    field_order = ("on", "reason")


def read_fields(
    prefix: str, registers: Sequence[Counts], shown: Mapping[str, Any], label: str
) -> dict[str, forms.Field]:
    """One field a register: what it shows, with its digits and unit and the last read beside it."""
    fields: dict[str, forms.Field] = {}
    for one in registers:
        says = gettext("%(dials)d digits before the point, %(decimals)d after it, in %(unit)s") % {
            "dials": one.dials, "decimals": one.decimals, "unit": one.unit}  # fmt: skip
        if one.channel in shown:
            last = shown[one.channel]
            says += gettext("; last read %(value)s on %(day)s") % {
                "value": words_of(last["value"]), "day": figures.day(last["read_on"])}  # fmt: skip
        title = label if len(registers) == 1 else f"{label}, {words.say('register', one.channel).lower()}"
        fields[f"{prefix}_{one.channel}"] = TypedDecimal(label=title, help_text=says, decimal_places=6, min_value=0)
    return fields


def words_of(value: Decimal) -> str:
    """A read without idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed_reads(prefix: str, given: Mapping[str, Any]) -> dict[str, Decimal]:
    """The reads of a form by channel."""
    return {name.removeprefix(f"{prefix}_"): value for name, value in given.items() if name.startswith(f"{prefix}_")}


class HangForm(StepForm):
    """A meter goes up at a point: its first reads and its seal."""

    point = forms.CharField(label=_("Service point"), max_length=20, help_text=_("Its code, like W-1000120."))
    seal = forms.CharField(label=_("Seal put on"), max_length=30, required=False)

    def __init__(self, *args: Any, registers: Sequence[Counts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= read_fields("in", registers, {}, pgettext("meter goes up", "First read"))
        self.order_fields(["on", "point", *[name for name in self.fields if name.startswith("in_")], "seal", "reason"])


class TakeDownForm(StepForm):
    """A meter comes down: its last reads."""

    def __init__(self, *args: Any, registers: Sequence[Counts], shown: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= read_fields("out", registers, shown, gettext("Last read"))
        self.order_fields(["on", *[name for name in self.fields if name.startswith("out_")], "reason"])


class ChooseForm(forms.Form):
    """Which meter of the shelf takes the place, and when."""

    new = forms.CharField(label=_("Serial of the meter that goes up"), max_length=30, help_text=_(
        "A meter in stock. One that just came is received, tested and put in stock first."))  # fmt: skip
    on = DayField(label=_("Day of the exchange"))


class ExchangeForm(TakeDownForm):
    """The reads of both meters, the seal, and the confirmation of the comparison shown."""

    new = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)
    seal = forms.CharField(label=_("Seal put on"), max_length=30, required=False)
    confirmed = forms.BooleanField(
        label=_("I compared both meters, and the differences named above are right."),
        error_messages={"required": _("Compare both meters, then tick this box.")},
    )

    def __init__(self, *args: Any, new_registers: Sequence[Counts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = pgettext("meter goes up", "First read")
        self.fields |= read_fields("in", new_registers, {}, first)
        if self.fields["on"].label:
            self.fields["on"].label = gettext("Day of the exchange")
        reads = [name for name in self.fields if name.startswith(("out_", "in_"))]
        self.order_fields(["on", *reads, "seal", "reason", "confirmed"])
        for name in self.fields:
            if name.startswith("out_"):
                self.fields[name].label = gettext("Old meter: %(read)s") % {"read": self.fields[name].label}
            if name.startswith("in_"):
                self.fields[name].label = gettext("New meter: %(read)s") % {"read": self.fields[name].label}


class AsideForm(ReasonForm):
    """Reads later than a day are set aside."""

    after = DayField(label=_("Set aside reads later than"))
    field_order = ("after", "reason")

    def __init__(self, *args: Any, days: Sequence[date], **kwargs: Any) -> None:
        """``days`` are those of the reads that could be set aside, oldest first."""
        super().__init__(*args, **kwargs)
        shown = "; ".join(figures.day(each) for each in days[-12:])
        self.fields["after"].help_text = ngettext(
            "%(n)d day with reads: %(days)s. Only those later than the day you give are set aside.",
            "%(n)d days with reads, the last ones: %(days)s. Only those later than the day you give are set aside.",
            len(days),
        ) % {"n": len(days), "days": shown}


class SealForm(forms.Form):
    """A numbered seal or lock goes on."""

    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: list(words.SEAL_KIND.items()))
    number = forms.CharField(label=_("Number"), max_length=30)
    point = forms.CharField(label=_("Service point"), max_length=20, help_text=_("Its code, like W-1000120."))
    on = DayField(label=_("Day"))


class SealOffForm(forms.Form):
    """A seal or lock comes off, and how it was found."""

    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("How it was found"), max_length=300, help_text=_("Whole, broken, cut, gone."))


class RightForm(ReasonForm):
    """Connections a parcel bought."""

    commodity = forms.ChoiceField(
        label=_("Service"), choices=[("water", _("Water")), ("electricity", _("Electricity"))]
    )
    size = forms.CharField(label=_("Size"), max_length=10, help_text=_("As on the meters, like 5/8 or 1 1/2."))
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=500)
    starts = DayField(label=_("From"))
    origin = forms.CharField(label=_("Permit, receipt or agreement"), max_length=300)
    field_order = ("commodity", "size", "quantity", "starts", "origin", "reason")
