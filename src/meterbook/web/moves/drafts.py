"""What is half typed on a page of moves: kept with the sign-in, put back when the page is opened again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from meterbook.web.kit.access import page
from meterbook.web.kit.sections import ACCOUNTS

_KEPT, _MOST, _LONGEST = "move_drafts", 12, 20_000
_LEFT_OUT = {"csrfmiddlewaretoken", "draft", "do"}


def draft_of(request: HttpRequest) -> dict[str, Any]:
    """What was typed on this page before, by field; lists where several may be chosen."""
    found: dict[str, Any] = request.session.get(_KEPT, {}).get(request.get_full_path(), {})
    return {name: values if len(values) > 1 or name in ("documents", "premises") else values[0]
            for name, values in found.items()}  # fmt: skip


def forget(request: HttpRequest) -> None:
    """The page was saved: nothing of it is half typed."""
    kept = request.session.get(_KEPT, {})
    if kept.pop(request.get_full_path(), None) is not None:
        request.session[_KEPT] = kept


@require_POST
@page(ACCOUNTS)
def save_draft(request: HttpRequest) -> HttpResponseBase:
    """Keep what is typed on a page; with nothing typed it is forgotten."""
    key = request.POST.get("draft", "")
    if not key.startswith("/moves/") and not key.startswith("/accounts/"):
        raise Http404(key)
    values = {name: request.POST.getlist(name) for name in request.POST if name not in _LEFT_OUT}
    kept = request.session.get(_KEPT, {})
    kept.pop(key, None)
    if any(any(each) for each in values.values()) and sum(len(str(each)) for each in values.values()) < _LONGEST:
        kept[key] = values
    request.session[_KEPT] = dict(list(kept.items())[-_MOST:])
    return HttpResponse(status=204)
