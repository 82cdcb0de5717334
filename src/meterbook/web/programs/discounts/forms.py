"""Forms of discounts: one for each program, with its own checklist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.billing.discounting.rules import Program
from meterbook.records.programs.discounts.operations.enrol import Shown
from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual


class Checklist(forms.Form):
    """What was shown for one program."""

    papers = forms.MultipleChoiceField(label=_("Documents seen"), required=False, widget=forms.CheckboxSelectMultiple)
    household_size = forms.IntegerField(label=_("People in the household"), required=False, min_value=1, max_value=40)
    income = DollarsField(label=_("Income a year, $"), required=False)
    aid = forms.ChoiceField(label=_("Aid in place of the income"), required=False)

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = bilingual()
        self.fields["papers"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.words[language]} ({gettext('needed')})" if one.needed else one.words[language])
            for one in program.documents
        ]
        if program.income is None:
            for name in ("household_size", "income", "aid"):
                del self.fields[name]
        else:
            known = [(code, said[language]) for code, said in program.income.aid.items()]
            self.fields["aid"].choices = [("", "–"), *known]  # type: ignore[attr-defined]

    @property
    def shown(self) -> Shown:
        """What was typed, as the operation takes it."""
        given = self.cleaned_data
        return Shown(tuple(given["papers"]), given.get("household_size"), given.get("income"), given.get("aid") or "")


class Enrol(Checklist):
    """The checklist, and from when on."""

    starts = DayField(label=_("From"))
    field_order = ("papers", "household_size", "income", "aid", "starts")
