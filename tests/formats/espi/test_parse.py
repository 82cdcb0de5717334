"""Green Button: the published samples, the schema, links, codes, and what becomes a problem."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from meterbook.formats import espi
from meterbook.formats.contract import IntervalBlock, ReadRecord, WrongFormat
from meterbook.formats.espi import parse, write
from meterbook.formats.espi.dst import decode, encode, rules_of
from meterbook.formats.espi.feed import path_of
from meterbook.formats.judge import judge

UPDATED = dt.datetime(2026, 6, 3, 15, 15, tzinfo=dt.UTC)
ZONE = "America/Los_Angeles"
GOOD = (Path(espi.__path__[0]) / "samples" / "good-water-and-solar.xml").read_bytes()

#: Values (by the sample's own numbers, times its power of ten) of each published sample.
SAMPLES = {
    "12MonthlyUpdates": (366, "kWh"), "15minLP_15Days": (1340, "kWh"), "1dayLP_45Days": (45, "kWh"),
    "1hrLP_32Days": (768, "kWh"), "1hrLP_32DaysNoCost": (768, "kWh"), "BatchFeedThreeUsagePoints_M": (384, "kWh"),
    "Electric": (2, "kWh"), "Gas": (13, "therm"), "MonthlyOnlyElectricData": (14, "kWh"), "Water": (2, "gal"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_the_published_samples_are_read(name: str, reference: Callable[[str], bytes]) -> None:
    data = reference(f"greenbutton/samples/{name}.xml")
    assert judge(espi.FORMAT, data).valid
    parsed = parse(data)
    values = [value for block in parsed.intervals for value in block.values]
    assert (len(values), {block.unit for block in parsed.intervals}) == (SAMPLES[name][0], {SAMPLES[name][1]})
    # Counted another way: every IntervalReading of the text, its value as it stands.
    said = [int(each) for each in re.findall(rb"<value>\s*(-?\d+)\s*</value>\s*</IntervalReading>", data)]
    scales = {int(each) for each in re.findall(rb"</phase>\s*<powerOfTenMultiplier>(-?\d+)<", data)} or {0}
    if len(scales) == 1 and SAMPLES[name][1] == "kWh":
        scale = scales.pop()
        found = sorted(int(value.scaleb(3 - scale)) for value in values if value is not None)
        assert found == sorted(said)


def test_one_value_of_a_sample_by_hand(reference: Callable[[str], bytes]) -> None:
    water = parse(reference("greenbutton/samples/Water.xml")).intervals[0]
    assert (water.meter_serial, water.channel, water.values) == (
        "01",
        "",
        (Decimal(27_291_000),),
    )  # 27291 × 10³ gallons
    assert (water.starts_at, water.minutes) == (dt.datetime(2012, 4, 1, 4, tzinfo=dt.UTC), 30 * 24 * 60)
    solar = parse(reference("greenbutton/samples/BatchFeedThreeUsagePoints_M.xml")).intervals
    assert [(block.meter_serial, block.channel) for block in solar][:2] == [
        ("4284792", "delivered"), ("4284792", "received"),
    ]  # fmt: skip
    assert solar[0].values[:2] == (Decimal("0.155"), Decimal("0.180"))


@pytest.fixture(scope="module")
def schema() -> Callable[[bytes], None]:
    """The published schemas, W3C's xml.xsd replaced by a stub; a function that raises for an invalid feed."""
    folder = Path(__file__).parents[4] / "shared" / "data" / "greenbutton" / "schema"
    if not folder.is_dir():
        pytest.skip("reference data absent: ../shared/data/greenbutton/schema")
    stub = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">'
        '<xs:attribute name="base" type="xs:anyURI"/><xs:attribute name="lang" type="xs:language"/></xs:schema>'
    )

    class Local(etree.Resolver):
        def resolve(self, url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
            if "xml.xsd" in url:
                return self.resolve_string(stub, context, base_url=url)
            name = url.rpartition("/")[2]
            text = (folder / name).read_text(encoding="utf-8-sig") if (folder / name).is_file() else None
            return None if text is None else self.resolve_string(text.partition("?>")[2], context, base_url=url)

    both = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:import namespace="http://www.w3.org/2005/Atom" schemaLocation="atom.xsd"/>'
        '<xs:import namespace="http://naesb.org/espi" schemaLocation="usage.xsd"/></xs:schema>'
    )
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    whole = etree.XMLSchema(etree.fromstring(both, parser, base_url=f"{folder}/both.xsd"))

    def check(data: bytes) -> None:
        root = etree.parse(io.BytesIO(data)).getroot()
        assert root.findall("{*}entry/{*}content/*")
        whole.assertValid(root)

    return check


SERIALS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, fold=0)
)
FLOWS = st.sampled_from(
    [("kWh", "delivered"), ("kWh", "received"), ("kWh", ""), ("kVARh", "reactive"), ("kVAh", "apparent"), ("kW", "net"),
     ("cf", ""), ("gal", ""), ("m3", ""), ("therm", "")]
)  # fmt: skip
VALUES = st.lists(
    st.one_of(
        st.tuples(st.decimals(-1000, 99_999, places=3), st.sampled_from(["actual", "edited", "estimated"])),
        st.just((None, "missing")),
    ),
    min_size=1,
    max_size=20,
)


@st.composite
def blocks(draw: st.DrawFn) -> IntervalBlock:
    unit, channel = draw(FLOWS)
    values, flags = zip(*draw(VALUES), strict=True)
    return IntervalBlock(
        0, draw(SERIALS), channel, draw(MOMENTS).replace(tzinfo=dt.UTC), "utc", draw(st.sampled_from([15, 60, 1440])),
        unit, values, flags,
    )  # fmt: skip


@st.composite
def reads(draw: st.DrawFn) -> ReadRecord:
    unit, channel = draw(FLOWS)
    at = draw(MOMENTS)
    return ReadRecord(
        0, draw(SERIALS), channel, at.date(), at, draw(st.decimals(0, 99_999_999, places=2)), unit,
        draw(st.sampled_from(["actual", "estimated"])), "", clock="utc",
    )  # fmt: skip


def bare(row: Any) -> str:
    """Without where it stood in the file, as text to sort by."""
    facts = {name: getattr(row, name) for name in row.__slots__ if name not in ("line", "raw")}
    normal = {name: tuple(value) if isinstance(value, tuple) else value for name, value in facts.items()}
    if "values" in normal:
        normal["values"] = [None if value is None else f"{value.normalize() + 0:f}" for value in row.values]
    else:
        normal["value"] = f"{row.value.normalize() + 0:f}"
    return repr(normal)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(blocks() | reads(), min_size=1, max_size=5))
def test_what_is_written_fits_the_schema_and_is_read_back(
    rows: list[IntervalBlock | ReadRecord], schema: Callable[[bytes], None]
) -> None:
    data = write(rows, updated=UPDATED, timezone=ZONE)
    schema(data)
    parsed = parse(data)
    assert (parsed.problems, parsed.rows) == ([], len(rows))
    found: list[Any] = [*parsed.records, *parsed.intervals]
    assert sorted(map(bare, found)) == sorted(map(bare, rows))


def test_our_sample_fits_the_schema(schema: Callable[[bytes], None]) -> None:
    schema(GOOD)


def test_the_schema_does_say_no(schema: Callable[[bytes], None]) -> None:
    with pytest.raises(etree.DocumentInvalid):
        schema(GOOD.replace(b"<uom>", b"<uoms>").replace(b"</uom>", b"</uoms>"))


@settings(deadline=None)
@given(st.lists(blocks() | reads(), min_size=1, max_size=2), st.data())
def test_a_byte_more_or_less_never_loses_a_value_silently(
    rows: list[IntervalBlock | ReadRecord], data: st.DataObject
) -> None:
    whole = write(rows, updated=UPDATED, timezone=ZONE)
    at = data.draw(st.integers(0, len(whole) - 1))
    twice = data.draw(st.booleans())
    damaged = whole[:at] + (whole[at : at + 1] * 2 if twice else b"") + whole[at + 1 :]
    try:
        parsed = parse(damaged)
    except WrongFormat:
        return
    values = len(parsed.records) + sum(len(block.values) for block in parsed.intervals)
    assert parsed.problems or values >= sum(len(row.values) if isinstance(row, IntervalBlock) else 1 for row in rows)


def test_our_sample_in_full() -> None:
    parsed = parse(GOOD)
    assert parsed.problems == []
    assert [(each.meter_serial, each.channel, each.unit, each.minutes) for each in parsed.intervals] == [
        ("E-200103", "delivered", "kWh", 15), ("E-200103", "received", "kWh", 15), ("W-300007", "", "gal", 60),
    ]  # fmt: skip
    assert parsed.intervals[0].values == (Decimal("0.25"), Decimal("0.3"), None, Decimal("0.5"))
    assert parsed.intervals[0].flags == ("actual", "estimated", "missing", "edited")
    (read,) = parsed.records
    assert (read.meter_serial, read.register, read.value, read.clock) == (
        "E-200103",
        "delivered",
        Decimal(10482),
        "utc",
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "found"),
    [
        (b"<uom>72<", b"<uom>99<", "uom", "99"),
        (b"<uom>72<", b"<uom>x<", "uom", "x"),
        (b"<powerOfTenMultiplier>", b"<powerOfTenMultiplier>4", "powerOfTenMultiplier", "4"),
        (b"Behaviour>4<", b"Behaviour>14<", "accumulationBehaviour", "14"),
        (b"<value>250<", b"<value>25.0<", "value", "25.0"),
        (b"<value>250<", b"<value>1e3<", "value", "1e3"),
        (b"<value>10482000<", b"<value>-1<", "value", "-1"),
        (b"<value>10482000</value>", b"", "value", ""),
        (b"<duration>900<", b"<duration>0<", "duration", "0"),
        (b"<duration>900<", b"<duration>910<", "duration", "910"),
        (b"<start>1780384500<", b"<start>1780384501<", "start", "1780384501"),
        (b"<start>1780384500<", b"<start>1780383600<", "start", "2026-06-02T07:00:00Z"),
        (b"<start>1780384500<", b"<start>17803845000<", "start", "17803845000"),
        (b"<quality>8<", b"<quality>3<", "quality", "3"),
        (b'up" href="UsagePoint/E-200103/MeterReading/2/', b'up" href="UsagePoint/E-200103/MeterReadin/2/', "link",
         "UsagePoint/E-200103/MeterReadin"),
        (b"related\" href=\"ReadingType/E-200103-1", b"related\" href=\"ReadingType/9", "link",
         "UsagePoint/E-200103/MeterReading/1/IntervalBlock, ReadingType/9"),
        (b"<IntervalBlock xmlns=\"http://naesb.org/espi\"", b"<IntervalBlock xmlns=\"http://naesb.org/esp\"", "content",
         "{http://naesb.org/esp}IntervalBlock"),
        (b"<dstStartRule>360E2000", b"<dstStartRule>060E2000", "dstStartRule", "060E2000"),
        (b"<tzOffset>-28800", b"<tzOffset>-288000", "tzOffset", "-288000"),
    ],
)  # fmt: skip
def test_a_bad_field_is_a_problem_of_its_block(old: bytes, new: bytes, field: str, found: str) -> None:
    assert old in GOOD
    parsed = parse(GOOD.replace(old, new))
    assert parsed.problems and {problem.field for problem in parsed.problems} == {field}
    assert all(problem.found.startswith(found) and problem.expected for problem in parsed.problems)
    assert parsed.rows == len(parsed.intervals) + len(parsed.records) + len({each.line for each in parsed.problems})


def test_readings_outside_the_period_of_their_block_are_a_problem() -> None:
    damaged = GOOD.replace(
        b"<duration>3600</duration>\n          <start>1780383600<",
        b"<duration>2700</duration>\n          <start>1780383600<",
    )
    assert damaged != GOOD
    assert {problem.field for problem in parse(damaged).problems} == {"interval"}


def test_readings_with_a_hole_or_another_length_become_blocks_of_their_own() -> None:
    block = IntervalBlock(0, "E-1", "", UPDATED.replace(minute=0), "utc", 60, "kWh", (Decimal(1),) * 4, ("actual",) * 4)
    data = write([block], updated=UPDATED, timezone=ZONE)
    start = int(block.starts_at.timestamp())
    reading = re.compile(
        rb"\s*<IntervalReading>(?:(?!</IntervalReading>).)*<start>%d<.*?</IntervalReading>" % (start + 3600), re.S
    )
    assert [each.values for each in parse(reading.sub(b"", data)).intervals] == [(Decimal(1),), (Decimal(1),) * 2]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "XML"),
        (b"<", "XML"),
        (GOOD[:-20], "XML"),
        (b"<a/>", "root"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "IntervalBlock"),
        (b'<!DOCTYPE feed [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>', "DOCTYPE"),
        (b'<!DOCTYPE feed SYSTEM "http://127.0.0.1:9/x.dtd"><feed xmlns="http://www.w3.org/2005/Atom"/>', "DOCTYPE"),
        (GOOD.decode().encode("utf-16"), ""),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, field: str) -> None:
    if not field:  # XML in another declared encoding is XML
        text = GOOD.decode().replace("encoding='UTF-8'", "encoding='UTF-16'")
        assert parse(text.encode("utf-16")).rows == parse(GOOD).rows
        return
    with pytest.raises(WrongFormat) as refusal:
        parse(data)
    assert refusal.value.field == field and refusal.value.expected


def test_absolute_and_relative_links_compare() -> None:
    absolute = GOOD.replace(b'rel="up" href="UsagePoint', b'rel="up" href="https://u.example/UsagePoint')
    assert absolute != GOOD and parse(absolute).rows == parse(GOOD).rows
    assert path_of("http://[broken") == "http://[broken"


@pytest.mark.parametrize("year", [2007, 2026, 2031])
def test_rules_of_summer_time_are_those_of_the_samples(year: int) -> None:
    assert rules_of("America/New_York", year) == (-18000, 3600, "360E2000", "B40E2000")


@given(st.integers(0, 2**32 - 1))
def test_a_rule_that_can_be_read_is_written_back(bits: int) -> None:
    text = f"{bits:08X}"
    rule = decode(text)
    assert rule is None or encode(rule) == text


@pytest.mark.parametrize(
    "changes",
    [
        {"clock": "local", "starts_at": UPDATED.replace(tzinfo=None)},
        {"meter_serial": "a b"},
        {"meter_serial": ".."},
        {"unit": "acre"},
        {"unit": "cf", "channel": "delivered"},
        {"unit": "kVARh"},
        {"channel": "reactive"},
        {"values": (Decimal("1e-20"),)},
        {"values": (Decimal("1e20"),)},
        {"starts_at": UPDATED.replace(second=30)},
    ],
)
def test_the_writer_refuses_what_could_not_be_read_back(changes: dict[str, Any]) -> None:
    facts: dict[str, Any] = {
        "line": 0, "meter_serial": "E-1", "channel": "", "starts_at": UPDATED, "clock": "utc",
        "minutes": 60, "unit": "kWh", "values": (Decimal(1),), "flags": ("actual",),
    }  # fmt: skip
    write([IntervalBlock(**facts)], updated=UPDATED, timezone=ZONE)
    with pytest.raises(ValueError):
        write([IntervalBlock(**(facts | changes))], updated=UPDATED, timezone=ZONE)
