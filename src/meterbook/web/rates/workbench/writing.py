"""Writing in a draft: beginning it, its numbers and heading, its text with live checking, its golden bills."""

from __future__ import annotations

import re
from collections.abc import Callable
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
from meterbook.records.rates import draft_screens
from meterbook.records.rates.checking import check
from meterbook.records.rates.manuscript import CannotWrite, add_version, heading_of, set_heading
from meterbook.records.rates.numbers import NumberField, NumberGroup
from meterbook.records.rates.operations.begin_draft import begin_draft
from meterbook.records.rates.operations.save_draft import save_draft
from meterbook.records.rates.queries import tariff_of
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.rates.workbench.desk import Desk
from meterbook.web.rates.workbench.forms import BeginForm, HeadingForm, read_numbers
from meterbook.web.rates.workbench.impact import edited

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
    try:
        initial: dict[str, Any] = {**heading_of(found.revision.body, file=found.file)}
    except (CannotWrite, TariffError):
        return None
    for name in ("effective", "adopted"):
        initial[name] = date.fromisoformat(initial[name]) if _ISO.fullmatch(initial.get(name, "")) else ""
    return HeadingForm(request.POST if request.method == "POST" else None, initial=initial)


def save(request: HttpRequest, found: Desk, change: Callable[[], dict[str, str]]) -> tuple[Any, str]:
    """Save what ``change`` makes of the draft's text or cases: the revision, or why not, in words."""
    seen = request.POST.get("revision", "")
    try:
        revision = int(seen) if seen.isdecimal() else found.revision.sequence
        return save_draft(act(request), draft=found.draft, revision=revision, **change()), ""
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        return None, in_words(error)


def keep(request: HttpRequest, found: Desk, change: Callable[[], dict[str, str]], then: str) -> HttpResponseBase:
    """Save, say so or say why not, and go to a page of the draft."""
    saved, refusal = save(request, found, change)
    if saved is None:
        messages.error(request, refusal)
    else:
        messages.success(request, gettext("Saved as revision %(n)d.") % {"n": saved.sequence})
    return redirect(reverse(then, args=[found.draft.pk]))


def priced_text(request: HttpRequest, found: Desk, form: HeadingForm) -> tuple[str | None, dict[str, str], str]:
    """The text with the form editor's heading and numbers; or what is wrong, by path, and a refusal in words."""
    changes, wrong = read_numbers(request.POST, found.groups)
    if wrong or not form.is_valid():
        return None, wrong, gettext("Something typed is wrong; it is marked below. Nothing was saved.")
    try:
        return set_heading(edited(found, changes), form.heading(), file=found.file), {}, ""
    except (CannotWrite, CannotEdit, TariffError) as refusal:
        return None, {}, in_words(refusal)


def autosave_prices(request: HttpRequest, found: Desk) -> dict[str, Any]:
    """Save the form editor as it stands on the screen; what the checking part of the page shows."""
    form = heading_form(request, found)
    text, wrong, refusal = (None, {}, "") if form is None else priced_text(request, found, form)
    revision = found.revision
    if text is not None:
        saved, refusal = save(request, found, lambda: {"text": text})
        revision = saved or revision
    if wrong:
        refusal = f"{refusal} {'; '.join(dict.fromkeys(wrong.values()))}"
    checked = check(revision.body, revision.cases, file=found.file)
    return {"checked": checked, "revision": revision, "refusal": refusal, "field": "text"}


def autosave(request: HttpRequest, found: Desk) -> dict[str, Any]:
    """Save the text or the cases as they stand on the screen and look them over; what the checking part shows."""
    if "text" not in request.POST and "cases" not in request.POST:
        return autosave_prices(request, found)
    field = "cases" if "cases" in request.POST else "text"
    typed = request.POST.get(field, "").replace("\r\n", "\n")
    saved, refusal = save(request, found, lambda: {field: typed}) if found.may_write else (None, "")
    text = typed if field == "text" else found.revision.body
    cases = typed if field == "cases" else found.revision.cases
    checked = check(text, cases, file=found.file)
    return {"checked": checked, "revision": saved or found.revision, "refusal": refusal, "field": field}
