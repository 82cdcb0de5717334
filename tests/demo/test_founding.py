"""Founding in a real database: every count, every constraint, and the stories lived through their operations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction

from meterbook.demo.calendar import CITY_ON, CURRENT
from meterbook.demo.city import STORIES, City
from meterbook.demo.faults import planned_faults
from meterbook.demo.stories import Staff
from meterbook.records.customers.models import Account, AccountPerson, Person, Protection, ServiceAgreement
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.metering.models import Installation, Meter, Read, Register, Usage
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.places.models import Determinant, Parcel, Premise, ServicePoint
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Correction, Deed, Document, Event, RoleGrant
from meterbook.records.platform.operations.found_utility import AlreadyFounded, begin
from meterbook.records.platform.queries import business_date, utility
from meterbook.records.rates.models import Schedule

pytestmark = pytest.mark.django_db


def test_everything_that_was_drawn_is_on_record(city: City, staff: Staff) -> None:
    assert Premise.objects.count() == Parcel.objects.count() == city.sites.height == 128
    assert ServicePoint.objects.count() == city.points.height
    assert Account.objects.count() == city.households.height == 121
    assert ServiceAgreement.objects.values("account").distinct().count() == 120
    assert Meter.objects.count() == Installation.objects.count() == city.meters.height
    assert Register.objects.count() == Read.objects.filter(starts_chain=True).count() == city.registers.height
    assert Schedule.objects.count() == Document.objects.filter(kind="tariff").count() == 13
    assert LedgerAccount.objects.filter(role="receivable").count() == 6
    assert utility().name == "City of Alder Bend"
    assert business_date() == CITY_ON


def test_every_deferred_constraint_holds_at_once(staff: Staff) -> None:
    connection.check_constraints()


def test_every_audit_row_knows_its_deed(staff: Staff) -> None:
    deed = Deed.objects.get(kind="places.load_places")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE (c.metadata->>'deed')::bigint = %s) FROM places_parcelevent e"
            " LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id",
            [deed.pk],
        )
        assert cursor.fetchone() == (128, 128)
    assert Event.objects.filter(deed=deed, kind="places.places_loaded").exists()


def test_each_sign_in_holds_its_role(staff: Staff) -> None:
    held = set(RoleGrant.objects.values_list("user__username", "role"))
    assert {("billing", "billing_technician"), ("supervisor", "supervisor"), ("auditor", "auditor")} <= held
    assert staff["csr"].check_password("correct-horse-battery")
    assert not staff["system"].has_usable_password()
    with pytest.raises(AlreadyFounded):
        begin(CITY_ON)


def test_a_tariff_was_proposed_by_one_person_and_released_by_another(staff: Staff) -> None:
    assert set(
        Document.objects.filter(kind="tariff").values_list("proposed_by__username", "released_by__username")
    ) == {("billing", "supervisor")}


def test_the_school_district_is_one_person_with_fourteen_accounts(staff: Staff) -> None:
    district = Person.objects.get(name="Alder Bend Unified School District")
    assert district.accounts.count() == 14
    assert set(district.accounts.values_list("cycle__code", flat=True)) == {"C1", "C2", "C3", "C4", "C5"}


def test_tenants_have_an_owner_and_names_of_every_script_are_kept(city: City, staff: Staff) -> None:
    rented = city.households.filter(pl.col("occupancy") == "tenant").height
    assert AccountPerson.objects.filter(part="owner").count() == rented > 0
    ana = Account.objects.get(number=STORIES["ana"].account)
    assert ana.people.get(part="owner").person.name == "Marguerite Vance"
    for key in ("cyrillic", "chinese", "arabic", "rollover"):
        assert Account.objects.get(number=STORIES[key].account).holder.name == STORIES[key].name


def test_two_agreements_on_one_day_are_refused_by_the_database(staff: Staff) -> None:
    served = ServiceAgreement.objects.select_related("deed").first()
    assert served is not None
    with pytest.raises(IntegrityError, match="agreement_no_overlap"), transaction.atomic():
        ServiceAgreement.objects.create(
            account=served.account, service_point=served.service_point, schedule=served.schedule,
            validity=(served.validity.lower + timedelta(days=40), None), deed=served.deed,
        )  # fmt: skip


def test_determinants_that_tariffs_price(staff: Staff) -> None:
    carts = Determinant.objects.filter(kind__name="carts").values_list("key", flat=True).distinct()
    assert set(carts) <= {"1", "2"}
    lights = Determinant.objects.filter(kind__name="lamps", service_point__code__startswith="L-")
    assert lights.count() >= 15
    assert all(lamp.number_e6 % 1_000_000 == 0 for lamp in lights if lamp.number_e6 is not None)


def test_a_month_of_files_loads_through_the_importer_and_faults_become_corrections(
    city: City, staff: Staff, tmp_path: Path
) -> None:
    act = Act(actor=staff["billing"], business_date=date(2024, 9, 24))
    planned = sorted(fault.field for fault in planned_faults() if fault.month == 1 and fault.field)
    loaded = 0
    for file in city.write_reads(1, tmp_path):
        batch = import_reads(act, format=file.format, file_name=file.path.name, content=file.path.read_bytes())
        loaded += batch.loaded
    assert loaded == city.reads.frame(1).height == Usage.objects.count()
    fields = sorted(Correction.objects.values_list("field", flat=True))
    assert len(fields) == len(planned)
    assert {"meter", "unit"} <= set(fields)


def test_the_stories_happen_on_their_days(city: City, staff: Staff, tmp_path: Path) -> None:
    told = city.happens(after=CITY_ON, until=date(2026, 9, 1), staff=staff)
    assert len(told) == 4
    assert Protection.objects.get().account.number == STORIES["medical"].account
    ana, ben, owner = (Account.objects.get(number=STORIES[key].account) for key in ("ana", "ben", "marguerite"))
    days = {account.pk: set(account.agreements.values_list("validity", flat=True)) for account in (ana, owner, ben)}
    assert [(v.lower, v.upper) for v in days[ana.pk]] == [(date(2024, 8, 13), date(2026, 3, 20))]
    assert [(v.lower, v.upper) for v in days[owner.pk]] == [(date(2026, 3, 20), date(2026, 4, 4))]
    assert [(v.lower, v.upper) for v in days[ben.pk]] == [(date(2026, 4, 4), None)]
    schedules = {account.pk: set(account.agreements.values_list("schedule__code", flat=True)) for account in (ana, ben)}
    assert schedules[ana.pk] == schedules[ben.pk] == {"E-RES", "W-RES", "S-RES", "R-CART", "ST"}


def test_grace_kims_meter_is_exchanged_without_a_day_between(city: City, staff: Staff) -> None:
    city.happens(after=date(2025, 11, 19), until=date(2025, 11, 20), staff=staff)
    row = city.exchanges.row(0, named=True)
    old, new = Meter.objects.get(serial=row["serial"]), Meter.objects.get(serial=row["new_serial"])
    assert old.installations.get().validity.upper == new.installations.get().validity.lower == date(2025, 11, 20)
    out = old.registers.get().reads.get(read_on=date(2025, 11, 20))
    assert not out.starts_chain
    start = new.registers.get().reads.get()
    assert (start.value, start.starts_chain) == (Decimal(0), True)
    assert Usage.objects.get(register__meter=old).to_read == out
    after = city.reads.frame(17).filter(pl.col("serial").is_in([row["serial"], row["new_serial"]]))
    assert after["serial"].to_list() == [row["new_serial"]]
    assert CURRENT > 17
