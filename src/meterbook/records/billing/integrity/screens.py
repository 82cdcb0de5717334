"""What the integrity pages show: the worklist in the order of its worth, its sums, and one finding's history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from meterbook.engine.trace import Step
from meterbook.records.billing.integrity.checks import all_checks
from meterbook.records.billing.integrity.models import AuditFinding
from meterbook.records.platform.models import Event, RoleGrant, User
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: Days since a finding was first seen, by the name of its band: from, to.
AGES = {"new": (0, 7), "month": (8, 30), "old": (31, 100_000)}
_AUDITED = "billing.accounts_audited"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings somebody wants to see; empty: every open one. ``owner`` is a username, ``nobody``, or empty."""

    state: str = AuditFinding.OPEN
    check: str = ""
    owner: str = ""
    age: str = ""


def findings(asked: Asked, today: date) -> QuerySet[AuditFinding, Any]:
    """The findings asked for, with what their row shows."""
    rows = AuditFinding.objects.filter(state=asked.state)
    if asked.check:
        rows = rows.filter(kind=asked.check)
    if asked.owner:
        rows = rows.filter(owner=None) if asked.owner == "nobody" else rows.filter(owner__username=asked.owner)
    if asked.age in AGES:
        least, most = AGES[asked.age]
        first = date.min if most > (today - date.min).days else today - timedelta(days=most)
        rows = rows.filter(first_seen__range=(first, today - timedelta(days=least)))
    return rows.values(
        "id", "kind", "severity", "figures", "at_risk_cents", "first_seen", "last_seen", "state", "premise_id",
        "meter_id", serial=F("meter__serial"), number=F("account__number"), owner_name=F("owner__username"),
        parcel_number=F("parcel__number"), street_number=F("premise__street_number"), street=F("premise__street"),
        house_unit=F("premise__unit"),
    )  # fmt: skip


def sentence(kind: str, figures: dict[str, Any], translate: Callable[[str], str],
             shown: Callable[[str, Any], str]) -> str:  # fmt: skip
    """What a finding says, in the translator's language; ``shown`` puts one figure into words by its name."""
    check = all_checks().get(kind)
    if check is None:
        return kind
    message = check.message(figures)
    return Step(message, {name: shown(name, value) for name, value in figures.items()}).words(translate)


def title(kind: str) -> str:
    """The English title of a check; its name where it is no longer known."""
    check = all_checks().get(kind)
    return check.title if check else kind


@dataclass(frozen=True, slots=True)
class Standing:
    """The worklist as a whole, and what the last audit looked at (nothing before the first)."""

    open: int
    explained: int
    cents: int
    oldest: date | None
    parcels_open: int
    points_open: int
    meters_open: int
    by_check: dict[str, tuple[int, int]]
    audited: dict[str, Any] | None


def standing() -> Standing:
    """How the audit stands."""
    rows = AuditFinding.objects.exclude(state=AuditFinding.RESOLVED)
    left = Q(state=AuditFinding.OPEN)
    sums = rows.aggregate(
        open=Count("pk", filter=left), explained=Count("pk", filter=~left), cents=Sum("at_risk_cents", filter=left),
        oldest=Min("first_seen", filter=left), parcels_open=Count("parcel", filter=left, distinct=True),
        points_open=Count("service_point", filter=left, distinct=True),
        meters_open=Count("meter", filter=left, distinct=True),
    )  # fmt: skip
    by_check = rows.filter(left).values("kind").annotate(n=Count("pk"), cents=Sum("at_risk_cents")).order_by("kind")
    last = Event.objects.filter(kind=_AUDITED).order_by("-pk").first()
    return Standing(
        open=sums["open"], explained=sums["explained"], cents=sums["cents"] or 0, oldest=sums["oldest"],
        parcels_open=sums["parcels_open"], points_open=sums["points_open"], meters_open=sums["meters_open"],
        by_check={row["kind"]: (row["n"], row["cents"] or 0) for row in by_check},
        audited=last.payload if last else None,
    )  # fmt: skip


def waiting() -> dict[str, Any]:
    """How many findings are open, and since when."""
    return AuditFinding.objects.filter(state=AuditFinding.OPEN).aggregate(count=Count("pk"), oldest=Min("first_seen"))


def finding(finding_id: int) -> AuditFinding | None:
    """One finding with what its page shows."""
    related = ("premise", "parcel", "meter", "account__holder", "owner", "decided_by__actor", "service_point")
    return AuditFinding.objects.select_related(*related).filter(pk=finding_id).first()


def open_among(ids: Iterable[int]) -> list[AuditFinding]:
    """The open findings among some, dearest first."""
    rows = AuditFinding.objects.filter(pk__in=list(ids), state=AuditFinding.OPEN)
    return list(
        rows.select_related("premise", "meter", "account").order_by(F("at_risk_cents").desc(nulls_last=True), "pk")
    )


def history(finding_id: int) -> list[Event]:
    """What people decided on a finding, oldest first."""
    kinds = ("billing.finding_explained", "billing.finding_reopened", "billing.finding_assigned")
    rows = Event.objects.filter(kind__in=kinds, payload__finding=finding_id)
    return list(rows.select_related("deed__actor").order_by("pk"))


def owners() -> list[str]:
    """Who has open findings."""
    rows = AuditFinding.objects.filter(state=AuditFinding.OPEN, owner__isnull=False).order_by("owner__username")
    return [str(name) for name in rows.values_list("owner__username", flat=True).distinct()]


def workers(on: date) -> list[User]:
    """Who may own a finding on a business date."""
    held = RoleGrant.objects.filter(role__in=[BILLING, SUPERVISOR], validity__contains=on)
    return list(User.objects.filter(is_active=True, role_grants__in=held).order_by("username").distinct())


def audited_on(day: date) -> bool:
    """Whether the accounts were audited on a business date."""
    return Event.objects.filter(kind=_AUDITED, deed__business_date=day).exists()
