"""Forms of the people behind an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.people.operations.parts import PARTS
from meterbook.records.customers.people.words import PEOPLE
from meterbook.web.kit.editing.versions import VersionedForm
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.words import say

LANGUAGES = [("en", "English"), ("es", "Español")]


class PersonForm(VersionedForm):
    """How a person is named and reached."""

    name = forms.CharField(label=_("Name"), max_length=160)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    identity_kind = forms.ChoiceField(label=_("Identity document"), required=False)
    identity_last_four = forms.CharField(
        label=_("Last four of its number"), max_length=4, required=False,
        help_text=_("Only these four are ever kept."), widget=forms.TextInput(attrs={"class": "short"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(PEOPLE["identity_kind"].items())
        self.fields["identity_kind"] = forms.ChoiceField(label=_("Identity document"), choices=kinds, required=False)


class MailingForm(VersionedForm):
    """Where an account's mail goes."""

    lines = forms.CharField(
        label=_("Mailing address"), max_length=400, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As it is printed below the name, a line each."),
    )  # fmt: skip


class PartForm(forms.Form):
    """Who else has a part in the account, from when to when."""

    name = forms.CharField(label=_("Name"), max_length=160)
    part = forms.ChoiceField(label=_("Part"))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("First day without it"), required=False, help_text=_("Leave it empty if there is no end."))
    reason = forms.CharField(
        label=_("What it rests on"), max_length=300,
        help_text=_("The holder's word on the phone, a form, a court order."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"] = forms.ChoiceField(label=_("Part"), choices=[(one, say("part", one)) for one in PARTS])


class AlertForm(forms.Form):
    """What everybody who opens the account must see."""

    kind = forms.ChoiceField(label=_("Alert"))
    words = forms.CharField(label=_("Words"), max_length=300, required=False)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("First day without it"), required=False, help_text=_("Leave it empty if there is no end."))

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label=_("Alert"), choices=[(one, say("alert", one)) for one in kinds])


class EndForm(forms.Form):
    """The first day something no longer holds, and why."""

    ends = DayField(label=_("First day without it"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class PaperForm(forms.Form):
    """A file kept with the account."""

    file = forms.FileField(label=_("File"), max_length=200, help_text=_("A scan, a form, a letter: at most 50 MB."))
    reason = forms.CharField(label=_("What it is"), max_length=300)
