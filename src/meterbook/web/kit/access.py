"""Who gets in: everyone signs in, every page belongs to a section, and a refusal is said kindly."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from meterbook.records.platform.deeds import OPERATIONS, Act, NotPermitted
from meterbook.records.platform.queries import NotFounded, asking_once, business_date
from meterbook.records.platform.roles import TITLES, roles_of
from meterbook.web.kit.sections import Section

P = ParamSpec("P")
Found = TypeVar("Found")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

#: Everything under these paths works before anybody has signed in; `web.online.doors` proves who calls by itself.
OPEN_PATHS = (
    "/staff/login/", "/staff/logout/", "/staff/2fa/authenticate/", "/display/", "/static/", "/health", "/hooks/cards/",
    "/hooks/locates/",
    "/api/v1/",
)  # fmt: skip

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def _without_nul(asked: QueryDict) -> QueryDict:
    """What an address asks for, without the NUL no database looks for."""
    kept = asked.copy()
    for name, values in asked.lists():
        kept.setlist(name, [value.replace("\0", "") for value in values])
    return kept


class NotYourSection(PermissionError):
    """The page belongs to work the signed-in person's roles do not do."""

    def __init__(self, section: Section) -> None:
        self.section = section
        super().__init__(f"section {section.key}")


class StaffOnly:
    """Sends anyone who is not signed in to the sign-in page, and turns refusals into a kind page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, or ask for a sign-in."""
        if isinstance(request.user, AnonymousUser):
            if not request.path.startswith(OPEN_PATHS):
                return HttpResponseRedirect(
                    f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
                )
        elif settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or "en"
        if "\0" in request.path:
            raise Http404("no address holds a NUL")
        if any("\0" in value for _, values in request.GET.lists() for value in values):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        with asking_once() if request.method in ("GET", "HEAD") else nullcontext():
            response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal by role names the roles that may; everything else goes its way."""
        if isinstance(exception, NotYourSection):
            roles, what = exception.section.roles, str(exception.section.title)
        elif isinstance(exception, NotPermitted):
            kind = str(exception).partition(" may not do ")[2].partition(" on ")[0]
            roles, what = (OPERATIONS[kind].roles if kind in OPERATIONS else frozenset()), ""
        else:
            return None
        titles = [TITLES[role] for role in TITLES if role in roles and role != "system"]
        return render(request, "403.html", {"titles": titles, "what": what}, status=403)


def page(section: Section) -> Callable[[View[P]], View[P]]:
    """Put a view into its section: refused to roles that do not see it, marked on the rail."""

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not section.roles & roles_held(request):
                raise NotYourSection(section)
            request.section = section  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.section = section  # type: ignore[attr-defined]
        return cast("View[P]", guarded)

    return declare


def or_404(found: Found | None, asked: object) -> Found:
    """What was found, or the page that says there is none."""
    if found is None:
        raise Http404(str(asked))
    return found


def roles_held(request: HttpRequest) -> frozenset[str]:
    """The signed-in person's roles on the business date, asked once per request."""
    held = getattr(request, "_roles_held", None)
    if held is None:
        held = roles_of(request.user, business_date()) if not isinstance(request.user, AnonymousUser) else frozenset()
        request._roles_held = held  # type: ignore[attr-defined]
    return cast("frozenset[str]", held)


def may(request: HttpRequest, kind: str) -> bool:
    """Whether the signed-in person may do this operation today; decides which buttons are shown."""
    operation = OPERATIONS.get(kind)
    return operation is not None and bool(operation.roles & roles_held(request))


def act(request: HttpRequest, reason: str = "") -> Act:
    """Who does it, on which business date, and why: the first argument of every operation."""
    if isinstance(request.user, AnonymousUser):
        raise NotPermitted("nobody is signed in")
    return Act(actor=request.user, business_date=business_date(), reason=reason)


def founded() -> bool:
    """Whether the utility exists already."""
    try:
        business_date()
    except NotFounded:
        return False
    return True
