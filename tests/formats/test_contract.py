"""The words all formats share, and that every format is found by its folder and tells the truth in its samples."""

from __future__ import annotations

import datetime as dt
import doctest
import importlib
import pkgutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import meterbook.formats
from meterbook.formats.contract import (
    Format,
    IntervalBlock,
    ParsedPayments,
    ParsedReads,
    ReadRecord,
    WrongFormat,
    csv_rows,
    in_local_time,
    to_utc,
    utf8_text,
)
from meterbook.formats.registry import UnknownFormat, any_format, by_folder, discover, payment_format, read_format

FOLDER = Path(meterbook.formats.__path__[0])
SAMPLES = sorted(each for each in FOLDER.glob("*/samples/**/*") if each.is_file())
MODULES = sorted(each.name for each in pkgutil.walk_packages(meterbook.formats.__path__, "meterbook.formats."))


def format_of(sample: Path) -> Format[Any]:
    """Samples lie in the folder of their format; those of a folder of several in a folder of the format's name."""
    if sample.parent.name != "samples":
        return any_format(sample.parent.name)
    (only,) = by_folder()[sample.parents[1].name]
    return only


def test_every_folder_is_a_format() -> None:
    folders = {each.name for each in FOLDER.iterdir() if (each / "__init__.py").is_file()}
    assert set(by_folder()) == folders
    assert sorted(discover()) == sorted(each.name for declared in by_folder().values() for each in declared)


def test_every_format_has_a_good_and_a_refused_sample() -> None:
    kinds = {(format_of(sample).name, sample.name.split("-")[0]) for sample in SAMPLES}
    assert {(name, kind) for name in discover() for kind in ("good", "refused")} <= kinds


def test_formats_are_asked_for_by_name_and_kind() -> None:
    assert read_format("beacon").kind == "reads"
    assert payment_format("lockbox").kind == "payments"
    assert any_format("scanline").kind == "scanline"
    with pytest.raises(UnknownFormat, match=r"no reads format 'lockbox'; known: .*beacon"):
        read_format("lockbox")
    with pytest.raises(UnknownFormat, match=r"no format 'fax'; known: .*beacon.*lockbox"):
        any_format("fax")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: f"{each.parents[1].name}/{each.name}")
def test_each_sample_does_what_its_name_says(sample: Path) -> None:
    parse = format_of(sample).parse
    kind = sample.name.split("-")[0]
    assert kind in {"good", "problems", "refused"}
    if kind == "refused":
        with pytest.raises(WrongFormat) as refusal:
            parse(sample.read_bytes())
        assert refusal.value.field and refusal.value.expected
        return
    parsed = parse(sample.read_bytes())
    if isinstance(parsed, ParsedReads | ParsedPayments):
        assert bool(parsed.problems) == (kind == "problems")
        if isinstance(parsed, ParsedReads):
            troubled = {problem.line for problem in parsed.problems}
            assert parsed.rows == len(parsed.records) + len(parsed.intervals) + len(parsed.nonreads) + len(troubled)
        assert all(problem.line > 1 and problem.field and problem.expected for problem in parsed.problems)


def values_of(parsed: Any) -> int:
    """How many values a parsed file carries, whatever its kind."""
    if isinstance(parsed, ParsedReads):
        blocks = sum(len(block.values) for block in parsed.intervals)
        return len(parsed.records) + len(parsed.nonreads) + blocks
    return len(parsed.records) if isinstance(parsed, ParsedPayments) else len(parsed)


DAMAGED = [
    each
    for each in SAMPLES
    if each.name.startswith("good-") and format_of(each).kind in ("reads", "routes", "payments", "statements")
]


@pytest.mark.parametrize("sample", DAMAGED, ids=lambda each: f"{format_of(each).name}/{each.name}")
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_byte_more_or_less_never_loses_a_value_silently(sample: Path, data: st.DataObject) -> None:
    """It refuses the file, is a problem, or leaves every value: never a crash, never fewer values without a word."""
    whole, parse = sample.read_bytes(), format_of(sample).parse
    at = data.draw(st.integers(0, len(whole) - 1))
    twice = data.draw(st.booleans())
    try:
        parsed = parse(whole[:at] + (whole[at : at + 1] * 2 if twice else b"") + whole[at + 1 :])
    except WrongFormat:
        return
    assert getattr(parsed, "problems", None) or values_of(parsed) >= values_of(parse(whole))


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize(
    ("data", "field", "line"),
    [
        (b"", "file", 0),
        (b" \r\n\n", "file", 0),
        (b"\xef\xbb\xbf", "file", 0),
        ("meter\nPeña".encode("latin-1"), "encoding", 2),
        ("meter".encode("utf-16"), "encoding", 1),
        (b"PK\x03\x04\xff", "encoding", 1),
        (b"a\nb\x00", "encoding", 2),
    ],
)
def test_what_is_not_utf8_text_is_refused_by_name(data: bytes, field: str, line: int) -> None:
    with pytest.raises(WrongFormat) as refusal:
        utf8_text(data)
    assert (refusal.value.field, refusal.value.line) == (field, line)


def test_rows_keep_their_first_line_and_their_raw_text() -> None:
    text = 'a,b\r\n"two\nlines",1\n\n"say ""hi""",2'
    assert list(csv_rows(text)) == [
        (1, ["a", "b"], "a,b"),
        (2, ["two\nlines", "1"], '"two\nlines",1'),
        (5, ['say "hi"', "2"], '"say ""hi""",2'),
    ]


@pytest.mark.parametrize("text", ['a\n"b', 'a\n"b"c,d\n', 'a\n"' + "x\n" * 90_000])
def test_unbalanced_quotes_are_refused_where_they_open(text: str) -> None:
    with pytest.raises(WrongFormat, match="quotes do not balance") as refusal:
        list(csv_rows(text))
    assert refusal.value.line == 2


def block(**changes: object) -> IntervalBlock:
    facts: dict[str, object] = {
        "line": 1, "meter_serial": "E-1", "channel": "", "starts_at": naive("2026-03-08 00:00"), "clock": "local",
        "minutes": 60, "unit": "kWh", "values": (Decimal(1),), "flags": ("actual",),
    }  # fmt: skip
    return IntervalBlock(**(facts | changes))  # type: ignore[arg-type]


def naive(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"values": (), "flags": ()},
        {"flags": ()},
        {"minutes": 0},
        {"values": (None,)},
        {"flags": ("missing",)},
        {"clock": "utc"},
        {"clock": "standard", "starts_at": naive("2026-03-08 00:00").replace(tzinfo=dt.UTC)},
    ],
)
def test_a_block_of_intervals_cannot_contradict_itself(changes: dict[str, object]) -> None:
    block()
    with pytest.raises(ValueError):
        block(**changes)


@pytest.mark.parametrize(
    ("clock", "text", "instant"),
    [
        ("local", "2026-01-10 00:00", "2026-01-10 08:00"),
        ("local", "2026-07-10 00:00", "2026-07-10 07:00"),
        ("local", "2026-11-01 01:30", "2026-11-01 08:30"),  # happens twice: the first
        ("local", "2026-03-08 02:30", "2026-03-08 10:30"),  # never happens: an hour later on the clock
        ("standard", "2026-07-10 00:00", "2026-07-10 08:00"),
        ("standard", "2026-03-08 02:30", "2026-03-08 10:30"),
    ],
)
def test_a_time_of_a_clock_is_one_instant(clock: Any, text: str, instant: str) -> None:
    assert to_utc(naive(text), clock=clock, timezone="America/Los_Angeles") == naive(instant).replace(tzinfo=dt.UTC)


def test_standard_time_south_of_the_equator_is_the_smaller_offset() -> None:
    found = to_utc(naive("2026-01-01 00:00"), clock="standard", timezone="Australia/Sydney")
    assert found == dt.datetime(2025, 12, 31, 14, tzinfo=dt.UTC)


def test_reads_of_another_clock_become_local() -> None:
    def read(clock: Any) -> ReadRecord:
        at = naive("2026-06-03 06:00")
        return ReadRecord(1, "W-1", "", at.date(), at, Decimal(4), "ccf", "actual", "", clock=clock)

    parsed = ParsedReads([read("utc"), read("local"), read("standard")], [], 3)
    found = in_local_time(parsed, timezone="America/Los_Angeles").records
    assert [str(each.read_at) for each in found] == [
        "2026-06-02 23:00:00",
        "2026-06-03 06:00:00",
        "2026-06-03 07:00:00",
    ]
    assert [each.read_on.day for each in found] == [2, 3, 3]
    assert {each.clock for each in found} == {"local"}
    assert in_local_time(ParsedReads([read("local")], [], 1), timezone="UTC").records == [read("local")]
