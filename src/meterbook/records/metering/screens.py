"""What pages show of metering: usage by month, the meters at a point, and reads nobody can believe."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Min

from meterbook.records.metering.models import FieldRequest, Installation, Read, ReadException, Usage


def usage_of(account_id: int, since: date) -> list[Any]:
    """Usage that ended after ``since`` while the account was served there, register by register."""
    rows = Usage.objects.filter(
        superseded=False,
        ends__gt=since,
        service_point__agreements__account_id=account_id,
        service_point__agreements__validity__contains=F("starts"),
    )
    return list(
        rows.order_by("ends").values(
            "ends", "starts", "quantity_e6", "estimated", "service_point_id",
            channel=F("register__channel"), unit=F("register__unit"), commodity=F("service_point__commodity"),
        )
    )  # fmt: skip


def meters_at(service_points: list[int]) -> list[Any]:
    """Every meter that hangs or hung at these points, newest first."""
    rows = Installation.objects.filter(service_point_id__in=service_points).values(
        "service_point_id", "validity", serial=F("meter__serial"), size=F("meter__size"),
        manufacturer=F("meter__manufacturer"), model=F("meter__model"), meter_key=F("meter_id"),
    )  # fmt: skip
    found: list[Any] = sorted(
        rows, key=lambda row: (row["validity"].upper is None, row["validity"].lower), reverse=True
    )
    reads = _last_reads([row["meter_key"] for row in found])
    for row in found:
        row["last_reads"] = reads.get(row["meter_key"], [])
    return found


def _last_reads(meters: list[int]) -> dict[int, list[Any]]:
    """The newest read of every register of these meters."""
    rows = (
        Read.objects.filter(register__meter_id__in=meters, superseded=False)
        .order_by("register_id", "-read_on")
        .distinct("register_id")
        .values(
            "read_on", "value", "estimated", meter_key=F("register__meter_id"), channel=F("register__channel"),
            unit=F("register__unit"), multiplier=F("register__multiplier"),
        )
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row["meter_key"], []).append(row)
    return found


def waiting_exceptions() -> dict[str, Any]:
    """How many items of the exception queue wait for a decision, and since when."""
    return ReadException.objects.exclude(state=ReadException.RESOLVED).aggregate(
        count=Count("id"), oldest=Min("raised_on")
    )


def requests_at(service_points: list[int]) -> list[Any]:
    """Field requests at these points that are still open, the one due first on top."""
    rows = FieldRequest.objects.filter(service_point_id__in=service_points).exclude(state=FieldRequest.CLOSED)
    return list(rows.order_by("due_on", "pk").values(
        "id", "kind", "state", "reason", "raised_on", "due_on", owner_name=F("owner__username"),
        commodity=F("service_point__commodity"),
    ))  # fmt: skip
