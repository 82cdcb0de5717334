"""The crew's page, its service worker, and the three questions a phone asks: the route, an outcome, the valve."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from meterbook.web.field_app import answering, shell
from meterbook.web.field_app.route import route_of
from meterbook.web.field_app.words import words
from meterbook.web.kit.access import page
from meterbook.web.kit.sections import FIELD


@require_GET
@ensure_csrf_cookie
@page(FIELD)
def crew_page(request: HttpRequest) -> HttpResponseBase:
    """The page itself: words and addresses, nobody's data."""
    return render(request, "field_app/shell.html", {"words": words(), "places": shell.places()})


@require_GET
@page(FIELD)
def crew_worker(request: HttpRequest) -> HttpResponseBase:
    """The service worker, from the folder it answers for."""
    headers = {"Service-Worker-Allowed": shell.places()["shell"], "Cache-Control": "no-cache"}
    return HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8", headers=headers)


@require_GET
@page(FIELD)
def crew_manifest(request: HttpRequest) -> HttpResponseBase:
    """What a phone needs to put the page on its home screen."""
    return JsonResponse(shell.manifest(), content_type="application/manifest+json")


@require_GET
@ensure_csrf_cookie
@page(FIELD)
def crew_route(request: HttpRequest) -> HttpResponseBase:
    """The signed-in person's route."""
    return JsonResponse(route_of(request))


@require_POST
@page(FIELD)
def crew_outcomes(request: HttpRequest) -> HttpResponseBase:
    """One outcome."""
    return answering.take(request)


@require_POST
@page(FIELD)
def crew_valve(request: HttpRequest) -> HttpResponseBase:
    """May the valve be turned?"""
    try:
        number = json.loads(request.body).get("order")
    except (ValueError, AttributeError, RecursionError):
        number = None
    if type(number) is not int or not 0 < number < 2**31:
        return JsonResponse({"words": "order: expected the order's number"}, status=400)
    return answering.ask_valve(request, number)
