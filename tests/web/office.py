"""A small office for the tests of screens: three premises, two customers, one posted month and one still to bill.

Ana Belmonte (Spanish, electricity, water, stormwater) lives at 214 Tannery Row; Ben Ortiz (English, electricity) at
12 Mill Street; 7 Mill Street stands empty. One read file brings a row that cannot be taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.demo.founding import enact_tariffs, found_office
from meterbook.demo.policies import enact_policies
from meterbook.engine.rates.drafts.edits import edit_numbers, numbers
from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.integrity.operations.audit_accounts import audit_accounts
from meterbook.records.billing.kinds.operations.summaries import issue_summary, join_summary, open_summary_group
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.operations import (
    compute_calendar,
    edit_calendar,
    plan_run,
    post_run,
    publish_calendar,
)
from meterbook.records.billing.operations.post_run import request_posting
from meterbook.records.customers.models import Account, Person, Protection, ServiceAgreement
from meterbook.records.metering.field.operations.flag import flag_request
from meterbook.records.metering.hub.operations.keep_source import add_source
from meterbook.records.metering.models import Finding, Installation, Meter, Read, ReadException, Register, Seal
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.places.models import (
    Cycle,
    Determinant,
    DeterminantKind,
    Parcel,
    Premise,
    Route,
    ServicePoint,
)
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.platform.operations.users import add_user
from meterbook.records.platform.roles import BILLING, FINANCE
from meterbook.records.rates.manuscript import Citation, Heading, add_version
from meterbook.records.rates.models import RateDraft, Schedule
from meterbook.records.rates.operations.begin_draft import begin_draft

PASSWORD = "correct-horse-battery"
BEGAN, READ_1, READ_2, BILL_1, BILL_2 = (
    date(2026, 7, 6), date(2026, 8, 5), date(2026, 9, 4), date(2026, 8, 8), date(2026, 9, 8),
)  # fmt: skip


@dataclass
class Office:
    """What the tests speak of."""

    staff: dict[str, User]
    cycle: Cycle
    ana: Account
    ben: Account
    vacant: Premise
    run: BillRun
    bill: Bill
    draft: RateDraft
    meter: str = "E-4471"


def office_on_record() -> Office:
    """The office of a database in which it was founded before."""
    return Office(
        staff={user.username: user for user in User.objects.all()}, cycle=Cycle.objects.get(code="C1"),
        ana=Account.objects.get(number="1000017"), ben=Account.objects.get(number="1000025"),
        vacant=Premise.objects.get(street_number="7", street="Mill Street"), run=BillRun.objects.earliest("pk"),
        bill=Bill.objects.get(account__number="1000017", bill_date=BILL_1), draft=RateDraft.objects.earliest("pk"),
    )  # fmt: skip


def act(user: User, day: date, reason: str = "test") -> Act:
    """An act of somebody on a day."""
    return Act(actor=user, business_date=day, reason=reason)


def build_office() -> Office:
    """Found the office in an empty, migrated database."""
    staff = dict(found_office(password=PASSWORD))
    staff |= _colleagues(staff)
    enact_tariffs(staff)
    enact_policies(staff)
    advance_business_date(act(staff["system"], BEGAN), to=BEGAN)
    deed = Deed.objects.create(kind="test.office", actor=staff["system"], business_date=BEGAN)
    cycle = Cycle.objects.create(code="C1", read_day=5)
    route = Route.objects.create(code="R1", cycle=cycle, title="Riverside")
    homes = [_premise(number, street) for number, street in (("214", "Tannery Row"), ("12", "Mill Street"))]
    vacant = _premise("7", "Mill Street")
    ana = _account("1000017", "Ana Belmonte", "es", "(555) 555-0149", cycle, homes[0])
    ben = _account("1000025", "Ben Ortiz", "en", "(555) 555-0188", cycle, homes[1])
    places = [(ana, homes[0]), (ben, homes[1])]
    for at, (account, home) in enumerate(places):
        point = _point(f"E-{at}", home, "electricity", route, at * 2)
        _meter(("E-4471", "E-4472")[at], point, "kWh", deed)
        _agreement(account, point, "E-RES", deed)
    water = _point("W-0", homes[0], "water", route, 1)
    _meter("W-9001", water, "ccf", deed)
    _agreement(ana, water, "W-RES", deed)
    Seal.objects.create(number="S-1001", kind="seal", service_point=water, validity=(BEGAN, None), deed=deed)
    storm = _point("ST-0", homes[0], "stormwater", None, None)
    kind = DeterminantKind.objects.create(name="impervious_sqft", unit="sqft", is_key=False)
    Determinant.objects.create(
        service_point=storm,
        kind=kind,
        number_e6=3072 * 10**6,
        origin="survey",
        validity=(BEGAN, None),
        deed=deed,
    )
    _agreement(ana, storm, "ST", deed)
    Protection.objects.create(
        account=ana, kind="medical_baseline", evidence="Physician's certificate", validity=(BEGAN, None), deed=deed
    )
    _read(staff, READ_1, {"E-4471": "700", "E-4472": "410", "W-9001": "12", "E-0000": "1"})
    run = _bill(staff, cycle)
    _read(staff, READ_2, {"E-4471": "1500", "E-4472": "950", "W-9001": "25"})
    advance_business_date(act(staff["system"], BILL_2), to=BILL_2)
    add_source(
        act(staff["billing"], BILL_2), name="Handhelds", format="meterbook-reads", via="folder", location="/srv/reads"
    )
    _calendar(staff, cycle)
    _summary(staff, ana, ben)
    question_water()
    audit_accounts(act(staff["billing"], BILL_2))
    flag_request(act(staff["csr"], BILL_2, "the lid is under the hedge"), service_point=water, kind="location")
    return Office(staff, cycle, ana, ben, vacant, run, Bill.objects.get(run=run, account=ana), _draft(staff))


def question_water() -> ReadException:
    """A water read of 6 September that a rule holds back."""
    register = Register.objects.select_related("meter").get(meter__serial="W-9001")
    deed = Deed.objects.filter(kind="metering.import_reads").latest("pk")
    day = date(2026, 9, 6)
    read = Read.objects.create(
        register=register, read_on=day, read_at=f"{day}T08:00:00Z", value=95, status=Read.QUEUED, deed=deed, line=4,
        raw=f"W-9001,,{day},08:00,95,ccf,actual,,",
    )  # fmt: skip
    point = Installation.objects.get(meter=register.meter).service_point
    item = ReadException.objects.create(
        service_point=point, register=register, read=read, on=day, raised_on=READ_2, unit="ccf", at_risk_cents=28_372,
        found_e6=70_000_000, expected_e6=800_000, deed=deed,
    )  # fmt: skip
    figures = {"what": "high", "usage": "70", "expected": "0.8", "unit": "ccf", "days": "2", "basis": "prior"}
    Finding.objects.create(exception=item, read=read, on=day, rule="high_low", holds=True, figures=figures, deed=deed)
    return item


def _draft(staff: dict[str, User]) -> RateDraft:
    """Electricity of January 2027, begun by Dana: the second tier two cents dearer."""
    schedule = Schedule.objects.select_related("document__cases").get(code="E-RES")
    source = Citation(
        "City of Alder Bend", "Resolution 2026-41", "Schedule E-RES", "https://example.org/2026-41", date(2026, 9, 1)
    )
    text = add_version(schedule.document.body, Heading("2027-01", date(2027, 1, 1), source), file="E-RES.yaml")
    tier = next(path for path in reversed(list(numbers(text, file="E-RES.yaml"))) if path.endswith("tiers[1].price"))
    dearer = numbers(text, file="E-RES.yaml")[tier] + Decimal("0.02")
    return begin_draft(
        act(staff["dana"], BILL_2, "Resolution 2026-41"), code="E-RES", title="Electricity of January 2027",
        text=edit_numbers(text, {tier: dearer}), cases=schedule.document.cases.body, based_on=schedule.document,
    )  # fmt: skip


def _calendar(staff: dict[str, User], cycle: Cycle) -> None:
    """The cycle's calendar of 2026, published in July; in September a penalty date is set by hand and not published."""
    compute_calendar(act(staff["billing"], BEGAN), cycle=cycle, year=2026)
    publish_calendar(act(staff["billing"], BEGAN, "council calendar"), cycle=cycle, year=2026)
    edit_calendar(
        act(staff["billing"], BILL_2, "the printer is closed"), cycle=cycle, year=2026, month=date(2026, 10, 1),
        kind="penalty", day=date(2026, 11, 12), follow=False,
    )  # fmt: skip


def _colleagues(staff: dict[str, User]) -> dict[str, User]:
    """Dana writes rates, Ruben answers for the money."""
    found = {}
    for username, name, role in (("dana", "Dana Whitlock", BILLING), ("ruben", "Ruben Escobar", FINANCE)):
        found[username] = add_user(
            act(staff["system"], BEGAN), username=username, name=name, email=f"{username}@example.org", roles=[role],
            password=PASSWORD,
        )  # fmt: skip
    return found


def _premise(number: str, street: str) -> Premise:
    parcel = Parcel.objects.create(number=f"0{number}-118-04", owner_name="Marguerite Vance", impervious_sqft=3072)
    return Premise.objects.create(
        parcel=parcel, street_number=number, street=street, unit="", city="Alder Bend", state="CA", postal_code="92990",
        premise_class="residential",
    )  # fmt: skip


def _account(number: str, name: str, language: str, phone: str, cycle: Cycle, home: Premise) -> Account:
    email = f"{name.split()[0].lower()}@example.org"
    holder = Person.objects.create(name=name, phone=phone, email=email, language=language)
    lines = [home.address, "Alder Bend, CA 92990"]
    return Account.objects.create(number=number, holder=holder, cycle=cycle, mail_lines=lines, opened_on=BEGAN)


def _point(code: str, home: Premise, commodity: str, route: Route | None, sequence: int | None) -> ServicePoint:
    return ServicePoint.objects.create(
        premise=home, code=code, commodity=commodity, connection="metered" if route else "parcel", route=route,
        sequence=sequence, validity=(BEGAN, None),
    )  # fmt: skip


def _summary(staff: dict[str, User], payer: Account, member: Account) -> None:
    """Ana gets one bill for Ben's account as well, from today on and for what was posted."""
    as_billing = act(staff["billing"], BILL_2)
    group = open_summary_group(as_billing, code="MILL", name="Mill Street", payer_account=payer)
    join_summary(as_billing, group=group, accounts=[member], starts=BEGAN)
    issue_summary(as_billing, group=group, bill_date=BILL_2)


def _agreement(account: Account, point: ServicePoint, schedule: str, deed: Deed) -> None:
    ServiceAgreement.objects.create(
        account=account, service_point=point, schedule=Schedule.objects.get(code=schedule), validity=(BEGAN, None),
        deed=deed,
    )  # fmt: skip


def _meter(serial: str, point: ServicePoint, unit: str, deed: Deed) -> None:
    size = "3/4" if point.commodity == "water" else "2S"
    meter = Meter.objects.create(
        serial=serial, commodity=point.commodity, size=_water_size() if size == "3/4" else size, manufacturer="Badger",
        model="M35",
    )  # fmt: skip
    register = Register.objects.create(
        meter=meter, channel="delivered", dials=5, decimals=0, multiplier=Decimal(1), unit=unit
    )
    Installation.objects.create(meter=meter, service_point=point, validity=(BEGAN, None), deed=deed)
    Read.objects.create(
        register=register, read_on=BEGAN, read_at=f"{BEGAN}T08:00:00Z", value=0, starts_chain=True, raw="", deed=deed
    )


def _water_size() -> str:
    """A meter size the water schedule has a price for."""
    from meterbook.records.rates.queries import tariff_of

    tariff = tariff_of(Schedule.objects.select_related("document").get(code="W-RES").document)
    return next(d.choices[0] for d in tariff.required_determinants() if d.name == "meter_size")


def _read(staff: dict[str, User], day: date, values: dict[str, str]) -> None:
    units = {"W": "ccf", "E": "kWh"}
    rows = [f"{serial},,{day},08:00,{value},{units[serial[0]]},actual,,\n" for serial, value in values.items()]
    head = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
    content = f"{head}{''.join(rows)}#END,{len(rows)}\n".encode()
    advance_business_date(act(staff["system"], day), to=day)
    import_reads(act(staff["billing"], day), format="meterbook-reads", file_name=f"reads-{day}.csv", content=content)


def _bill(staff: dict[str, User], cycle: Cycle) -> BillRun:
    advance_business_date(act(staff["system"], BILL_1), to=BILL_1)
    run = plan_run(act(staff["billing"], BILL_1), cycle=cycle, bill_date=BILL_1)
    run = calculate_all(act(staff["billing"], BILL_1), run)
    request = request_posting(act(staff["billing"], BILL_1, "August, cycle C1"), run=run)
    decide_approval(act(staff["supervisor"], BILL_1, "totals agree"), request=request, approve=True)
    return post_run(act(staff["billing"], BILL_1), run=run)
