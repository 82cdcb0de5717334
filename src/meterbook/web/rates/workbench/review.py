"""What stands around a draft's review: which acts are open to the reader, and the differences in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from meterbook.engine.rates.drafts.differences import Change, Difference
from meterbook.web.kit.access import may
from meterbook.web.kit.language import bilingual
from meterbook.web.rates.workbench.acts import ACTS
from meterbook.web.rates.workbench.desk import SCHEDULE, Desk
from meterbook.web.rates.workbench.impact import first_impact

#: Months of bills a review looks back over.
REVIEWED_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """A button: an act the reader may do now."""

    title: str | Promise
    href: str
    main: bool


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One number or word that differs, with the percentage where both sides are numbers."""

    words: str
    old: str
    new: str
    percent: Decimal | None


def steps(request: HttpRequest, found: Desk) -> list[Step]:
    """What the reader may do with the draft now; deciding is for who wrote nothing in it."""
    made = []
    for name, act in ACTS.items():
        decides = act.kind in ("rates.release_draft", "rates.return_draft")
        open_now = found.draft.status in act.states and may(request, act.kind)
        if open_now and (found.may_release if decides else found.may_take_back or name == "submit"):
            address = reverse("draft_act", args=[found.draft.pk, name])
            seen = {"revision": found.revision.sequence, "approval": found.draft.approval_id}
            made.append(Step(act.title, f"{address}?{urlencode(seen)}" if decides else address, act.main))
    return made


def shown_differences(found: tuple[Difference, ...]) -> list[tuple[str, str, list[ShownChange], bool]]:
    """Each charge that differs: its label, a sentence, its changes, and whether any of them is of a number."""
    language = bilingual()
    own = {"": gettext("The version itself"), SCHEDULE: gettext("The schedule itself")}
    return [
        (
            difference.label.get(language, "") or own[difference.component],
            difference.step.words(gettext),
            [_change(change) for change in difference.changes],
            any(change.is_number for change in difference.changes),
        )
        for difference in found
    ]


def _change(change: Change) -> ShownChange:
    percent = None
    if change.is_number and change.old and change.new and Decimal(change.old):
        old, new = Decimal(change.old), Decimal(change.new)
        percent = ((new - old) * 100 / abs(old)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return ShownChange(change.step.words(gettext), change.old or "", change.new or "", percent)


def review_context(request: HttpRequest, found: Desk) -> dict[str, object]:
    """Everything a second person looks at before deciding."""
    return {
        "steps": steps(request, found),
        "differences": shown_differences(found.differences),
        "golden": found.golden,
        **first_impact(found, REVIEWED_MONTHS),
    }
