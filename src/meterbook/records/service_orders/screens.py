"""What pages show of service orders: lists, one order with everything it changed, where service is off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.metering.models import Installation, Register, Seal
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.models import Attachment, RoleGrant, User
from meterbook.records.platform.roles import CREW, METER_SHOP, READER, SUPERVISOR
from meterbook.records.service_orders.models import Crew, CrewMember, Order, OrderLink, OrderStep, OrderVisit
from meterbook.records.service_orders.models import ServiceStatus as Status
from meterbook.records.service_orders.settings import order_rules
from meterbook.records.service_orders.states import DONE, WAITING
from meterbook.records.service_orders.words import KIND_WORDS
from meterbook.records.tasks.saying import heard

OPEN, MINE, EMERGENCY, REVIEW, LATE, ENDED = "open", "mine", "emergency", "review", "late", "ended"
VIEWS = (OPEN, MINE, EMERGENCY, LATE, REVIEW, ENDED)
_WARNED = 5
_PICTURES = ("image/jpeg", "image/png", "image/webp")


def orders(which: str, *, user: User, today: date) -> QuerySet[Order, Any]:
    """The orders of a view, with what a row shows."""
    undecided = OrderVisit.objects.filter(order=OuterRef("pk"), state=OrderVisit.CONFLICT)
    rows = Order.objects.annotate(conflict=Exists(undecided))
    if which == MINE:
        crews = CrewMember.objects.filter(user=user, validity__contains=today).values("crew")
        rows = rows.filter(Q(crew__in=crews) | Q(deed__actor=user), state__in=WAITING)
    elif which == EMERGENCY:
        rows = rows.filter(emergency=True, state__in=WAITING)
    elif which == LATE:
        rows = rows.filter(due_on__lt=today, state__in=WAITING)
    elif which == REVIEW:
        rows = rows.filter(Q(state__in=DONE) | Q(conflict=True))
    elif which == ENDED:
        rows = rows.filter(state__in=(Order.CLOSED, Order.CANCELLED))
    else:
        rows = rows.filter(state__in=WAITING)
    return rows.values(
        "id", "kind", "state", "emergency", "reason", "place", "opened_on", "due_on", "scheduled_on", "done_on",
        "conflict", "account_id", crew_code=F("crew__code"), route=F("service_point__route__code"),
        street_number=F("premise__street_number"), street=F("premise__street"), house_unit=F("premise__unit"),
        number=F("account__number"), asked_by=F("deed__actor__username"),
    )  # fmt: skip


def waiting(today: date) -> dict[str, int]:
    """How many orders wait, are late, are emergencies, and wait for the office."""
    rows = Order.objects.aggregate(
        open=Count("id", filter=Q(state__in=WAITING)),
        late=Count("id", filter=Q(state__in=WAITING, due_on__lt=today)),
        emergency=Count("id", filter=Q(state__in=WAITING, emergency=True)),
        review=Count("id", filter=Q(state__in=DONE)),
        oldest=Min("opened_on", filter=Q(state__in=WAITING)),
    )
    return {**rows, "conflicts": OrderVisit.objects.filter(state=OrderVisit.CONFLICT).count()}


def find(order_id: int) -> Order | None:
    """One order with its place, or nothing."""
    rows = Order.objects.select_related(
        "service_point__route", "premise", "account__holder", "crew", "field_request", "deed__actor"
    )
    return rows.filter(pk=order_id).first()


def chosen(ids: Iterable[int]) -> list[Order]:
    """Orders by number, in the order they were named."""
    known = Order.objects.select_related("premise", "service_point__route", "crew").in_bulk(list(ids))
    return [known[number] for number in ids if number in known]


def history(order: Order) -> list[OrderStep]:
    """Every step, the first one first."""
    return list(OrderStep.objects.filter(order=order).select_related("deed__actor").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it is read: what was sent, what it changed or why it did not, its files."""

    row: OrderVisit
    conflicts: list[Step]
    effects: list[tuple[Step, str, list[Any]]]
    answers: list[tuple[str, str, str]]
    findings: list[tuple[str, str, str]]
    parts: list[tuple[str, str, int, str]]
    files: list[Attachment]
    code: tuple[str, str]
    danger: tuple[str, str]

    @property
    def undecided(self) -> bool:
        """Whether the office has yet to decide about it."""
        return bool(self.row.state == OrderVisit.CONFLICT)


def visits(order: Order) -> list[Visit]:
    """What came back from the street, the newest first; codes in both languages."""
    rows = OrderVisit.objects.filter(order=order).select_related("by", "decided_by__actor", "deed").order_by("-pk")
    return [_visit(row) for row in rows]


def _visit(row: OrderVisit) -> Visit:
    rules = order_rules(row.done_on)

    def both(said: Any, code: str) -> tuple[str, str]:
        found = said.get(code)
        return (found.en, found.es) if found is not None else (code, code)

    items = {code: item.words for code, item in rules.checklist.items()}
    return Visit(
        row=row, conflicts=[heard(each) for each in row.conflicts],
        effects=[(heard(each), each["href"][0], each["href"][1]) for each in row.effects],
        answers=[(*both(items, one.item), one.answer) for one in row.answers.order_by("pk")],
        findings=[(*both(rules.findings, one.code), one.note) for one in row.findings.order_by("pk")],
        parts=[(*both(rules.parts, one.code), one.quantity, one.serial) for one in row.parts.order_by("pk")],
        files=list(Attachment.objects.filter(subject=f"ordervisit:{row.pk}").defer("content").order_by("pk")),
        code=both(rules.no_access, row.code), danger=both(rules.danger, row.danger),
    )  # fmt: skip


def visit(visit_id: int) -> OrderVisit | None:
    """One visit, or nothing."""
    return OrderVisit.objects.select_related("order").filter(pk=visit_id).first()


def photo(attachment_id: int) -> tuple[str, bytes] | None:
    """A picture of a visit; nothing for anything else."""
    rows = Attachment.objects.filter(pk=attachment_id, subject__startswith="ordervisit:", content_type__in=_PICTURES)
    found = rows.first()
    return None if found is None else (found.content_type, bytes(found.content))


def links(order: Order) -> list[tuple[str, bool, Order]]:
    """Orders that hang together with this one: kind, whether it points from here, the other one."""
    out = OrderLink.objects.filter(order=order).select_related("other__premise")
    back = OrderLink.objects.filter(other=order).select_related("order__premise")
    return [*((one.kind, True, one.other) for one in out), *((one.kind, False, one.order) for one in back)]


def hanging(order: Order, on: date) -> list[Installation]:
    """The meter that hangs at the order's place, with its registers."""
    rows = Installation.objects.filter(service_point=order.service_point_id, validity__contains=on)
    return list(rows.select_related("meter").prefetch_related("meter__registers"))


def seals_on(order: Order) -> list[Seal]:
    """Seals and locks that are on at the order's place."""
    return list(Seal.objects.filter(service_point=order.service_point_id, validity__endswith__isnull=True))


def crews(*, all_of_them: bool = False) -> list[Crew]:
    """The crews there are."""
    rows = Crew.objects.order_by("code")
    return list(rows if all_of_them else rows.filter(active=True))


def crew(crew_id: int) -> Crew | None:
    """One crew, or nothing."""
    return Crew.objects.filter(pk=crew_id).first()


def members(on: date) -> dict[int, list[str]]:
    """Who is on each crew on a day."""
    rows = CrewMember.objects.filter(validity__contains=on).select_related("user").order_by("user__username")
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.crew_id, []).append(str(row.user))
    return found


def status_on(points: Iterable[int], on: date) -> dict[int, Status]:
    """Whether service is on or off on a day, by service point; a point that was never turned is missing, and on."""
    rows = Status.objects.filter(service_point__in=list(points), validity__contains=on).select_related("order")
    return {row.service_point_id: row for row in rows}


def of_account(account_id: int, *, only_open: bool = True) -> list[Order]:
    """The orders of an account, the newest first."""
    rows = Order.objects.filter(account=account_id).select_related("premise", "crew").order_by("-pk")
    return list(rows.filter(state__in=(*WAITING, *DONE)) if only_open else rows)


def happened(account_id: int, since: date) -> list[Happening]:
    """Orders asked and ended on an account, for its timeline."""
    steps = OrderStep.objects.filter(
        order__account=account_id, on__gte=since, what__in=("opened", "completed", "unable", "cancelled")
    ).select_related("order", "deed__actor")
    said = {
        "opened": N_("Order asked: {what}"), "completed": N_("Order done: {what}"),
        "unable": N_("Order could not be done: {what}"), "cancelled": N_("Order called off: {what}"),
    }  # fmt: skip
    return [
        Happening(
            step.on, "field", Step(said[step.what], {"what": Step(KIND_WORDS[step.order.kind])}), moment=step.at,
            href=("service_order", (step.order_id,)), by=str(step.deed.actor), detail=step.note,
        )
        for step in steps
    ]  # fmt: skip


def point(point_id: int) -> ServicePoint | None:
    """A service point with its premise, or nothing."""
    return ServicePoint.objects.select_related("premise", "route").filter(pk=point_id).first()


def premise(premise_id: int) -> Premise | None:
    """A premise, or nothing."""
    return Premise.objects.filter(pk=premise_id).first()


def points_of(account: Account, on: date) -> list[ServicePoint]:
    """Where an account is served on a day."""
    rows = ServicePoint.objects.filter(agreements__account=account, agreements__validity__contains=on)
    return list(rows.select_related("premise").distinct().order_by("commodity", "pk"))


def point_coded(code: str) -> ServicePoint | None:
    """The service point of a code, of a meter's serial, or nothing."""
    found = ServicePoint.objects.select_related("premise").filter(code=code).first()
    if found is not None:
        return found
    hung = Installation.objects.filter(meter__serial=code, validity__endswith__isnull=True)
    first = hung.select_related("service_point__premise").first()
    return None if first is None else first.service_point


def channels_of(serial: str) -> list[str]:
    """The registers of a meter by channel, in the order their first reads are typed."""
    return list(Register.objects.filter(meter__serial=serial).order_by("channel").values_list("channel", flat=True))


def field_workers(on: date) -> list[User]:
    """Who may be on a crew on a day."""
    held = RoleGrant.objects.filter(role__in=[CREW, METER_SHOP, READER, SUPERVISOR], validity__contains=on)
    return list(User.objects.filter(is_active=True, role_grants__in=held).order_by("username").distinct())


def statuses_of(account_id: int, on: date) -> list[Status]:
    """Whether service is on or off at each point the account is served at, where it was ever turned."""
    rows = Status.objects.filter(
        service_point__agreements__account=account_id, service_point__agreements__validity__contains=on,
        validity__contains=on,
    )  # fmt: skip
    return list(rows.select_related("service_point", "order").distinct().order_by("service_point"))


def order_of_request(request_id: int) -> int | None:
    """The number of the order a field request is worked on as, while it is not over."""
    rows = Order.objects.filter(field_request=request_id).exclude(state__in=(Order.CLOSED, Order.CANCELLED))
    return rows.values_list("pk", flat=True).first()


def dangers(order: Order, on: date) -> list[tuple[str, str]]:
    """What crews warned of at the order's address, in both languages, the newest first."""
    if order.premise_id is None:
        return []
    rows = OrderVisit.objects.filter(order__premise=order.premise_id).exclude(danger="").order_by("-pk")
    said = order_rules(on).danger
    codes = dict.fromkeys(rows.values_list("danger", flat=True)[:_WARNED])
    return [(said[code].en, said[code].es) if code in said else (code, code) for code in codes]
