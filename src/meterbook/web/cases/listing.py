"""Which cases a list shows, and what a form begins with."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from meterbook.records.cases import screens
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import roles_held
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.tables import typed

#: Narrowings of the list, by what the address says behind ``show``.
SHOWS = ("open", "mine", "overdue", "disputes", "loss", "all")


def chosen(request: HttpRequest) -> tuple[Any, str]:
    """The cases asked for, and the narrowing."""
    show = typed(request, "show")
    show = show if show in SHOWS else "open"
    query = screens.cases(business_date())
    if show == "mine" and not isinstance(request.user, AnonymousUser):
        return screens.mine(query.filter(state="open"), request.user, roles_held(request)), show
    narrowed = {
        "open": {"state": "open"}, "overdue": {"overdue": True}, "all": {}, "loss": {"kind": "revenue_protection"},
        "disputes": {"dispute__state__in": ["review", "rejected", "appealed"]}, "mine": {"state": "open"},
    }  # fmt: skip
    return query.filter(**narrowed[show]), show  # type: ignore[arg-type]


def first_of(request: HttpRequest) -> dict[str, object]:
    """What the address brings for a form: an account, an order, a premise, what it is about."""
    found: dict[str, object] = {}
    for name, field in (("account", "number"), ("topic", "topic"), ("words", "words"), ("place", "told_by")):
        if text := typed(request, name):
            found[field] = text[:160]
    for name in ("order", "premise"):
        text = typed(request, name)
        if text.isdecimal() and len(text) < 18:
            found[name] = int(text)
    return found


def offices() -> list[dict[str, str]]:
    """The referral directory in the reader's language."""
    rules, language = screens.rules_on(business_date()), bilingual()
    return [
        {"words": one.words[language], "phone": one.phone, "hours": one.hours[language]}
        for one in (rules.directory.values() if rules else ())
    ]
