"""Writing in a draft: beginning it, its numbers and heading, its text with live checking, its golden bills."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.engine.rates.drafts.edits import CannotEdit, numbers
from meterbook.engine.rates.tariff import TariffError
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.records.rates import draft_screens
from meterbook.records.rates.checking import Checked, attempt, check, check_text
from meterbook.records.rates.manuscript import CannotWrite, add_version, heading_of, set_heading
from meterbook.records.rates.numbers import NumberField, NumberGroup
from meterbook.records.rates.operations.begin_draft import begin_draft
from meterbook.records.rates.operations.save_draft import NotText, TooLong, kept_text, save_draft
from meterbook.records.rates.queries import tariff_of
from meterbook.web.kit.access import act, may
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.rates.workbench.desk import Desk, obstacles_of
from meterbook.web.rates.workbench.forms import BeginForm, HeadingForm, in_sentences, months_of, read_numbers
from meterbook.web.rates.workbench.impact import edited, impact_context, sliders

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_INDEX = re.compile(r"^versions\[\d+\]\.")


def begin(request: HttpRequest, form: BeginForm) -> str:
    """Begin a draft from a released schedule: its last version once more, under the heading typed."""
    given = form.cleaned_data
    schedule = draft_screens.find_schedule(given["schedule"])
    assert schedule is not None, "the form offers only schedules there are"
    text = add_version(schedule.document.body, form.heading(), file=f"{schedule.code}.yaml")
    draft = begin_draft(
        act(request, f"{given['resolution']}, {given['section']}"), code=schedule.code, title=given["title"], text=text,
        cases=draft_screens.golden_of(schedule.document), based_on=schedule.document,
    )  # fmt: skip
    return reverse("draft", args=[draft.pk])


def citation(request: HttpRequest) -> dict[str, str]:
    """What the newest version of the schedule asked for says of where it is enacted, to begin with."""
    schedule = draft_screens.find_schedule(request.GET.get("schedule", ""))
    if schedule is None:
        return {}
    told = heading_of(schedule.document.body, file=schedule.code)
    return {key: told[key] for key in ("utility", "section", "url") if key in told}


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number in the form editor: its field, what is released, what stands in the input, what is wrong with it."""

    field: NumberField
    released: str
    shown: str
    error: str


def number_rows(request: HttpRequest, found: Desk, wrong: dict[str, str]) -> list[tuple[NumberGroup, list[NumberRow]]]:
    """The numbers with what was typed, so that nothing is cleared."""
    released = _released_numbers(found)
    return [
        (
            group,
            [
                NumberRow(
                    one,
                    released.get(_INDEX.sub("", one.path), ""),
                    request.POST.get(one.name, f"{one.value:f}"),
                    wrong.get(one.path, ""),
                )
                for one in group.fields
            ],
        )
        for group in found.groups
    ]


def _released_numbers(found: Desk) -> dict[str, str]:
    """The numbers of the newest released version, by their place within it."""
    if found.before is None:
        return {}
    last = f"versions[{len(tariff_of(found.before).versions) - 1}]."
    every = numbers(found.before.body, file=found.file)
    return {_INDEX.sub("", path): f"{value:f}" for path, value in every.items() if path.startswith(last)}


def heading_form(request: HttpRequest, found: Desk) -> HeadingForm | None:
    """The heading of the draft's last version as a form; nothing where the text has none to fill in."""
    nothing: dict[str, Any] = {}
    initial = attempt(lambda: {**heading_of(found.revision.body, file=found.file)}, lambda _: nothing, file=found.file)
    if not initial:
        return None
    for name in ("effective", "adopted"):
        initial[name] = _day(initial.get(name, ""))
    return HeadingForm(request.POST if request.method == "POST" else None, initial=initial)


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text) if _ISO.fullmatch(text) else ""
    except ValueError:
        return ""


def save(request: HttpRequest, found: Desk, change: Callable[[], dict[str, str]]) -> tuple[Any, str]:
    """Save what ``change`` makes of the draft's text or cases: the revision, or why not, in words.

    It stands on the revision the page showed; a page that does not say which saves nothing.
    """
    try:
        changed = change()
    except Exception as error:
        return None, in_words(error) if is_refusal(error) else gettext("The text cannot be read. Put it right first.")
    try:
        return save_draft(act(request), draft=found.draft, revision=found.seen, **changed), ""
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        return None, in_words(error)


def keep(request: HttpRequest, found: Desk, change: Callable[[], dict[str, str]], then: str) -> HttpResponseBase:
    """Save, say so or say why not, and go to a page of the draft."""
    return _told(request, found, save(request, found, change), then)


def keep_typed(
    request: HttpRequest, found: Desk, field: str, then: str
) -> tuple[HttpResponseBase | None, dict[str, object]]:
    """Save a text that was typed and go to its page; or why not, with the text as it stands on the screen."""
    typed = request.POST.get(field, "")
    saved, refusal = save(request, found, lambda: {field: typed})
    if saved is None:
        return None, {"typed": typed, "refusal": refusal}
    return _told(request, found, (saved, ""), then), {}


def _told(request: HttpRequest, found: Desk, done: tuple[Any, str], then: str) -> HttpResponseBase:
    saved, refusal = done
    if saved is None:
        messages.error(request, refusal)
    elif saved.pk == found.revision.pk:
        messages.info(request, gettext("Nothing was changed; revision %(n)d stands.") % {"n": saved.sequence})
    else:
        messages.success(request, gettext("Saved as revision %(n)d.") % {"n": saved.sequence})
    return redirect(reverse(then, args=[found.draft.pk]))


def priced_text(request: HttpRequest, found: Desk, form: HeadingForm) -> tuple[str | None, dict[str, str], str]:
    """The text with the form editor's heading and numbers; or what is wrong, by path, and a refusal in words."""
    if found.tariff is None:
        return None, {}, gettext("The text is not a tariff yet. Put it right under Text.")
    changes, wrong = read_numbers(request.POST, found.groups)
    if wrong or not form.is_valid():
        return None, wrong, gettext("Something typed is wrong. Nothing was saved.")
    try:
        text = set_heading(edited(found, changes), form.heading(), file=found.file)
    except (CannotWrite, CannotEdit, TariffError) as refusal:
        return None, {}, in_words(refusal)
    return (None, {}, broken) if (broken := not_a_tariff(found, text)) else (text, {}, "")


def not_a_tariff(found: Desk, text: str) -> str:
    """What is wrong with a text made of typed numbers, in a sentence; nothing if it is a tariff."""
    tariff, problems = check_text(text, file=found.file)
    if tariff is not None:
        return ""
    told = gettext("%(path)s: found %(found)s, expected %(expected)s.")
    each = [told % {"path": one.path, "found": one.found, "expected": one.expected} for one in problems]
    return " ".join([gettext("With what was typed it is not a tariff. Nothing was saved."), *each])


def autosave_prices(request: HttpRequest, found: Desk) -> dict[str, Any]:
    """Save the form editor as it stands on the screen; what the checking part of the page shows."""
    form = heading_form(request, found)
    text, wrong, refusal = (None, {}, "") if form is None else priced_text(request, found, form)
    revision = found.revision
    if text is not None:
        saved, refusal = save(request, found, lambda: {"text": text})
        revision = saved or revision
    if refusal:
        unfilled = [] if form is None else [f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items()]
        refusal = " ".join([refusal, *in_sentences(wrong, found.groups), *unfilled])
    checked = check(revision.body, revision.cases, file=found.file)
    return _checking(found, "text", checked, revision, refusal)


def autosave(request: HttpRequest, found: Desk) -> dict[str, Any]:
    """Look over the text or the cases as they stand on the screen and save them; what the checking part shows.

    Only for who may write: reading a text costs time. Raises `NotPermitted`.
    """
    if not may(request, "rates.save_draft"):
        raise NotPermitted(f"{request.user} may not do rates.save_draft on {business_date()}")
    if "text" not in request.POST and "cases" not in request.POST:
        return autosave_prices(request, found)
    field = "cases" if "cases" in request.POST else "text"
    typed, checked = request.POST.get(field, ""), found.checked
    with suppress(NotText, TooLong):
        typed = kept_text(typed)
        text = typed if field == "text" else found.revision.body
        checked = check(text, typed if field == "cases" else found.revision.cases, file=found.file)
    saved, refusal = save(request, found, lambda: {field: typed})
    return _checking(found, field, checked, saved or found.revision, refusal)


def _checking(found: Desk, field: str, checked: Checked, revision: Any, refusal: str) -> dict[str, Any]:
    """What the checking part of a page shows; where something newer is saved, the way to it."""
    page = {"text": "draft_text", "cases": "draft_golden"}[field]
    newer = refusal and found.seen != found.revision.sequence
    return {
        "checked": checked, "revision": revision, "refusal": refusal, "field": field,
        "moved": reverse(page, args=[found.draft.pk]) if newer else "",
        "obstacles": obstacles_of(checked.tariff, found.draft.code),
    }  # fmt: skip


def tried_text(request: HttpRequest, found: Desk) -> tuple[str | None, list[str]]:
    """The text with every number that was tried; or nothing, and what is wrong with which."""
    changes, wrong = read_numbers(request.POST, found.groups)
    if wrong or found.tariff is None:
        return None, in_sentences(wrong, found.groups) or [gettext("The text is not a tariff yet.")]
    try:
        text = edited(found, changes)
    except CannotEdit as refusal:
        return None, [in_words(refusal)]
    broken = not_a_tariff(found, text)
    return (None, [broken]) if broken else (text, [])


def tried(request: HttpRequest, found: Desk) -> dict[str, object]:
    """The sliders as they stand, what is wrong with which, and what the others do."""
    changes, wrong = read_numbers(request.POST, found.groups)
    return {
        "sliders": sliders(found, changes, request.POST),
        "wrong": in_sentences(wrong, found.groups),
        **impact_context(found, months=months_of(request.POST), changes=changes),
    }
