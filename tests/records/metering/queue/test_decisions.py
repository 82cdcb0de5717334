"""Each decision is one deed: what stays, what takes its place, what usage results, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.records.metering.queue.town import TODAY, Town

from meterbook.records.metering.models import Estimate, FieldRequest, Read, ReadException
from meterbook.records.metering.operations import import_reads  # noqa: F401  (the other way in)
from meterbook.records.metering.queue.operations.accept import accept_read, request_acceptance
from meterbook.records.metering.queue.operations.change import correct_read, estimate_read, reject_read
from meterbook.records.metering.queue.operations.own import (
    assign_exception,
    note_exception,
    question_read,
    release_exception,
    take_exception,
)
from meterbook.records.metering.queue.operations.pass_over import close_missing, pass_read
from meterbook.records.metering.queue.operations.send_out import request_check, request_re_read
from meterbook.records.metering.queue.refusals import (
    CannotShow,
    DecidedMeanwhile,
    NeedsApproval,
    NoBelievableUsage,
    NoEstimate,
    NoRead,
    NoReason,
    NotInForce,
    NotMissing,
    NotTheirWork,
    OpeningRead,
)
from meterbook.records.metering.queue.screens.trying import NotANumber, typed_value
from meterbook.records.metering.shop.operations.hang import remove_meter
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Approval, Deed, Event
from meterbook.records.platform.operations.approvals import decide_approval

LAST = date(2026, 6, 27)


def versions(item: ReadException) -> list[tuple[Decimal, str, str, bool]]:
    rows = Read.objects.filter(register=item.register_id, read_on=item.on).order_by("version")
    return [(row.value, row.origin, row.status, row.superseded) for row in rows]


def test_accepting_makes_the_usage_of_the_read_as_it_came(town: Town) -> None:
    item = town.question(0, 15500)
    assert town.usage(0, LAST) == []
    accept_read(town.act(), item=item)
    assert town.usage(0, LAST) == [(LAST, TODAY, 9000)]
    item.refresh_from_db()
    assert (item.state, item.resolution, item.resolved_on) == ("resolved", "accepted", TODAY)
    assert item.resolved_by is not None and item.resolved_by.actor.username == "billing"
    assert versions(item) == [(Decimal(15500), "file", "accepted", False)]
    told = Event.objects.get(deed=item.resolved_by)
    assert (told.kind, told.payload["exception"]) == ("metering.exception_decided", item.pk)


def test_accepting_twice_is_once_and_another_decision_comes_too_late(town: Town) -> None:
    item = town.question(0, 15500)
    accept_read(town.act(), item=item)
    events = Event.objects.count()
    accept_read(town.act(), item=item)
    assert Event.objects.count() == events
    with pytest.raises(DecidedMeanwhile, match="it was accepted"):
        reject_read(town.act(), item=item)


def test_correcting_leaves_the_raw_read_and_needs_a_reason(town: Town) -> None:
    item = town.question(0, 71000)
    with pytest.raises(NoReason):
        correct_read(town.act(reason=" "), item=item, value=Decimal(7100))
    correct_read(town.act(reason="one digit too many"), item=item, value=Decimal(7100))
    assert versions(item) == [
        (Decimal(71000), "file", "rejected", True), (Decimal(7100), "edited", "accepted", False),
    ]  # fmt: skip
    assert town.usage(0, LAST) == [(LAST, TODAY, 600)]
    correct_read(town.act(), item=item, value=Decimal(7100))
    with pytest.raises(DecidedMeanwhile):
        correct_read(town.act(), item=item, value=Decimal(7101))


@pytest.mark.parametrize("value", ["100000", "7100.5", "-1"])
def test_a_value_the_dials_cannot_show_is_refused(town: Town, value: str) -> None:
    item = town.question(0, 7100)
    with pytest.raises(CannotShow):
        correct_read(town.act(), item=item, value=Decimal(value))
    item.refresh_from_db()
    assert item.state == "open"


def test_a_read_that_would_throw_out_a_later_one_is_refused(town: Town) -> None:
    later = town.arrive(0, 7200, on=TODAY + timedelta(days=30))
    town.derive(0)
    item = town.question(0, 40000)
    with pytest.raises(NoBelievableUsage, match="7,200 of 2026-09-04"):
        accept_read(town.act(), item=item)
    later.refresh_from_db()
    assert later.status == Read.ACCEPTED and ReadException.objects.filter(read=later).count() == 0


def test_a_second_value_of_a_day_takes_the_first_ones_place(town: Town) -> None:
    first = town.arrive(0, 7150)
    town.derive(0)
    accept_read(town.act(), item=town.question(0, 7100))
    first.refresh_from_db()
    assert first.superseded and town.usage(0, LAST) == [(LAST, TODAY, 600)]


def test_nothing_takes_the_place_of_an_opening_read(town: Town) -> None:
    item = town.question(0, 5, on=town.days[0])
    with pytest.raises(OpeningRead):
        accept_read(town.act(), item=item)


def test_order_of_decisions_does_not_matter(town: Town) -> None:
    days = [TODAY, TODAY + timedelta(days=30), TODAY + timedelta(days=60)]
    for house, order in ((0, (0, 1, 2)), (1, (2, 0, 1)), (2, (1, 2, 0))):
        base = int(town.last(house).value)
        items = [town.question(house, base + 600 * (at + 1), on=day) for at, day in enumerate(days)]
        for at in order:
            accept_read(town.act(), item=items[at])
        assert [row[2] for row in town.usage(house, LAST)] == [600, 600, 600]


def test_rejecting_leaves_the_day_without_a_read(town: Town) -> None:
    item = town.question(0, 15500)
    reject_read(town.act(reason="meter of the house next door"), item=item)
    assert versions(item) == [(Decimal(15500), "file", "rejected", False)]
    assert town.usage(0, LAST) == []


def test_an_estimate_keeps_method_inputs_and_confidence(town: Town) -> None:
    item = town.question(0, 15500)
    estimate_read(town.act(), item=item)
    kept = Estimate.objects.get(read__register=item.register_id, read__read_on=TODAY)
    assert (kept.read.estimated, kept.read.origin, kept.read.status) == (True, "estimated", "accepted")
    assert kept.confidence > 0 and kept.in_a_row == 1 and kept.inputs["previous_value"] == "6500"
    assert town.usage(0, LAST)[0][2] == kept.read.value - 6500 > 0
    assert versions(item)[0] == (Decimal(15500), "file", "rejected", True)


def test_a_read_that_did_not_come_is_estimated_by_a_method_somebody_chose(town: Town) -> None:
    item = town.missing(3)
    estimate_read(town.act(), item=item, method="annual_mean")
    kept = Estimate.objects.get(read__register=item.register_id)
    assert kept.method == "annual_mean"
    item.refresh_from_db()
    assert (item.resolution, item.read) == ("estimated", None)


def test_the_limit_of_estimates_asks_the_field_in_the_same_deed(town: Town) -> None:
    for at in range(4):
        item = town.missing(4, on=TODAY + timedelta(days=30 * at))
        estimate_read(town.act(), item=item)
        item.refresh_from_db()
        asked = FieldRequest.objects.filter(service_point=item.service_point_id, kind="estimate_limit")
        assert asked.count() == int(at >= 2)
        if at >= 2:
            assert asked.get().steps.filter(deed=item.resolved_by).count() == 1
    assert [row.in_a_row for row in Estimate.objects.order_by("read__read_on")] == [1, 2, 3, 4]


def test_a_re_read_waits_for_the_field_and_is_asked_for_once(town: Town) -> None:
    item = town.question(0, 15500)
    request = request_re_read(town.act(reason="dog in the yard"), item=item)
    assert request_re_read(town.act(), item=item) == request
    item.refresh_from_db()
    assert (item.state, request.state, request.kind) == ("waiting", "flagged", "re_read")
    assert request.due_on == date(2026, 8, 7) and request.steps.count() == 1
    request_check(town.act(), item=item)
    assert FieldRequest.objects.filter(exception=item).count() == 2
    accept_read(town.act(), item=item)
    assert FieldRequest.objects.filter(exception=item, state="flagged").count() == 2


def test_what_did_not_come_cannot_be_accepted_corrected_or_rejected(town: Town) -> None:
    item = town.missing(0)
    with pytest.raises(NoRead):
        accept_read(town.act(), item=item)
    with pytest.raises(NoRead):
        correct_read(town.act(), item=item, value=Decimal(1))
    with pytest.raises(NoRead):
        reject_read(town.act(), item=item)


def test_owners_and_notes(town: Town) -> None:
    item = town.question(0, 15500)
    take_exception(town.act(), item=item)
    item.refresh_from_db()
    assert item.owner == town.staff["billing"]
    assign_exception(town.act(), item=item, owner=town.staff["supervisor"])
    with pytest.raises(NotTheirWork):
        assign_exception(town.act(), item=item, owner=town.staff["cashier"])
    release_exception(town.act(), item=item)
    item.refresh_from_db()
    assert item.owner is None
    note_exception(town.act(reason="called the tenant"), item=item)
    notes = Deed.objects.filter(kind="metering.note_exception", subject=f"readexception:{item.pk}")
    assert [deed.reason for deed in notes] == ["called the tenant"]


def test_who_may_not(town: Town) -> None:
    item = town.question(0, 15500)
    for who in ("csr", "cashier", "auditor"):
        with pytest.raises(NotPermitted):
            accept_read(town.act(who), item=item)


def test_dear_reads_need_a_second_person(town: Town) -> None:
    item = town.question(0, 15500, cents=80_000)
    with pytest.raises(NeedsApproval, match="500"):
        accept_read(town.act(), item=item)
    asked = request_acceptance(town.act(reason="the shop reopened"), item=item)
    assert request_acceptance(town.act(), item=item) == asked
    with pytest.raises(NeedsApproval):
        accept_read(town.act(), item=item)
    decide_approval(town.act("supervisor"), request=asked, approve=True)
    accept_read(town.act(), item=item)
    item.refresh_from_db()
    assert item.resolution == "accepted"


def test_an_accepted_read_can_be_questioned_and_corrected(town: Town) -> None:
    read = town.arrive(0, 9000)
    town.derive(0)
    item = question_read(town.act(reason="audit"), read=read)
    assert question_read(town.act(), read=read) == item
    assert item.source == "person" and town.usage(0, LAST) == []
    correct_read(town.act(), item=item, value=Decimal(7000))
    assert town.usage(0, LAST) == [(LAST, TODAY, 500)]
    with pytest.raises(NotInForce):
        question_read(town.act(), read=read)


@pytest.mark.parametrize("value", [15500, 15499])
def test_a_dear_read_is_no_less_dear_by_correcting_it(town: Town, value: int) -> None:
    item = town.question(0, 15500, cents=80_000)
    with pytest.raises(NeedsApproval, match="500"):
        correct_read(town.act(), item=item, value=Decimal(value))
    other = request_acceptance(town.act(reason="another value"), item=item, value=Decimal(15498))
    decide_approval(town.act("supervisor"), request=other, approve=True)
    with pytest.raises(NeedsApproval):  # what was signed names another value
        correct_read(town.act(), item=item, value=Decimal(value))
    asked = request_acceptance(town.act(reason="the shop reopened"), item=item, value=Decimal(value))
    assert asked.preview["value"] == str(value) and asked.amount_cents > 50_000
    assert request_acceptance(town.act(), item=item, value=Decimal(value)) == asked
    decide_approval(town.act("supervisor"), request=asked, approve=True)
    correct_read(town.act(), item=item, value=Decimal(value))
    item.refresh_from_db()
    assert item.resolution == "corrected"


def test_a_dear_read_corrected_to_a_usual_one_needs_nobody_else(town: Town) -> None:
    item = town.question(0, 15500, cents=80_000)
    correct_read(town.act(), item=item, value=Decimal(7100))
    cheap = town.question(1, 7300, cents=100)
    with pytest.raises(NeedsApproval):  # the value put in its place is what costs
        correct_read(town.act(), item=cheap, value=Decimal(17300))


def test_what_is_signed_says_usage_house_and_rules(town: Town) -> None:
    item = town.question(0, 15500, cents=80_000)
    shown = request_acceptance(town.act(reason="the shop reopened"), item=item).preview
    assert (shown["found_e6"], shown["expected_e6"], shown["unit"]) == (9_000_000_000, 600_000_000, "kWh")
    assert "10 Mill Street" in shown["address"] and shown["rules"] == ["high_low"] and "came" not in shown
    other = request_acceptance(town.act(), item=item, value=Decimal(15600)).preview
    assert (other["value"], other["came"], other["found_e6"]) == ("15600", "15500", 9_100_000_000)


def test_a_decision_withdraws_what_a_second_person_was_asked(town: Town) -> None:
    item = town.question(0, 15500, cents=80_000)
    asked = request_acceptance(town.act(reason="the shop reopened"), item=item)
    reject_read(town.act(), item=item)
    asked.refresh_from_db()
    assert asked.status == Approval.WITHDRAWN


def test_a_corrected_estimate_stays_an_estimate_unless_somebody_saw_it(town: Town) -> None:
    read = town.arrive(0, 7000, estimated=True)
    town.derive(0)
    item = question_read(town.act(reason="the tenant calls"), read=read)
    correct_read(town.act(), item=item, value=Decimal(7050))
    assert (town.last(0).origin, town.last(0).estimated) == ("edited", True)
    town.arrive(0, 7110, on=TODAY + timedelta(days=30))
    later = town.question(0, 7105, on=TODAY + timedelta(days=30))
    accept_read(town.act(), item=later)  # settles the estimates before it
    assert town.usage(0, LAST)[0][2] == 550 and town.last(0).value == 7105

    read = town.arrive(1, 7000, estimated=True)
    town.derive(1)
    seen = town.arrive(1, 7060, status=Read.REJECTED)
    item = question_read(town.act(reason="there was a read"), read=read)
    correct_read(town.act(), item=item, value=seen.value)
    assert (town.last(1).value, town.last(1).origin, town.last(1).estimated) == (7060, "edited", False)


def test_a_comma_stands_only_between_thousands() -> None:
    good = {"1,600": "1600", "10,482.5": "10482.5", "26.5": "26.5", ".5": "0.5", "1,234,567": "1234567", " 7 ": "7"}
    assert {text: typed_value(text) for text in good} == {text: Decimal(value) for text, value in good.items()}
    for text in ("26,5", "1,60", "1600,000", ",600", "1,600,5", "1.600,5", "", ".", "1e5", "\u0661"):
        with pytest.raises(NotANumber):
            typed_value(text)


def test_a_method_nobody_knows_is_refused(town: Town) -> None:
    with pytest.raises(NoEstimate, match="no such method"):
        estimate_read(town.act(), item=town.missing(0), method="zzz")


def test_nobody_waits_for_a_read_that_is_not_due(town: Town) -> None:
    item = town.missing(0)
    with pytest.raises(NoReason):
        pass_read(town.act(reason=" "), item=item)
    with pytest.raises(NotMissing):
        pass_read(town.act(), item=town.question(1, 7100))
    pass_read(town.act(reason="the meter came down in July"), item=item)
    pass_read(town.act(reason="again"), item=item)
    item.refresh_from_db()
    assert (item.state, item.resolution) == ("resolved", "passed")
    with pytest.raises(DecidedMeanwhile, match="no read is missing any more"):
        estimate_read(town.act(), item=item)


def test_a_meter_taken_down_misses_no_read(town: Town) -> None:
    mine, other = town.missing(0), town.missing(1)
    doubted = town.question(0, 7100)
    assert close_missing(town.deed, town.registers[0].meter_id) == 1
    for each in (mine, other, doubted):
        each.refresh_from_db()
    assert [each.state for each in (mine, other, doubted)] == ["resolved", "open", "open"]


def test_removing_a_meter_closes_what_it_missed(town: Town) -> None:
    mine, other = town.missing(0), town.missing(1)
    remove_meter(town.act(), service_point=mine.service_point, on=TODAY, out_reads={"delivered": Decimal(7100)})
    for each in (mine, other):
        each.refresh_from_db()
    assert (mine.resolution, other.state) == ("passed", "open")
