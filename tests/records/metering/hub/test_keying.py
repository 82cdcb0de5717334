"""Reads keyed from a sheet: judged like any other, saved once, with reasons and photos beside them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.records.metering.yard import TODAY, Yard

from meterbook.records.metering.hub.expected import missing_registers, window_of
from meterbook.records.metering.hub.keying import photos_of, read_of, sheet, skipped_on, verdict
from meterbook.records.metering.hub.not_read import REASONS, Skipped, UnknownReason, reasons_on
from meterbook.records.metering.hub.operations.key_reads import (
    Keyed,
    KeyedBlock,
    NoPhoto,
    NotOnRoute,
    NotReadable,
    attach_photo,
    key_reads,
)
from meterbook.records.metering.models import FieldRequest, Read, ReadException
from meterbook.records.platform.models import Attachment

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def key(
    yard: Yard, *typed: tuple[str, str], route: str = "R1", skipped: tuple[tuple[str, str], ...] = ()
) -> KeyedBlock:
    return key_reads(
        yard.act(), route=yard.routes[route], on=yard.today, reader="R. Soto",
        reads=[Keyed(yard.register(serial).pk, Decimal(value)) for serial, value in typed],
        skipped=[Skipped(yard.register(serial).pk, yard.today, why, "R. Soto") for serial, why in skipped],
    )  # fmt: skip


def test_a_block_is_one_deed_and_names_its_reader(yard: Yard) -> None:
    done = key(yard, ("W-1", "124"), ("W-2", "227"), ("W-3", "99999"))
    assert (done.accepted, done.queued, done.unchanged) == (2, 1, 0)
    found = Read.objects.filter(read_on=TODAY)
    assert {each.origin for each in found} == {"keyed"} and {each.reader for each in found} == {"R. Soto"}
    assert len({each.deed_id for each in found}) == 1 and found[0].deed.kind == "metering.key_reads"
    assert ReadException.objects.get().read == read_of(yard.register("W-3").pk, TODAY, Decimal(99999))


def test_the_same_block_again_changes_nothing(yard: Yard) -> None:
    key(yard, ("W-1", "124"), ("W-3", "99999"))
    again = key(yard, ("W-1", "124"), ("W-3", "99999"))
    assert (again.accepted, again.queued, again.unchanged) == (0, 0, 2)
    assert Read.objects.filter(read_on=TODAY).count() == 2


def test_a_second_value_for_a_day_waits(yard: Yard) -> None:
    key(yard, ("W-1", "124"))
    again = key(yard, ("W-1", "125"))
    assert (again.accepted, again.queued) == (0, 1)
    assert [(value, status) for _, value, status in yard.reads("W-1")][-2:] == [(124, "accepted"), (125, "queued")]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [((("E-1", "1"),), NotOnRoute), ((("W-1", "12.5"),), NotReadable), ((("W-1", "9999999999"),), NotReadable)],
)
def test_nothing_of_a_refused_block_is_saved(yard: Yard, typed: tuple[tuple[str, str], ...], refusal: type) -> None:
    with pytest.raises(refusal):
        key(yard, ("W-2", "227"), *typed)
    assert not Read.objects.filter(read_on=TODAY).exists()


def test_a_day_to_come_cannot_be_keyed(yard: Yard) -> None:
    with pytest.raises(NotReadable):
        key_reads(yard.act(), route=yard.routes["R1"], on=TODAY + timedelta(1), reader="", reads=[])


def test_the_verdict_is_the_one_saving_comes_to(yard: Yard) -> None:
    for serial, value in (("W-1", "124"), ("W-2", "99999"), ("W-3", "0"), ("W-4", "415")):
        found = verdict(yard.register(serial).pk, Decimal(value), TODAY, TODAY)
        assert found is not None
        done = key(yard, (serial, value))
        assert found.holds == (done.queued == 1), (serial, found)
        item = ReadException.objects.filter(register=yard.register(serial)).first()
        if item is not None:
            assert (item.found_e6, item.expected_e6) == (found.used, found.expected)
            assert {each.rule for each in item.findings.all()} == {rule for rule, _, _ in found.objections}


def test_a_reason_leaves_a_field_request_and_later_ones_are_steps(yard: Yard) -> None:
    key(yard, skipped=(("W-1", "locked_gate"), ("W-2", "buried")))
    key(yard, skipped=(("W-1", "locked_gate"),))
    key(yard, skipped=(("W-1", "dog"),))
    gate = FieldRequest.objects.get(register=yard.register("W-1"))
    assert (gate.kind, gate.state, gate.reason) == ("re_read", "flagged", "Not read: Locked gate (R. Soto)")
    assert [step.note for step in gate.steps.order_by("id")] == [
        "Not read: Locked gate (R. Soto)", "Not read: Dog (R. Soto)",
    ]  # fmt: skip
    assert FieldRequest.objects.get(register=yard.register("W-2")).kind == "location"
    rows = sheet(yard.routes["R1"], TODAY)
    assert skipped_on(rows, TODAY) == {yard.register("W-1").pk: "dog", yard.register("W-2").pk: "buried"}
    point = rows[0].service_point
    assert reasons_on([point], TODAY - timedelta(9), TODAY - timedelta(1)) == {}
    assert len(list(missing_registers(yard.cycle, window_of(yard.cycle, TODAY)))) == 8


def test_an_unknown_reason_is_refused_whole(yard: Yard) -> None:
    with pytest.raises(UnknownReason, match="locked_gate"):
        key(yard, ("W-1", "124"), skipped=(("W-2", "tired"),))
    assert not Read.objects.filter(read_on=TODAY).exists()


def test_every_reason_asks_for_a_kind_of_request_there_is() -> None:
    assert {kind for _, kind in REASONS.values()} <= set(FieldRequest.KINDS)


def test_a_photo_stays_with_its_read(yard: Yard) -> None:
    key(yard, ("W-1", "124"))
    read = read_of(yard.register("W-1").pk, TODAY, Decimal(124))
    assert read is not None
    kept = [attach_photo(yard.act(), read=read, content=PNG) for _ in range(2)]
    assert kept[0].pk == kept[1].pk and kept[0].content_type == "image/png"
    assert photos_of([read.pk]) == {read.pk: [kept[0].pk]}
    assert Attachment.objects.get(pk=kept[0].pk).subject == f"read:{read.pk}"
    for wrong in (b"<svg onload=alert(1)>", b"GIF89a", b"", b"\xff\xd8\xff" + b"0" * 11 * 2**20):
        with pytest.raises(NoPhoto):
            attach_photo(yard.act(), read=read, content=wrong)


def test_the_sheet_walks_the_route(yard: Yard) -> None:
    rows = sheet(yard.routes["R1"], TODAY)
    assert [row.serial for row in rows] == [f"W-{at}" for at in range(1, 7)]
    assert (rows[0].before, rows[0].before_on, rows[0].read, rows[0].longest) == (
        112,
        TODAY.replace(month=7, day=6),
        None,
        5,
    )
    key(yard, ("W-1", "124"))
    first = sheet(yard.routes["R1"], TODAY)[0]
    assert (first.value, first.status, first.before) == (124, "accepted", 112)
