"""A field request goes step by step, each step by who may take it, and never ends silently."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction
from tests.records.metering.queue.town import TODAY, Town

from meterbook.records.metering.field import screens
from meterbook.records.metering.field.operations.end import (
    close_request,
    confirm_request,
    correct_request,
    withdraw_request,
)
from meterbook.records.metering.field.operations.flag import assign_request, flag_request, postpone_request
from meterbook.records.metering.field.operations.send import (
    approve_request,
    approve_requests,
    dispatch_request,
    dispatch_requests,
)
from meterbook.records.metering.field.operations.visit import (
    attach_field_photo,
    record_field_read,
    record_no_access,
)
from meterbook.records.metering.field.photos import NoPicture
from meterbook.records.metering.field.refusals import (
    FieldRefused,
    NoActualRead,
    NoEvidence,
    NoOutcome,
    NoSuchStep,
    NotHere,
    NothingSeen,
    NotTheirRequest,
    ReadNeeded,
    WrongDay,
)
from meterbook.records.metering.field.states import NEXT
from meterbook.records.metering.models import FieldRequest, Read, ReadException
from meterbook.records.metering.queue.operations.change import correct_read, estimate_read
from meterbook.records.metering.queue.operations.own import question_read
from meterbook.records.metering.queue.operations.send_out import request_check, request_re_read
from meterbook.records.metering.queue.refusals import CannotShow
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Event


def sent_out(town: Town, request: FieldRequest) -> FieldRequest:
    """The request, approved and on its way."""
    approve_request(town.act(), request=request)
    return dispatch_request(town.act(), request=request, owner=town.staff["reader"])


def visit(town: Town, request: FieldRequest, house: int, value: str | None, **more: Any) -> FieldRequest:
    values = {} if value is None else {town.registers[house].pk: Decimal(value)}
    return record_field_read(
        town.act("reader"), request=request, on=more.pop("on", TODAY), values=values, reader="R. Soto", **more
    )


def walked(town: Town, request: FieldRequest, state: str) -> FieldRequest:
    """The request in a state, by the only way that leads there."""
    house = next(at for at, each in enumerate(town.registers) if each.pk == request.register_id)
    ways: dict[str, list[Any]] = {
        "approved": [lambda: approve_request(town.act(), request=request)],
        "dispatched": ["approved", lambda: dispatch_request(town.act(), request=request)],
        "read": ["dispatched", lambda: visit(town, request, house, "9100")],
        "no_access": ["dispatched", lambda: record_no_access(town.act("reader"), request=request, reason="dog")],
        "confirmed": ["read", lambda: confirm_request(town.act(), request=request)],
        "corrected": ["read", lambda: correct_request(town.act(), request=request)],
        "closed": ["confirmed", lambda: close_request(town.act(), request=request, outcome="read again")],
    }
    for each in ways.get(state, []):
        if isinstance(each, str):
            walked(town, request, each)
        else:
            each()
    return FieldRequest.objects.get(pk=request.pk)


STEPS: dict[str, Any] = {
    "approved": lambda town, request: approve_request(town.act(), request=request),
    "dispatched": lambda town, request: dispatch_request(town.act(), request=request),
    "read": lambda town, request: visit(town, request, 0, "9100"),
    "no_access": lambda town, request: record_no_access(town.act("reader"), request=request, reason="dog"),
    "confirmed": lambda town, request: confirm_request(town.act(), request=request),
    "corrected": lambda town, request: correct_request(town.act(), request=request),
    "closed": lambda town, request: close_request(town.act(), request=request, outcome="done"),
}
JUMPS = [(here, there) for here, there in product(NEXT, STEPS) if there not in NEXT[here]]


@pytest.mark.parametrize(("here", "there"), JUMPS)
def test_no_step_is_jumped_over_or_taken_back(town: Town, here: str, there: str) -> None:
    request = walked(town, request_re_read(town.act(), item=town.question(0, 9000)), here)
    assert request.state == here
    steps = request.steps.count()
    with pytest.raises(NoSuchStep) as refused:
        STEPS[there](town, request)
    assert "Nothing was changed" in str(refused.value)
    found = FieldRequest.objects.get(pk=request.pk)
    assert (found.state, found.steps.count()) == (here, steps)


def test_a_re_read_confirmed_accepts_what_was_questioned(town: Town) -> None:
    item = town.question(0, 7200, on=TODAY - timedelta(days=3))
    request = sent_out(town, request_re_read(town.act(reason="twice the usual"), item=item))
    assert request.owner == town.staff["reader"]
    visit(town, request, 0, "7260", note="turned off the sprinklers")
    read = Read.objects.get(register=town.registers[0], read_on=TODAY)
    assert (read.origin, read.value, read.reader) == ("keyed", Decimal(7260), "R. Soto")
    confirm_request(town.act(), request=request)
    ended = close_request(town.act(), request=request, outcome="a pool was filled")
    item.refresh_from_db()
    assert (item.state, item.resolution) == ("resolved", "accepted")
    assert (ended.state, ended.outcome) == ("closed", "a pool was filled")
    assert [step.state for step in screens.history(ended)] == [
        "flagged", "approved", "dispatched", "read", "confirmed", "closed",
    ]  # fmt: skip
    assert Read.objects.get(pk=read.pk).status == "accepted"
    assert Event.objects.filter(kind="metering.request_closed", payload__request=request.pk).count() == 1


def test_a_re_read_of_the_same_day_replaces_the_wrong_read(town: Town) -> None:
    item = town.question(0, 9000)
    request = sent_out(town, request_re_read(town.act(), item=item))
    visit(town, request, 0, "7000")
    assert Read.objects.filter(register=town.registers[0], read_on=TODAY).count() == 1  # nothing is decided yet
    correct_request(town.act(reason="two digits were swapped"), request=request)
    close_request(town.act(), request=request, outcome="misread")
    item.refresh_from_db()
    assert item.resolution == "corrected"
    found = Read.objects.get(register=town.registers[0], read_on=TODAY, status="accepted", superseded=False)
    assert (found.value, found.origin) == (Decimal(7000), "edited")
    assert town.usage(0, TODAY - timedelta(days=1)) == [(town.days[-1], TODAY, 500)]


def test_a_re_read_of_a_later_day_refuses_the_wrong_read_and_stands_alone(town: Town) -> None:
    item = town.question(0, 9000, on=TODAY - timedelta(days=3))
    request = sent_out(town, request_re_read(town.act(), item=item))
    visit(town, request, 0, "7010")
    correct_request(town.act(), request=request)
    close_request(town.act(), request=request, outcome="misread")
    item.refresh_from_db()
    assert item.resolution == "rejected"
    assert town.usage(0, TODAY - timedelta(days=4)) == [(town.days[-1], TODAY, 510)]


def test_what_the_queue_will_not_decide_so_is_open_work_again(town: Town) -> None:
    item = town.question(0, 7200, cents=90_000)  # a second signature is needed above $500
    request = sent_out(town, request_re_read(town.act(), item=item))
    visit(town, request, 0, "7200")
    confirm_request(town.act(), request=request)
    ended = close_request(town.act(), request=request, outcome="it is right")
    item.refresh_from_db()
    assert (ended.state, item.state, item.resolution) == ("closed", "open", "")
    assert "second person" in screens.history(ended)[-1].note


def test_calling_off_is_a_supervisors_and_gives_the_item_back(town: Town) -> None:
    item = town.question(0, 9000)
    request = request_re_read(town.act(), item=item)
    with pytest.raises(NotPermitted):
        withdraw_request(town.act(), request=request)
    with pytest.raises(NoOutcome):
        withdraw_request(town.act("supervisor", reason=" "), request=request)
    ended = withdraw_request(town.act("supervisor", reason="flagged by mistake"), request=request)
    item.refresh_from_db()
    assert (ended.outcome, item.state) == ("flagged by mistake", "open")
    seen = walked(town, request_re_read(town.act(), item=town.question(1, 9000)), "read")
    with pytest.raises(NoSuchStep):
        withdraw_request(town.act("supervisor", reason="too late"), request=seen)


def test_an_item_stays_waiting_while_another_request_is_out_for_it(town: Town) -> None:
    item = town.question(0, 9000)
    first = request_re_read(town.act(), item=item)
    second = request_check(town.act(), item=item)
    withdraw_request(town.act("supervisor", reason="once is enough"), request=first)
    assert ReadException.objects.get(pk=item.pk).state == "waiting"
    withdraw_request(town.act("supervisor", reason="neither"), request=second)
    assert ReadException.objects.get(pk=item.pk).state == "open"


def limited(town: Town, house: int) -> FieldRequest:
    """A request that came of one estimate too many."""
    for number, on in enumerate((TODAY - timedelta(days=25), TODAY - timedelta(days=15)), 1):
        town.arrive(house, 6600 + 100 * number, on=on, estimated=True)
    town.derive(house)
    estimate_read(town.act(), item=town.missing(house))
    return FieldRequest.objects.get(kind="estimate_limit", register=town.registers[house])


def test_too_many_estimates_end_only_with_an_actual_read(town: Town) -> None:
    request = sent_out(town, limited(town, 1))
    record_no_access(town.act("reader"), request=request, reason="locked_gate")
    confirm_request(town.act(), request=request)
    with pytest.raises(NoActualRead):
        close_request(town.act(), request=request, outcome="nobody home again")
    assert FieldRequest.objects.get(pk=request.pk).state == "confirmed"
    town.arrive(1, 6990, on=TODAY + timedelta(days=1), estimated=True)
    with pytest.raises(NoActualRead):  # another estimate is no read
        close_request(town.act(), request=request, outcome="estimated")
    town.arrive(1, 7000, on=TODAY + timedelta(days=2))
    assert close_request(town.act(), request=request, outcome="read at last").state == "closed"


def test_an_edited_estimate_is_no_read_but_a_visit_is(town: Town) -> None:
    request = sent_out(town, limited(town, 1))
    record_no_access(town.act("reader"), request=request, reason="locked_gate")
    confirm_request(town.act(), request=request)
    item = question_read(town.act(), read=town.last(1))
    correct_read(town.act(), item=item, value=item.read.value)  # type: ignore[union-attr]
    assert (town.last(1).origin, town.last(1).estimated) == ("edited", True)
    with pytest.raises(NoActualRead):
        close_request(town.act(), request=request, outcome="read ok")
    legacy = town.arrive(1, 7010, on=TODAY + timedelta(days=1), status=Read.QUEUED)
    Read.objects.create(
        register=legacy.register, read_on=TODAY + timedelta(days=2), read_at=legacy.read_at, value=7010, deed=town.deed,
        origin=Read.EDITED, status=Read.ACCEPTED,
    )  # fmt: skip
    with pytest.raises(NoActualRead):  # edited by hand, and nobody saw the register
        close_request(town.act(), request=request, outcome="read ok")
    second = town.question(1, 7500)
    look = sent_out(town, request_re_read(town.act(), item=second))
    visit(town, look, 1, "7005")
    correct_request(town.act(), request=look)
    close_request(town.act(), request=look, outcome="misread")
    assert close_request(town.act(), request=request, outcome="read on the visit").state == "closed"


def test_a_visit_makes_a_corrected_estimate_a_read(town: Town) -> None:
    estimate = town.arrive(0, 7000, estimated=True)
    town.derive(0)
    item = question_read(town.act(), read=estimate)
    request = sent_out(town, request_re_read(town.act(), item=item))
    visit(town, request, 0, "7030")
    correct_request(town.act(), request=request)
    close_request(town.act(), request=request, outcome="read at last")
    assert (town.last(0).value, town.last(0).origin, town.last(0).estimated) == (7030, "edited", False)


@pytest.mark.parametrize("value", ["15500", "15499"])
def test_the_field_does_not_correct_around_the_second_signature(town: Town, value: str) -> None:
    item = town.question(0, 15500, cents=90_000)
    request = sent_out(town, request_re_read(town.act(), item=item))
    visit(town, request, 0, value)
    correct_request(town.act(), request=request, value=Decimal(value))
    close_request(town.act(), request=request, outcome="it is so")
    item.refresh_from_db()
    assert (item.state, item.resolution) == ("open", "")
    assert "second person" in screens.history(FieldRequest.objects.get(pk=request.pk))[-1].note


def test_what_nobody_saw_is_settled_in_words(town: Town) -> None:
    for settled in (confirm_request, correct_request):
        request = walked(town, request_re_read(town.act(), item=town.question(0, 9000)), "no_access")
        with pytest.raises(NoEvidence):
            settled(town.act(reason=" "), request=request)
        settled(town.act(reason="the customer sent a photo"), request=request)
        assert FieldRequest.objects.get(pk=request.pk).state in ("confirmed", "corrected")
        FieldRequest.objects.filter(pk=request.pk).update(state="closed", outcome="done")


def test_only_a_supervisor_ends_too_many_estimates_without_a_read(town: Town) -> None:
    request = sent_out(town, limited(town, 1))
    record_no_access(town.act("reader"), request=request, reason="locked_gate")
    confirm_request(town.act(), request=request)
    with pytest.raises(NoOutcome):
        close_request(town.act("supervisor"), request=request, outcome="")
    assert close_request(town.act("supervisor"), request=request, outcome="the house burned down").state == "closed"


def test_every_step_is_for_its_roles_only(town: Town) -> None:
    request = request_re_read(town.act(), item=town.question(0, 9000))
    for who in ("reader", "csr", "auditor", "cashier"):
        with pytest.raises(NotPermitted):
            approve_request(town.act(who), request=request)
    sent_out(town, request)
    with pytest.raises(NotPermitted):
        record_no_access(town.act("csr"), request=request, reason="dog")
    visit(town, request, 0, "9000")
    for who in ("reader", "csr"):
        with pytest.raises(NotPermitted):
            confirm_request(town.act(who), request=request)


def test_a_visit_says_what_it_saw_where_and_when(town: Town) -> None:
    request = sent_out(town, request_re_read(town.act(), item=town.question(0, 9000)))
    with pytest.raises(ReadNeeded):
        visit(town, request, 0, None, note="a dog")
    with pytest.raises(NotHere):
        visit(town, request, 3, "7000")
    with pytest.raises(CannotShow):
        visit(town, request, 0, "123456")
    for off in (-1, 1):
        with pytest.raises(WrongDay):
            visit(town, request, 0, "7000", on=TODAY + timedelta(days=off))
    check = sent_out(town, request_check(town.act(), item=town.question(1, 9000)))
    with pytest.raises(NothingSeen):
        visit(town, check, 1, None)
    assert visit(town, check, 1, None, note="glass is broken").state == "read"


def test_nobody_home_means_going_again(town: Town) -> None:
    request = walked(town, request_re_read(town.act(), item=town.question(0, 9000)), "no_access")
    assert dispatch_request(town.act(), request=request).state == "dispatched"
    notes = [step.note for step in screens.history(request)]
    assert "Dog" in notes


def test_asking_twice_is_one_request(town: Town) -> None:
    point = ServicePoint.objects.get(code="E-2")
    first = flag_request(town.act("reader", "the gate is gone"), service_point=point, kind="location")
    again = flag_request(town.act("csr", "caller says so too"), service_point=point, kind="location")
    assert first.pk == again.pk and first.steps.count() == 2
    with pytest.raises(FieldRefused):
        flag_request(town.act("csr"), service_point=point, kind="estimate_limit")
    with pytest.raises(NoOutcome):
        flag_request(town.act("csr", ""), service_point=point, kind="leak")


def test_owner_and_day(town: Town) -> None:
    request = request_re_read(town.act(), item=town.question(0, 9000))
    assert assign_request(town.act(), request=request, owner=town.staff["reader"]).owner == town.staff["reader"]
    with pytest.raises(NotTheirRequest):
        assign_request(town.act(), request=request, owner=town.staff["cashier"])
    later = TODAY + timedelta(days=9)
    assert postpone_request(town.act(reason="the street is closed"), request=request, due_on=later).due_on == later
    with pytest.raises(WrongDay):
        postpone_request(town.act(), request=request, due_on=TODAY - timedelta(days=1))


def test_a_list_goes_out_whole_or_not_at_all(town: Town) -> None:
    some = [request_re_read(town.act(), item=town.question(at, 9000)) for at in range(3)]
    assert approve_requests(town.act(), requests=some) == 3
    dispatch_request(town.act(), request=some[1])
    with pytest.raises(NoSuchStep):
        dispatch_requests(town.act(), requests=some, owner=town.staff["reader"])
    assert [FieldRequest.objects.get(pk=each.pk).state for each in some] == ["approved", "dispatched", "approved"]
    assert dispatch_requests(town.act(), requests=[some[0], some[2]], owner=town.staff["reader"]) == 2


def test_only_pictures_are_kept(town: Town) -> None:
    request = request_re_read(town.act(), item=town.question(0, 9000))
    attach_field_photo(town.act("reader"), request=request, content=b"\xff\xd8\xff\xe0 a picture")
    assert [each.content_type for each in screens.photos(request)] == ["image/jpeg"]
    with pytest.raises(NoPicture):
        attach_field_photo(town.act("reader"), request=request, content=b"%PDF-1.7")


def test_the_database_keeps_an_outcome_and_every_step(town: Town) -> None:
    request = request_re_read(town.act(), item=town.question(0, 9000))
    for statement in (
        "UPDATE metering_fieldrequest SET state = 'closed' WHERE id = %s",
        "DELETE FROM metering_fieldrequest WHERE id = %s",
        "UPDATE metering_fieldrequeststep SET note = 'x' WHERE request_id = %s",
        "DELETE FROM metering_fieldrequeststep WHERE request_id = %s",
    ):
        with pytest.raises(Exception), transaction.atomic(), connection.cursor() as cursor:  # noqa: B017
            cursor.execute(statement, [request.pk])
