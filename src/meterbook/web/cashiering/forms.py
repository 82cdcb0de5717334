"""Forms of the counter: floats, drops, counts, reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from meterbook.engine.cashiering.counting import DENOMINATIONS
from meterbook.engine.cashiering.keyed import WrongAmount, cents_of, keyed
from meterbook.records.cashiering.settings import rules_on
from meterbook.web.kit.figures import amount


class CentsField(forms.Field):
    """An amount keyed on ten keys: 8712 or 87.12."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short", "data-tenkey": ""})
    default_error_messages = {"invalid": _("Key an amount, like 8712 for $87.12.")}

    def to_python(self, value: Any) -> int | None:
        """The cents meant."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return cents_of(text)
        except WrongAmount:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """Cents go back as they are keyed."""
        return keyed(value) if isinstance(value, int) else value


def _choices(words: Any) -> list[tuple[str, str]]:
    language = "es" if (get_language() or "en").startswith("es") else "en"
    return [("", "")] + [(code, said[language]) for code, said in words.items()]


class OpenForm(forms.Form):
    """Where, and with how much change."""

    station = forms.ChoiceField(label=_("Window"))
    float_cents = CentsField(label=_("Float, $"), help_text=_("Change counted out of the safe. 10000 is $100.00."))

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"].choices = [(name, name) for name in rules_on(day).stations]  # type: ignore[attr-defined]


class DropForm(forms.Form):
    """Cash into the safe."""

    amount_cents = CentsField(label=_("Cash dropped, $"))
    bag = forms.CharField(label=_("Bag number"), max_length=30)


class CountForm(forms.Form):
    """How many pieces of each denomination, and the checks and money orders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cents in DENOMINATIONS:
            self.fields[f"d{cents}"] = forms.IntegerField(
                label=amount(cents), min_value=0, max_value=99_999, required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-piece": cents}),
            )  # fmt: skip
        self.fields["noncash_count"] = forms.IntegerField(
            label=_("Checks and money orders, how many"), min_value=0, max_value=9_999, required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
        )  # fmt: skip
        self.fields["noncash_cents"] = CentsField(label=_("Checks and money orders, $"), required=False)

    def pieces(self) -> dict[int, int]:
        """What was counted, by denomination."""
        return {cents: self.cleaned_data.get(f"d{cents}") or 0 for cents in DENOMINATIONS}


class CloseForm(forms.Form):
    """Why the drawer is over or short."""

    reason = forms.ChoiceField(label=_("Reason of the difference"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=500)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _choices(rules_on(day).over_short)  # type: ignore[attr-defined]


class VoidForm(forms.Form):
    """Why, and who gives it: the supervisor signs here, the cashier stays signed in."""

    reason = forms.ChoiceField(label=_("Why the receipt is voided"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    username = forms.CharField(
        label=_("Supervisor's sign-in name"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Supervisor's password"), widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("Code of the second factor"), required=False, max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _choices(rules_on(day).voids)  # type: ignore[attr-defined]


class BagForm(forms.Form):
    """The bag's number and the drawers in it."""

    bag = forms.CharField(label=_("Bag number"), max_length=30)
    drawers = forms.TypedMultipleChoiceField(
        label=_("Drawers in the bag"), coerce=int, widget=forms.CheckboxSelectMultiple()
    )


class EmailForm(forms.Form):
    """Where a receipt is sent."""

    email = forms.EmailField(label=_("Send the receipt to"))
