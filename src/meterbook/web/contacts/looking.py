"""The access log, written as pages are read: who looked at whose account."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from meterbook.records.contacts.viewing import saw
from meterbook.records.platform.queries import business_date


class Looked:
    """Writes one line for every account somebody looks at; one statement after the page is made.

    Pages below ``/accounts/<number>/`` are looks at that account. A page about an account at another address says so
    with `looked`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the page be made; if it was shown, write down who saw whose data."""
        response = self.get_response(request)
        match = request.resolver_match
        if request.method != "GET" or response.status_code != 200 or match is None:
            return response
        number = getattr(request, "looked_at", "")
        if not number and request.path.startswith("/accounts/"):
            number = str(match.kwargs.get("number", ""))
        if number and request.user.is_authenticated:
            saw(user_id=request.user.pk, number=number, page=match.url_name or "", day=business_date())
        return response


def looked(request: HttpRequest, number: str) -> None:
    """Say that this page shows an account's data, for the access log."""
    request.looked_at = number  # type: ignore[attr-defined]
