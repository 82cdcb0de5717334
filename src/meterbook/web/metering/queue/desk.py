"""A case as its page shows it: figures, chart, readings, neighbours, people, history, and the decisions open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.metering.estimation import methods
from meterbook.engine.metering.estimation.explain import explain_estimate, facts_of
from meterbook.engine.metering.estimation.refusals import PROBLEMS
from meterbook.records.metering.queue.estimating import Offer, estimation_on, offers, only
from meterbook.records.metering.queue.screens import case as cases
from meterbook.records.metering.queue.screens.expected import Expected, expected_of
from meterbook.records.platform.queries import business_date
from meterbook.web.kit import words
from meterbook.web.kit.access import may
from meterbook.web.kit.charts import Chart, MonthUsage, newest_month, usage_chart
from meterbook.web.metering.queue import acts
from meterbook.web.metering.queue.findings import Said, said
from meterbook.web.metering.queue.listing import around, kept

#: Why reads are corrected most often; offered while one types, in the reader's language.
REASONS = (
    _("Digits transposed"), _("One digit too many"), _("Read again from the photo"), _("Read of the meter next door"),
    _("Confirmed by the customer"), _("Confirmed by a re-read"), _("House was empty"),
)  # fmt: skip


def found_case(item_id: int) -> Any:
    """The item, or a page that says there is none."""
    item = cases.item(item_id)
    if item is None:
        raise Http404(str(item_id))
    return item


def address_of(name: str, item_id: int, request: HttpRequest, *more: str) -> str:
    """The address of a case's page, within the list it came from."""
    query = kept(request.GET)
    return reverse(name, args=[item_id, *more]) + (f"?{query}" if query else "")


def name_of(item: Any) -> str:
    """What a case is called: its meter and its house."""
    meter = item.register.meter if item.register else item.channel.meter if item.channel else None
    serial = meter.serial if meter is not None else gettext("no meter")
    return f"{serial} · {item.service_point.premise.address}"


def case_context(request: HttpRequest, item: Any) -> dict[str, object]:
    """Everything the page of one case shows."""
    today = business_date()
    expected = expected_of(item, today) if item.register_id else None
    return {
        **head_context(request, item),
        "expected": expected,
        "shown_range": _reads_between(item, expected),
        "findings": [said(each.rule, each.figures, holds=each.holds) for each in cases.findings(item)],
        "chart": _chart(item),
        "readings": cases.readings(item) if item.register_id else [],
        "neighbours": cases.neighbours(item),
        "people": cases.people_here(item),
        "hung": cases.hung(item),
        "photos": cases.photos(item),
        "history": cases.history(item),
        "approval": cases.approval_waiting(item),
        "may_question": may(request, "metering.question_read"),
    }


def head_context(request: HttpRequest, item: Any) -> dict[str, object]:
    """The head of a case, its place in the list, and the decisions open to the reader."""
    before, after, at, of = around(request, item.pk)
    return {
        "item": item,
        "title": name_of(item),
        "meter": item.register.meter if item.register else item.channel.meter if item.channel else None,
        "acts": acts.offered(request, item),
        "kept": kept(request.GET),
        "before": address_of("exception", before, request) if before else "",
        "after": address_of("exception", after, request) if after else "",
        "at": at,
        "of": of,
        "list_address": reverse("exceptions") + (f"?{kept(request.GET)}" if kept(request.GET) else ""),
        "reasons": REASONS,
    }


def _reads_between(item: Any, expected: Expected | None) -> tuple[Decimal, Decimal] | None:
    """The reads between which usage would be as expected; nothing where the register would pass 0."""
    if expected is None or expected.low is None or expected.high is None or expected.previous_value is None:
        return None
    step = Decimal(1).scaleb(-item.register.decimals)
    last = Decimal(expected.previous_value).scaleb(-6)
    low, high = (
        (last + Decimal(usage).scaleb(-6) / item.register.multiplier).quantize(step)
        for usage in (expected.low, expected.high)
    )
    return (low, high) if high < 10**item.register.dials else None


def _chart(item: Any) -> Chart | None:
    """Thirteen months ending with the month in question; the usage in question is drawn, but not filled."""
    rows = cases.usage_here(item)
    months: dict[date, MonthUsage] = {}
    for row in rows:
        month = row["ends"].replace(day=1)
        before = months.get(month, MonthUsage(0, estimated=False))
        months[month] = MonthUsage(before.quantity_e6 + row["quantity_e6"], before.estimated or row["estimated"])
    here = item.on.replace(day=1)
    if item.state != "resolved" and item.read_id and item.found_e6 is not None:
        known = months.get(here, MonthUsage(0, estimated=False))
        months[here] = MonthUsage(known.quantity_e6 + item.found_e6, known.estimated, questioned=True)
    if not months:
        return None
    newest = newest_month([row["ends"] for row in rows if row["ends"] > item.on], item.on)
    title = words.say("commodity", item.service_point.commodity)
    return usage_chart(key=f"case-{item.pk}", title=title, unit=item.unit, usage=months, newest=newest)


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """An estimate to choose: its method in words, what it comes to, how sure it is, how it was reckoned."""

    offer: Offer
    title: str
    value: Decimal | None
    refusal: str
    steps: list[str]
    first: bool


def shown_offers(item: Any) -> list[ShownOffer]:
    """Every method's estimate, the city's own choice first; those without evidence last, with why."""
    today = business_date()
    found = [_shown(each, today, first=at == 0) for at, each in enumerate(offers(item, today))]
    return sorted(found, key=lambda each: (bool(each.refusal), not each.first))


def _shown(offer: Offer, today: date, *, first: bool) -> ShownOffer:
    title = gettext(methods.title(offer.method)) if offer.method else gettext("No method")
    if offer.problem == "no_evidence":
        return ShownOffer(offer, title, None, gettext("Not enough usage on record."), [], first=False)
    if offer.problem:
        return ShownOffer(offer, title, None, gettext(PROBLEMS[offer.problem]), [], first=False)
    told = explain_estimate(facts_of(offer.inputs), only(estimation_on(today), offer.method))
    value = Decimal(offer.value or 0).scaleb(-6)
    return ShownOffer(offer, title, value, "", [step.words(gettext) for step in told.steps], first)


def proposals(found: list[Said]) -> list[str]:
    """The values rules propose in the place of the one that came, each once."""
    return list(dict.fromkeys(each.proposed for each in found if each.proposed))
