"""What the forms of the library do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.cases.screens import user
from meterbook.records.registers.operations import articles, lists, retention
from meterbook.records.registers.operations.articles import Text
from meterbook.web.kit.access import act
from meterbook.web.library.forms import Entry

Given = dict[str, Any]


def opened(request: HttpRequest, given: Given) -> str:
    """Open the register."""
    made = lists.open_register(act(request), code=given["code"], title_en=given["title_en"],
                               title_es=given["title_es"], fields=given["fields_typed"])  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("register", args=[made.code])


def changed(request: HttpRequest, found: Any, given: Given) -> str:
    """Change the register."""
    lists.change_register(act(request), register=found, title_en=given["title_en"], title_es=given["title_es"],
                          fields=given["fields_typed"], closed=given["closed"])  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("register", args=[found.code])


def kept(request: HttpRequest, register: Any, entry: Any, form: Entry) -> str:
    """Write the entry."""
    given = form.cleaned_data
    made = lists.keep_entry(
        act(request), register=register, title=given["title"], values=form.values(), entry=entry,
        version=given["version"], remind_on=given["remind_on"],
        remind=user(int(given["remind"])) if given["remind"] else None,
    )  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("register_entry", args=[register.code, made.pk])


def ended(request: HttpRequest, found: Any, given: Given) -> str:
    """End the entry."""
    lists.end_entry(act(request, given["reason"]), entry=found)
    messages.success(request, gettext("Done."))
    return reverse("register", args=[found.register.code])


def attached(request: HttpRequest, found: Any, given: Given) -> str:
    """Keep the file."""
    file = given["file"]
    lists.attach(act(request), entry=found, file_name=file.name[:200], content=file.read(),
                 content_type=file.content_type or "application/octet-stream")  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("register_entry", args=[found.register.code, found.pk])


def written(request: HttpRequest, given: Given) -> str:
    """Write the article; a second person releases it where that is asked or needed."""
    made = articles.write_article(
        act(request), code=given["code"], kind=given["kind"], english=Text(given["title_en"], given["body_en"]),
        spanish=Text(given["title_es"], given["body_es"]), citation=given["citation"], starts=given["starts"],
        second=given["second"],
    )  # fmt: skip
    if made.state == "released":
        messages.success(request, gettext("Saved."))
        return reverse("article", args=[made.article.code])
    messages.success(request, gettext("A second person releases it."))
    return reverse("article_draft", args=[made.pk])


def decided(request: HttpRequest, found: Any) -> str:
    """Release or drop a draft."""
    if request.POST.get("decision") == "approve":
        articles.release_article(act(request), version=found)
        messages.success(request, gettext("Released."))
        return reverse("article", args=[found.article.code])
    articles.drop_article(act(request), version=found)
    messages.success(request, gettext("Dropped."))
    return reverse("library")


def listed(request: HttpRequest, code: str, given: Given) -> str:
    """List the files of a class and ask a second person."""
    made = retention.list_destruction(act(request, given["reason"]), retention=code)
    messages.success(request, gettext("A second person has been asked."))
    return reverse("destruction_list", args=[made.pk])


def destroyed(request: HttpRequest, found: Any, given: Given) -> str:
    """Agree, or not."""
    agreed = request.POST.get("decision") == "approve"
    retention.decide_destruction(act(request, given["reason"]), found=found, approve=agreed)
    messages.success(request, gettext("Your decision is recorded."))
    return reverse("destruction_list", args=[found.pk])
