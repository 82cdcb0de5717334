"""One-off charges in the office's words: within a limit alone, paid before somebody is sent, a connection in parts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import transaction

from meterbook.engine.billing.charges.catalogue import WrongCharge
from meterbook.engine.billing.charges.development import WrongSchedule
from meterbook.records.customers.models import Account
from meterbook.records.fees.booking import unpaid
from meterbook.records.fees.models import DevelopmentCharge, ServiceCharge, ServiceRequest
from meterbook.records.fees.operations.charge import cancel_fee, charge_fee, decide_cancel, decide_charge
from meterbook.records.fees.operations.development import ask_development, book_instalments, decide_development
from meterbook.records.fees.operations.service_requests import cancel_service, request_service, send_service
from meterbook.records.fees.refusals import FeeRefused
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.settle import balance_of
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval

pytestmark = pytest.mark.django_db
FRANK = "1000041"


@pytest.fixture
def frank(office: Any) -> Account:
    return office.account(FRANK)  # type: ignore[no-any-return]


def owed(account: Account) -> int:
    return sum(balance_of(account.pk).values())


def sound() -> bool:
    return all(law.holds for law in check_laws())


def pays(office: Any, account: Account, cents: int) -> None:
    deed = Deed.objects.create(kind="test.pays", actor=office.staff["cashier"], business_date=office.today)
    row = {"account_id": account.pk, "written_account": account.number, "amount_cents": cents,
           "received_on": office.today}  # fmt: skip
    receive(deed, pl.DataFrame([row]), into=account_for("clearing"), effective_on=office.today)


class TestFees:
    def test_a_small_one_is_charged_at_once(self, office: Any, frank: Account) -> None:
        before = owed(frank)
        made = charge_fee(office.act("csr"), account=frank, fee="set_up", service="water")
        assert made.state == "booked" and owed(frank) == before + 1_500
        assert sound()

    def test_a_large_one_waits_for_a_second_person(self, office: Any, frank: Account) -> None:
        before = owed(frank)
        made = charge_fee(
            office.act("billing", "broken box"), account=frank, fee="damage_at_cost", service="water",
            amount_cents=60_000, note="invoice 77",
        )  # fmt: skip
        assert made.state == "asked" and owed(frank) == before and made.approval is not None
        assert made.approval.preview["cents"] == 60_000
        with pytest.raises(DecidedElsewhere), transaction.atomic():
            decide_approval(office.act("finance"), request=made.approval, approve=True)
        was_due = made.due_on
        office.advance(office.today + timedelta(days=2))
        decided = decide_charge(office.act("supervisor"), charge=made, approve=True)
        assert decided.due_on == ServiceCharge.objects.get(pk=made.pk).due_on == was_due + timedelta(days=2)
        assert owed(frank) == before + 60_000
        cancel_fee(office.act("billing", "the contractor pays"), charge=made)
        assert owed(frank) == before + 60_000, "a second person decides this as well"
        with pytest.raises(FeeRefused, match="waits already"), transaction.atomic():
            cancel_fee(office.act("billing", "again"), charge=made)
        decide_cancel(office.act("finance"), charge=made, approve=True)
        assert owed(frank) == before and sound()

    def test_nobody_decides_their_own(self, office: Any, frank: Account) -> None:
        made = charge_fee(
            office.act("supervisor"), account=frank, fee="damage_at_cost", service="water", amount_cents=150_000
        )
        with pytest.raises(SamePerson), transaction.atomic():
            decide_charge(office.act("supervisor"), charge=made, approve=True)
        decide_charge(office.act("finance"), charge=made, approve=False)
        assert ServiceCharge.objects.get(pk=made.pk).state == "refused"

    def test_the_catalogue_binds(self, office: Any, frank: Account) -> None:
        with pytest.raises(WrongCharge, match="expected the price"), transaction.atomic():
            charge_fee(office.act("csr"), account=frank, fee="set_up", service="water", amount_cents=999)
        with pytest.raises(WrongCharge, match="1000 to 500000"), transaction.atomic():
            charge_fee(office.act("csr"), account=frank, fee="damage_at_cost", service="water", amount_cents=500_001)
        with pytest.raises(FeeRefused, match="no fee lien_search for refuse"), transaction.atomic():
            charge_fee(office.act("csr"), account=frank, fee="lien_search", service="refuse")


class TestPaidFirst:
    def asked(self, office: Any, frank: Account) -> ServiceRequest:
        point = frank.agreements.filter(service_point__commodity="water")[0].service_point
        return request_service(
            office.act("csr"), account=frank, service_point=point, fee="meter_test", note="doubts his meter"
        )

    def test_nobody_is_sent_before_every_cent_is_paid(self, office: Any, frank: Account) -> None:
        asked = self.asked(office, frank)
        with pytest.raises(FeeRefused, match="7500 cents"), transaction.atomic():
            send_service(office.act("csr"), request=asked)
        pays(office, frank, owed(frank) - 1)
        assert sum(unpaid([asked.charge_id]).values()) <= 1
        pays(office, frank, 1)
        sent = send_service(office.act("csr"), request=asked)
        assert sent.field_request is not None and sent.field_request.kind == "check_meter"
        assert "doubts his meter" in sent.field_request.reason
        with pytest.raises(FeeRefused, match="does not wait"), transaction.atomic():
            send_service(office.act("csr"), request=asked)

    def test_the_fee_is_not_taken_off_while_somebody_is_to_be_sent_for_it(self, office: Any, frank: Account) -> None:
        """Else the credit would settle it, and somebody would be sent for nothing."""
        asked = self.asked(office, frank)
        with pytest.raises(FeeRefused, match="Cancel that request"), transaction.atomic():
            cancel_fee(office.act("csr", "by mistake"), charge=asked.charge)
        assert cancel_service(office.act("csr", "by mistake"), request=asked).state == "cancelled" and sound()

    def test_not_wanted_any_more(self, office: Any, frank: Account) -> None:
        before = owed(frank)
        cancel_service(office.act("csr", "sold the house"), request=self.asked(office, frank))
        assert owed(frank) == before and sound()


class TestDevelopment:
    def asked(self, office: Any, frank: Account, **more: Any) -> DevelopmentCharge:
        premise = frank.agreements.all()[0].service_point.premise
        given: dict[str, Any] = {"service": "water", "new": {"1": 1}, "before": {"5/8": 1}, **more}
        return ask_development(office.act("billing", "second unit"), account=frank, premise=premise, **given)

    def test_a_larger_meter_pays_the_difference_in_parts(self, office: Any, frank: Account) -> None:
        before = owed(frank)
        made = self.asked(office, frank, count=12)
        assert made.amount_cents == 618_000, "1.5 equivalents of $4,120"
        parts = list(made.instalments.order_by("number"))
        assert sum(part.principal_cents for part in parts) == 618_000
        assert parts[0].interest_cents == 0
        assert parts[1].interest_cents == round((618_000 - 51_500) * 4 / 1200)
        decide_development(office.act("finance"), development=made, approve=True)
        assert owed(frank) == before + 51_500, "only the part that is due by now"
        later = parts[2].due_on
        with pytest.raises(FeeRefused, match="when their time comes"), transaction.atomic():
            book_instalments(office.act("billing"), until=later)
        office.advance(later)
        assert book_instalments(office.act("billing"), until=later) == 2
        assert book_instalments(office.act("billing"), until=later) == 0
        booked = sum(part.principal_cents + part.interest_cents for part in parts[:3])
        assert owed(frank) == before + booked and sound()

    def test_who_asked_does_not_agree(self, office: Any, frank: Account) -> None:
        premise = frank.agreements.all()[0].service_point.premise
        made = ask_development(
            office.act("supervisor"), account=frank, premise=premise, service="sewer", new={"5/8": 1}
        )
        with pytest.raises(SamePerson), transaction.atomic():
            decide_development(office.act("supervisor"), development=made, approve=True)
        decide_development(office.act("finance"), development=made, approve=False)
        assert made.amount_cents == 338_500 and not ServiceCharge.objects.filter(code="development").exists()

    def test_what_was_removed_long_ago_gives_no_credit(self, office: Any, frank: Account) -> None:
        assert self.asked(office, frank, removed_on=date(2010, 1, 1)).amount_cents == 1_030_000

    def test_nothing_to_pay_and_too_many_parts(self, office: Any, frank: Account) -> None:
        with pytest.raises(FeeRefused, match="counts for as much"), transaction.atomic():
            self.asked(office, frank, before={"2": 1})
        with pytest.raises(WrongSchedule, match="61 instalments"), transaction.atomic():
            self.asked(office, frank, count=61)
