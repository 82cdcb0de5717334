"""Registers: the lists the office keeps, one of them, an entry with its files and history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook.records.registers import screens
from meterbook.records.registers.typed import fields_of
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import LIBRARY
from meterbook.web.kit.tables import Table, table_page, typed
from meterbook.web.library import acts
from meterbook.web.library.forms import Define, Entry, File, lines_of
from meterbook.web.library.shown import columns, first_values, spread, told


def _found(code: str) -> Any:
    return or_404(screens.register(code), code)


def _entry(code: str, entry_id: int) -> Any:
    return or_404(screens.entry(code, entry_id), entry_id)


def title_of(register: Any) -> str:
    """A register's name in the reader's language."""
    return str(register.title_es if bilingual() == "es" else register.title_en)


@page(LIBRARY)
def registers(request: HttpRequest) -> HttpResponseBase:
    """Every list the office keeps."""
    rows = [(one, title_of(one)) for one in screens.registers()]
    context = {"registers": rows, "title": _("Registers"), "may_open": may(request, "registers.open_register")}
    return render(request, "library/registers.html", context | {"here": "registers"})


@page(LIBRARY)
def register(request: HttpRequest, code: str) -> HttpResponseBase:
    """One register: a table like every other."""
    found, ended = _found(code), typed(request, "show") == "ended"
    table = Table(
        request, screens.entries(found, ended=ended), columns(found), order=("title", "id"), name=found.code,
        title=title_of(found), empty=_("Nothing is kept here yet."), search=("words",), search_label=_("Any word"),
        enrich=lambda rows: spread(found, rows),
    )  # fmt: skip
    writes = may(request, "registers.keep_entry") and not found.closed
    context: dict[str, object] = {"register": found, "ended": ended, "may_write": writes}
    context["may_change"] = may(request, "registers.change_register")
    return table_page(request, "library/register.html", table, context)


@page(LIBRARY)
def open_register(request: HttpRequest) -> HttpResponseBase:
    """A new register with its fields."""
    about = FormPage(_("Open a register"), _("Open it"), "registers")
    return form_page(request, Define(sent(request)), about, lambda given: acts.opened(request, given))


@page(LIBRARY)
def change_register(request: HttpRequest, code: str) -> HttpResponseBase:
    """A register's names and fields."""
    found = _found(code)
    about = FormPage(_("Change the register"), _("Save"), "registers", _(
        "Values of a field that is taken out stay on record."))  # fmt: skip
    first = {"code": code, "title_en": found.title_en, "title_es": found.title_es, "closed": found.closed,
             "fields_typed": lines_of(found.fields)}  # fmt: skip
    form = Define(sent(request), fixed=True, initial=first)
    return form_page(request, form, about, lambda given: acts.changed(request, found, given))


@page(LIBRARY)
def new_entry(request: HttpRequest, code: str) -> HttpResponseBase:
    """A new entry."""
    found = _found(code)
    about = FormPage(_("New entry"), _("Save"), "registers", title_of(found))
    form = Entry(sent(request), fields=fields_of(found.fields))
    return form_page(request, form, about, lambda given: acts.kept(request, found, None, form))


@page(LIBRARY)
def entry(request: HttpRequest, code: str, entry_id: int) -> HttpResponseBase:
    """One entry: its values, files, history."""
    found = _entry(code, entry_id)
    context = {"entry": found, "register": found.register, "register_title": title_of(found.register),
               "title": found.title, "values": told(found.register, found.values), "files": screens.files(found.pk),
               "history": screens.history(found.pk),
               "may_write": may(request, "registers.keep_entry") and found.ended_by_id is None}  # fmt: skip
    return render(request, "library/entry.html", context)


@page(LIBRARY)
def change_entry(request: HttpRequest, code: str, entry_id: int) -> HttpResponseBase:
    """Change an entry; who comes second is told."""
    found = _entry(code, entry_id)
    about = FormPage(_("Change the entry"), _("Save"), "registers", title_of(found.register))
    first = first_values(found.register, found)
    form = Entry(sent(request), fields=fields_of(found.register.fields), initial=first)
    return form_page(request, form, about, lambda given: acts.kept(request, found.register, found, form))


@page(LIBRARY)
def end_entry(request: HttpRequest, code: str, entry_id: int) -> HttpResponseBase:
    """End an entry."""
    found = _entry(code, entry_id)
    about = FormPage(_("End this entry"), _("End it"), "registers", _("It stays on record."), dangerous=True)
    return form_page(request, ReasonForm(sent(request)), about, lambda given: acts.ended(request, found, given))


@page(LIBRARY)
def attach(request: HttpRequest, code: str, entry_id: int) -> HttpResponseBase:
    """Keep a file with an entry."""
    found = _entry(code, entry_id)
    about = FormPage(_("Attach a file"), _("Keep"), "registers", found.title)
    form = File(sent(request), request.FILES or None)
    return form_page(request, form, about, lambda given: acts.attached(request, found, given))


@page(LIBRARY)
def file(request: HttpRequest, code: str, entry_id: int, file_id: int) -> HttpResponse:
    """A file of an entry, as it was attached."""
    found = or_404(screens.file_of(_entry(code, entry_id).pk, file_id), file_id)
    return HttpResponse(bytes(found.content), content_type="application/octet-stream",
                        headers={"Content-Disposition": f'attachment; filename="file-{found.pk}"',
                                 "X-Content-Type-Options": "nosniff"})  # fmt: skip
