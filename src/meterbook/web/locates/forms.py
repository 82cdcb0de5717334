"""Forms of locate tickets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders.locates.rules import locate_rules
from meterbook.web.kit.language import bilingual


class TakeIn(forms.Form):
    """A file of tickets."""

    file = forms.FileField(
        label=_("File"), max_length=200,
        help_text=_("JSON, the text of an e-mail, or CSV with a heading line; its form is told by how it begins."),
    )  # fmt: skip


class Answer(forms.Form):
    """What is answered to the centre."""

    code = forms.ChoiceField(label=_("Answer"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = locate_rules(business_date()).answers()
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (code, f"{code} {answer.words(bilingual())}") for code, answer in codes.items()
        ]
