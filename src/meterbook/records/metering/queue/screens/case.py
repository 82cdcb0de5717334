"""One case on one screen: what the rules said, what the register showed, its neighbours, its people, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q

from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.metering.models import (
    Estimate,
    FieldRequest,
    Finding,
    Installation,
    MeterTest,
    Read,
    ReadException,
    Seal,
    TrueUp,
    Usage,
)
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Approval, Attachment, Deed, Event, User

READINGS_SHOWN, NEIGHBOURS_EACH_SIDE = 18, 3
_NEAR, _YEAR = timedelta(days=20), timedelta(days=365)


def item(item_id: int) -> ReadException | None:
    """One item with everything its head names, or nothing."""
    rows = ReadException.objects.select_related(
        "read__batch", "register__meter", "channel__meter", "service_point__route__cycle", "service_point__premise",
        "owner", "resolved_by__actor",
    )  # fmt: skip
    return rows.filter(pk=item_id).first()


def read(read_id: int) -> Read | None:
    """One read with its register, or nothing."""
    return Read.objects.select_related("register__meter").filter(pk=read_id).first()


def findings(item: ReadException) -> list[Finding]:
    """What the rules said of it, those that held it first."""
    return list(Finding.objects.filter(exception=item).order_by("-holds", "pk"))


def readings(item: ReadException) -> list[Any]:
    """The register's newest reads, every version of them, with the usage each closes and the line each came from."""
    rows = Read.objects.filter(register=item.register_id).order_by("-read_on", "-version")
    found: list[Any] = list(
        rows.values(
            "id", "read_on", "value", "estimated", "starts_chain", "line", "raw", "version", "superseded", "status",
            "origin", "reader", "batch_id", file_name=F("batch__file_name"), by=F("deed__actor__username"),
            why=F("deed__reason"),
        )[:READINGS_SHOWN]
    )  # fmt: skip
    ids = [row["id"] for row in found]
    usage = dict(Usage.objects.filter(to_read__in=ids, superseded=False).values_list("to_read_id", "quantity_e6"))
    made = {each.read_id: each for each in Estimate.objects.filter(read__in=ids)}
    for row in found:
        row["quantity_e6"] = usage.get(row["id"])
        row["estimate"] = made.get(row["id"])
    return found


def usage_here(item: ReadException) -> list[Any]:
    """Two years of usage of the item's place and channel, through every exchange of its meter."""
    channel = item.register.channel if item.register is not None else "delivered"
    rows = Usage.objects.filter(
        service_point=item.service_point_id, register__channel=channel, superseded=False,
        ends__gt=item.on - timedelta(days=26 * 31), ends__lte=item.on + timedelta(days=62),
    )  # fmt: skip
    return list(rows.order_by("ends").values("starts", "ends", "quantity_e6", "estimated"))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A place next on the route: what it used in these days, and a year ago; None where nobody knows."""

    service_point: int
    premise: int
    address: str
    sequence: int | None
    now_e6: int | None
    before_e6: int | None
    unit: str
    questioned: bool

    @property
    def change(self) -> int | None:
        """The change in whole percent, rounded half away from zero."""
        if self.now_e6 is None or not self.before_e6:
            return None
        over, under = (self.now_e6 - self.before_e6) * 200, self.before_e6
        half = (abs(over) + under) // (under * 2)
        return half if over >= 0 else -half


def neighbours(item: ReadException) -> list[Neighbour]:
    """The places before and after this one on its route, of the same commodity."""
    point = item.service_point
    if point.route_id is None or point.sequence is None:
        return []
    same = ServicePoint.objects.filter(route=point.route_id, commodity=point.commodity).select_related("premise")
    before = list(same.filter(sequence__lt=point.sequence).order_by("-sequence")[:NEIGHBOURS_EACH_SIDE])[::-1]
    after = list(same.filter(sequence__gt=point.sequence).order_by("sequence")[:NEIGHBOURS_EACH_SIDE])
    points = [*before, *after]
    channel = item.register.channel if item.register is not None else "delivered"
    now = _usage_near(points, channel, item.on)
    ago = _usage_near(points, channel, item.on - _YEAR)
    doubted = set(
        ReadException.objects.filter(service_point__in=points).exclude(state="resolved")
        .values_list("service_point_id", flat=True)
    )  # fmt: skip
    return [
        Neighbour(
            service_point=each.pk, premise=each.premise_id, address=each.premise.address, sequence=each.sequence,
            now_e6=now.get(each.pk), before_e6=ago.get(each.pk), unit=item.unit, questioned=each.pk in doubted,
        )
        for each in points
    ]  # fmt: skip


def _usage_near(points: list[ServicePoint], channel: str, day: date) -> dict[int, int]:
    """The usage of each place that ended nearest to a day."""
    rows = Usage.objects.filter(
        service_point__in=points, register__channel=channel, superseded=False, ends__range=(day - _NEAR, day + _NEAR)
    )
    nearest: dict[int, tuple[int, int]] = {}
    for point, ends, quantity in rows.values_list("service_point_id", "ends", "quantity_e6"):
        off = abs((ends - day).days)
        if point not in nearest or off < nearest[point][0]:
            nearest[point] = (off, quantity)
    return {point: quantity for point, (_, quantity) in nearest.items()}


def people_here(item: ReadException) -> list[Any]:
    """Who was served there, newest first."""
    rows = ServiceAgreement.objects.filter(service_point=item.service_point_id).order_by("-validity")
    return list(
        rows.values("validity", number=F("account__number"), name=F("account__holder__name"),
                    schedule_code=F("schedule__code"))[:4]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hung:
    """The meter as it hangs: since when, how it was tested last, what seals or locks it, what else was asked."""

    since: date | None
    until: date | None
    tested: MeterTest | None
    seals: list[Seal]
    requests: list[FieldRequest]
    true_ups: list[TrueUp]


def hung(item: ReadException) -> Hung:
    """The facts about an item's meter."""
    meter = item.register.meter_id if item.register else item.channel.meter_id if item.channel else None
    place = Installation.objects.filter(meter=meter, service_point=item.service_point_id).order_by("-validity").first()
    seals = Seal.objects.filter(service_point=item.service_point_id, validity__contains=item.on)
    requests = FieldRequest.objects.filter(service_point=item.service_point_id).order_by("-pk")
    return Hung(
        since=place.validity.lower if place else None,
        until=place.validity.upper if place else None,
        tested=MeterTest.objects.filter(meter=meter).order_by("-tested_on", "-pk").first(),
        seals=list(seals.order_by("number")),
        requests=list(requests.filter(~Q(state=FieldRequest.CLOSED) | Q(exception=item))[:6]),
        true_ups=list(TrueUp.objects.filter(register=item.register_id).order_by("-starts", "-pk")[:6]),
    )


def photos(item: ReadException) -> list[Attachment]:
    """Photographs kept with any read of the register that day; without their content."""
    reads = Read.objects.filter(register=item.register_id, read_on=item.on).values_list("pk", flat=True)
    subjects = [f"read:{read}" for read in reads]
    rows = Attachment.objects.filter(subject__in=subjects, content_type__in=PICTURES)
    return list(rows.defer("content").order_by("pk"))


#: What is shown as a picture.
PICTURES = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of an item's history."""

    deed: Deed
    owner: User | None


def history(item: ReadException) -> list[Told]:
    """Everything done about an item, the newest first: who, when, why."""
    about = Q(subject=f"readexception:{item.pk}") | Q(pk=item.deed_id) | Q(findings__exception=item)
    deeds = list(Deed.objects.filter(about).select_related("actor").distinct().order_by("-pk"))
    named = Event.objects.filter(deed__in=deeds, kind="metering.exception_assigned").values_list("deed_id", "payload")
    owners = {deed: payload["owner"] for deed, payload in named}
    people = User.objects.in_bulk(list(owners.values()))
    return [Told(deed, people.get(owners.get(deed.pk, 0))) for deed in deeds]


def approval_waiting(item: ReadException) -> Approval | None:
    """The newest request for a second signature on it, if there is one."""
    rows = Approval.objects.filter(kind="metering.accept_read", subject=f"readexception:{item.pk}")
    return rows.order_by("-pk").first()
