"""Forms of the workbench: beginning a draft, a version's heading, a golden bill, what revenue is to be raised."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.rates.tariff import Tariff
from meterbook.records.billing.rate_study import MONTHS
from meterbook.records.platform.queries import business_date
from meterbook.records.rates import draft_screens
from meterbook.records.rates.manuscript import Citation, GoldenBill, Heading
from meterbook.records.rates.numbers import NumberGroup
from meterbook.records.rates.obstacles import RESERVED_CODES
from meterbook.records.rates.queries import tariff_of
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual

#: A number as people type it: a sign, dollars, digits (or thousands between commas), decimals after a point.
_TYPED = re.compile(r"(-?)\$?((?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,12})?|\.[0-9]{1,12})")


class HeadingForm(forms.Form):
    """What names a version: its name, its first day, where it is enacted."""

    effective = DayField(
        label=_("First day the rates apply"),
        help_text=_("Month, day, year, like 7/1/2027. Bills are split on this day."),
    )
    version = forms.CharField(
        label=_("Name of the version"), max_length=40, help_text=_("Like 2027-07. It is printed in explanations.")
    )
    resolution = forms.CharField(label=_("Resolution or ordinance"), max_length=300)
    section = forms.CharField(label=_("Section"), max_length=300)
    adopted = DayField(label=_("Adopted on"))
    utility = forms.CharField(label=_("Enacted by"), max_length=300)
    url = forms.CharField(label=_("Where it can be read"), max_length=500, help_text=_("A web address."))
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def heading(self) -> Heading:
        """The values typed, as the text takes them."""
        given = self.cleaned_data
        told = {name: given[name] for name in ("utility", "resolution", "section", "url", "adopted", "note")}
        return Heading(given["version"], given["effective"], Citation(**told))


def schedule_choices() -> list[tuple[str, str]]:
    """Every schedule by code, with its title."""
    rows = draft_screens.schedules(business_date(), bilingual()).order_by("commodity", "code")
    return [(row["code"], f"{row['code']} · {row['title']}") for row in rows]


class BeginForm(HeadingForm):
    """A new version of a schedule that exists: what it is, from when, by which resolution."""

    schedule = forms.ChoiceField(label=_("Schedule"), choices=schedule_choices)
    title = forms.CharField(
        label=_("What changes"), max_length=120, help_text=_("In the office's words, like “Water rates of July 2027”.")
    )
    field_order = ("schedule", "title")

    def clean(self) -> dict[str, Any]:
        """The new version begins after the newest one, and has a name of its own."""
        given = super().clean() or self.cleaned_data
        schedule = draft_screens.find_schedule(given.get("schedule", ""))
        if schedule is None:
            return given
        versions = tariff_of(schedule.document).versions
        newest = versions[-1]
        if given.get("effective") and given["effective"] <= newest.effective:
            told = gettext("Version %(name)s begins on %(day)s; type a later day.")
            self.add_error("effective", told % {"name": newest.version, "day": figures.day(newest.effective)})
        if given.get("version") in {each.version for each in versions}:
            self.add_error("version", gettext("A version of this name is released already. Type another name."))
        return given


class NewScheduleForm(forms.Form):
    """A schedule that does not exist yet: its code and its text."""

    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$", label=_("Code"), help_text=_("Letters, digits and hyphens, like W-IRR."),
        error_messages={"invalid": _("Type letters, digits and hyphens, at most twenty.")},
    )  # fmt: skip
    title = forms.CharField(label=_("What it is"), max_length=120)
    text = forms.CharField(
        label=_("Tariff document"), help_text=_("Paste the YAML text. It may still be wrong; the editor helps."),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "code", "wrap": "off"}), strip=False,
    )  # fmt: skip

    def clean_code(self) -> str:
        """A code that is neither in use nor a page of the rate book."""
        code = str(self.cleaned_data["code"])
        if code.lower() in RESERVED_CODES:
            raise forms.ValidationError(gettext("This word is a page of the rate book. Type another code."))
        if draft_screens.find_schedule(code) is not None:
            raise forms.ValidationError(gettext("This schedule exists already. Draft new rates for it instead."))
        return code


class GoldenForm(forms.Form):
    """A golden bill to add: period, facts, and the total somebody worked from the resolution."""

    name = forms.CharField(
        label=_("What bill it is"), max_length=120, help_text=_("Like “20 ccf through a 5/8 meter”.")
    )
    starts = DayField(label=_("First day"))
    ends = DayField(label=_("Day after the last"))
    total = forms.DecimalField(
        label=_("Total, $"),
        decimal_places=2,
        max_digits=14,
        help_text=_("Worked by hand from the resolution, not from this screen."),
    )
    note = forms.CharField(label=_("How it was worked"), max_length=500, required=False)

    def __init__(self, tariff: Tariff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = tariff.required_determinants(tariff.versions[-1])
        for each in self.facts:
            label = words.say("determinant", each.name)
            made: forms.Field
            if each.kind == "key" and each.choices:
                made = forms.ChoiceField(label=label, choices=[("", "")] + [(one, one) for one in each.choices])
            elif each.kind == "key":
                made = forms.CharField(label=label)
            else:
                made = forms.DecimalField(label=label, max_digits=15)
            made.required = not each.optional
            self.fields[f"det-{each.name}"] = made
        self.order_fields(["name", "starts", "ends", *(f"det-{each.name}" for each in self.facts), "total", "note"])

    def bill(self) -> GoldenBill:
        """The golden bill typed."""
        given = self.cleaned_data
        facts = {each.name: given[f"det-{each.name}"] for each in self.facts}
        told = {name: value for name, value in facts.items() if value not in (None, "")}
        return GoldenBill(given["name"], given["starts"], given["ends"], told, given["total"], given["note"])


def read_numbers(sent: QueryDict, groups: list[NumberGroup]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The numbers that were sent and differ from the draft's, by path; and what is wrong, by path."""
    changes: dict[str, Decimal] = {}
    wrong: dict[str, str] = {}
    for field in (each for group in groups for each in group.fields):
        typed = sent.get(field.name)
        if typed is None:
            continue
        value = number_typed(typed)
        if value is None:
            wrong[field.path] = (
                gettext("A comma only separates thousands, as in 1,234.50. Decimals stand after a point, like 2.75.")
                if "," in typed
                else gettext("Type a number like 2.75.")
            )
        elif value != field.value:
            changes[field.path] = value
    return changes, wrong


def number_typed(text: str) -> Decimal | None:
    """The number typed, or nothing if it is none; a comma stands only between thousands.

    >>> number_typed("$1,234.50"), number_typed("0,5"), number_typed("1,2345"), number_typed("1e400")
    (Decimal('1234.50'), None, None, None)
    """
    found = _TYPED.fullmatch(text.strip())
    return None if found is None else Decimal(f"{found[1]}{found[2].replace(',', '')}")


def in_sentences(wrong: dict[str, str], groups: list[NumberGroup]) -> list[str]:
    """What is wrong with numbers, each with the words of its field."""
    named = {field.path: f"{group.label}, {field.words}" for group in groups for field in group.fields}
    return [f"{named.get(path, path)}: {message}" for path, message in wrong.items()]


def months_of(sent: QueryDict) -> int:
    """How many months of bills to look back over."""
    asked = sent.get("months", "")
    return int(asked) if asked in {str(each) for each in MONTHS} else MONTHS[0]
