"""Forms of cases: what is asked when one is taken, at each step, and for a dispute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.cases.rules import CaseRules
from meterbook.records.cases import screens
from meterbook.web.adjustments.forms import DollarsField
from meterbook.web.kit import figures, words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual

CHANNELS = (
    ("call", _("Call")), ("visit", _("Visit")), ("email", _("E-mail")), ("letter", _("Letter")), ("text", _("Text")),
)  # fmt: skip


def big(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A box for some sentences."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=4000, required=required, widget=forms.Textarea(attrs={"rows": 4})
    )


def coded(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Codes of the policy with their words in the reader's language."""
    return [(code, said[bilingual()]) for code, said in pairs]


def topics(rules: CaseRules | None, kind: str) -> list[tuple[str, str]]:
    """What a case of a kind may be about."""
    return coded((code, one.words) for code, one in rules.topics(kind).items()) if rules else []


class Complaint(forms.Form):
    """What about, in their words, how it came."""

    topic = forms.ChoiceField(label=_("What is it about?"))
    words = big(_("What do they say?"), _("In their words; it stays as it was said."))
    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS, initial="call")

    def __init__(self, *args: Any, rules: CaseRules | None, kind: str = "complaint", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics(rules, kind)  # type: ignore[attr-defined]


class Stranger(Complaint):
    """A complaint of somebody without an account at hand: who, where, how to reach them."""

    number = forms.CharField(label=_("Account number"), required=False, max_length=12)
    told_by = forms.CharField(label=_("Who told us"), required=False, max_length=160,
                              help_text=_("A name, or “a passer-by”; needed where no account is given."))  # fmt: skip
    reach = forms.CharField(label=_("Phone or e-mail for the answer"), required=False, max_length=160)


class Question(forms.Form):
    """A question to another department."""

    topic = forms.ChoiceField(label=_("What about?"))
    words = big(_("Question"))
    number = forms.CharField(label=_("Account number"), required=False, max_length=12)

    def __init__(self, *args: Any, rules: CaseRules | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics(rules, "referral")  # type: ignore[attr-defined]


class Suspect(forms.Form):
    """A suspicion of loss: what, where, who says so."""

    topic = forms.ChoiceField(label=_("What was found?"))
    words = big(_("What was seen, where and by whom"))
    number = forms.CharField(label=_("Account number"), required=False, max_length=12)
    told_by = forms.CharField(label=_("Where, if no account is known"), required=False, max_length=160)
    order = forms.IntegerField(required=False, widget=forms.HiddenInput)
    premise = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rules: CaseRules | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics(rules, "revenue_protection")  # type: ignore[attr-defined]


class Contest(forms.Form):
    """What is contested, how much of it, why."""

    ground = forms.ChoiceField(label=_("Why?"))
    bill = forms.ChoiceField(label=_("Which bill?"), required=False)
    service = forms.ChoiceField(label=_("Which service?"), required=False)
    amount = DollarsField(label=_("How much of it, $"), required=False, help_text=_("Blank: all of it that is open."))
    words = big(_("What do they say?"))
    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS, initial="call")

    def __init__(
        self, *args: Any, rules: CaseRules | None, bills: list[Any], services: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        grounds = coded(rules.disputes.grounds.items()) if rules else []
        self.fields["ground"].choices = grounds  # type: ignore[attr-defined]
        self.fields["bill"].choices = [("", gettext("Everything that is open"))] + [  # type: ignore[attr-defined]
            (str(row["id"]), f"{row['number']}, {figures.day(row['bill_date'])}") for row in bills
        ]
        self.fields["service"].choices = [("", gettext("All services"))] + [  # type: ignore[attr-defined]
            (one, words.say("commodity", one)) for one in services
        ]


class Words(forms.Form):
    """A few sentences."""

    words = big(_("In words"))


class Optional(forms.Form):
    """A remark, if there is one."""

    words = big(_("In words"), required=False)


class File(forms.Form):
    """A file to keep."""

    file = forms.FileField(label=_("File"))


class HandOver(Optional):
    """To whom: a person, or another team."""

    owner = forms.ChoiceField(label=_("To whom"), required=False)
    team = forms.ChoiceField(label=_("Or to which team"), required=False)
    field_order = ("owner", "team", "words")

    def __init__(self, *args: Any, rules: CaseRules | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", gettext("Nobody: back to the team"))] + [  # type: ignore[attr-defined]
            (str(one.pk), str(one)) for one in screens.workers()
        ]
        teams = coded((code, one.words) for code, one in rules.teams.items()) if rules else []
        self.fields["team"].choices = [("", gettext("The same team")), *teams]  # type: ignore[attr-defined]


class Close(forms.Form):
    """How it ends, and what is told."""

    outcome = forms.ChoiceField(label=_("How does it end?"))
    words = big(_("What was found and done"), _("The customer reads this in the letter, or is told it on the phone."))

    def __init__(self, *args: Any, outcomes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]


class Link(forms.Form):
    """What hangs together with the case."""

    kind = forms.ChoiceField(label=_("What"))
    ref = forms.CharField(
        label=_("Number"), max_length=24,
        help_text=_("A bill's number; of everything else the number in its address."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ("bill", "adjustment", "correction", "payment", "fee", "order", "case")
        self.fields["kind"].choices = [(one, words.say("case_link", one)) for one in kinds]  # type: ignore[attr-defined]


class Decide(forms.Form):
    """A dispute's decision."""

    decision = forms.ChoiceField(label=_("Decision"))
    upheld = DollarsField(label=_("Right about how much, $"), required=False, help_text=_("Only where right in part."))
    words = big(_("Why"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (one, words.say("dispute_decision", one)) for one in ("upheld", "partly", "rejected")
        ]


class Appeal(forms.Form):
    """An appeal: why, and when it is heard."""

    words = big(_("Why do they appeal?"))
    hearing_on = DayField(label=_("Hearing on"), required=False, help_text=_("Blank: the last day the policy allows."))


class Evidence(forms.Form):
    """One piece of evidence."""

    kind = forms.ChoiceField(label=_("What"))
    words = big(_("What it shows"))
    value = forms.CharField(label=_("Read or seal number"), required=False, max_length=60)
    found_on = DayField(label=_("Found on"))
    found_by = forms.CharField(label=_("Found by"), max_length=120)
    held_by = forms.CharField(label=_("Who keeps it"), required=False, max_length=120)
    earlier = forms.ChoiceField(label=_("Handed over from"), required=False)
    photo = forms.FileField(label=_("Photo or file"), required=False)

    def __init__(self, *args: Any, rules: CaseRules | None, case: Any, day: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"found_on": day})
        super().__init__(*args, **kwargs)
        kinds = coded(rules.protection.evidence.items()) if rules else []
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        said = dict(kinds)
        self.fields["earlier"].choices = [("", gettext("No earlier piece"))] + [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.pk}: {said.get(one.kind, one.kind)}") for one in screens.evidence(case)
        ]


class Estimate(forms.Form):
    """Which days, by which method; what is connected."""

    point = forms.ChoiceField(label=_("Where"))
    method = forms.ChoiceField(label=_("How"))
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Up to, not with"))
    connected = forms.CharField(
        label=_("What is connected"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: what; draw an hour; how many; hours a day. Like “Water heater; 4.5; 1; 3”."),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{words.say('commodity', one.commodity)} {one.code}, {one.premise.address}")
            for one in screens.points_of(case)
        ]
        self.fields["method"].choices = [  # type: ignore[attr-defined]
            (one, words.say("load_method", one)) for one in ("history", "connected_load", "class_average")
        ]


class Claim(forms.Form):
    """What is to be charged, and what is let go."""

    service = forms.ChoiceField(label=_("Service"))
    estimate = forms.ChoiceField(label=_("Usage of which estimate"), required=False)
    price = forms.DecimalField(label=_("Price a unit, $"), required=False, min_value=0, max_digits=9, decimal_places=6,
                               widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
                               help_text=_("Of the schedule in force then."))  # fmt: skip
    let_go = DollarsField(label=_("Of it not charged, $"), required=False)
    fees = forms.MultipleChoiceField(label=_("Fees"), required=False, widget=forms.CheckboxSelectMultiple)
    words = big(_("Why"))

    def __init__(self, *args: Any, case: Any, fees: list[tuple[str, str]], services: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [(one, words.say("commodity", one)) for one in services]  # type: ignore[attr-defined]
        self.fields["estimate"].choices = [("", gettext("No usage, fees only"))] + [  # type: ignore[attr-defined]
            (str(one.pk), f"{figures.quantity(one.quantity_e6, one.unit)}, {words.say('load_method', one.method)}")
            for one in screens.estimates(case)
        ]
        self.fields["fees"].choices = fees  # type: ignore[attr-defined]


class DecideClaim(Optional):
    """Agree to charge, or not."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=(("approve", _("Approve: charge it")), ("refuse", _("Refuse: charge nothing")))
    )
    field_order = ("decision", "words")


class NameAccount(Words):
    """Who is answerable."""

    number = forms.CharField(label=_("Account number"), max_length=12)
    field_order = ("number", "words")
