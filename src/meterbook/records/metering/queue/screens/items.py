"""What the queue page shows: items in the order of their worth, the filters, what is open and at what pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum

from meterbook.records.metering.models import Finding, ReadException
from meterbook.records.metering.queue.forecast import Forecast, business_days, forecast
from meterbook.records.metering.queue.settings import is_business_day, queue_settings
from meterbook.records.platform.models import RoleGrant, User
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: Days since an item was raised, by the name of its band: from, to.
AGES = {"new": (0, 1), "week": (2, 5), "old": (6, 10_000)}
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue somebody wants to see; empty: all of it. ``owner`` is a username, ``nobody``, or empty."""

    state: str = UNDECIDED
    rule: str = ""
    route: str = ""
    cycle: str = ""
    owner: str = ""
    age: str = ""


def items(asked: Asked, today: date) -> QuerySet[ReadException, Any]:
    """The items asked for, with what their row shows."""
    rows = ReadException.objects.all()
    rows = rows.exclude(state="resolved") if asked.state == UNDECIDED else rows.filter(state=asked.state)
    if asked.rule:
        rows = rows.filter(Exists(Finding.objects.filter(exception=OuterRef("pk"), rule=asked.rule)))
    if asked.route:
        rows = rows.filter(service_point__route__code=asked.route)
    if asked.cycle:
        rows = rows.filter(service_point__route__cycle__code=asked.cycle)
    if asked.owner:
        rows = rows.filter(owner=None) if asked.owner == "nobody" else rows.filter(owner__username=asked.owner)
    if asked.age in AGES:
        least, most = AGES[asked.age]
        rows = rows.filter(raised_on__range=(today - timedelta(days=most), today - timedelta(days=least)))
    return rows.values(
        "id", "on", "raised_on", "state", "resolution", "at_risk_cents", "unit", "found_e6", "expected_e6", "source",
        serial=F("register__meter__serial"), channel_name=F("register__channel"), value=F("read__value"),
        route=F("service_point__route__code"), sequence=F("service_point__sequence"),
        street_number=F("service_point__premise__street_number"), street=F("service_point__premise__street"),
        house_unit=F("service_point__premise__unit"), commodity=F("service_point__commodity"),
        owner_name=F("owner__username"), interval_meter=F("channel__meter__serial"),
    )  # fmt: skip


def rules_of(item_ids: list[int]) -> dict[int, list[str]]:
    """The rules that spoke of each item, those that held the read first."""
    found: dict[int, list[str]] = {}
    rows = Finding.objects.filter(exception__in=item_ids).order_by("-holds", "pk")
    for item, rule in rows.values_list("exception_id", "rule"):
        if rule not in found.setdefault(item, []):
            found[item].append(rule)
    return found


def by_route(asked: Asked, today: date) -> dict[str, tuple[int, int]]:
    """How many of the items asked for each route has, and the cents at risk."""
    rows = items(asked, today).order_by().values("service_point__route__code")
    found = rows.annotate(count=Count("pk"), cents=Sum("at_risk_cents"))
    return {row["service_point__route__code"] or "": (row["count"], row["cents"]) for row in found}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: codes of undecided items, and who works on them."""

    rules: list[str]
    routes: list[str]
    cycles: list[str]
    owners: list[str]


def choices() -> Choices:
    """The filters of the queue as it stands."""
    left = ReadException.objects.exclude(state=ReadException.RESOLVED)
    named = Finding.objects.filter(exception__in=left).order_by("rule")

    def codes(path: str) -> list[str]:
        found = left.exclude(**{path: None}).order_by(path).values_list(path, flat=True).distinct()
        return [str(code) for code in found]

    return Choices(
        rules=list(named.values_list("rule", flat=True).distinct()),
        routes=codes("service_point__route__code"),
        cycles=codes("service_point__route__cycle__code"),
        owners=codes("owner__username"),
    )


def workers(on: date) -> list[User]:
    """Who may own an item on a business date."""
    held = RoleGrant.objects.filter(role__in=[BILLING, SUPERVISOR], validity__contains=on)
    return list(User.objects.filter(is_active=True, role_grants__in=held).order_by("username").distinct())


@dataclass(frozen=True, slots=True)
class Standing:
    """The queue as a whole: items and money, how long they wait, and when it is cleared at this pace."""

    open: int
    waiting: int
    mine: int
    cents: int
    oldest: date | None
    decided_today: int
    raised_today: int
    forecast: Forecast


def standing(today: date, user_id: int) -> Standing:
    """How the queue stands on a business date."""
    left = ReadException.objects.exclude(state=ReadException.RESOLVED)
    totals = left.aggregate(
        open=Count("pk", filter=Q(state="open")), waiting=Count("pk", filter=Q(state="waiting")),
        mine=Count("pk", filter=Q(owner=user_id)), cents=Sum("at_risk_cents"), oldest=Min("raised_on"),
    )  # fmt: skip
    days = business_days(today - timedelta(days=1), queue_settings(today).pace_days, is_business_day)
    decided, raised = _a_day("resolved_on", days), _a_day("raised_on", days)
    pace = forecast(
        open_items=totals["open"] + totals["waiting"], decided=[decided.get(day, 0) for day in days],
        raised=[raised.get(day, 0) for day in days], today=today, works=is_business_day,
    )  # fmt: skip
    return Standing(
        open=totals["open"], waiting=totals["waiting"], mine=totals["mine"], cents=totals["cents"] or 0,
        oldest=totals["oldest"], decided_today=decided.get(today, 0), raised_today=raised.get(today, 0), forecast=pace,
    )  # fmt: skip


def _a_day(column: str, days: list[date]) -> dict[date, int]:
    """How many items by business day; what came on a day off counts with the business day after it."""
    rows = ReadException.objects.filter(**{f"{column}__gte": days[0]}).order_by().values(column)
    found: dict[date, int] = {}
    for row in rows.annotate(count=Count("pk")):
        day = next((each for each in days if each >= row[column]), row[column])
        found[day] = found.get(day, 0) + row["count"]
    return found
