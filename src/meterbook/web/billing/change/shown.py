"""A comparison of two bills as rows of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from meterbook.engine.billing.change.words import TITLES
from meterbook.records.adjustments.on_bills import since_last_bill
from meterbook.records.billing.change import Against, NothingBefore, compare
from meterbook.web.kit.language import bilingual


@dataclass(frozen=True, slots=True)
class Row:
    """One part: what kind, what it says, its cents, and where the bill shows it."""

    title: str
    says: str
    cents: int
    link: str


def shown(bill: Any, against: Against) -> dict[str, object]:
    """The context of the panel; without a bill to compare with, only that."""
    title = gettext("Why is this bill high?")
    try:
        found = compare(bill, against, since_last_bill)
    except NothingBefore:
        return {"title": title, "compared": None}
    rows = []
    for part, says in zip(found.parts, found.sentences(bilingual()), strict=True):
        on = found.other if part.kind == "removed" else found.bill
        place = f"#{found.points[part.point]}" if part.point in found.points else "#due"
        rows.append(Row(gettext(TITLES[part.kind]), says, part.cents, reverse("bill", args=[on.pk]) + place))
    return {"title": title, "compared": found, "rows": rows}
