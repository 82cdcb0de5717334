"""Doors without a sign-in: the processor's events (proved by signature) and kiosks (known by token)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from meterbook.records.online import screens
from meterbook.records.online.answers import Answer, wrong
from meterbook.records.online.events import read_event
from meterbook.records.online.operations.kiosk_calls import kiosk_due, kiosk_payment
from meterbook.records.online.operations.take_event import apply_kept, keep_event
from meterbook.records.online.processor import prove
from meterbook.records.online.refusals import WrongEvent, WrongSignature
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_named


@csrf_exempt
@require_POST
def card_events(request: HttpRequest) -> HttpResponse:
    """Keep and apply an event. 400 for a wrong signature; the processor sends again whatever is not answered 2xx."""
    try:
        prove(request.body, request.headers.get("Stripe-Signature", ""))
        told = read_event(request.body)
    except (WrongSignature, WrongEvent) as error:
        return JsonResponse({"errors": [{"field": "event", "found": "", "expected": str(error)}]}, status=400)
    if not screens.applied(told.event):
        kept = keep_event(_system(told.kind), told=told)
        apply_kept(_system(told.kind), event=kept)
    return JsonResponse({"taken": told.event})


@require_GET
def card_thanks(request: HttpRequest) -> HttpResponse:
    """Where the payer's browser comes back to. It says nothing about any account."""
    return render(request, "online/thanks.html")


@require_GET
def due(request: HttpRequest, number: str) -> HttpResponseBase:
    """What an account owes, for a kiosk."""
    check = request.GET.get("check", "").replace("\0", "")[:20]
    return _answered(request, lambda kiosk: kiosk_due(_system("kiosk"), kiosk=kiosk, number=number[:40], check=check))


@csrf_exempt
@require_POST
def payments(request: HttpRequest) -> HttpResponseBase:
    """A payment a kiosk took."""
    return _answered(request, lambda kiosk: _paid(request, kiosk))


def _paid(request: HttpRequest, kiosk: Any) -> Answer:
    try:
        given = json.loads(request.body)
    except ValueError:
        given = None
    if not isinstance(given, dict) or "\\u0000" in request.body.decode("utf-8", "replace"):
        return wrong("body", "", "a JSON object: account, amount_cents, tender, reference", status=400)
    return kiosk_payment(
        _system("kiosk"), kiosk=kiosk, number=given.get("account"), cents=given.get("amount_cents"),
        tender=given.get("tender"), reference=given.get("reference", ""),
        key=request.headers.get("Idempotency-Key", ""),
    )  # fmt: skip


def _answered(request: HttpRequest, call: Callable[[Any], Answer]) -> HttpResponseBase:
    """The answer for a kiosk whose token is good and whose calls of this minute are not used up."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    kiosk = screens.kiosk_of(token.strip()) if kind.lower() == "bearer" else None
    if kiosk is None:
        answer = wrong("Authorization", "", "Bearer and the kiosk's token", status=401)
    elif screens.too_many_calls(kiosk):
        answer = wrong("calls", "too many in a minute", "fewer; try again later", status=429)
    else:
        answer = call(kiosk)
    return JsonResponse(answer.body, status=answer.status)


def _system(reason: str) -> Act:
    return Act(user_named("system"), business_date(), reason)
