"""What the pages of locate tickets show and do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders.locates import screens
from meterbook.records.service_orders.locates.operations.answer import send_to_locate
from meterbook.records.service_orders.locates.operations.take_in import TakenIn, take_locates
from meterbook.records.service_orders.locates.refusals import UnreadableTickets
from meterbook.records.service_orders.locates.rules import locate_rules
from meterbook.web.kit.access import act, may
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.locates.clock import clock, left, moment

LARGEST_FILE = 5 * 2**20


def page_of(request: HttpRequest, found: Any) -> dict[str, object]:
    """Everything on one ticket's page."""
    rules, now = locate_rules(business_date()), moment()
    given = screens.answers(found)
    codes = rules.answers()
    return {
        "title": gettext("Ticket %(number)s") % {"number": found.number}, "item": found,
        "clock": clock(found.state, found.due_at, now, rules.soon_hours),
        "left": left(found.due_at, now) if found.state == "waiting" else "",
        "revisions": screens.revisions(found), "answers": [
            (each, codes[each.code].words(bilingual()) if each.code in codes else "") for each in given
        ],
        "may_answer": found.state != "cancelled" and may(request, "service_orders.answer_locate"),
        "may_send": found.state != "cancelled" and may(request, "service_orders.send_to_locate"),
    }  # fmt: skip


def taken_in(request: HttpRequest, file: Any) -> str:
    """Take an uploaded file in; says what became of it."""
    if file.size > LARGEST_FILE:
        raise UnreadableTickets(why=gettext("it has more than 5 MB"))
    content = file.read()
    parsed = screens.read_tickets(content)
    done = take_locates(
        act(request, f"file {file.name}"[:200]), tickets=parsed.records, problems=parsed.problems, raw=content
    )
    messages.success(request, told(done))
    for problem in parsed.problems[:5]:
        said = gettext("Line %(line)s, %(field)s: found %(found)s, expected %(expected)s")
        messages.warning(request, said % {
            "line": problem.line, "field": problem.field, "found": problem.found or "–", "expected": problem.expected,
        })  # fmt: skip
    return reverse("locates")


def told(done: TakenIn) -> str:
    """What became of a file, in one line."""
    said = gettext("%(new)s new, %(revised)s revised, %(known)s known already, %(problems)s problems.")
    return said % {"new": done.new, "revised": done.revised, "known": done.known, "problems": done.problems}


def crew_sent(request: HttpRequest, found: Any) -> None:
    """Open the crew's order, or say why not."""
    try:
        order = send_to_locate(act(request), locate=found)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        messages.error(request, in_words(error))
    else:
        messages.success(request, gettext("Order %(number)s is with the planners.") % {"number": order.pk})
