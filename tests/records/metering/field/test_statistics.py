"""What stands out among reads by people, gathered from the record."""

from __future__ import annotations

from datetime import timedelta

from tests.records.metering.queue.town import TODAY, Town

from meterbook.records.metering.field.operations.visit import record_no_access
from meterbook.records.metering.models import Read
from meterbook.records.metering.queue.operations.send_out import request_re_read
from meterbook.records.metering.reading_statistics.gather import by_reader, look, reads_by_people, route_codes


def rounded(town: Town, who: str, step: int, count: int, version: int) -> None:
    """Reads of somebody, each in whole steps, spread over the street and the year."""
    for at in range(count):
        house, on = at % 8, TODAY - timedelta(days=at // 8)
        Read.objects.create(
            register=town.registers[house], read_on=on, read_at=f"{on}T{9 + at % 8:02}:{at % 60:02}:00Z",
            value=10_000 + at * 137 // step * step, reader=who, version=version, origin="file", status="queued",
            deed=town.deed,
        )  # fmt: skip


def test_round_reads_stand_out_and_others_do_not(town: Town) -> None:
    rounded(town, "R. Soto", 10, 120, 50)
    rounded(town, "L. Park", 1, 120, 51)
    found = look(TODAY, since=TODAY - timedelta(days=30))
    said = {(row["reader"], row["measure"]) for row in found.found.iter_rows(named=True)}
    assert ("R. Soto", "round_tens") in said and ("R. Soto", "last_digits") in said
    assert not [each for each in said if each[0] == "L. Park"]
    assert set(found.found["route"].to_list()) == {next(iter(route_codes()))}


def test_who_reads_the_route_is_asked_where_the_read_names_nobody(town: Town) -> None:
    frame = reads_by_people(TODAY - timedelta(days=60), TODAY + timedelta(days=1))
    assert set(frame["reader"].to_list()) == {""}
    route = town.registers[0].meter.installations.get().service_point.route
    assert route is not None
    type(route).objects.filter(pk=route.pk).update(reader="R. Soto")
    frame = reads_by_people(TODAY - timedelta(days=60), TODAY + timedelta(days=1))
    assert set(frame["reader"].to_list()) == {"R. Soto"}
    type(route).objects.filter(pk=route.pk).update(kind="ami")
    assert reads_by_people(TODAY - timedelta(days=60), TODAY + timedelta(days=1)).is_empty()


def test_keyed_reads_know_no_minute_and_visits_count(town: Town) -> None:
    request = request_re_read(town.act(), item=town.question(0, 9000))
    from meterbook.records.metering.field.operations.send import approve_request, dispatch_request

    approve_request(town.act(), request=request)
    dispatch_request(town.act(), request=request)
    record_no_access(town.act("reader"), request=request, reason="dog")
    Read.objects.create(
        register=town.registers[1], read_on=TODAY, read_at=f"{TODAY}T19:00:00Z", value=7000, origin="keyed",
        version=9, deed=town.deed,
    )  # fmt: skip
    frame = reads_by_people(TODAY, TODAY + timedelta(days=1))
    assert frame.filter("no_access").height == 1
    assert frame.filter(register=town.registers[1].pk)["read_at"].to_list() == [None]
    (row,) = by_reader(look(TODAY, since=TODAY))
    assert (row["reads"], row["no_access"]) == (2, 1)
