"""Defects planted in a lived city by the raw facts, each in a way that may befall an office."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.metering.models import Installation, Meter, Read, Register, Usage
from meterbook.records.places.models import (
    ConnectionRight,
    Determinant,
    DeterminantKind,
    Parcel,
    Premise,
    ServicePoint,
)
from meterbook.records.platform.models import Deed
from meterbook.records.rates.models import Schedule

LONG_AGO = date(2024, 8, 1)


def deed(office: Any) -> Deed:
    """A deed to plant under."""
    return Deed.objects.create(kind="test.planted", actor=office.staff["system"], business_date=office.today)


def served(commodity: str, *, premise_class: str = "residential", at: int = 0, size: str = "") -> ServiceAgreement:
    """An agreement in force of a commodity and class: the ``at``-th by its point's number."""
    rows = ServiceAgreement.objects.filter(
        service_point__commodity=commodity, service_point__premise__premise_class=premise_class,
        validity__endswith=None,
    )  # fmt: skip
    if size:
        rows = rows.filter(service_point__installations__meter__size=size)
    return rows.select_related("service_point__premise", "account").order_by("service_point__code")[at]


def hung(agreement: ServiceAgreement) -> Meter:
    """The meter that hangs at an agreement's point."""
    return Meter.objects.get(
        installations__service_point=agreement.service_point, installations__validity__endswith=None
    )


def without_triggers(statement: str, *values: Any) -> None:
    """Change a fact past the guards of the database, as a conversion or a repair may have left it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def new_parcel(number: str, *, area: int = 3000) -> Parcel:
    """A parcel nobody knew."""
    return Parcel.objects.create(number=number, owner_name="Owner of parcel", impervious_sqft=area)


def new_premise(parcel: Parcel, number: str, street: str, *, premise_class: str = "residential") -> Premise:
    """An address on a parcel."""
    return Premise.objects.create(
        parcel=parcel, street_number=number, street=street, unit="", city="Alder Bend", state="CA", postal_code="92990",
        premise_class=premise_class,
    )  # fmt: skip


def new_meter(office: Any, serial: str, point: ServicePoint | None, *, since: date = LONG_AGO, size: str = "2S",
              state: str = "installed", **register: Any) -> Meter:  # fmt: skip
    """A meter with one register, hung at a point if one is given."""
    commodity = point.commodity if point else "electricity"
    meter = Meter.objects.create(
        serial=serial, commodity=commodity, size=size, manufacturer="Badger", model="T-10", state=state
    )
    facts = {"channel": "delivered", "dials": 5, "decimals": 0, "multiplier": Decimal(1),
             "unit": "kWh" if commodity == "electricity" else "ccf"} | register  # fmt: skip
    Register.objects.create(meter=meter, **facts)
    if point is not None:
        Installation.objects.create(meter=meter, service_point=point, validity=(since, None), deed=deed(office))
    return meter


def used(office: Any, meter: Meter, point: ServicePoint, quantity: int, starts: date, ends: date) -> Usage:
    """Usage of a meter between two reads."""
    register = meter.registers.get()
    under = deed(office)
    reads = [
        Read.objects.create(register=register, read_on=day, read_at=f"{day}T08:00:00Z", value=value,
                            starts_chain=not value, raw="", deed=under)
        for day, value in ((starts, 0), (ends, quantity))
    ]  # fmt: skip
    return Usage.objects.create(
        register=register, service_point=point, from_read=reads[0], to_read=reads[1], starts=starts, ends=ends,
        quantity_e6=quantity * 10**6, rollover=False, estimated=False,
    )  # fmt: skip


def new_point(premise: Premise, code: str, commodity: str, *, since: date = LONG_AGO) -> ServicePoint:
    """A service point, metered where its commodity is."""
    metered = commodity in ("electricity", "water")
    route = ServicePoint.objects.filter(route__isnull=False)[0].route if metered else None
    return ServicePoint.objects.create(
        premise=premise, code=code, commodity=commodity, connection="metered" if metered else "parcel", route=route,
        sequence=90_000 + ServicePoint.objects.count() if metered else None, validity=(since, None),
    )  # fmt: skip


def no_rate(office: Any) -> str:
    """A water agreement put on the stormwater schedule."""
    row = served("water")
    ServiceAgreement.objects.filter(pk=row.pk).update(schedule=Schedule.objects.get(code="ST"))
    return f"point:{row.service_point_id}"


def no_meter(office: Any) -> str:
    """A meter came down and none went up."""
    row = served("electricity")
    meter = hung(row)
    hangs = Installation.objects.get(meter=meter, validity__endswith=None)
    hangs.validity = (hangs.validity.lower, office.today - timedelta(days=20))
    hangs.save()
    Meter.objects.filter(pk=meter.pk).update(state="removed")
    return f"point:{row.service_point_id}"


def wrong_multiplier(office: Any) -> str:
    """A meter behind transformers whose multiplier was keyed as one."""
    meter = Meter.objects.filter(size="9S", installations__validity__endswith=None).order_by("serial")[0]
    meter.registers.update(multiplier=1)
    return f"meter:{meter.pk}/delivered"


def wrong_unit(office: Any) -> str:
    """An electricity register said to count megawatt hours."""
    row = served("electricity", at=1)
    hung(row).registers.filter(channel="delivered").update(unit="MWh")
    return f"meter:{hung(row).pk}/E-RES"


def water_without_sewer(office: Any) -> str:
    """A home's sewer agreement ended two months ago, its water went on."""
    row = served("sewer", at=2)
    without_triggers("DELETE FROM customers_serviceagreement WHERE id = %s", row.pk)
    return f"premise:{row.service_point.premise_id}"


def orphan_meter(office: Any) -> str:
    """A meter that counts as installed and hangs nowhere."""
    return f"meter:{new_meter(office, 'E-LOST', None).pk}"


def two_meters_one_point(office: Any) -> str:
    """A meter written down twice, once without its hyphen."""
    old = hung(served("electricity", at=3))
    parcel = new_parcel("0999-000-01", area=0)
    point = new_point(new_premise(parcel, "1", "Nowhere Lane"), "E-TWIN", "electricity", since=office.today)
    meter = new_meter(office, old.serial.replace("-", " ").lower(), point, since=office.today)
    return f"meter:{meter.pk}/twin"


def sized_beyond_rights(office: Any) -> str:
    """A parcel that bought one 5/8" connection and has a larger meter."""
    row = served("water", at=4)
    ConnectionRight.objects.create(
        parcel=row.service_point.premise.parcel, commodity="water", size="6", quantity=1, origin="permit",
        validity=(LONG_AGO, None), deed=deed(office),
    )  # fmt: skip
    return f"parcel:{row.service_point.premise.parcel_id}/water/{hung(row).size}"


def size_determinant_mismatch(office: Any) -> str:
    """A meter size stated as a fact, other than the meter that hangs."""
    row = served("water", at=5)
    kind, _ = DeterminantKind.objects.get_or_create(name="meter_size", defaults={"unit": "", "is_key": True})
    Determinant.objects.create(
        service_point=row.service_point, kind=kind, key="8", origin="set sheet", validity=(LONG_AGO, None),
        deed=deed(office),
    )  # fmt: skip
    return f"point:{row.service_point_id}"


def connection_without_account(office: Any) -> str:
    """A home's refuse was never put on its account."""
    row = served("refuse", at=1)
    without_triggers("DELETE FROM customers_serviceagreement WHERE id = %s", row.pk)
    return f"point:{row.service_point_id}"


def set_never_billed(office: Any) -> str:
    """A meter set in the spring on a billed parcel; usage went through it and nobody was told."""
    home = served("electricity", at=4).service_point.premise
    point = new_point(home, "E-SET", "electricity", since=office.today - timedelta(days=100))
    since = office.today - timedelta(days=100)
    meter = new_meter(office, "E-77001", point, since=since)
    used(office, meter, point, 640, since, office.today - timedelta(days=5))
    return f"point:{point.pk}"


def usage_without_account(office: Any) -> str:
    """Somebody moved out of a whole house, and the meter went on."""
    row = served("electricity", at=5)
    gone = office.today - timedelta(days=45)
    without_triggers(
        """UPDATE customers_serviceagreement SET validity = daterange(lower(validity), %s)
            WHERE service_point_id IN (SELECT id FROM places_servicepoint WHERE premise_id = %s)""",
        gone, row.service_point.premise_id,
    )  # fmt: skip
    register = hung(row).registers.get(channel="delivered")
    last = Read.objects.filter(register=register).order_by("-read_on")[0]
    first = Read.objects.create(
        register=register, read_on=gone, read_at=f"{gone}T08:00:00Z", value=last.value, raw="", deed=deed(office),
        version=9, superseded=True,
    )  # fmt: skip
    Usage.objects.create(
        register=register, service_point=row.service_point, from_read=first, to_read=last, starts=gone,
        ends=office.today, quantity_e6=300 * 10**6, rollover=False, estimated=False,
    )  # fmt: skip
    return f"point:{row.service_point_id}"


def never_billed(office: Any) -> str:
    """A car park the stormwater survey measured and nobody put on an account."""
    return f"parcel:{new_parcel('0999-000-02', area=18_000).pk}"


def agreement_without_bill(office: Any) -> str:
    """A refuse agreement that two runs passed over."""
    row = served("refuse", at=3)
    without_triggers("DELETE FROM billing_billedperiod WHERE agreement_id = %s", row.pk)
    without_triggers(
        "UPDATE customers_serviceagreement SET validity = daterange(%s, NULL) WHERE id = %s",
        office.today - timedelta(days=200), row.pk,
    )  # fmt: skip
    return f"point:{row.service_point_id}"


def shared_address_duplicates(office: Any) -> str:
    """One address in two spellings."""
    first = Premise.objects.filter(street__endswith="Street").order_by("pk")[0]
    parcel = new_parcel("0999-000-03", area=0)
    new_premise(parcel, first.street_number, first.street.replace("Street", "St."))
    return f"premise:{first.pk}"


STORIES = {
    story.__name__: story
    for story in (
        no_rate, no_meter, wrong_multiplier, wrong_unit, water_without_sewer, orphan_meter, two_meters_one_point,
        sized_beyond_rights, size_determinant_mismatch, connection_without_account, set_never_billed,
        usage_without_account, never_billed, agreement_without_bill, shared_address_duplicates,
    )
}  # fmt: skip
