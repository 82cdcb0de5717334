"""Forms of letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.correspondence.operations.templates import TemplateText
from meterbook.web.kit import words
from meterbook.web.kit.language import bilingual

_TALL = {"rows": 12, "class": "prose"}


class Template(forms.Form):
    """The text of a template in both languages."""

    subject_en = forms.CharField(label=_("Subject in English"), max_length=160)
    body_en = forms.CharField(
        label=_("Text in English"), max_length=12_000, widget=forms.Textarea(attrs=_TALL | {"lang": "en"}),
        help_text=_("An empty line begins a new paragraph. {past_due} and its like are filled in for each account."),
    )  # fmt: skip
    subject_es = forms.CharField(label=_("Subject in Spanish"), max_length=160)
    body_es = forms.CharField(
        label=_("Text in Spanish"), max_length=12_000, widget=forms.Textarea(attrs=_TALL | {"lang": "es"})
    )
    citation = forms.CharField(
        label=_("Rule it rests on"), required=False, max_length=300, help_text=_("Printed small under the letter.")
    )

    def text(self) -> TemplateText:
        """What was typed, as the operation takes it."""
        given = self.cleaned_data
        return TemplateText(
            subject_en=given["subject_en"], body_en=given["body_en"], subject_es=given["subject_es"],
            body_es=given["body_es"], citation=given["citation"],
        )  # fmt: skip


class Begin(Template):
    """A new template."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Small letters, digits and hyphens: welcome."))
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=120)
    field_order = ("code", "title_en", "title_es")


class Save(Template):
    """A new version over the one that was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class Write(forms.Form):
    """A letter to one account, as it will be printed."""

    language = forms.ChoiceField(label=_("Language"))
    subject = forms.CharField(label=_("Subject"), max_length=160)
    text = forms.CharField(
        label=_("Text"), max_length=12_000, widget=forms.Textarea(attrs=_TALL),
        help_text=_("An empty line begins a new paragraph."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(one, words.say("language", one)) for one in ("en", "es")]  # type: ignore[attr-defined]


class Mailing(forms.Form):
    """Whom a letter goes to: a list of accounts, or a cycle."""

    version = forms.ChoiceField(label=_("Letter"))
    numbers = forms.CharField(
        label=_("Account numbers"), required=False, widget=forms.Textarea(attrs={"rows": 6, "class": "code"}),
        help_text=_("One a line. Leave it empty to write to a whole cycle."), max_length=200_000,
    )  # fmt: skip
    cycle = forms.ChoiceField(label=_("Cycle"), required=False)
    past_due = forms.BooleanField(label=_("Only accounts with something past due"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, usable: list[Any], cycles: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [(str(one.pk), getattr(one.template, f"title_{bilingual()}")) for one in usable]
        self.fields["version"].choices = said  # type: ignore[attr-defined]
        self.fields["cycle"].choices = [("", _("Every cycle")), *((one.code, one.code) for one in cycles)]  # type: ignore[attr-defined]
