"""The figures of `bench vee` rest on labels that are faults, files that are honest elsewhere, a score that can fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from meterbook.demo.bench.vee import channels, city, intervals, measured, registers
from meterbook.demo.bench.vee.answers import INTERVALS, READS
from meterbook.demo.bench.vee.impossible import Piece, impossible
from meterbook.demo.bench.vee.labels import IMPOSSIBLE, Fault, Shown, effect_of, is_material, most_a_day
from meterbook.demo.bench.vee.score import Truth, score
from meterbook.formats.registry import read_format

ZONE = ZoneInfo("America/Los_Angeles")
ON = date(2025, 11, 3)
HOME = Shown("E-1", "delivered", "electricity", "house", "2S", "owner", "plain", "E-1", "R01", 1, 5, 0, 1, 54_000,
             54_700, 31)  # fmt: skip
Rows = dict[tuple[str, str], Shown]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return city.shown_in(measured.MeasuredCity(accounts=4_000, seed=5), measured.MONTH)


@pytest.fixture(scope="module")
def injected(rows: Rows) -> tuple[registers.Planned, registers.Injected]:
    planned = registers.plan(rows, seed=11)
    return planned, registers.inject(rows, planned, seed=11)


@pytest.mark.parametrize(
    ("told", "effect", "material"),
    [
        (54_700, "mild", False), (54_720, "mild", False), (54_070, "sank", True), (54_000, "sank", True),
        (57_400, "soared", True), (53_990, "fell", True), (3_700, "wrapped", True), (547_000, "beyond", True),
        (54_960, "mild", True), (54_850, "mild", False),
    ],
)  # fmt: skip
def test_what_a_read_does_and_whether_it_matters(told: int, effect: str, material: bool) -> None:
    assert (effect_of(HOME, told), is_material(HOME, told)) == (effect, material)


def test_every_label_is_a_wrong_read_of_its_own_register(
    rows: Rows, injected: tuple[registers.Planned, registers.Injected]
) -> None:
    _, into = injected
    kinds = Counter(fault.kind for fault in into.faults)
    kinds["stopped"] += kinds.pop("stopped_once")
    assert kinds == registers.QUOTAS
    assert len({fault.key for fault in into.faults}) == len(into.faults)
    for fault in into.faults:
        if fault.told >= 0 and not fault.kind.startswith("stopped"):
            assert fault.told != rows[fault.key].now and is_material(rows[fault.key], fault.told)
    assert into.immaterial > 0, "some slips change nothing anybody could find"


def test_registers_without_a_label_are_told_as_they_are(
    rows: Rows, injected: tuple[registers.Planned, registers.Injected]
) -> None:
    _, into = injected
    labelled = {fault.key for fault in into.faults}
    assert {*into.told, *into.second, *into.old, *into.estimated} <= labelled
    rolling = {key for key, one in rows.items() if one.rolls}
    assert len(rolling) > 10, "registers that truly pass 0 are innocent"
    assert not rolling & labelled


def test_another_seed_draws_other_faults(rows: Rows, injected: tuple[registers.Planned, registers.Injected]) -> None:
    planned, into = injected
    assert registers.inject(rows, planned, seed=11).faults == into.faults
    other = registers.inject(rows, registers.plan(rows, seed=12), seed=12)
    assert {fault.key for fault in other.faults} != {fault.key for fault in into.faults}


def test_a_swap_tells_each_meter_the_other_ones_read(
    rows: Rows, injected: tuple[registers.Planned, registers.Injected]
) -> None:
    swapped = [fault for fault in injected[1].faults if fault.kind == "swapped"]
    for one, other in zip(swapped[::2], swapped[1::2], strict=True):
        assert (one.told, other.told) == (rows[other.key].now, rows[one.key].now)
        assert rows[one.key].route == rows[other.key].route


@pytest.fixture(scope="module")
def sent(rows: Rows) -> tuple[list[channels.Channel], list[intervals.Sent], list[Fault]]:
    able = list(rows.values())
    drawn = channels.channels(able, month=measured.MONTH, read_day=measured.READ_DAY, seed=11)
    return drawn, *intervals.inject(drawn, seed=11)


def test_honest_intervals_are_what_the_register_counted(
    sent: tuple[list[channels.Channel], list[intervals.Sent], list[Fault]],
) -> None:
    for one in sent[0][::40]:
        since = datetime.combine(date(2025, 10, 3), time(12), ZONE)
        hour = time(9, 15) if one.register.commodity == "electricity" else time(6)
        until = datetime.combine(ON, hour, ZONE)
        total = sum(value for at, value in zip(one.starts, one.values, strict=True) if since <= at < until)
        digits = 10 ** (channels.DECIMALS[one.register.commodity] - one.register.decimals)
        assert abs(total - one.register.used * digits) <= 1
        assert len(one.of_day(channels.CHANGE)) == 25 * 60 // one.minutes


def test_interval_faults_are_labelled_once_and_2000_in_all(
    sent: tuple[list[channels.Channel], list[intervals.Sent], list[Fault]],
) -> None:
    faults = sent[2]
    assert Counter(fault.kind for fault in faults) == intervals.QUOTAS
    assert sum(registers.QUOTAS.values()) + sum(intervals.QUOTAS.values()) == 2_000
    days = [(fault.key, day) for fault in faults for day in fault.days]
    assert len(days) == len(set(days))
    assert all(channels.FIRST <= day <= channels.LAST for _, day in days)


def test_the_head_ends_file_is_one_the_importer_reads(
    sent: tuple[list[channels.Channel], list[intervals.Sent], list[Fault]],
) -> None:
    some = sent[1][:6]
    parsed = read_format("cmep").parse(intervals.file_of(some, stamp=datetime(2025, 11, 4, 12, tzinfo=UTC)))
    assert not parsed.problems
    count = sum(len(block.values) for block in parsed.intervals)
    told = [value for one in some for _, value in (*one.values, *one.again, *one.received)]
    assert count == sum(value is not None for value in told)


def test_rules_answer_for_kinds_that_are_injected() -> None:
    every = [Fault(kind, ("E-1", "delivered"), effect, too_much=True)
             for kind in (*registers.QUOTAS, "stopped_once", *intervals.QUOTAS)
             for effect in ("fell", "wrapped", "beyond", "soared", "none")]  # fmt: skip
    for name, answers in {**READS, **INTERVALS}.items():
        assert any(answers(fault) for fault in every), name


def _said(*rows: tuple[str, str, bool, date]) -> pl.DataFrame:
    schema = {"rule": pl.String, "serial": pl.String, "channel": pl.String, "intervals": pl.Boolean, "on": pl.Date,
              "holds": pl.Boolean}  # fmt: skip
    told = [(rule, serial, "delivered", of_days, on, True) for rule, serial, of_days, on in rows]
    return pl.DataFrame(told, schema=schema, orient="row")


def test_the_score_counts_what_was_found_and_what_was_said_of_nothing() -> None:
    first, second, third = (("E-1", "delivered"), ("E-2", "delivered"), ("E-3", "delivered"))
    truth = Truth(
        [Fault("no_read", first), Fault("no_read", second)], [Fault("spike", third, days=(ON,))], set(), set()
    )
    said = _said(("missing", "E-1", False, ON), ("missing", "E-9", False, ON), ("spike", "E-3", True, ON),
                 ("spike", "E-3", True, date(2025, 11, 1)))  # fmt: skip
    found = score(truth, said, honest=10)
    assert found["rules"]["missing"] == {"recall": 0.5, "precision": 0.5, "targets": 2, "found": 1, "flags": 2}
    assert found["rules"]["spike"] == {"recall": 1.0, "precision": 0.5, "targets": 1, "found": 1, "flags": 2}
    assert found["rules"]["duplicate"]["recall"] is None
    assert (found["caught_by_any"], found["honest_held"]) == (0.667, 0.1)


PIECE = Piece(HOME.key, "electricity", "2S", 5, 1, date(2025, 10, 3), ON, Decimal(54_000), Decimal(54_700), 700_000_000)


@pytest.mark.parametrize(
    ("piece", "why"),
    [
        (replace(PIECE, quantity_e6=-1), "less than nothing"),
        (replace(PIECE, quantity_e6=most_a_day("electricity", "2S", 1) * 31 + 1), "more than can pass"),
        (replace(PIECE, last=Decimal(100_000)), "more digits than dials"),
        (replace(PIECE, starts=ON), "two reads of one day"),
        (replace(PIECE, last=Decimal(53_990)), "a read that cannot be true"),
    ],
)
def test_billed_usage_that_cannot_be_is_seen(piece: Piece, why: str) -> None:
    fault = Fault("misread_digit", HOME.key, "fell", told=53_990)
    assert fault.effect in IMPOSSIBLE
    found = impossible([piece], [fault], {HOME.key: HOME}, ON)
    assert any(sentence.endswith(why) for sentence in found)
    assert impossible([PIECE], [fault], {HOME.key: HOME}, ON) == []


def test_a_day_billed_twice_is_seen() -> None:
    assert len(impossible([PIECE, PIECE], [], {HOME.key: HOME}, ON)) == 2
