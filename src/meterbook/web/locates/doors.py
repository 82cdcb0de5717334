"""The centre's hook, without a sign-in: known by a token, answered within its three seconds, told twice taken once."""

from __future__ import annotations

import base64
import hmac
import os

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from meterbook.formats.contract import Problem
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_named
from meterbook.records.service_orders.locates.operations.take_in import take_locates
from meterbook.records.service_orders.locates.refusals import UnreadableTickets
from meterbook.records.service_orders.locates.screens import read_tickets

LARGEST = 1_000_000
TOKEN = "METERBOOK_LOCATES_TOKEN"


@csrf_exempt
@require_POST
def locate_hook(request: HttpRequest) -> JsonResponse:
    """Take what the centre posts. Anything that is signed by the token is kept and answered 2xx, read or not.

    What cannot be read waits for a person: sending it again would not make it better.
    """
    if not _known(request):
        return JsonResponse({"error": "Authorization: expected the token of this hook"}, status=401)
    if len(request.body) > LARGEST:
        return JsonResponse({"error": f"at most {LARGEST} bytes"}, status=413)
    act = Act(user_named("system"), business_date(), "811 hook")
    try:
        parsed = read_tickets(request.body)
    except UnreadableTickets as error:
        wrong = [Problem(0, "message", "", str(error)[:120])]
        take_locates(act, tickets=[], problems=wrong, way="hook", raw=request.body)
        return JsonResponse({"kept": True, "taken": 0}, status=202)
    done = take_locates(act, tickets=parsed.records, problems=parsed.problems, way="hook", raw=request.body)
    return JsonResponse({"kept": True, "taken": done.new + done.revised, "known": done.known})


def _known(request: HttpRequest) -> bool:
    """Whether the caller holds the token: as a bearer, or as the password of a basic sign-in."""
    token = os.environ.get(TOKEN, "")
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except ValueError:
            return False
    return bool(token) and hmac.compare_digest(given.strip().encode(), token.encode())
