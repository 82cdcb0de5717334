"""Sunny Lane: a few solar homes and their office, for the stories of net metering and level payment.

Every meter is read on the first of a month and billed on the fifth, from April 2025 on. The schedules stand in
`tariffs`: `NEM-K` banks kWh, `NEM-D` dollars; the customer's own year settles them, and E-RES sells at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from meterbook.demo import sources
from meterbook.demo.founding import found_office
from meterbook.demo.policies import enact_policies
from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.operations.plan_run import plan_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.customers.models import Account, Person, ServiceAgreement
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Installation, Meter, Read, Register
from meterbook.records.places.models import Cycle, Parcel, Premise, Route, ServicePoint
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.programs.models import NetMeteringAccount
from meterbook.records.programs.net_metering.operations.enrol import enrol_net_metering
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.operations.release_tariff import propose_tariff, release_tariff

BEGAN = date(2025, 4, 1)
TARIFFS = Path(__file__).with_name("tariffs")


def first_of(month: int) -> date:
    """The first day of a month counted from April 2025 (0)."""
    return date(2025 + (3 + month) // 12, (3 + month) % 12 + 1, 1)


@dataclass
class Lane:
    """What the stories speak of. ``shown`` is what each register shows."""

    staff: dict[str, User]
    cycle: Cycle
    route: Route
    deed: Deed
    today: date = BEGAN
    shown: dict[int, int] = field(default_factory=dict)

    def act(self, who: str = "billing", reason: str = "as the office does") -> Act:
        """An act of a member of staff today."""
        return Act(self.staff[who], self.today, reason)

    def go_to(self, day: date) -> None:
        """Let days pass."""
        if day > self.today:
            self.today = day
            advance_business_date(Act(self.staff["system"], day, "a new business day"), to=day)

    def home(self, number: str, schedule: str, *, exports: bool = True, until: date | None = None) -> ServiceAgreement:
        """A home with a meter, hung at the beginning, whose registers show zero."""
        parcel = Parcel.objects.create(number=f"P-{number}", owner_name="Marguerite Vance", impervious_sqft=3000)
        premise = Premise.objects.create(
            parcel=parcel, street_number=number, street="Sunny Lane", unit="", city="Alder Bend", state="CA",
            postal_code="92990", premise_class="residential",
        )  # fmt: skip
        point = ServicePoint.objects.create(
            premise=premise, code=f"E-{number}", commodity="electricity", connection="metered", route=self.route,
            sequence=int(number), validity=(BEGAN, None),
        )  # fmt: skip
        meter = Meter.objects.create(serial=f"M-{number}", commodity="electricity", size="2S", manufacturer="Sol")
        Installation.objects.create(meter=meter, service_point=point, validity=(BEGAN, None), deed=self.deed)
        for channel in ("delivered", "received")[: 2 if exports else 1]:
            register = Register.objects.create(
                meter=meter, channel=channel, dials=6, decimals=0, multiplier=1, unit="kWh"
            )
            self._put(register, BEGAN, 0)
        holder = Person.objects.create(name=f"Holder of {number}", phone="", email="", language="en")
        account = Account.objects.create(
            number=f"30000{number}", holder=holder, cycle=self.cycle, mail_lines=[premise.address], opened_on=BEGAN
        )
        made = ServiceAgreement.objects.create(
            account=account, service_point=point, schedule=Schedule.objects.get(code=schedule),
            validity=(BEGAN, until), deed=self.deed,
        )  # fmt: skip
        return ServiceAgreement.objects.get(pk=made.pk)

    def enrol(self, agreement: ServiceAgreement, option: str, *, true_up: int = 4, **more: Any) -> NetMeteringAccount:
        """Enrol a home from the beginning; its year ends with the bill of month ``true_up``."""
        more = {"starts": BEGAN, "true_up_month": true_up} | more
        return enrol_net_metering(self.act(), agreement=agreement, option=option, **more)  # type: ignore[arg-type]

    def used(self, agreement: ServiceAgreement, month: int, imports: int, exports: int = 0) -> None:
        """The reads of the first after a month: what came in, what went out."""
        for register in Register.objects.filter(meter__serial=f"M-{agreement.service_point.code[2:]}"):
            passed = exports if register.channel == "received" else imports
            self._put(register, first_of(month + 1), self.shown[register.pk] + passed)
        self.derive(agreement, since=first_of(month))

    def reread(self, agreement: ServiceAgreement, month: int, channel: str, more: int) -> None:
        """The read after a month was wrong by ``more``: another read of the day takes its place."""
        register = Register.objects.get(meter__serial=f"M-{agreement.service_point.code[2:]}", channel=channel)
        old = Read.objects.get(register=register, read_on=first_of(month + 1), superseded=False)
        Read.objects.filter(pk=old.pk).update(superseded=True)
        self._put(register, old.read_on, int(old.value) + more, version=2)
        self.derive(agreement, since=first_of(month))

    def derive(self, agreement: ServiceAgreement, *, since: date) -> None:
        """Make usage of the reads."""
        mine = Register.objects.filter(meter__serial=f"M-{agreement.service_point.code[2:]}")
        store_usage(self.deed, list(mine.values_list("pk", flat=True)), since=since)

    def _put(self, register: Register, day: date, value: int, *, version: int = 1) -> None:
        if version == 1:
            self.shown[register.pk] = value
        Read.objects.create(
            register=register, read_on=day, read_at=datetime(day.year, day.month, day.day, 16, tzinfo=UTC), value=value,
            starts_chain=day == BEGAN, version=version, deed=self.deed,
        )  # fmt: skip

    def plan(self, month: int) -> BillRun:
        """Plan the run that bills a month, on the fifth after it."""
        self.go_to(first_of(month + 1).replace(day=5))
        return plan_run(self.act(), cycle=self.cycle, bill_date=self.today)

    def calculate(self, month: int) -> BillRun:
        """Plan and calculate a month's run."""
        return calculate_all(self.act(), self.plan(month))

    def post(self, run: BillRun) -> BillRun:
        """Have a calculated run approved by somebody else, and post it."""
        request = request_posting(self.act(), run=run)
        decide_approval(self.act("supervisor"), request=request, approve=True)
        return post_run(self.act(), run=BillRun.objects.get(pk=run.pk))

    def bill(self, month: int) -> BillRun:
        """Plan, calculate, approve and post a month."""
        return self.post(self.calculate(month))

    def bill_of(self, agreement: ServiceAgreement, run: BillRun) -> Bill:
        """The bill of a home in a run."""
        return Bill.objects.get(run=run, account_id=agreement.account_id)


def build_lane(schedules: Sequence[str] = ("NEM-K", "NEM-D", "LEVEL")) -> Lane:
    """Found the office and its schedules in an empty, migrated database."""
    staff = dict(found_office(password="correct-horse-battery"))
    LedgerAccount.objects.create(
        code="2351", title_en="Net metering credits", title_es="Créditos de medición neta", kind="liability",
        fund="electric", agency="City of Alder Bend", service="electricity",
    )  # fmt: skip
    resold = next(path for path in sources.tariff_files() if path.stem == "E-RES")
    _enact(staff, resold.read_text(encoding="utf-8"), resold.name)
    for code in schedules:
        _enact(staff, (TARIFFS / f"{code}.yaml").read_text(encoding="utf-8"), f"{code}.yaml")
    enact_policies(staff)
    advance_business_date(Act(staff["system"], BEGAN, "test"), to=BEGAN)
    deed = Deed.objects.create(kind="test.lane", actor=staff["system"], business_date=BEGAN)
    cycle = Cycle.objects.create(code="C1", read_day=1)
    route = Route.objects.create(code="R1", cycle=cycle, title="Sunny Lane", reader="R. Soto")
    return Lane(staff, cycle, route, deed)


def _enact(staff: Mapping[str, User], text: str, file: str) -> None:
    day = date(2024, 7, 1)
    request = propose_tariff(Act(staff["billing"], day, "test"), text=text, file=file)
    approval = decide_approval(Act(staff["supervisor"], day, "test"), request=request, approve=True)
    release_tariff(Act(staff["supervisor"], day, "test"), text=text, file=file, approval=approval)
