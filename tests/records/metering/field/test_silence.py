"""Meters that fell silent get one ticket a place, which ends by itself when data comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from tests.records.metering.queue.town import BEGAN, TODAY, Town

from meterbook.records.metering.field import screens
from meterbook.records.metering.field.operations.end import end_silence
from meterbook.records.metering.field.operations.send import approve_request
from meterbook.records.metering.field.operations.silent import find_silent_meters
from meterbook.records.metering.field.refusals import NoOutcome, NoSuchStep
from meterbook.records.metering.field.silence import WrongSilencePolicy, parse, patience_on, talkers
from meterbook.records.metering.head_end.contract import Answer
from meterbook.records.metering.head_end.operations.record_answer import record_ping
from meterbook.records.metering.interval_data.store import interval_store
from meterbook.records.metering.models import AmiOptOut, FieldRequest, IntervalChannel, IntervalLoad, Meter, Read
from meterbook.records.metering.queue.operations.send_out import request_re_read
from meterbook.records.places.models import Route, ServicePoint
from meterbook.records.platform.deeds import Act


def with_intervals(town: Town, house: int) -> IntervalChannel:
    """The house's meter keeps intervals from now on."""
    register = town.registers[house]
    return IntervalChannel.objects.create(
        meter=register.meter, name="delivered", minutes=60, unit="kWh", decimals=3, register=register
    )


def load(town: Town, channel: IntervalChannel, *days: date, generation: int = 1) -> None:
    """An hour of each day came."""
    starts = [datetime(day.year, day.month, day.day, 20, tzinfo=UTC) for day in days]
    frame = pl.DataFrame(
        {"channel": [channel.pk] * len(days), "starts": starts, "minutes": [60] * len(days),
         "value": [500] * len(days), "quality": [0] * len(days)},
        schema={"channel": pl.Int64, "starts": pl.Datetime("us", "UTC"), "minutes": pl.Int32, "value": pl.Int64,
                "quality": pl.UInt8},
    )  # fmt: skip
    written = interval_store().write(frame, generation=generation)
    IntervalLoad.objects.create(
        generation=generation, kind="load", rows=written.rows, starts=min(starts),
        ends=max(starts) + timedelta(hours=1), deed=town.deed,
    )  # fmt: skip


def look(town: Town, on: date = TODAY) -> tuple[int, int, int, int]:
    found = find_silent_meters(Act(town.staff["billing"], on, "morning"), on=on)
    return found.talking, found.silent, found.raised, found.ended


def open_tickets() -> list[str]:
    rows = FieldRequest.objects.filter(kind="non_communicating").exclude(state="closed").order_by("service_point__code")
    return [row.service_point.code for row in rows]


def test_a_meter_without_a_radio_is_never_silent(town: Town) -> None:
    assert look(town) == (0, 0, 0, 0)


def test_the_ticket_comes_after_so_many_days_and_once(town: Town) -> None:
    channel = with_intervals(town, 0)
    load(town, channel, TODAY - timedelta(days=2))
    assert look(town) == (1, 0, 0, 0)
    assert look(town, TODAY + timedelta(days=1)) == (1, 1, 1, 0)
    assert look(town, TODAY + timedelta(days=1)) == (1, 1, 0, 0)
    assert look(town, TODAY + timedelta(days=2)) == (1, 1, 0, 0)
    request = FieldRequest.objects.get(kind="non_communicating")
    assert request.reason == f"E-0000: 3 days without data, last heard of {TODAY - timedelta(days=2)}"
    assert request.due_on == TODAY + timedelta(days=8)  # five business days


def test_it_ends_by_itself_when_data_comes_from_whatever_state(town: Town) -> None:
    channel = with_intervals(town, 0)
    load(town, channel, TODAY - timedelta(days=9))
    look(town)
    request = FieldRequest.objects.get(kind="non_communicating")
    approve_request(town.act(), request=request)
    load(town, channel, TODAY, generation=2)
    assert look(town, TODAY + timedelta(days=1)) == (1, 0, 0, 1)
    request.refresh_from_db()
    assert request.state == "closed" and f"last heard of {TODAY}" in request.outcome
    assert [step.state for step in screens.history(request)] == ["flagged", "approved", "closed"]
    # the next silence is another ticket
    assert look(town, TODAY + timedelta(days=3)) == (1, 1, 1, 0)
    assert FieldRequest.objects.filter(kind="non_communicating").count() == 2


def test_an_answer_to_a_ping_is_a_word_too(town: Town) -> None:
    Meter.objects.filter(pk=town.registers[1].meter_id).update(endpoint="ERT-77")
    Read.objects.filter(register=town.registers[1]).update(status="accepted")
    late = TODAY + timedelta(days=20)
    assert look(town, late) == (1, 1, 1, 0)  # its radio sent no read for forty days and more
    answer = Answer(True, datetime(late.year, late.month, late.day, 15, tzinfo=UTC))
    record_ping(town.act(), meter=town.registers[1].meter, head_end="x", answer=answer)
    assert look(town, late) == (1, 0, 0, 1)


def test_a_route_read_by_radio_counts_and_an_opt_out_does_not(town: Town) -> None:
    Route.objects.update(kind="ami")
    point = ServicePoint.objects.get(code="E-3")
    AmiOptOut.objects.create(
        service_point=point, left_route=Route.objects.get(), validity=(BEGAN, None), deed=town.deed
    )
    late = TODAY + timedelta(days=30)
    town.arrive(0, 7000, on=TODAY)
    town.arrive(2, 7000, on=TODAY, estimated=True)  # nobody heard of it
    assert look(town, late) == (7, 6, 6, 0)
    assert open_tickets() == ["E-1", "E-2", "E-4", "E-5", "E-6", "E-7"]


def test_a_new_meter_is_counted_from_the_day_it_was_hung(town: Town) -> None:
    Meter.objects.filter(pk=town.registers[0].meter_id).update(endpoint="ERT-1")
    Read.objects.filter(register=town.registers[0])
    (one,) = talkers(BEGAN + timedelta(days=10), patience_on(TODAY))
    assert one.heard is None and one.silent(BEGAN + timedelta(days=10)) == 10


def test_only_silence_ends_by_itself(town: Town) -> None:
    other = request_re_read(town.act(), item=town.question(0, 9000))
    with pytest.raises(NoSuchStep):
        end_silence(town.act("system", "data"), request=other)
    with_intervals(town, 1)
    look(town)
    silent = FieldRequest.objects.get(kind="non_communicating")
    with pytest.raises(NoOutcome):
        end_silence(town.act("system", " "), request=silent)


@pytest.mark.parametrize("wrong", [{}, {"intervals": {"water": "5"}}, {"intervals": {"water": 0}, "reads": {}}])
def test_a_wrong_policy_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongSilencePolicy, match="intervals"):
        parse(wrong)
