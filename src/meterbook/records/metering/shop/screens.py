"""What pages show of the meter shop: every meter, one meter's life, seals and locks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from meterbook.records.metering.models import Installation, Meter, MeterStep, MeterTest, Ping, Read, Register, Seal
from meterbook.records.metering.shop.devices import hanging_at

STATES = Meter.STATES
#: How many reads of a meter a page shows.
READS_SHOWN = 24


def meters() -> QuerySet[Meter, Any]:
    """Every meter; ``hung_on`` is the day it was hung where it hangs now."""
    hung = Installation.objects.filter(meter=OuterRef("pk"), validity__endswith__isnull=True)
    return Meter.objects.annotate(hung_on=Subquery(hung.values("validity__startswith")[:1])).values(
        "id", "serial", "commodity", "size", "manufacturer", "model", "state", "cleared", "received_on", "lot",
        "endpoint", "hung_on",
    )  # fmt: skip


def places_of(meters: list[int]) -> dict[int, dict[str, Any]]:
    """Where each of these meters hangs now: point, premise, address."""
    rows = Installation.objects.filter(meter_id__in=meters, validity__endswith__isnull=True).values(
        "meter_id", point=F("service_point__code"), premise_id=F("service_point__premise_id"),
        street_number=F("service_point__premise__street_number"), street=F("service_point__premise__street"),
        unit=F("service_point__premise__unit"),
    )  # fmt: skip
    return {row["meter_id"]: {**row, "address": address(row)} for row in rows}


def address(row: Mapping[str, Any]) -> str:
    """The service address of a row with its parts."""
    return " ".join(filter(None, (row["street_number"], row["street"], row["unit"])))


def meter_with_id(meter_id: int) -> Meter | None:
    """One meter, or nothing."""
    return Meter.objects.filter(pk=meter_id).first()


def registers(meter: Meter) -> list[Register]:
    """The registers of a meter in the order of their channels."""
    return list(Register.objects.filter(meter=meter).order_by("channel"))


def installations(meter: Meter) -> list[Any]:
    """Where a meter hangs and hung, newest first."""
    rows = Installation.objects.filter(meter=meter).select_related("service_point__premise__parcel")
    return sorted(rows, key=lambda row: row.validity.lower, reverse=True)


def reads(meter: Meter) -> list[Any]:
    """The newest reads of a meter's registers, those superseded left out."""
    rows = Read.objects.filter(register__meter=meter, superseded=False).order_by("-read_on", "register__channel")
    return list(
        rows.values(
            "read_on", "value", "estimated", "status", "origin", "starts_chain", channel=F("register__channel"),
            unit=F("register__unit"),
        )[:READS_SHOWN]
    )  # fmt: skip


def last_reads(meter: Meter) -> dict[str, Any]:
    """The newest accepted read of each channel."""
    rows = Read.objects.filter(register__meter=meter, superseded=False, status=Read.ACCEPTED)
    newest = rows.order_by("register__channel", "-read_on").distinct("register__channel")
    return {row["channel"]: row for row in newest.values("read_on", "value", channel=F("register__channel"))}


def tests(meter: Meter) -> list[MeterTest]:
    """The tests of a meter, newest first."""
    return list(MeterTest.objects.filter(meter=meter).order_by("-tested_on", "-pk"))


def steps(meter: Meter) -> list[Any]:
    """The steps of a meter's life, newest first: state, day, who, why."""
    rows = MeterStep.objects.filter(meter=meter).order_by("-pk")
    return list(rows.values("state", "on", "note", actor=F("deed__actor__username"), reason=F("deed__reason")))


def pings(meter: Meter) -> list[Ping]:
    """The last ten questions put to the head-end about a meter."""
    return list(Ping.objects.filter(meter=meter).order_by("-asked_at")[:10])


def seals() -> QuerySet[Seal, Any]:
    """Every seal and lock; ``off_on`` is null while it is on."""
    return Seal.objects.values(
        "id", "number", "kind", "note", "service_point_id", on=F("validity__startswith"),
        off_on=F("validity__endswith"),
        point=F("service_point__code"), serial=F("meter__serial"), meter_key=F("meter_id"),
        placed_by=F("deed__actor__username"),
    )  # fmt: skip


def seal_with_id(seal_id: int) -> Seal | None:
    """One seal or lock with its point, or nothing."""
    return Seal.objects.select_related("service_point").filter(pk=seal_id).first()


def seals_of(meter: Meter) -> list[Any]:
    """Seals and locks at the point a meter hangs at, and those it wore."""
    hanging = Installation.objects.filter(meter=meter, validity__endswith__isnull=True).first()
    wanted = Q(meter=meter)
    if hanging is not None:
        wanted |= Q(service_point=hanging.service_point_id, validity__endswith__isnull=True)
    return list(seals().filter(wanted).order_by("-pk"))


def stocked(commodity: str, like: str, limit: int = 20) -> list[Any]:
    """Meters on the shelf that could be hung, by the beginning of their serial."""
    rows = Meter.objects.filter(commodity=commodity, state=Meter.IN_STOCK, cleared=True, serial__istartswith=like)
    return list(rows.order_by("serial").values("serial", "size", "manufacturer", "model")[:limit])


def meter_by_serial(serial: str) -> Meter | None:
    """The meter with a serial, or nothing."""
    return Meter.objects.filter(serial=serial).first()


def last_passes(meters: list[int]) -> dict[int, Any]:
    """The day of the newest passing test of each of these meters."""
    rows = MeterTest.objects.filter(meter_id__in=meters, passed=True).values("meter_id").annotate(last=Max("tested_on"))
    return {row["meter_id"]: row["last"] for row in rows}


__all__ = [
    "READS_SHOWN", "STATES", "address", "hanging_at", "installations", "last_passes", "last_reads", "meter_by_serial",
    "meter_with_id", "meters", "pings", "places_of", "reads", "registers", "seal_with_id", "seals", "seals_of", "steps",
    "stocked", "tests",
]  # fmt: skip
