"""What the pages of letters show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext

from meterbook.notices.office_letter import render_letters, word_file
from meterbook.records.correspondence import screens
from meterbook.records.correspondence.merging import FIELDS
from meterbook.records.customers import screens as customers
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import may, or_404
from meterbook.web.kit.language import bilingual

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXTS = ("subject_en", "body_en", "subject_es", "body_es", "citation")


def account_or_404(number: str) -> Any:
    """The account of a number."""
    return or_404(customers.account(number), number)


def fields() -> list[tuple[str, str]]:
    """Every field a text may use, and what it says."""
    return [(f"{{{name}}}", gettext(said)) for name, said in FIELDS.items()]


def title_of(found: Any) -> str:
    """A template's title in the reader's language."""
    return str(getattr(found, f"title_{bilingual()}"))


def titled(versions: Sequence[Any]) -> list[tuple[str, str]]:
    """Code and title of templates."""
    return [(one.template.code, title_of(one.template)) for one in versions]


def initial(version: Any) -> dict[str, Any]:
    """A version as the form shows it."""
    return {name: getattr(version, name) for name in _TEXTS} | {"seen": version.sequence}


def begun(account: Any, code: str, language: str) -> tuple[Any, dict[str, Any]]:
    """The template a letter begins with (or none), and what stands in the fields."""
    speaks = language if language in ("en", "es") else account.holder.language
    version = next((one for one in screens.usable() if one.template.code == code), None)
    if version is None:
        return None, {"language": speaks}
    subject, text = screens.draft_for(account, version, business_date(), speaks)
    return version, {"language": speaks, "subject": subject, "text": text}


def about_template(request: HttpRequest, found: Any, versions: Sequence[Any]) -> dict[str, object]:
    """What stands around a template's form."""
    kept = may(request, "correspondence.save_template")
    return {"item": found, "versions": versions, "fields": fields(), "may_save": kept, "title": title_of(found)}


def file_of(letters: Sequence[Any], kind: str, name: str) -> HttpResponse:
    """Letters as ``pdf`` or ``docx``; anything else is not there."""
    if kind not in ("pdf", "docx") or not letters:
        raise Http404(kind)
    made = render_letters(letters) if kind == "pdf" else word_file(letters)
    response = HttpResponse(made, content_type="application/pdf" if kind == "pdf" else _WORD)
    opens = "inline" if kind == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{opens}; filename="{name}.{kind}"'
    return response
