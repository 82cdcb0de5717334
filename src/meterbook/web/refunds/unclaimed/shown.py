"""What the list of unclaimed money shows beside its rows."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.settings import dormancy_on
from meterbook.records.refunds.unclaimed import screens
from meterbook.records.refunds.unclaimed.finding import dormant
from meterbook.records.refunds.unclaimed.operations.take_over import ready
from meterbook.web.kit.access import may


def list_context(request: HttpRequest) -> dict[str, object]:
    """What is due to be set aside, what may end, what waits, and the lists published."""
    day = business_date()
    try:
        due, over = dormant(day), ready(day)
    except NoPolicy:
        due, over = [], []
    return {
        "here": "unclaimed", "due": len(due), "due_cents": sum(one.cents for one in due), "over": len(over),
        "over_cents": sum(one.amount_cents for one in over), "asked": screens.take_over_request(),
        "publications": screens.publications(), "may_find": may(request, "refunds.find_unclaimed"),
        "may_publish": may(request, "refunds.publish_unclaimed"), "may_end": may(request, "refunds.ask_take_over"),
    }  # fmt: skip


def rule_to_publish() -> str:
    """The rule that asks for publication; the page that says there is none where the policy has no such rule."""
    _, rules = dormancy_on(business_date())
    found = next((rule.code for rule in rules.rules if rule.publication is not None), None)
    if found is None:
        raise Http404("no rule asks for publication")
    return found
