"""What the office knows: searched, read as of a day, written, released."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.registers import screens
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import DayField, FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import LIBRARY
from meterbook.web.kit.tables import typed
from meterbook.web.library import acts
from meterbook.web.library.forms import Write


def day_asked(request: HttpRequest) -> date:
    """The day the address asks about; today where it asks none or what is no day."""
    try:
        return DayField(required=False).clean(typed(request, "on")) or business_date()
    except ValidationError:
        return business_date()


@page(LIBRARY)
def library(request: HttpRequest) -> HttpResponseBase:
    """Articles by words, by what they are about, as of a day."""
    asked, kind, day = typed(request, "q"), typed(request, "kind"), day_asked(request)
    kind = kind if kind in screens.article_kinds() else ""
    context = {
        "found": screens.known(asked, day, language=bilingual(), kind=kind), "asked": asked, "kind": kind, "day": day,
        "kinds": screens.article_kinds(), "title": _("Library"), "here": "library", "drafts": screens.drafts(),
        "may_write": may(request, "registers.write_article"), "today": business_date(),
    }  # fmt: skip
    template = "library/found.html" if request.headers.get("HX-Request") else "library/library.html"
    return render(request, template, context)


@page(LIBRARY)
def article(request: HttpRequest, code: str) -> HttpResponseBase:
    """One article as it held on a day, with every version."""
    day = day_asked(request)
    found = or_404(screens.article(code, day), code)
    spanish = bilingual() == "es"
    context = {
        "item": found, "title": found.title_es if spanish else found.title_en, "day": day,
        "holds": day in found.validity,
        "body": found.body_es if spanish else found.body_en, "versions": screens.versions(code), "spanish": spanish,
        "may_write": may(request, "registers.write_article"),
    }  # fmt: skip
    return render(request, "library/article.html", context)


@page(LIBRARY)
def write(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """A new article, or what an article says from another day on."""
    first: dict[str, object] = {"starts": business_date()}
    if code:
        found = or_404(screens.article(code, business_date()), code)
        names = ("title_en", "title_es", "body_en", "body_es", "citation")
        first |= {name: getattr(found, name) for name in names} | {"code": code, "kind": found.article.kind}
    about = FormPage(_("Write an article"), _("Save"), "library", _(
        "What it said before stays readable as of its own days."))  # fmt: skip
    form = Write(sent(request), fixed=bool(code), initial=first)
    return form_page(request, form, about, lambda given: acts.written(request, given))


@page(LIBRARY)
def draft(request: HttpRequest, version_id: int) -> HttpResponseBase:
    """A draft beside what holds now; released or dropped here."""
    found = screens.version(version_id)
    if found is None or found.state == "dropped":
        raise Http404(str(version_id))
    mine = found.written_by.actor_id == request.user.pk
    releases = found.state == "draft" and not mine and may(request, "registers.release_article")
    context: dict[str, object] = {"item": found, "mine": mine, "may_release": releases}
    context["now"] = screens.article(found.article.code, business_date())
    about = FormPage(_("Draft of an article"), _("Release"), "library", template="library/draft.html")
    return form_page(request, forms.Form(sent(request)), about, lambda given: acts.decided(request, found), context)
