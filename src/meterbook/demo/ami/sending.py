"""Five weeks of intervals of some forty channels, a few of them faulty, as two head-ends hand them in."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from meterbook.demo.bench.vee.channels import ZONE, draw_channel
from meterbook.demo.bench.vee.intervals import Sent, blocks_of, spoil
from meterbook.demo.bench.vee.labels import Shown
from meterbook.demo.calendar import CURRENT, read_on
from meterbook.demo.city import City
from meterbook.formats import cmep, espi
from meterbook.records.metering.hub.operations.keep_source import add_source
from meterbook.records.metering.hub.operations.receive_file import receive_file
from meterbook.records.metering.hub.sources import UPLOAD, NoSource, source_named
from meterbook.records.platform.deeds import Act

#: Local days sent: five weeks up to the day before the current month's last bills.
FIRST, LAST = date(2026, 9, 20), date(2026, 10, 24)
_STAMP = datetime(2026, 10, 25, 12, tzinfo=UTC)
#: Channels of homes whose water is read by radio, and what goes wrong with some of them.
_WATER, _WATER_MINUTES, _POWER_MINUTES = 12, 60, 30
_FAULTS = {
    "water": ("gap", "gap", "sent_twice", "off_the_grid", "below_zero", "gap"),
    "electricity": ("spike", "gap", "spike", "below_zero", "gap", "spike", "gap"),
}
_NAMES = {"water": ("Water radio", "cmep"), "electricity": ("Electric modems", "espi")}
_COLUMNS = (
    "serial", "channel", "commodity", "kind", "size", "occupancy", "form", "code", "route", "place", "dials",
    "decimals", "multiplier",
)  # fmt: skip
Acts = Callable[[str, str], Act]


def send_intervals(city: City, folder: Path, act: Acts) -> int:
    """Write both head-ends' files and take them in; returns how many rows of them loaded. Twice is once."""
    loaded = 0
    for commodity, (name, format) in _NAMES.items():
        sent = _sent(city, commodity)
        path = folder / "intervals" / f"{commodity}-{LAST}.{'xml' if format == 'espi' else 'csv'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_file(sent, format))
        try:
            source = source_named(name)
        except NoSource:
            source = add_source(act("billing", "intervals of the head-ends"), name=name, format=format, via=UPLOAD)
        received = receive_file(
            act("billing", f"intervals of {path.name}"), source=source, file_name=path.name, content=path.read_bytes()
        )
        loaded += received.batch.loaded if received.batch is not None else 0
    return loaded


def _file(sent: list[Sent], format: str) -> bytes:
    if format == "cmep":
        return cmep.write(blocks_of(sent), stamp=_STAMP)
    return espi.write(blocks_of(sent), updated=_STAMP, timezone=ZONE.key, title="Alder Bend")


def _sent(city: City, commodity: str) -> list[Sent]:
    """The channels of a head-end with their faults, drawn by the city's seed."""
    lots = random.Random(f"{city.seed}/{commodity}/intervals")
    sent = []
    minutes = _WATER_MINUTES if commodity == "water" else _POWER_MINUTES
    for one, read_day in _registers(city, commodity):
        counted = tuple(
            datetime.combine(read_on(month, read_day), time(6), ZONE).astimezone(UTC)
            for month in (CURRENT - 1, CURRENT)
        )
        drawn = draw_channel(one, minutes, days=(FIRST, LAST), counted=(counted[0], counted[1]), lots=lots)
        sent.append(Sent(drawn, list(zip(drawn.starts, drawn.values, strict=True))))
    able = [each for each in sent if each.channel.register.channel != "received"]
    faulty = lots.sample(able, min(len(able), len(_FAULTS[commodity])))
    for kind, channel in zip(_FAULTS[commodity], faulty, strict=False):
        spoil(kind, channel, lots, FIRST + timedelta(days=lots.randint(10, 31)))
    return sent


def _registers(city: City, commodity: str) -> list[tuple[Shown, int]]:
    """Solar homes and customers behind transformers; for water, homes by their site. With their cycle's read day."""
    frame = city.reads.frame(CURRENT).filter(pl.col("commodity") == commodity)
    if commodity == "water":
        homes = (pl.col("kind") == "house") & (pl.col("occupancy") != "vacant") & (pl.col("features") == "")
        frame = frame.filter(homes & (pl.col("shown") > 0)).sort("site").head(_WATER)
    else:
        frame = frame.filter(pl.col("form").is_in(["solar", "ct40", "ct80"])).sort("site", "channel").head(40)
    before = city.reads.frame(CURRENT - 1).select("serial", "channel", before="shown")
    rows = frame.select(*_COLUMNS, "read_day", now="shown").join(before, on=["serial", "channel"])
    return [
        (Shown(**{name: value for name, value in row.items() if name != "read_day"}, days=30), row["read_day"])
        for row in rows.sort("serial", "channel").iter_rows(named=True)
    ]
