"""Forms of new service."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.new_service.operations.permits import PointAsked
from meterbook.records.new_service.operations.quotes import ToWhom, Work
from meterbook.records.places.adding import Address
from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.kit import words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual

LARGEST = 5_000_000
MOST_POINTS = 40


class PermitFile(forms.Form):
    """A file of permits."""

    format = forms.ChoiceField(label=_("Format"))
    file = forms.FileField(label=_("File"), max_length=200)

    def __init__(self, *args: Any, formats: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = formats  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """A file of permits is small; a larger one is something else."""
        found = self.cleaned_data["file"]
        if found.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than a file of permits can be."))
        return found


class Take(forms.Form):
    """What a permit adds: its land, its address, and a line for each service point."""

    parcel = forms.CharField(label=_("Parcel"), max_length=30)
    owner = forms.CharField(
        label=_("Owner of the parcel"), max_length=160, required=False, help_text=_("Only where the parcel is new.")
    )
    impervious_sqft = forms.IntegerField(
        label=_("Hard surface, sqft"), min_value=0, max_value=50_000_000, required=False,
        help_text=_("Only where the parcel is new."),
    )  # fmt: skip
    street_number = forms.CharField(label=_("Street number"), max_length=12)
    street = forms.CharField(label=_("Street"), max_length=80)
    unit = forms.CharField(label=_("Unit"), max_length=12, required=False)
    city = forms.CharField(label=_("City"), max_length=60)
    state = forms.CharField(label=_("State"), max_length=2)
    postal_code = forms.CharField(label=_("Postal code"), max_length=10)
    premise_class = forms.ChoiceField(label=_("Class"))
    points = forms.CharField(
        label=_("Service points to add"), required=False, widget=forms.Textarea(attrs={"rows": 4, "class": "code"}),
        help_text=_("One a line: service, size, route. Services without a meter need no size and no route."),
    )  # fmt: skip
    starts = DayField(label=_("There from"))
    set_meters = forms.BooleanField(label=_("Order the meters set"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = ("residential", "commercial", "municipal")
        self.fields["premise_class"].choices = [(one, words.say("premise_class", one)) for one in classes]  # type: ignore[attr-defined]

    def clean_points(self) -> list[PointAsked]:
        """The lines as points; a line nobody understands is named with its number."""
        found = []
        for at, line in enumerate(self.cleaned_data["points"].splitlines(), start=1):
            if line.strip():
                found.append(_point(at, [cell.strip() for cell in line.split(",")]))
        if len(found) > MOST_POINTS:
            most = ngettext("At most %(n)s point.", "At most %(n)s points.", MOST_POINTS) % {"n": MOST_POINTS}
            raise forms.ValidationError(most)
        return found

    def places(self, given: dict[str, Any]) -> dict[str, Any]:
        """Parcel, address and points as typed, as the operation takes them."""
        address = Address(**{name: given[name] for name in Address.__dataclass_fields__})
        kept = {name: given[name] for name in ("parcel", "owner", "points", "starts", "set_meters")}
        return {**kept, "address": address, "impervious_sqft": given["impervious_sqft"] or 0}


def _point(at: int, cells: list[str]) -> PointAsked:
    commodity, size, route = [*cells, "", ""][:3]
    known = {code: code for code in words.COMMODITY if code} | {
        words.say("commodity", code).lower(): code for code in words.COMMODITY if code
    }
    if commodity.lower() not in known or len(cells) > 3 or len(size) > 10:
        raise forms.ValidationError(
            gettext("Line %(at)s: found %(found)s, expected service, size, route; services: %(known)s.")
            % {"at": at, "found": ", ".join(cells)[:60], "known": ", ".join(sorted(set(known.values())))}
        )
    return PointAsked(known[commodity.lower()], metered=bool(route), size=size, route=route)


class QuoteForm(forms.Form):
    """What is to be quoted, for whom."""

    name = forms.CharField(label=_("For"), max_length=160)
    mail = forms.CharField(label=_("Address"), widget=forms.Textarea(attrs={"rows": 3}), max_length=400)
    language = forms.ChoiceField(label=_("Language"))
    size = forms.ChoiceField(label=_("Size"), required=False)
    meters = forms.IntegerField(label=_("How many meters"), min_value=1, max_value=200, initial=1)
    size_before = forms.ChoiceField(
        label=_("Meter there before"), required=False, help_text=_("It counts as credit, if it was there recently.")
    )
    credit_words = forms.CharField(label=_("Another credit, for what"), max_length=120, required=False)
    credit = DollarsField(label=_("Credit, $"), required=False)

    def __init__(self, *args: Any, kind: Any, **kwargs: Any) -> None:
        """``kind`` is the installation of the policy; each measured part gets a field of its own."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        sizes = [(size, size) for size in kind.sizes]
        self.fields["language"].choices = [(one, words.say("language", one)) for one in ("en", "es")]  # type: ignore[attr-defined]
        self.fields["size"].choices = sizes  # type: ignore[attr-defined]
        self.fields["size_before"].choices = [("", gettext("None")), *sizes]  # type: ignore[attr-defined]
        if not sizes:
            del self.fields["size"], self.fields["size_before"]
        for part in (each for each in kind.parts if each.way == "asked"):
            self.fields[f"part_{part.code}"] = forms.DecimalField(
                label=f"{part.words[bilingual()]}, {part.unit}", min_value=Decimal(0), max_value=Decimal(100_000),
                decimal_places=2, initial=0,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A credit has both words and an amount, or neither."""
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("credit")) != bool(given.get("credit_words")):
            self.add_error("credit", gettext("A credit has words and an amount above zero."))
        return given

    def work(self) -> Work:
        """What is to be quoted."""
        given = self.cleaned_data
        before = {given["size_before"]: given["meters"]} if given.get("size_before") else {}
        credits = [(given["credit_words"], given["credit"])] if given["credit"] else []
        asked = {name.removeprefix("part_"): value for name, value in given.items() if name.startswith("part_")}
        return Work(self.kind.code, given.get("size", ""), given["meters"], asked, before, credits)

    def to_whom(self, account: Any) -> ToWhom:
        """For whom."""
        given = self.cleaned_data
        return ToWhom(given["name"], given["mail"].splitlines(), given["language"], account)
