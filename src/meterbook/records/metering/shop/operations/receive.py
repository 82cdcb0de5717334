"""Receiving a shipment of meters: the whole list, or nothing of it, and the same list only once."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db.models.functions import Upper

from meterbook.engine.metering.accuracy import AccuracyRules, WrongMeasurement
from meterbook.engine.trace import N_, Step
from meterbook.records.metering.models import Meter
from meterbook.records.metering.shop.arrived import Arrival, put_on_record
from meterbook.records.metering.shop.bench import judged, rules_on
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.metering.shop.shipment import ShipmentProblem, ShipmentRefused, read_shipment
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, ImportBatch
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, METER_SHOP, SUPERVISOR


@operation("metering.receive_meters", roles={METER_SHOP, BILLING, SUPERVISOR})
def receive_meters(deed: Deed, *, file_name: str, content: bytes) -> ImportBatch:
    """Put every meter of a shipment's CSV on record as received; one whose factory test passes is tested and cleared.

    Columns are those of `shop.shipment`. Raises `ShipmentRefused` with every problem by line and field; nothing is
    stored then. A file with the same bytes returns the batch of the first time and changes nothing.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = ImportBatch.objects.filter(kind="meters", sha256=digest).first()
    if known is not None:
        return known
    meters = read_shipment(content, file_name=file_name)
    limits: dict[date, AccuracyRules] = {}
    problems = [*_on_record(meters), *_untestable(deed, meters, limits)]
    if problems:
        raise ShipmentRefused(file_name, sorted(problems, key=lambda each: (each.line, each.field)))
    batch = ImportBatch.objects.create(
        kind="meters", format="meters-csv", file_name=file_name, sha256=digest, rows=len(meters), loaded=len(meters),
        unchanged=0, same_day=0, rejected=0, deed=deed,
    )  # fmt: skip
    keep_file(deed, subject=f"importbatch:{batch.pk}", file_name=file_name, content_type="text/csv", content=content)
    stored = put_on_record(deed, [arrival for _, arrival in meters], on=deed.business_date, limits=limits)
    cleared = sum(meter.cleared for meter in stored)
    tell(deed, "metering.meters_received", batch=batch.pk, meters=len(stored), cleared=cleared)
    return batch


def _on_record(meters: list[tuple[int, Arrival]]) -> list[ShipmentProblem]:
    """Serials that are on record already; E-1 and e-1 are one plate read twice."""
    serials = [arrival.serial for _, arrival in meters]
    same = Meter.objects.annotate(upper=Upper("serial")).filter(upper__in={serial.upper() for serial in serials})
    taken = set(same.values_list("upper", flat=True))
    expected = Step(N_("a serial not on record yet"))
    return [
        ShipmentProblem(line, "serial", arrival.serial, expected)
        for line, arrival in meters
        if arrival.serial.upper() in taken
    ]


def _untestable(
    deed: Deed, meters: list[tuple[int, Arrival]], limits: dict[date, AccuracyRules]
) -> list[ShipmentProblem]:
    """Factory tests that the limits in force cannot judge, or of a day to come; ``limits`` is filled by day."""
    problems = []
    for line, arrival in meters:
        if arrival.factory is None:
            continue
        if arrival.factory.tested_on > deed.business_date:
            expected = Step(N_("a day up to {today}"), {"today": deed.business_date})
            problems.append(ShipmentProblem(line, "tested_on", arrival.factory.tested_on.isoformat(), expected))
            continue
        try:
            day = arrival.factory.tested_on
            if day not in limits:
                limits[day] = rules_on(day)
            judged(arrival.commodity, arrival.size, arrival.factory, limits[day])
        except (MeterRefused, WrongMeasurement) as error:
            problems.append(ShipmentProblem(line, "accuracy", arrival.serial, error.step))
    return problems
