"""Letters: those written, one of them, writing one, and the templates the office keeps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.correspondence import screens
from meterbook.records.correspondence.operations import templates as keeping
from meterbook.records.correspondence.operations.letters import write_letter
from meterbook.web.correspondence import shown
from meterbook.web.correspondence.columns import LETTERS, template_columns
from meterbook.web.correspondence.forms import Begin, Save, Write
from meterbook.web.kit.access import act, may, or_404, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.kit.tables import Table, table_page, typed


@page(ACCOUNTS)
def letters(request: HttpRequest) -> HttpResponseBase:
    """Every letter written."""
    table = Table(
        request, screens.letters(), LETTERS, order=("-written_on", "-id"), name="letters", title=_("Letters"),
        empty=_("No letter was written yet. Begin one on an account's page, or write to many from a template."),
        search=("subject", "account__number", "account__holder__name"), search_label=_("Subject, account or holder"),
    )  # fmt: skip
    return table_page(request, "correspondence/list.html", table, {"here": "letters"})


@page(ACCOUNTS)
def letter(request: HttpRequest, letter_id: int) -> HttpResponseBase:
    """One letter as it was written."""
    found = or_404(screens.letter(letter_id), letter_id)
    return render(request, "correspondence/letter.html", {"item": found, "title": found.subject})


@page(ACCOUNTS)
def letter_file(request: HttpRequest, letter_id: int, kind: str) -> HttpResponseBase:
    """The letter to print, or for Word."""
    return shown.file_of([or_404(screens.letter(letter_id), letter_id)], kind, f"letter-{letter_id}")


@page(ACCOUNTS)
def write(request: HttpRequest, number: str) -> HttpResponseBase:
    """Write a letter to one account, from a template or freely; what stands in the field is what is printed."""
    account = shown.account_or_404(number)
    version, initial = shown.begun(account, typed(request, "template"), typed(request, "language"))

    def done(given: dict[str, Any]) -> str:
        made = write_letter(act(request, given["subject"]), account=account, version=version, **given)
        messages.success(request, gettext("The letter is written. Print it, or open it in Word."))
        return reverse("letter", args=[made.pk])

    about = FormPage(_("Write a letter"), _("Write it"), "letters", template="correspondence/write.html")
    context = {"account": account, "usable": shown.titled(screens.usable()), "version": version}
    return form_page(request, Write(sent(request), initial=initial), about, done, context)


@page(ACCOUNTS)
def templates(request: HttpRequest) -> HttpResponseBase:
    """Every template."""
    table = Table(
        request, screens.templates(), template_columns(), order=("code",), name="letter-templates",
        title=_("Letter templates"), empty=_("No template yet. Begin one for a letter you send again and again."),
        search=("code", "title_en", "title_es"), search_label=_("Code or title"),
    )  # fmt: skip
    return table_page(request, "correspondence/list.html", table, {"here": "templates"})


@page(ACCOUNTS)
def begin(request: HttpRequest) -> HttpResponseBase:
    """Begin a template."""
    form = Begin(sent(request))

    def done(given: dict[str, Any]) -> str:
        titles = {name: given[name] for name in ("code", "title_en", "title_es")}
        made = keeping.begin_template(act(request), text=form.text(), **titles)
        return reverse("letter_template", args=[made.code])

    about = FormPage(_("New letter template"), _("Begin"), "letter_templates", template="correspondence/begin.html")
    return form_page(request, form, about, done, {"fields": shown.fields()})


@page(ACCOUNTS)
def template(request: HttpRequest, code: str) -> HttpResponseBase:
    """One template: its text to be changed, and every version it had."""
    found = or_404(screens.template(code), code)
    versions = screens.versions(found.pk)
    form = Save(sent(request), initial=shown.initial(versions[0]))

    def done(given: dict[str, Any]) -> str:
        keeping.save_template(act(request), template=found, text=form.text(), seen=given["seen"])
        messages.success(request, gettext("A new version is saved. Letters already written keep theirs."))
        return reverse("letter_template", args=[code])

    about = FormPage(shown.title_of(found), _("Save"), "letter_templates", template="correspondence/template.html")
    return form_page(request, form, about, done, shown.about_template(request, found, versions))


@require_POST
@page(ACCOUNTS)
def use(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take a template out of use, or back into it."""
    found = or_404(screens.template(code), code)
    if not may(request, "correspondence.use_template"):
        raise Http404(code)
    keeping.use_template(act(request), template=found, in_use=not found.in_use)
    return redirect("letter_template", code)
