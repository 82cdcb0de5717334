"""Forms of contacts: logging one, verifying a caller, opening data for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.engine.contacts.log import ContactReason
from meterbook.records.contacts.choices import CHANNELS, DIRECTIONS
from meterbook.records.contacts.words import REASONS
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.words import say


class TemplateSelect(forms.Select):
    """A choice of reasons whose options carry the words they fill in and the day they propose."""

    def __init__(self, known: Mapping[str, tuple[str, str]]) -> None:
        """``known`` is text and day by code."""
        super().__init__()
        self.known = known

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option with its text and day for the page's script."""
        option = super().create_option(name, value, *args, **kwargs)
        text, day = self.known.get(str(value), ("", ""))
        option["attrs"] |= {"data-text": text, "data-day": day}
        return option


class ContactForm(forms.Form):
    """What a call, a visit or a letter was about."""

    words = forms.CharField(
        label=_("What was said"), max_length=4000, strip=True,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("Kept as you type. Ctrl-Enter saves."),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("About"))
    channel = forms.ChoiceField(label=_("Channel"))
    direction = forms.ChoiceField(label=_("Direction"))
    follow_up_on = DayField(label=_("Come back to it on"), required=False, help_text=_("Opens a task for that day."))

    def __init__(
        self, *args: Any, reasons: Mapping[str, ContactReason], days: Mapping[str, str], **kwargs: Any
    ) -> None:
        """``reasons`` are those of the policy, ``days`` the follow-up day each proposes, as it is typed."""
        super().__init__(*args, **kwargs)
        language = bilingual()
        choices = [(code, one.words[language]) for code, one in reasons.items()] or [
            (code, str(said)) for code, said in REASONS.items()
        ]
        known = {code: (one.text[language], days.get(code, "")) for code, one in reasons.items()}
        self.fields["reason"] = forms.ChoiceField(label=_("About"), choices=choices, widget=TemplateSelect(known))
        self.fields["reason"].initial = "other"
        self.fields["channel"] = _choice(_("Channel"), "contact_channel", CHANNELS)
        self.fields["direction"] = _choice(_("Direction"), "contact_direction", DIRECTIONS)


def _choice(label: Any, vocabulary: str, codes: Sequence[str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[(code, say(vocabulary, code)) for code in codes])


class CallerForm(forms.Form):
    """Who is calling and what they answer; nothing typed here is kept."""

    caller = forms.ChoiceField(label=_("Who is calling"))

    def __init__(
        self, *args: Any, callers: Sequence[tuple[str, str]], questions: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        """``callers`` are the people of the account, ``questions`` code and words by the policy."""
        super().__init__(*args, **kwargs)
        self.fields["caller"] = forms.ChoiceField(label=_("Who is calling"), choices=callers)
        for code, words in questions:
            if code == "seen":
                self.fields[code] = forms.BooleanField(label=words, required=False)
            else:
                attributes = {"autocomplete": "off", "spellcheck": "false"}
                widget = forms.TextInput(attrs=attributes)
                self.fields[code] = forms.CharField(label=words, required=False, max_length=160, widget=widget)


class OpenForm(forms.Form):
    """Why data are opened although nobody was asked."""

    why = forms.CharField(label=_("Why without asking"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
