"""What the office answers a phone: taken, look again, met by a change, refused; always in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext

from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders.completing import visit_of
from meterbook.records.service_orders.doubts import doubts
from meterbook.records.service_orders.guards import VALVE
from meterbook.records.service_orders.locates.operations.answer import answer_locate
from meterbook.records.service_orders.locates.screens import of_order
from meterbook.records.service_orders.operations.working import check_guards
from meterbook.records.service_orders.outcome import Outcome
from meterbook.records.service_orders.phone.operations.send_outcome import send_outcome
from meterbook.records.service_orders.phone.refusals import NotOnYourPhone
from meterbook.records.service_orders.phone.route import changes_since, order_on_phone
from meterbook.records.service_orders.refusals import GuardRefused
from meterbook.records.tasks.saying import heard
from meterbook.web.field_app.taking import outcome_of, sent_json
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.locates.clock import moment

#: Doubts that "I looked at both plates" answers; the page cannot know the office's own names for them.
_PLATES = ("compare:", "in:")


def take(request: HttpRequest) -> JsonResponse:
    """Answer one sent outcome; whatever is wrong with it is said, never dropped."""
    try:
        return _take(request)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        return JsonResponse({"words": in_words(error)}, status=404 if isinstance(error, NotOnYourPhone) else 422)


def _take(request: HttpRequest) -> JsonResponse:
    sent = sent_json(request)
    if sent.text("user", 150) != act(request).actor.username:
        said = gettext("This work belongs to somebody else. It stays on the phone until they sign in.")
        return JsonResponse({"words": said}, status=403)
    number, outcome = sent.whole("order", 1, 2**31), outcome_of(request, sent)
    order = order_on_phone(act(request).actor, number)
    if order is None:
        raise NotOnYourPhone
    known = visit_of(outcome.key)
    if known is None and order.version == outcome.version:
        open_doubts = [doubt for doubt in doubts(order, outcome, business_date()) if not _seen(doubt.code, outcome)]
        if open_doubts:
            told = [{"code": doubt.code, "words": doubt.step.words(gettext)} for doubt in open_doubts]
            return JsonResponse({"words": "", "doubts": told}, status=422)
    visit = send_outcome(act(request, outcome.note[:200]), order=order, outcome=_all_seen(order, outcome))
    _answer_excavator(request, sent.text("response", 3), visit)
    return _answer(visit)


def _answer_excavator(request: HttpRequest, code: str, visit: Any) -> None:
    """What the crew did goes on record as the answer to the locate ticket its order was opened for."""
    ticket = of_order(visit.order) if code and visit.state == visit.APPLIED else None
    if ticket is not None:
        answer_locate(act(request), locate=ticket, code=code, note=visit.note, moment=moment(), order=visit.order)


def _seen(code: str, outcome: Outcome) -> bool:
    return "swap" in outcome.confirmed and code.startswith(_PLATES)


def _all_seen(order: Any, outcome: Outcome) -> Outcome:
    """The outcome with the office's names of the doubts its crew stands by."""
    seen = {doubt.code for doubt in doubts(order, outcome, business_date()) if _seen(doubt.code, outcome)}
    return replace(outcome, confirmed=outcome.confirmed | seen) if seen else outcome


def _answer(visit: Any) -> JsonResponse:
    said = [heard(each).words(gettext) for each in visit.effects]
    if visit.state == visit.APPLIED:
        return JsonResponse({"words": " ".join(said)})
    reasons = [heard(each).words(gettext) for each in visit.conflicts]
    changed = list(dict.fromkeys(step.words(gettext) for step in changes_since(visit.order, visit.version, visit.by)))
    words = gettext("The office set it aside.") if visit.state == visit.SET_ASIDE else " ".join(reasons)
    return JsonResponse({"words": words, "changes": changed}, status=409)


def ask_valve(request: HttpRequest, number: int) -> JsonResponse:
    """Whether anything speaks against turning the valve now; that it was asked is on record."""
    order = order_on_phone(act(request).actor, number)
    if order is None:
        return JsonResponse({"words": in_words(NotOnYourPhone())}, status=404)
    try:
        check_guards(act(request), order=order, moment=VALVE)
    except GuardRefused as error:
        return JsonResponse({"go": False, "words": in_words(error)})
    return JsonResponse({"go": True, "words": gettext("Nothing speaks against it now. Go on.")})
