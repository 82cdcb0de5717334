"""Prices that raise what is asked: the form's wish as the engine takes it, and the answer put together for the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.rates.study.always import never_charged
from meterbook.engine.rates.study.solve import solve
from meterbook.engine.rates.study.wish import CannotSolve, Movable, RiseLimit, Solution, Wish
from meterbook.records.billing.rate_study import MONTHS, NothingBilled
from meterbook.records.rates.numbers import NumberField
from meterbook.web.kit.language import bilingual
from meterbook.web.rates.workbench.desk import Desk
from meterbook.web.rates.workbench.impact import study

_TIERS = re.compile(r"(.+\.tiers)\[\d+\]\.price")


class WishForm(forms.Form):
    """How much is to be raised, how prices move, and what no bill may exceed."""

    amount = forms.DecimalField(
        label=_("To be raised"), max_digits=14, help_text=_("Above what today's rates raise on the same bills.")
    )
    kind = forms.ChoiceField(label=_("Counted in"), choices=[("percent", _("percent")), ("dollars", _("dollars"))])
    by = forms.ChoiceField(
        label=_("The numbers move"),
        choices=[("percent", _("by the same percent")), ("amount", _("by the same amount"))],
    )
    limit = forms.DecimalField(
        label=_("No bill rises by more than, %"),
        required=False,
        max_digits=8,
        min_value=Decimal(0),
        help_text=_("Empty: no limit."),
    )
    months = forms.TypedChoiceField(
        label=_("Months of bills"), choices=[(each, each) for each in MONTHS], coerce=int, initial=MONTHS[0]
    )


def offered(found: Desk) -> list[tuple[str, list[NumberField]]]:
    """The numbers that can be asked to raise revenue: prices and percentages that the version can charge, by group."""
    never = never_charged(found.tariff) if found.tariff is not None else frozenset[str]()
    groups = [
        (
            group.label,
            [
                field
                for field in group.fields
                if field.kind in ("dollars", "percent") and field.value > 0 and field.path not in never
            ],
        )
        for group in found.groups
    ]
    return [(label, fields) for label, fields in groups if fields]


def chosen(sent: QueryDict | None, found: Desk) -> list[NumberField]:
    """The numbers that may move: those ticked; before anything was sent, every price of what is no tax."""
    fields = [field for _label, group in offered(found) for field in group]
    if sent is None:
        return [field for field in fields if field.kind == "dollars"]
    ticked = set(sent.getlist("move"))
    return [field for field in fields if field.path in ticked]


@dataclass(frozen=True, slots=True)
class Counted:
    """A charge that may count as revenue, and whether it does."""

    component: str
    label: str
    ticked: bool


def counted(sent: QueryDict | None, found: Desk) -> list[Counted]:
    """The charges, with those that count: as ticked; before anything was sent, all but percentages of other lines.

    A tax on the bill goes up with it, but is passed on.
    """
    if found.tariff is None:
        return []
    ticked = None if sent is None else set(sent.getlist("count"))
    return [
        Counted(
            each.id,
            each.label[bilingual()],
            not each.keyword.startswith("percent") if ticked is None else each.id in ticked,
        )
        for each in found.tariff.versions[-1].components
    ]


def wish(given: dict[str, Any], fields: list[NumberField], charges: list[Counted]) -> Wish:
    """The wish as the engine takes it; tiers keep their order."""
    amount: Decimal = given["amount"]
    dollars = given["kind"] == "dollars"
    tiers = {match[1] for field in fields if (match := _TIERS.fullmatch(field.path))}
    limit = given["limit"]
    return Wish(
        movables=tuple(Movable(field.path, field.step, lowest=Decimal(0)) for field in fields),
        by=given["by"],
        more_cents=int((amount * 100).to_integral_value()) if dollars else None,
        more_percent=None if dollars else amount,
        components=()
        if all(each.ticked for each in charges)
        else tuple(each.component for each in charges if each.ticked),
        inclining=tuple(sorted(tiers)),
        rises=() if limit is None else (RiseLimit(percent=limit),),
    )


def solved(
    found: Desk, given: dict[str, Any], fields: list[NumberField], charges: list[Counted]
) -> tuple[Solution | None, str]:
    """The prices found, or why there are none."""
    if not any(each.ticked for each in charges):
        return None, gettext("Tick at least one charge that counts as revenue.")
    if not fields:
        return None, gettext("Tick at least one number that may move.")
    try:
        made = study(found, given["months"], found.tariff)
        return solve(made, found.revision.body, wish(given, fields, charges), file=found.file), ""
    except CannotSolve as refusal:
        return None, " ".join(step.words(gettext) for step in refusal.steps)
    except NothingBilled as refusal:
        return None, str(refusal)


def solution_context(found: Desk, solution: Solution) -> dict[str, object]:
    """The answer: each number before and after, and what limits it."""
    named = {field.path: (group.label, field) for group in found.groups for field in group.fields}
    return {
        "solution": solution,
        "edits": [(*named[edit.path], f"{edit.old:f}", f"{edit.new:f}") for edit in solution.edits],
        "limits": [step.words(gettext) for step in solution.limited_by],
        "missed": solution.reached - solution.wanted,
    }
