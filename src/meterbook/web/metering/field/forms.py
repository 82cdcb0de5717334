"""Forms of the steps a field request takes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.field.operations.flag import BY_HAND
from meterbook.records.metering.field.screens import Dial
from meterbook.records.metering.hub.not_read import REASONS
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField

if TYPE_CHECKING:
    from meterbook.records.platform.models import User

_NOTE = forms.Textarea(attrs={"rows": 3})


def _photo() -> forms.FileField:
    return forms.FileField(
        label=_("Photo"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )  # fmt: skip


class Note(forms.Form):
    """A word that may be left out."""

    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=_NOTE)


class Why(forms.Form):
    """A word that may not."""

    note = forms.CharField(label=_("Why"), max_length=300, widget=_NOTE)


class Outcome(forms.Form):
    """What came of a request."""

    note = forms.CharField(
        label=_("Outcome"), max_length=300, widget=_NOTE, help_text=_("One sentence: what was found and done."),
        error_messages={"required": _("Say what came of it; a request does not end without an outcome.")},
    )  # fmt: skip


class SendOut(forms.Form):
    """Who goes."""

    owner = forms.ChoiceField(label=_("Who goes"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=_NOTE)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("Nobody yet")), *((str(each.pk), str(each)) for each in people)]


class Postpone(forms.Form):
    """Another day, and why."""

    due_on = DayField(label=_("Due"))
    note = forms.CharField(label=_("Why"), max_length=300, widget=_NOTE)


class Correct(forms.Form):
    """What was right, where somebody knows it."""

    value = forms.DecimalField(
        label=_("What the register showed that day"), required=False, min_value=Decimal(0), max_digits=15,
        decimal_places=6, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("If nobody knows, leave it empty: the questioned read is refused, the new one stands alone."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=_NOTE)


class NoAccess(forms.Form):
    """Why nobody got to the meter."""

    reason = forms.ChoiceField(label=_("What was in the way"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=_NOTE)
    photo = _photo()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, gettext(said)) for code, (said, _) in REASONS.items()]


class Visit(forms.Form):
    """The day, a read for each register that hangs there, a word, a photo."""

    on = DayField(label=_("Day of the visit"), required=False, help_text=_("If left empty: today."))
    note = forms.CharField(label=_("What was seen"), required=False, max_length=300, widget=_NOTE)
    photo = _photo()

    def __init__(self, *args: Any, dials: Sequence[Dial], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dials = dials
        for dial in reversed(dials):
            register = dial.register
            self.fields[f"register-{register.pk}"] = forms.DecimalField(
                label=_register(dial), required=False, min_value=Decimal(0), max_digits=15,
                decimal_places=register.decimals, help_text=_last(dial),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"}),
            )  # fmt: skip
        self.order_fields(["on", *(f"register-{dial.register.pk}" for dial in dials), "note", "photo"])

    def values(self) -> dict[int, Decimal]:
        """What was typed, by register."""
        typed = {dial.register.pk: self.cleaned_data[f"register-{dial.register.pk}"] for dial in self.dials}
        return {number: value for number, value in typed.items() if value is not None}


class Flag(forms.Form):
    """What the field is asked for."""

    kind = forms.ChoiceField(label=_("What should be looked at"))
    note = forms.CharField(label=_("Why"), max_length=300, widget=_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, words.say("field_kind", kind)) for kind in BY_HAND]


def _register(dial: Dial) -> str:
    return gettext("Read of %(serial)s, %(channel)s, %(unit)s") % {
        "serial": dial.meter.serial, "channel": words.say("register", dial.register.channel),
        "unit": dial.register.unit,
    }  # fmt: skip


def _last(dial: Dial) -> str:
    shape = gettext("%(dials)d digits, %(decimals)d after the point") % {
        "dials": dial.register.dials, "decimals": dial.register.decimals,
    }  # fmt: skip
    if dial.last is None:
        return shape
    last = gettext("last %(value)s on %(day)s") % {
        "value": figures.decimal_number(dial.last.value), "day": figures.day(dial.last.read_on),
    }  # fmt: skip
    return f"{shape}; {last}"
