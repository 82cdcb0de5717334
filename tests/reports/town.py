"""A small town for the tests of reports: six water meters, read monthly from June 2025, each with its own story.

Ten ccf a month everywhere, but: W-2 stands still from May 2026; W-3 was estimated in June and July 2026; nobody is
served at W-4 from 5 May 2026; W-5 used four times as much in June 2026, and its read of August is in question; W-6 is
on a route of its own. In August only W-1, W-2 and W-5 are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from meterbook.demo.founding import enact_tariffs, found_office
from meterbook.demo.policies import enact_policies
from meterbook.records.customers.models import Account, Person, ServiceAgreement
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Estimate, Installation, Meter, Read, Register
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.places.models import Cycle, Parcel, Premise, Route, ServicePoint
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.rates.models import Schedule

HUNG, STOOD, TODAY = date(2025, 6, 5), date(2026, 5, 5), date(2026, 8, 5)
MONTHS = [date(2025 + (5 + n) // 12, (5 + n) % 12 + 1, 5) for n in range(14)]


@dataclass
class Town:
    """What the tests speak of."""

    staff: dict[str, User]
    meters: dict[str, Meter]
    accounts: dict[str, str]
    deed: Deed

    def register(self, serial: str) -> Register:
        """A meter's register."""
        return Register.objects.get(meter=self.meters[serial])


def build_town() -> Town:
    """Found the town in an empty, migrated database."""
    staff = dict(found_office(password="correct-horse-battery"))
    enact_tariffs(staff)
    enact_policies(staff)
    advance_business_date(Act(staff["system"], HUNG, "test"), to=TODAY)
    deed = Deed.objects.create(kind="test.town", actor=staff["system"], business_date=HUNG)
    cycle = Cycle.objects.create(code="C1", read_day=5)
    Cycle.objects.create(code="C2", read_day=20)
    routes = {
        code: Route.objects.create(code=code, cycle=cycle, title=f"Route {code}", reader="R. Soto")
        for code in ("R1", "R2")
    }
    town = Town(staff, {}, {}, deed)
    for at in range(1, 7):
        _meter(town, at, routes["R2" if at == 6 else "R1"], cycle)
    store_usage(deed, [each.pk for each in Register.objects.all()], since=HUNG)
    _august(town)
    return town


def _used(serial: str, until: date) -> int:
    """What passed a meter in the month up to a read."""
    if serial == "W-2" and until > STOOD:
        return 0
    return 40 if serial == "W-5" and until == date(2026, 7, 5) else 10


def _meter(town: Town, at: int, route: Route, cycle: Cycle) -> None:
    serial = f"W-{at}"
    parcel = Parcel.objects.create(number=f"118-0{at}", owner_name="Marguerite Vance", impervious_sqft=3000)
    home = Premise.objects.create(
        parcel=parcel, street_number=str(100 + at), street="Mill Street", unit="", city="Alder Bend", state="CA",
        postal_code="92990", premise_class="residential",
    )  # fmt: skip
    point = ServicePoint.objects.create(
        premise=home, code=f"SP-{serial}", commodity="water", connection="metered", route=route, sequence=at * 10,
        validity=(HUNG, None), location="behind the gate",
    )  # fmt: skip
    meter = Meter.objects.create(serial=serial, commodity="water", size="5/8", manufacturer="Badger", model="M35")
    register = Register.objects.create(meter=meter, channel="delivered", dials=5, decimals=0, multiplier=1, unit="ccf")
    Installation.objects.create(meter=meter, service_point=point, validity=(HUNG, None), deed=town.deed)
    holder = Person.objects.create(name=f"Holder {at}", phone="(555) 555-0100", email="x@example.org", language="en")
    account = Account.objects.create(
        number=f"200001{at}", holder=holder, cycle=cycle, mail_lines=[home.address], opened_on=HUNG
    )
    ServiceAgreement.objects.create(
        account=account, service_point=point, schedule=Schedule.objects.get(code="W-RES"),
        validity=(HUNG, STOOD if serial == "W-4" else None), deed=town.deed,
    )  # fmt: skip
    town.meters[serial], town.accounts[serial] = meter, account.number
    value = 100 * at
    for day in MONTHS:
        value += _used(serial, day) if day > HUNG else 0
        guess = serial == "W-3" and day > STOOD
        read = put(town, register, day, value, estimated=guess)
        if guess and day.month == 7:
            Estimate.objects.create(
                read=read, method="prior_period", confidence=80, inputs={}, in_a_row=2, deed=town.deed
            )


def put(town: Town, register: Register, day: date, value: int, *, estimated: bool = False) -> Read:
    """An accepted read as it stands on record."""
    return Read.objects.create(
        register=register, read_on=day, read_at=datetime(day.year, day.month, day.day, 16, tzinfo=UTC), value=value,
        starts_chain=day == HUNG, estimated=estimated, deed=town.deed,
    )  # fmt: skip


def _august(town: Town) -> None:
    put(town, town.register("W-2"), TODAY, 310)
    store_usage(town.deed, [town.register("W-2").pk], since=STOOD)
    rows = [f"W-1,,{TODAY},09:15,240,ccf,actual,R. Soto,\n", f"W-5,,{TODAY},11:00,960,ccf,actual,R. Soto,\n"]
    head = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
    content = f"{head}{''.join(rows)}#END,{len(rows)}\n".encode()
    act = Act(town.staff["billing"], TODAY, "test")
    import_reads(act, format="meterbook-reads", file_name="august.csv", content=content)
