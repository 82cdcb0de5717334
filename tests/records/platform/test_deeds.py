"""One deed: permission, change, audit and event together, or none of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from meterbook.records.customers.models import Person, ServiceAgreement
from meterbook.records.customers.operations.move_in import CannotMoveIn, move_in
from meterbook.records.customers.operations.open_account import add_person, open_account
from meterbook.records.places.models import ServicePoint
from meterbook.records.places.operations.set_determinant import set_determinant
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.deeds import OPERATIONS, NotPermitted
from meterbook.records.platform.models import AccountingPeriod, Approval, Deed, Document, Event, RoleGrant
from meterbook.records.platform.operations.approvals import AlreadyDecided, SamePerson, decide_approval
from meterbook.records.platform.operations.business_date import ClockRunsForward, advance_business_date
from meterbook.records.platform.operations.release_document import NotApproved
from meterbook.records.platform.operations.release_policy import WrongPolicy, propose_policy, release_policy
from meterbook.records.platform.operations.users import UnknownRole, add_user, end_role, grant_role
from meterbook.records.platform.policies import NoPolicy, policy
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import AUDITOR, CASHIER, CSR, TITLES, roles_of

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]


class TestPermission:
    """Who may do a thing is written at the thing, and holds on the business date."""

    def test_by_role(self, office: Any) -> None:
        for who, may in (("csr", True), ("billing", True), ("supervisor", True), ("cashier", False),
                         ("auditor", False), ("finance", False)):  # fmt: skip
            assert add_person.permitted(office.staff[who], office.today) is may
        before = Deed.objects.count()
        with pytest.raises(NotPermitted, match=r"auditor may not do customers.add_person on 2024-10-25"):
            add_person(office.act("auditor"), name="Nobody")
        assert Deed.objects.count() == before
        assert not Person.objects.filter(name="Nobody").exists()

    def test_an_auditor_may_change_nothing_at_all(self, office: Any) -> None:
        assert len(OPERATIONS) > 20
        assert [
            kind for kind, deed in OPERATIONS.items() if deed.permitted(office.staff["auditor"], office.today)
        ] == []
        assert all(AUDITOR not in deed.roles for deed in OPERATIONS.values())
        assert all(deed.roles <= set(TITLES) for deed in OPERATIONS.values())

    def test_by_date(self, office: Any) -> None:
        cashier = office.staff["cashier"]
        grant_role(office.act("supervisor"), user=cashier, role=CSR, starts=date(2024, 11, 1))
        with pytest.raises(NotPermitted):
            add_person(office.act("cashier", on=date(2024, 10, 31)), name="Ines Prado")
        assert add_person(office.act("cashier", on=date(2024, 11, 1)), name="Ines Prado").pk
        grant = RoleGrant.objects.get(user=cashier, role=CSR)
        end_role(office.act("supervisor"), grant=grant, ends=date(2024, 12, 1))
        assert roles_of(cashier, date(2024, 11, 30)) == {CASHIER, CSR}
        assert roles_of(cashier, date(2024, 12, 1)) == {CASHIER}
        with pytest.raises(NotPermitted):
            add_person(office.act("cashier", on=date(2024, 12, 1)), name="Ines Prado")

    def test_a_sign_in_that_is_switched_off_may_nothing(self, office: Any) -> None:
        csr = office.staff["csr"]
        type(csr).objects.filter(pk=csr.pk).update(is_active=False)
        office.staff = {**office.staff, "csr": type(csr).objects.get(pk=csr.pk)}
        with pytest.raises(NotPermitted):
            add_person(office.act("csr"), name="Nobody")

    @pytest.mark.parametrize("role", ["system", "mayor"])
    def test_nobody_is_made_the_system(self, office: Any, role: str) -> None:
        with pytest.raises(UnknownRole, match=role):
            grant_role(office.act("supervisor"), user=office.staff["csr"], role=role, starts=office.today)
        with pytest.raises(UnknownRole, match=role):
            add_user(office.act("supervisor"), username="new", name="New One", email="new@example.org", roles=[role],
                     password="correct-horse-battery")  # fmt: skip


class TestAllOrNothing:
    """Deed, change, event and the queued delivery are one transaction."""

    def jobs(self, rows: Rows) -> int:
        return int(rows("SELECT count(*) FROM procrastinate_jobs")[0][0])

    def test_an_event_is_told_with_its_deed(self, office: Any, rows: Rows) -> None:
        jobs = self.jobs(rows)
        person = add_person(office.act("csr", reason="came to the counter"), name="Ines Prado")
        deed = Deed.objects.latest("pk")
        assert (deed.kind, deed.actor, deed.business_date, deed.reason) == (
            "customers.add_person", office.staff["csr"], office.today, "came to the counter",
        )  # fmt: skip
        event = Event.objects.get(deed=deed)
        assert (event.kind, event.payload) == ("customers.person_added", {"person": person.pk})
        assert self.jobs(rows) == jobs + 1
        assert rows("SELECT args->>'event_id' FROM procrastinate_jobs ORDER BY id DESC LIMIT 1") == [(str(event.pk),)]

    def test_a_refusal_half_way_leaves_no_trace(self, office: Any, rows: Rows) -> None:
        """The second of a premise's services is taken by somebody: the first is not begun either."""
        left = office.account("1000041")
        premise = left.agreements.first().service_point.premise
        keeps = left.agreements.order_by("service_point__code").last()
        left.agreements.exclude(pk=keeps.pk).update(validity=(date(2024, 8, 3), date(2024, 10, 25)))
        person = add_person(office.act("csr"), name="Ines Prado")
        account = open_account(office.act("csr"), holder=person, cycle=cycle_named("C1"), mail_lines=["PO Box 7"])
        before = (Deed.objects.count(), Event.objects.count(), ServiceAgreement.objects.count(), self.jobs(rows))
        with pytest.raises(CannotMoveIn, match=f"{keeps.service_point.code} is served for account 1000041"):
            move_in(office.act("csr"), account=account, premise=premise, starts=date(2024, 10, 25))
        after = (Deed.objects.count(), Event.objects.count(), ServiceAgreement.objects.count(), self.jobs(rows))
        assert after == before

    def test_what_the_outer_transaction_takes_back_was_never_told(self, another: Callable[[], Any], rows: Rows) -> None:
        with another() as office:
            before = (Event.objects.count(), self.jobs(rows), Person.objects.count())
            with pytest.raises(RuntimeError), transaction.atomic():
                add_person(office.act("csr"), name="Ines Prado")
                assert Event.objects.count() == before[0] + 1
                raise RuntimeError("the counter's computer fell over")
            assert (Event.objects.count(), self.jobs(rows), Person.objects.count()) == before


class TestAudit:
    """Every row of master data knows the deed that wrote it, loaded by COPY or not."""

    def test_every_history_row_of_the_city_carries_a_deed(self, office: Any, rows: Rows) -> None:
        tables = [
            name
            for (name,) in rows("""
            SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_context_id'
               AND table_schema = 'public' ORDER BY 1""")
        ]
        assert {"customers_accountevent", "customers_serviceagreementevent", "metering_meterevent"} <= set(tables)
        filled = 0
        for table in tables:
            [(count, deeds)] = rows(f"""
                SELECT count(*), count(*) FILTER (WHERE EXISTS (
                       SELECT FROM platform_deed d WHERE d.id = (c.metadata->>'deed')::bigint))
                  FROM {table} e LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id""")
            assert deeds == count, f"{table}: {count - deeds} rows without a deed"
            filled += count > 0
        assert filled >= 10

    def test_the_history_names_this_deed(self, office: Any, rows: Rows) -> None:
        person = add_person(office.act("csr"), name="Ines Prado")
        deed = Deed.objects.latest("pk")
        found = rows(
            """SELECT (c.metadata->>'deed')::bigint, e.name FROM customers_personevent e
                          JOIN pghistory_context c ON c.id = e.pgh_context_id WHERE e.pgh_obj_id = %s""",
            [person.pk],
        )
        assert found == [(deed.pk, "Ines Prado")]

    def test_a_fact_replaced_on_its_own_day_keeps_the_old_one_in_its_history(self, office: Any, rows: Rows) -> None:
        point = ServicePoint.objects.filter(commodity="refuse", agreements__schedule__code="R-CART").first()
        assert point is not None
        for carts in ("2", "1"):
            row = set_determinant(
                office.act("billing"), service_point=point, kind="carts", starts=date(2024, 10, 20), key=carts,
                origin="cart delivery",
            )  # fmt: skip
        found = rows(
            "SELECT key, pgh_label FROM places_determinantevent WHERE pgh_obj_id = %s ORDER BY pgh_id", [row.pk]
        )
        assert found == [("2", "insert"), ("1", "update")]


TEXT = """
policy: payment-order
citation: "Council minutes of {effective} (invented)"
effective: {effective}
order: [{order}]
"""


class TestDocuments:
    """Released by two people, immutable, in force from their date."""

    def text(self, effective: str, order: str) -> str:
        return TEXT.format(effective=effective, order=order)

    def release(self, office: Any, text: str, *, asks: str = "supervisor", decides: str = "finance") -> Document:
        request = propose_policy(office.act(asks), text=text, file="order.yaml")
        approval = decide_approval(office.act(decides), request=request, approve=True)
        return release_policy(office.act(decides), text=text, file="order.yaml", approval=approval)

    def test_the_policy_in_force_is_the_dates(self, office: Any) -> None:
        self.release(office, self.text("2025-01-01", "water, refuse"))
        self.release(office, self.text("2026-01-01", "refuse, water"))
        assert policy("payment-order", date(2024, 12, 31))["order"][0] == "refuse"
        assert policy("payment-order", date(2025, 1, 1))["order"] == ["water", "refuse"]
        assert policy("payment-order", date(2025, 12, 31))["order"] == ["water", "refuse"]
        assert policy("payment-order", date(2026, 1, 1))["order"] == ["refuse", "water"]
        with pytest.raises(NoPolicy, match="no policy payment-order is in force on 2023-12-31"):
            policy("payment-order", date(2023, 12, 31))

    def test_a_later_release_for_the_same_date_wins(self, office: Any) -> None:
        first = self.release(office, self.text("2025-01-01", "water"))
        second = self.release(office, self.text("2025-01-01", "sewer"))
        assert second.sequence == first.sequence + 1
        assert policy("payment-order", date(2025, 2, 1))["order"] == ["sewer"]

    def test_nobody_decides_what_they_proposed(self, office: Any) -> None:
        request = propose_policy(office.act("finance"), text=self.text("2025-01-01", "water"), file="x")
        with pytest.raises(SamePerson):
            decide_approval(office.act("finance"), request=request, approve=True)

    def test_nobody_releases_what_they_proposed_either(self, office: Any) -> None:
        text = self.text("2025-01-01", "water")
        request = propose_policy(office.act("finance"), text=text, file="x")
        approval = decide_approval(office.act("supervisor"), request=request, approve=True)
        with pytest.raises(IntegrityError, match="document_two_people"), transaction.atomic():
            release_policy(office.act("finance"), text=text, file="x", approval=approval)

    def test_an_approval_is_for_one_text(self, office: Any) -> None:
        request = propose_policy(office.act("supervisor"), text=self.text("2025-01-01", "water"), file="x")
        approval = decide_approval(office.act("finance"), request=request, approve=True)
        with pytest.raises(NotApproved, match="no approval for text"):
            release_policy(office.act("finance"), text=self.text("2025-01-01", "sewer"), file="x", approval=approval)

    @pytest.mark.parametrize("decided", [None, False])
    def test_without_a_yes_nothing_is_released(self, office: Any, decided: bool | None) -> None:
        text = self.text("2025-01-01", "water")
        approval = propose_policy(office.act("supervisor"), text=text, file="x")
        if decided is not None:
            approval = decide_approval(office.act("finance"), request=approval, approve=decided)
            with pytest.raises(AlreadyDecided, match="was refused"):
                decide_approval(office.act("finance"), request=approval, approve=True)
        with pytest.raises(NotApproved):
            release_policy(office.act("finance"), text=text, file="x", approval=Approval.objects.get(pk=approval.pk))

    @pytest.mark.parametrize(
        ("text", "said"),
        [("policy: [", "not YAML"), ("- a", "found list, expected a mapping"),
         ("policy: x\ncitation: y", "effective: found None, expected a date"),
         ("policy: x\ncitation: ''\neffective: 2025-01-01", "citation: found ''")],
    )  # fmt: skip
    def test_a_wrong_policy_says_what_is_wrong(self, office: Any, text: str, said: str) -> None:
        with pytest.raises(WrongPolicy, match=f"rule.yaml: .*{said}"):
            propose_policy(office.act("supervisor"), text=text, file="rule.yaml")


class TestBusinessDate:
    """The office's day goes on, never back, and opens the month's books."""

    def test_it_never_goes_back(self, office: Any) -> None:
        office.advance(date(2024, 11, 2))
        with pytest.raises(ClockRunsForward, match=r"is 2024-11-02; it cannot become 2024-11-01"):
            advance_business_date(office.act("supervisor"), to=date(2024, 11, 1))
        assert business_date() == date(2024, 11, 2)
        office.advance(date(2024, 11, 2))

    def test_a_new_month_opens_its_accounting_period_once(self, office: Any) -> None:
        for day in (1, 2):
            office.advance(date(2024, 12, day))
        period = AccountingPeriod.objects.get(code="2024-12")
        assert (period.validity.lower, period.validity.upper) == (date(2024, 12, 1), date(2025, 1, 1))
        assert Event.objects.filter(kind="platform.accounting_period_opened", payload__code="2024-12").count() == 1

    def test_a_cashier_does_not_move_it(self, office: Any) -> None:
        with pytest.raises(NotPermitted):
            advance_business_date(office.act("cashier"), to=date(2025, 1, 1))
