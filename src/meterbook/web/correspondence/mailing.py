"""Mailings: one letter to many accounts, looked at before it is written, and given out as pages, Word or a table."""

from __future__ import annotations

import csv
import secrets
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.screens import cycles
from meterbook.records.correspondence import screens
from meterbook.records.correspondence.operations.letters import MOST, merge_letters
from meterbook.records.correspondence.refusals import LetterRefused
from meterbook.records.platform.queries import business_date
from meterbook.web.correspondence import shown
from meterbook.web.correspondence.columns import LETTERS, MAILINGS
from meterbook.web.correspondence.forms import Mailing
from meterbook.web.kit.access import act, or_404, page
from meterbook.web.kit.cells import unformula
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.kit.tables import Table, table_page

TEMPLATE = "correspondence/begin_many.html"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(ACCOUNTS)
def mailings(request: HttpRequest) -> HttpResponseBase:
    """Every mailing."""
    table = Table(
        request, screens.merges(), MAILINGS, order=("-written_on", "-id"), name="mailings", title=_("Mailings"),
        empty=_("No letter went to many accounts yet."), search=("version__template__code",), search_label=_("Letter"),
    )  # fmt: skip
    return table_page(request, "correspondence/list.html", table, {"here": "mailings"})


@page(ACCOUNTS)
def begin(request: HttpRequest) -> HttpResponseBase:
    """Choose letter and accounts; the first button shows whom it goes to, the second writes."""
    usable = screens.usable()
    form = Mailing(sent(request), usable=usable, cycles=cycles(), initial={"key": secrets.token_hex(16)})
    context: dict[str, object] = {"most": MOST}

    def done(given: dict[str, Any]) -> str:
        version = next(one for one in usable if str(one.pk) == given["version"])
        made = merge_letters(
            act(request, version.template.code), version=version, accounts=_chosen(given), key=given["key"],
            asked={name: given[name] for name in ("numbers", "cycle", "past_due")},
        )  # fmt: skip
        said = ngettext("%(n)s letter is written.", "%(n)s letters are written.", made.letters)
        messages.success(request, said % {"n": made.letters})
        return reverse("mailing", args=[made.pk])

    about = FormPage(
        _("Write to many"), _("Show whom it goes to"), "mailings", template="correspondence/begin_many.html"
    )
    if request.method == "POST" and request.POST.get("do") != "write" and form.is_valid():
        return _preview(request, form, about, usable, context)
    return form_page(request, form, about, done, context)


def _preview(
    request: HttpRequest, form: Mailing, about: FormPage, usable: list[Any], context: dict[str, object]
) -> HttpResponseBase:
    """The accounts a mailing goes to, and the first letter as it would be written."""
    given = form.cleaned_data
    version = next(one for one in usable if str(one.pk) == given["version"])
    try:
        accounts = _chosen(given)
    except LetterRefused as error:
        form.add_error("numbers", error.step.words(gettext))
        accounts = []
    if accounts:
        first = accounts[0]
        subject, text = screens.draft_for(first, version, business_date(), first.holder.language)
        context |= {"accounts": accounts[:20], "count": len(accounts), "first": first, "subject": subject,
                    "text": text, "language": first.holder.language}  # fmt: skip
    elif not form.errors:
        form.add_error(None, gettext("No account is like that."))
    status = 422 if form.errors else 200
    return render(request, about.template, {"form": form, "page": about, "title": about.title, **context},
                  status=status)  # fmt: skip


def _chosen(given: dict[str, Any]) -> list[Any]:
    """The accounts meant: those listed, or those of a cycle."""
    if given["numbers"].strip():
        return screens.accounts_numbered(given["numbers"].splitlines())
    return screens.accounts_of_cycle(given["cycle"], past_due=given["past_due"], day=business_date())


@page(ACCOUNTS)
def mailing(request: HttpRequest, merge_id: int) -> HttpResponseBase:
    """One mailing: its letters."""
    found = or_404(screens.merge(merge_id), merge_id)
    table = Table(
        request, screens.letters().filter(merge_id=merge_id), LETTERS, order=("account__number", "id"),
        name=f"mailing-{merge_id}", title=shown.title_of(found.version.template), empty=_("No letter is like that."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"),
    )  # fmt: skip
    return table_page(request, "correspondence/mailing.html", table, {"item": found, "here": "mailings"})


@page(ACCOUNTS)
def mailing_file(request: HttpRequest, merge_id: int, kind: str) -> HttpResponseBase:
    """Every letter as pages or for Word, or the table a print house merges from."""
    found = or_404(screens.merge(merge_id), merge_id)
    if kind in ("pdf", "docx"):
        return shown.file_of(screens.letters_of(merge_id), kind, f"mailing-{merge_id}")
    if kind not in ("csv", "xlsx"):
        raise Http404(kind)
    heads, rows = screens.fields_of(found)
    content = _csv(heads, rows) if kind == "csv" else _xlsx(heads, rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8" if kind == "csv" else _XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="mailing-{merge_id}.{kind}"'
    return response


def _csv(heads: list[str], rows: list[list[str]]) -> bytes:
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(heads)
    writer.writerows([unformula(cell) for cell in row] for row in rows)
    return ("\ufeff" + written.getvalue()).encode()


def _xlsx(heads: list[str], rows: list[list[str]]) -> bytes:
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("letters")
        for at, row in enumerate([heads, *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(at, place, cell)
        sheet.freeze_panes(1, 0)
    return written.getvalue()
