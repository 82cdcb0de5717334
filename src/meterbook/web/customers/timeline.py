"""Everything that ever happened on an account, in one order, with filters by kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.happenings import Happening, newest_first
from meterbook.records.platform.queries import business_date
from meterbook.web.contacts.views import found_account
from meterbook.web.customers.happened import KINDS, everything
from meterbook.web.kit import words
from meterbook.web.kit.access import page
from meterbook.web.kit.sections import ACCOUNTS as SECTION

#: Lines on one page; older ones are a page further.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline in the reader's language."""

    on: date
    kind: str
    words: str
    href: str
    by: str
    detail: str


@page(SECTION)
def timeline(request: HttpRequest, number: str) -> HttpResponseBase:
    """The timeline of one account; ``?kind=bill&kind=contact`` narrows it, ``?years=1`` says how far back."""
    account, day = found_account(number), business_date()
    kinds = [kind for kind in request.GET.getlist("kind") if kind in KINDS]
    years = {"1": 1, "2": 2}.get(request.GET.get("years", ""), 100)
    since = date(max(1, day.year - years), day.month, min(day.day, 28))
    found = newest_first(everything(account.pk, since, day))
    counts = {kind: sum(one.kind == kind for one in found) for kind in KINDS}
    shown = [one for one in found if not kinds or one.kind in kinds]
    at = _whole(request.GET.get("from", ""))
    context = {
        "account": account, "title": _("Timeline"), "lines": [told(one) for one in shown[at : at + SHOWN]],
        "kinds": [(kind, words.say("happening", kind), counts[kind], kind in kinds) for kind in KINDS if counts[kind]],
        "total": len(shown), "next": at + SHOWN if at + SHOWN < len(shown) else 0, "at": at, "chosen": kinds,
        "years": years, "before": max(0, at - SHOWN) if at else -1,
    }  # fmt: skip
    return render(request, "customers/timeline.html", context)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def told(one: Happening) -> Told:
    """A happening in the reader's language; a page that is not there opens nothing."""
    try:
        href = reverse(one.href[0], args=one.href[1]) if one.href[0] else ""
    except NoReverseMatch:
        href = ""
    return Told(one.on, words.say("happening", one.kind), one.words.words(gettext), href, one.by, one.detail)
