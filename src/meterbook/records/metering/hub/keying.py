"""The sheet reads are keyed from: a route's registers in walking order, and what the rules say of a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import connection

from meterbook.records.metering.hub.not_read import reasons_on
from meterbook.records.metering.hub.operations.key_reads import keyed_frame
from meterbook.records.metering.models import Read, Register
from meterbook.records.metering.validation.policy import rules_on
from meterbook.records.metering.validation.take import judge_reads
from meterbook.records.places.models import Route
from meterbook.records.platform.models import Attachment

_SHEET = """
SELECT g.id, s.id, s.sequence, m.serial, g.channel, g.dials, g.decimals, g.unit, g.multiplier,
       trim(p.street_number || ' ' || p.street || ' ' || p.unit), s.location,
       before.value, before.read_on, before.estimated, today.id, today.value, today.status
  FROM places_servicepoint s
  JOIN places_premise p ON p.id = s.premise_id
  JOIN metering_installation i ON i.service_point_id = s.id AND i.validity @> %(on)s::date
  JOIN metering_meter m ON m.id = i.meter_id
  JOIN metering_register g ON g.meter_id = m.id
  LEFT JOIN LATERAL (SELECT * FROM metering_read k WHERE k.register_id = g.id AND NOT k.superseded
       AND k.status = 'accepted' AND k.read_on < %(on)s ORDER BY k.read_on DESC LIMIT 1) before ON true
  LEFT JOIN LATERAL (SELECT * FROM metering_read k WHERE k.register_id = g.id AND NOT k.superseded
       AND k.status <> 'rejected' AND k.read_on = %(on)s ORDER BY k.version DESC LIMIT 1) today ON true
 WHERE s.route_id = %(route)s AND s.connection = 'metered' AND s.validity @> %(on)s::date
 ORDER BY s.sequence, g.channel, g.id
"""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One register of the sheet: where it is, what it showed before, and what is on record of the day."""

    register: int
    service_point: int
    sequence: int
    serial: str
    channel: str
    dials: int
    decimals: int
    unit: str
    multiplier: Decimal
    address: str
    location: str
    before: Decimal | None
    before_on: date | None
    before_estimated: bool | None
    read: int | None
    value: Decimal | None
    status: str | None

    @property
    def compound(self) -> bool:
        """Whether the meter has another register beside this one."""
        return self.channel != Register.DELIVERED

    @property
    def longest(self) -> int:
        """Characters of the longest value it can show."""
        return self.dials + (self.decimals + 1 if self.decimals else 0)


def route_named(code: str) -> Route | None:
    """A route by its code, or nothing."""
    return Route.objects.select_related("cycle").filter(code=code).first()


def sheet(route: Route, on: date) -> list[SheetRow]:
    """Every register that hangs on the route on a day, in the order it is walked."""
    with connection.cursor() as cursor:
        cursor.execute(_SHEET, {"route": route.pk, "on": on})
        return [SheetRow(*row) for row in cursor.fetchall()]


def skipped_on(rows: Iterable[SheetRow], on: date) -> dict[int, str]:
    """The reason of each register that was visited that day and not read."""
    known = list(rows)
    reasons = reasons_on([row.service_point for row in known], on, on)
    return {
        row.register: reasons[row.service_point]
        for row in known
        if row.read is None and row.service_point in reasons
    }  # fmt: skip


def photos_of(reads: Iterable[int]) -> dict[int, list[int]]:
    """Attachments of each read, oldest first."""
    subjects = {f"read:{key}": key for key in reads}
    found: dict[int, list[int]] = {}
    for key, subject in (
        Attachment.objects.filter(subject__in=subjects).order_by("id").values_list("id", "subject")
    ):  # fmt: skip
        found.setdefault(subjects[subject], []).append(key)
    return found


def photo(attachment_id: int) -> Attachment | None:
    """A photo kept with a read, or nothing."""
    return Attachment.objects.filter(pk=attachment_id, subject__startswith="read:").first()


def read_of(register: int, on: date, value: Decimal) -> Read | None:
    """The newest read on record of a value a register showed on a day."""
    return Read.objects.filter(register_id=register, read_on=on, value=value).order_by("-version").first()


def find_read(read_id: int) -> Read | None:
    """A read with its meter, or nothing."""
    return Read.objects.select_related("register__meter").filter(pk=read_id).first()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules in force say of a value: usage and expected usage in millionths (None unknown), each objection.

    An objection is a rule's name, whether it holds the read back, and the figures of its sentence.
    """

    used: int | None
    expected: int | None
    unit: str
    holds: bool
    objections: tuple[tuple[str, bool, str], ...]


def verdict(register_id: int, value: Decimal, on: date, today: date) -> Verdict | None:
    """What would become of a value if it were saved; nothing if the register does not hang anywhere that day.

    The judgement is the one of `validation.take`; nothing is stored. Raises `key_reads.NotReadable`.
    """
    register: Any = Register.objects.select_related("meter").filter(pk=register_id).first()
    if register is None:
        return None
    judged = judge_reads(keyed_frame(register, value, on), rules=rules_on(today))
    if judged.reads.is_empty():
        return None
    row = judged.reads.row(0, named=True)
    said = judged.findings.filter(pl.col("row") == row["row"]).select("rule", pl.col("then") == "queue", "figures")
    return Verdict(row["found"], row["expected"], row["unit"], row["holds"], tuple(said.rows()))
