"""Forms of level payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.engine.programs.level_pay import Formula
from meterbook.web.kit.forms import ReasonForm
from meterbook.web.kit.language import bilingual


class EnrolForm(ReasonForm):
    """Which formula levels an account's bills."""

    formula = forms.ChoiceField(label=_("Formula"))
    field_order = ("formula", "reason")

    def __init__(self, *args: Any, formulas: Mapping[str, Formula], **kwargs: Any) -> None:
        """``formulas`` are those of the policy in force."""
        super().__init__(*args, **kwargs)
        titles = [(key, formula.document.title[bilingual()]) for key, formula in formulas.items()]
        self.fields["formula"] = forms.ChoiceField(label=_("Formula"), choices=titles)
