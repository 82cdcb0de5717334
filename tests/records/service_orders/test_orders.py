"""Service orders in the office's words: asked, sent, done, put on record in one go; or kept for the office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from meterbook.engine.trace import Step
from meterbook.records.cases.screens import findings as found_by_crews
from meterbook.records.customers.models import Account, Interest
from meterbook.records.fees.models import ServiceCharge
from meterbook.records.ledger.screens import Owed
from meterbook.records.metering.field.operations.end import close_request, confirm_request
from meterbook.records.metering.field.operations.flag import flag_request
from meterbook.records.metering.field.operations.send import approve_request, dispatch_request
from meterbook.records.metering.field.operations.visit import record_no_access
from meterbook.records.metering.models import Installation, Meter, Read, Seal, Usage
from meterbook.records.metering.shop.devices import hanging_at
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders import guards
from meterbook.records.service_orders.completing import visit_of
from meterbook.records.service_orders.models import Crew, Order, OrderLink, OrderVisit, ServiceStatus
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.operations.opening import (
    approve_orders,
    cancel_order,
    change_order,
    link_orders,
    open_an_order,
)
from meterbook.records.service_orders.operations.planning import (
    dispatch_orders,
    join_crew,
    recall_orders,
    schedule_orders,
    sequence_day,
    set_crew,
)
from meterbook.records.service_orders.operations.working import (
    ToConfirm,
    arrive,
    check_guards,
    complete_order,
    decide_visit,
    reopen_order,
    review_order,
)
from meterbook.records.service_orders.outcome import Finding, MeterPutUp, MeterRead, Outcome, Photo
from meterbook.records.service_orders.refusals import GuardRefused, NoReason, NoSuchStep, OrderRefused, UnknownKind
from meterbook.records.tasks.models import Task

pytestmark = pytest.mark.django_db
FRANK = "1000041"
PHOTO = Photo(b"\x89PNG\r\n\x1a\nmeter")


@pytest.fixture
def crew(office: Any) -> Crew:
    made = set_crew(office.act("supervisor"), code="A", title="Water crew")
    join_crew(office.act("supervisor"), crew=made, user=office.staff["crew"])
    return made


@pytest.fixture
def frank(office: Any) -> Account:
    return office.account(FRANK)  # type: ignore[no-any-return]


@pytest.fixture
def water(frank: Account) -> ServicePoint:
    return ServicePoint.objects.get(agreements__account=frank, commodity="water")


def dispatched(office: Any, crew: Crew, **wanted: Any) -> Order:
    """An order on its way to the crew."""
    order = open_an_order(office.act("csr", "as the customer asks"), **wanted)
    if order.state == Order.DRAFT:
        approve_orders(office.act("supervisor"), orders=[order])
    schedule_orders(office.act("supervisor"), orders=[order], crew=crew, on=office.today)
    dispatch_orders(office.act("supervisor"), orders=[order])
    order.refresh_from_db()
    return order


def outcome(order: Order, key: str, on: date, **found: Any) -> Outcome:
    """What the crew brings back at noon of a day."""
    at = datetime(on.year, on.month, on.day, 18, tzinfo=UTC)
    reads = tuple(MeterRead(serial, "delivered", Decimal(value), at) for serial, value in found.pop("shows", ()))
    return Outcome(key=key, version=order.version, done_at=at, reads=reads, **found)


def shows(point: ServicePoint, more: int = 5) -> tuple[str, str]:
    """The meter that hangs there, and a value a little above its last."""
    hung = hanging_at(point)
    assert hung is not None
    last = Read.objects.filter(register__meter=hung.meter, status="accepted", superseded=False).latest("read_on")
    return str(hung.meter.serial), str(int(last.value) + more)


def reasons(order: Order) -> str:
    """Why the last outcome was not applied."""
    visit = OrderVisit.objects.filter(order=order).latest("pk")
    return " ".join(each["message"] for each in visit.conflicts)


class TestAsking:
    def test_the_account_is_found_by_the_place_and_the_same_source_asks_once(
        self, office: Any, frank: Account, water: ServicePoint
    ) -> None:
        deed = Deed.objects.create(kind="test.move", actor=office.staff["csr"], business_date=office.today)
        order = open_order(deed, kind="off", service_point=water, reason="Moves out", source=("move", 12))
        again = open_order(deed, kind="off", service_point=water, reason="Moves out", source=("move", 12))
        assert again == order and order.account == frank and order.cause == "requested"
        assert order.due_on == office.today + timedelta(days=2) and order.state == Order.APPROVED

    def test_what_makes_no_order_is_refused(self, office: Any, water: ServicePoint) -> None:
        with pytest.raises(UnknownKind):
            open_an_order(office.act("csr", "x"), kind="dance", service_point=water)
        with pytest.raises(NoReason):
            open_an_order(office.act("csr", " "), kind="off", service_point=water)
        with pytest.raises(OrderRefused, match="Say where"):
            open_an_order(office.act("csr", "x"), kind="off")
        with pytest.raises(NotPermitted):
            open_an_order(office.act("auditor", "x"), kind="off", service_point=water)

    def test_a_new_meter_waits_for_approval_unless_it_is_an_emergency(self, office: Any, water: ServicePoint) -> None:
        order = open_an_order(office.act("csr", "new house"), kind="set", service_point=water)
        assert order.state == Order.DRAFT
        with pytest.raises(NoSuchStep):
            dispatch_orders(office.act("supervisor"), orders=[order], crew=set_crew(
                office.act("supervisor"), code="B", title="Other crew"))  # fmt: skip
        urgent = open_an_order(office.act("csr", "main break"), kind="set", service_point=water, emergency=True)
        assert urgent.state == Order.APPROVED and urgent.due_on == office.today


class TestDays:
    def test_a_day_is_put_in_order_emergencies_first_and_an_order_taken_back(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        slow = open_an_order(office.act("csr", "check"), kind="check", service_point=water)
        fast = open_an_order(office.act("csr", "water runs"), kind="leak_check", service_point=water, emergency=True)
        with pytest.raises(OrderRefused, match="past"):
            schedule_orders(office.act("supervisor"), orders=[slow], crew=crew, on=office.today - timedelta(days=1))
        schedule_orders(office.act("supervisor"), orders=[slow, fast], crew=crew, on=office.today)
        sequence_day(office.act("supervisor"), crew=crew, on=office.today)
        assert list(Order.objects.filter(crew=crew).order_by("sequence")) == [fast, slow]
        sequence_day(office.act("supervisor"), crew=crew, on=office.today, orders=[slow.pk, fast.pk])
        assert list(Order.objects.filter(crew=crew).order_by("sequence")) == [slow, fast]
        recall_orders(office.act("supervisor", "rain"), orders=[slow])
        slow.refresh_from_db()
        assert slow.state == Order.APPROVED and slow.crew is None

    def test_an_order_waits_for_the_one_that_blocks_it(self, office: Any, crew: Crew, water: ServicePoint) -> None:
        first = open_an_order(office.act("csr", "locked"), kind="unlock", service_point=water)
        second = open_an_order(office.act("csr", "new meter"), kind="swap", service_point=water)
        link_orders(office.act("supervisor"), order=first, other=second, kind="blocks")
        with pytest.raises(OrderRefused, match="waits for order"):
            dispatch_orders(office.act("supervisor"), orders=[second], crew=crew)
        cancel_order(office.act("csr", "no lock there"), order=first)
        assert dispatch_orders(office.act("supervisor"), orders=[second], crew=crew) == 1


class TestDone:
    def test_off_takes_the_read_the_seal_and_the_service_in_one_go(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        order = dispatched(office, crew, kind="off", service_point=water)
        arrive(office.act("crew"), order=order)
        serial, value = shows(water)
        sent = outcome(order, "p:1", office.today, shows=[(serial, value)], seals_on=("S-77001",), serial=serial,
                       answers={"valve_shut": "yes"}, note="quiet")  # fmt: skip
        done = complete_order(office.act("crew"), order=order, outcome=sent)
        visit = visit_of("p:1")
        assert visit is not None and visit.state == "applied" and done.state == Order.CLOSED, reasons(order)
        status = ServiceStatus.objects.get(service_point=water)
        assert (status.state, status.cause, status.order_id) == ("off", "requested", order.pk)
        read = Read.objects.get(register__meter__serial=serial, read_on=office.today, superseded=False)
        seal = Seal.objects.get(number="S-77001")
        assert read.value == Decimal(value) and read.deed_id == seal.deed_id == status.deed_id == visit.deed_id
        assert len(visit.effects) == 3

        again = complete_order(office.act("crew"), order=order, outcome=sent)
        assert again.state == Order.CLOSED and OrderVisit.objects.filter(order=order).count() == 1

    def test_on_after_hours_costs_the_fee_of_the_catalogue(
        self, office: Any, crew: Crew, frank: Account, water: ServicePoint
    ) -> None:
        order = dispatched(office, crew, kind="on", service_point=water)
        answers = {"someone_home": "yes", "after_hours": "yes"}
        complete_order(office.act("crew"), order=order, outcome=outcome(
            order, "p:2", office.today, answers=answers))  # fmt: skip
        charge = ServiceCharge.objects.get(account=frank, code="after_hours")
        assert charge.state == "booked" and charge.amount_cents == 11_000
        assert ServiceStatus.objects.get(service_point=water).state == "on"

    def test_a_swap_is_asked_about_and_then_hangs_the_new_meter(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        hung = hanging_at(water)
        assert hung is not None
        stock = Meter.objects.create(serial="W-NEW-1", commodity="water", size=hung.meter.size, manufacturer="Acme",
                                     model="T", state="in_stock", cleared=True)  # fmt: skip
        old = hung.meter.registers.get(channel="delivered")
        stock.registers.create(channel="delivered", dials=old.dials, decimals=old.decimals, multiplier=old.multiplier,
                               unit=old.unit)  # fmt: skip
        order = dispatched(office, crew, kind="swap", service_point=water, details={"serial": stock.serial})
        serial, _ = shows(water)
        answers = {"occupant_told": "yes", "leak_free": "yes"}
        wild = outcome(order, "p:3", office.today, shows=[(serial, shows(water, 9000)[1]), (stock.serial, "0")],
                       put_up=MeterPutUp(stock.serial), answers=answers, photos=(PHOTO,))  # fmt: skip
        with pytest.raises(ToConfirm) as asked:
            complete_order(office.act("crew"), order=order, outcome=wild, ask=True)
        assert [doubt.code for doubt in asked.value.doubts if doubt.code.startswith("out")] == ["out:delivered"]
        assert not OrderVisit.objects.filter(order=order).exists()
        sent = outcome(order, "p:3", office.today, shows=[shows(water), (stock.serial, "0")], photos=(PHOTO,),
                       put_up=MeterPutUp(stock.serial), answers=answers,
                       confirmed=frozenset(d.code for d in asked.value.doubts))  # fmt: skip
        done = complete_order(office.act("crew"), order=order, outcome=sent, ask=True)
        assert done.state == Order.COMPLETED, reasons(order)
        now = hanging_at(water)
        assert now is not None and now.meter == stock and now.validity.lower == office.today
        assert Usage.objects.filter(register__meter=hung.meter, ends=office.today).exists()

    def test_what_nobody_confirmed_is_kept_and_the_office_decides(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        order = dispatched(office, crew, kind="off", service_point=water)
        sent = outcome(order, "p:4", office.today, shows=[shows(water)], serial="W-STRANGE",
                       answers={"valve_shut": "yes"})  # fmt: skip
        kept = complete_order(office.act("crew"), order=order, outcome=sent)
        assert kept.state == Order.DISPATCHED and "{found} was found" in reasons(order)
        assert Task.objects.filter(subject=f"order:{order.pk}", kind="service_orders.conflict", state="open").exists()
        with pytest.raises(OrderRefused, match="Decide first"):
            review_order(office.act("billing", "x"), order=order)
        visit = visit_of("p:4")
        assert visit is not None
        decide_visit(office.act("billing", "the sticker is old"), visit=visit, accept=True)
        order.refresh_from_db()
        assert order.state == Order.CLOSED and ServiceStatus.objects.filter(service_point=water).exists()
        assert not Task.objects.filter(subject=f"order:{order.pk}", state="open").exists()

    def test_nobody_got_in_and_another_order_goes_on_from_there(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        order = dispatched(office, crew, kind="off", service_point=water)
        done = complete_order(office.act("crew"), order=order, outcome=outcome(
            order, "p:5", office.today, code="dog", danger="dog"))  # fmt: skip
        assert done.state == Order.UNABLE and not ServiceStatus.objects.filter(service_point=water).exists()
        closed = review_order(office.act("billing", "call first"), order=order, follow_up="off")
        link = OrderLink.objects.get(order=order)
        assert closed.state == Order.CLOSED and link.kind == "follow_up" and link.other.kind == "off"
        again = reopen_order(office.act("billing", "it still runs"), order=order)
        assert OrderLink.objects.get(other=again).kind == "reopens"

    def test_work_of_a_billed_day_asks_for_the_bills_to_be_looked_at(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        order = dispatched(office, crew, kind="check", service_point=water)
        past = office.today - timedelta(days=50)
        done = complete_order(office.act("crew"), order=order, outcome=outcome(
            order, "p:6", past, findings=(Finding("leak_customer", "toilet runs"),)))  # fmt: skip
        assert done.state == Order.COMPLETED and done.done_on == past
        assert Task.objects.filter(subject=f"order:{order.pk}", kind="service_orders.correct").exists()


class TestConflicts:
    def test_the_office_changed_it_meanwhile(self, office: Any, crew: Crew, water: ServicePoint) -> None:
        order = dispatched(office, crew, kind="seal", service_point=water)
        sent = outcome(order, "p:7", office.today, seals_on=("S-77002",))
        change_order(office.act("supervisor", "customer called"), order=order, reason="Only the left one",
                     wanted_on=None, emergency=False, details={})  # fmt: skip
        kept = complete_order(office.act("crew"), order=order, outcome=sent)
        assert kept.state == Order.DISPATCHED and "changed the order" in reasons(order)
        assert not Seal.objects.filter(number="S-77002").exists()
        visit = visit_of("p:7")
        assert visit is not None
        decide_visit(office.act("supervisor", "wrong seal"), visit=visit, accept=False)
        fresh = outcome(kept, "p:8", office.today, seals_on=("S-77003",))
        assert complete_order(office.act("crew"), order=order, outcome=fresh).state == Order.CLOSED

    def test_work_on_an_order_that_was_called_off_still_counts_if_the_office_says_so(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        order = dispatched(office, crew, kind="seal", service_point=water)
        sent = outcome(order, "p:9", office.today, seals_on=("S-77004",))
        cancel_order(office.act("csr", "not needed"), order=order)
        complete_order(office.act("crew"), order=order, outcome=sent)
        visit = visit_of("p:9")
        assert visit is not None and visit.state == "conflict"
        decide_visit(office.act("supervisor", "it is on anyway"), visit=visit, accept=True)
        order.refresh_from_db()
        assert order.state == Order.CLOSED and Seal.objects.filter(number="S-77004").exists()

    def test_what_a_record_refuses_changes_nothing_at_all(self, office: Any, crew: Crew, water: ServicePoint) -> None:
        serial, value = shows(water)
        order = dispatched(office, crew, kind="off", service_point=water)
        deed = Deed.objects.create(kind="test.seal", actor=office.staff["billing"], business_date=office.today)
        Seal.objects.create(number="S-1", kind="seal", service_point=water, validity=(office.today, None), deed=deed)
        answers = {"valve_shut": "yes"}
        sent = outcome(order, "p:10", office.today, shows=[(serial, value)], seals_on=("S-1",), answers=answers)
        kept = complete_order(office.act("crew"), order=order, outcome=sent)
        assert kept.state == Order.DISPATCHED and "every number is used once" in reasons(order)
        assert not Read.objects.filter(register__meter__serial=serial, read_on=office.today).exists()


class TestGuards:
    @pytest.fixture
    def unpaid(self) -> Iterator[list[str]]:
        """Collections' own guard, as the test has it: it says no while the list holds something."""
        said: list[str] = []

        @guards.guard("test.collections")
        def asked(order: Order, moment: str, on: date) -> Step | None:
            return Step(said[0]) if said and order.cause == "nonpayment" else None

        yield said
        guards.GUARDS.pop("test.collections")

    def test_a_cutoff_is_refused_at_dispatch_on_site_and_at_the_valve(
        self, office: Any, crew: Crew, water: ServicePoint, unpaid: list[str]
    ) -> None:
        wanted = {"kind": "off", "service_point": water, "cause": "nonpayment"}
        order = open_an_order(office.act("supervisor", "shutoff list"), **wanted)
        unpaid.append("Paid at the counter a minute ago.")
        with pytest.raises(GuardRefused, match="a minute ago"):
            dispatch_orders(office.act("supervisor"), orders=[order], crew=crew)
        unpaid.clear()
        dispatch_orders(office.act("supervisor"), orders=[order], crew=crew)
        unpaid.append("Paid at 7:55.")
        for refused in (arrive, check_guards):
            with pytest.raises(GuardRefused, match="7:55"):
                refused(office.act("crew"), order=order)
        order.refresh_from_db()
        sent = outcome(order, "p:11", office.today, shows=[shows(water)], answers={"valve_shut": "yes"})
        kept = complete_order(office.act("crew"), order=order, outcome=sent)
        assert kept.state == Order.DISPATCHED and "7:55" in reasons(order)
        assert not ServiceStatus.objects.filter(service_point=water).exists()

        visit = visit_of("p:11")
        assert visit is not None
        decide_visit(office.act("supervisor", "it was shut already"), visit=visit, accept=True)
        restore = Order.objects.get(linked_from__order=order)
        assert (
            restore.kind == "on" and restore.emergency and ServiceStatus.objects.get(service_point=water).state == "off"
        )

    def test_what_was_cut_for_nonpayment_is_not_turned_on_by_the_way(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        cut = dispatched(office, crew, kind="off", service_point=water, cause="nonpayment")
        complete_order(office.act("crew"), order=cut, outcome=outcome(
            cut, "p:12", office.today, shows=[shows(water)], answers={"valve_shut": "yes"}))  # fmt: skip
        asked = open_an_order(office.act("csr", "wants water"), kind="on", service_point=water)
        with pytest.raises(GuardRefused, match="off for nonpayment"):
            dispatch_orders(office.act("supervisor"), orders=[asked], crew=crew)
        restore = open_an_order(office.act("csr", "paid"), kind="on", service_point=water, cause="nonpayment")
        assert dispatch_orders(office.act("supervisor"), orders=[restore], crew=crew) == 1

    def test_nobody_completes_what_charges_their_own_account(
        self, office: Any, crew: Crew, frank: Account, water: ServicePoint
    ) -> None:
        deed = Deed.objects.create(kind="test.own", actor=office.staff["supervisor"], business_date=office.today)
        Interest.objects.create(user=office.staff["crew"], account=frank, kind="own",
                                validity=(office.today, None), deed=deed)  # fmt: skip
        order = dispatched(office, crew, kind="on", service_point=water)
        answers = {"someone_home": "yes", "after_hours": "yes"}
        kept = complete_order(office.act("crew"), order=order, outcome=outcome(
            order, "p:13", office.today, answers=answers))  # fmt: skip
        assert kept.state == Order.DISPATCHED and "your own" in reasons(order)


class TestRequests:
    def test_an_approved_request_is_an_order_and_the_order_carries_it_through(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        request = flag_request(office.act("csr", "reads too high"), service_point=water, kind="re_read")
        approve_request(office.act("billing"), request=request)
        order = Order.objects.get(field_request=request)
        assert order.kind == "re_read" and order.state == Order.APPROVED and order.due_on == request.due_on
        dispatch_orders(office.act("supervisor"), orders=[order], crew=crew)
        request.refresh_from_db()
        order.refresh_from_db()
        assert request.state == "dispatched"
        complete_order(office.act("crew"), order=order, outcome=outcome(
            order, "p:14", office.today, shows=[shows(water)]))  # fmt: skip
        request.refresh_from_db()
        assert request.state == "read", reasons(order)
        review_order(office.act("billing", "It was right"), order=order)
        request.refresh_from_db()
        order.refresh_from_db()
        assert request.state == "closed" and request.outcome == "It was right" and order.state == Order.CLOSED

    def test_the_request_moved_on_its_own_page_moves_its_order(self, office: Any, water: ServicePoint) -> None:
        request = flag_request(office.act("csr", "lid"), service_point=water, kind="location")
        approve_request(office.act("billing"), request=request)
        dispatch_request(office.act("billing"), request=request)
        first = Order.objects.get(field_request=request)
        assert first.state == Order.DISPATCHED
        record_no_access(office.act("billing"), request=request, reason="dog")
        dispatch_request(office.act("billing"), request=request)
        second = Order.objects.get(field_request=request)
        first.refresh_from_db()
        assert second.pk != first.pk and first.state == Order.CLOSED and second.state == Order.DISPATCHED
        record_no_access(office.act("billing"), request=request, reason="dog")
        confirm_request(office.act("billing", "the map is right"), request=request)
        close_request(office.act("billing"), request=request, outcome="as on the map")
        second.refresh_from_db()
        assert second.state == Order.CLOSED

    def test_an_order_called_off_ends_its_request(self, office: Any, water: ServicePoint) -> None:
        request = flag_request(office.act("csr", "lid"), service_point=water, kind="leak")
        approve_request(office.act("billing"), request=request)
        order = Order.objects.get(field_request=request)
        cancel_order(office.act("supervisor", "fixed by the owner"), order=order)
        request.refresh_from_db()
        assert request.state == "closed" and request.outcome == "fixed by the owner"
        assert Installation.objects.filter(service_point=water).exists()


class TestGuardsAtTheLastMoment:
    def test_more_time_given_a_minute_ago_keeps_service_on(
        self, office: Any, crew: Crew, water: ServicePoint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = dispatched(office, crew, kind="off", service_point=water, cause="nonpayment")
        monkeypatch.setattr(guards, "extended_until", lambda account, on: on + timedelta(days=5))
        with pytest.raises(GuardRefused, match="more time"):
            check_guards(office.act("crew"), order=order)

    def test_a_bill_that_is_not_due_yet_cuts_nobody_off(
        self, office: Any, crew: Crew, water: ServicePoint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = dispatched(office, crew, kind="off", service_point=water, cause="nonpayment")
        monkeypatch.setattr(guards, "owed", lambda account, on: [Owed("water", 5_000, 0, 0, None)])
        with pytest.raises(GuardRefused, match="past due"):
            check_guards(office.act("crew"), order=order)

    def test_nobody_is_no_newcomer(self, office: Any, crew: Crew, water: ServicePoint) -> None:
        cut = dispatched(office, crew, kind="off", service_point=water, cause="nonpayment")
        complete_order(office.act("crew"), order=cut, outcome=outcome(
            cut, "p:31", office.today, shows=[shows(water)], answers={"valve_shut": "yes"}))  # fmt: skip
        asked = open_an_order(office.act("csr", "wants water"), kind="on", service_point=water)
        Order.objects.filter(pk=asked.pk).update(account=None)  # as where nobody is served any more
        with pytest.raises(GuardRefused, match="off for nonpayment"):
            dispatch_orders(office.act("supervisor"), orders=[asked], crew=crew)

    def test_work_of_a_day_to_come_is_not_accepted(self, office: Any, crew: Crew, water: ServicePoint) -> None:
        order = dispatched(office, crew, kind="off", service_point=water)
        tomorrow = office.today + timedelta(days=1)
        sent = outcome(order, "p:32", tomorrow, answers={"valve_shut": "yes"}, confirmed=frozenset({"missing:reads"}))
        complete_order(office.act("crew"), order=order, outcome=sent)
        visit = visit_of("p:32")
        assert visit is not None and visit.state == OrderVisit.CONFLICT
        with pytest.raises(OrderRefused, match="has not come yet"):
            decide_visit(office.act("supervisor", "so be it"), visit=visit, accept=True)

    def test_a_swap_for_the_meter_that_hangs_there_changes_nothing(
        self, office: Any, crew: Crew, water: ServicePoint
    ) -> None:
        order = dispatched(office, crew, kind="swap", service_point=water)
        serial, value = shows(water)
        answers = {"occupant_told": "yes", "leak_free": "yes"}
        for at, up in enumerate((serial, "", "no such meter")):
            kept = complete_order(office.act("crew"), order=order, outcome=outcome(
                order, f"p:4{at}", office.today, shows=[(serial, value)], put_up=MeterPutUp(up), answers=answers,
                photos=(PHOTO,), confirmed=frozenset({"out:delivered", "in:delivered"})))  # fmt: skip
            assert kept.state == Order.DISPATCHED and reasons(kept)
        hung = hanging_at(water)
        assert hung is not None and hung.meter.serial == serial

    @pytest.mark.parametrize("code", ["connected", "other_meter", "bypass", "seal_broken"])
    def test_what_may_be_loss_is_looked_at(self, office: Any, crew: Crew, water: ServicePoint, code: str) -> None:
        order = dispatched(office, crew, kind="check", service_point=water)
        complete_order(office.act("crew"), order=order, outcome=outcome(
            order, "p:51", office.today, findings=(Finding(code),), answers={"face_clear": "yes"}))  # fmt: skip
        assert [row["code"] for row in found_by_crews()] == [code]
