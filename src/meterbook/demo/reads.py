"""Meter reads as files: water as a Badger BEACON report, electricity as the plain CSV, one a cycle and month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl

from meterbook.demo import sources
from meterbook.demo.calendar import CURRENT, label, read_on
from meterbook.demo.drawn.usage import counted_in, counted_until, month_reading
from meterbook.demo.faults import STAND_IN, UNREADABLE, ReadRow, too_long, with_faults
from meterbook.formats import beacon, reads_csv

FORMATS = {"water": "beacon", "electricity": "meterbook-reads"}
_WORDS = {"delivered": "D", "received": "R", "high_flow": "H", "low_flow": "L"}
_WATER_AT, _ELECTRIC_AT = time(6), time(9, 15)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was written: its format's name, the cycle and commodity in it, and the day it was read."""

    path: Path
    format: str
    cycle: str
    commodity: str
    read_on: date


class Reads:
    """What every register of the city shows on any read day; remembers the month it was last asked for."""

    def __init__(self, registers: pl.DataFrame, *, seed: int) -> None:
        self.registers = registers
        self._seed = seed
        self._through = 0
        self._steps = counted_until(registers, 0, seed=seed)

    def frame(self, month: int) -> pl.DataFrame:
        """The registers read in ``month``, with ``on`` (the day) and ``shown`` (steps on the dials)."""
        days = {day: read_on(month, day) for day in sources.document("city")["cycles"].values()}
        on = pl.col("read_day").replace_strict(days, return_dtype=pl.Date)
        return self._shown(self._steps_through(month)).with_columns(on=on).filter(_hangs())

    def on_day(self, sites: Sequence[int], on: date) -> pl.DataFrame:
        """The registers of some sites as they stand on any day, the one on which a meter is taken down included."""
        rows = self.registers.filter(pl.col("site").is_in(list(sites)))
        month = month_reading(on, rows["read_day"][0])
        steps = counted_until(rows, month - 1, seed=self._seed)
        steps = steps + counted_in(rows, month, seed=self._seed, until=on)
        shown = _on_dials(rows.with_columns(steps=steps)).with_columns(on=pl.lit(on))
        return shown.filter(
            (pl.col("installed_on") <= on) & (pl.col("removed_on").is_null() | (pl.col("removed_on") >= on))
        )

    def _steps_through(self, month: int) -> pl.Series:
        """Steps since installation; forward from the month before, or from the start when asked to go back."""
        if month < self._through:
            self._through, self._steps = 0, counted_until(self.registers, 0, seed=self._seed)
        while self._through < month:
            self._through += 1
            self._steps = self._steps + counted_in(self.registers, self._through, seed=self._seed)
        return self._steps

    def _shown(self, steps: pl.Series) -> pl.DataFrame:
        return _on_dials(self.registers.with_columns(steps=steps))


def _on_dials(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(shown=(pl.col("opening") + pl.col("steps")) % pl.col("limit"))


def _hangs() -> pl.Expr:
    gone = pl.col("removed_on").is_not_null() & (pl.col("removed_on") <= pl.col("on"))
    return (pl.col("installed_on") < pl.col("on")) & ~gone


def write_month(reads: Reads, month: int, folder: Path) -> list[ReadFile]:
    """Write every read file of ``month``, in order of its read day; off-cycle reads of movers come first."""
    files = [*_movers(reads, month, folder)]
    frame = reads.frame(month)
    for cycle, read_day in sorted(sources.document("city")["cycles"].items()):
        for commodity in FORMATS:
            part = frame.filter((pl.col("cycle") == cycle) & (pl.col("commodity") == commodity))
            told = list(_told(rows_of(part), part, month))
            rows = with_faults(told, month=month, cycle=cycle, commodity=commodity, read_day=read_day)
            path = folder / "reads" / label(month) / f"{cycle}-{commodity}.csv"
            files.append(write_file(rows, path, cycle=cycle, commodity=commodity, on=read_on(month, read_day)))
    return sorted(files, key=lambda one: (one.read_on, one.cycle, one.path.name))


def _movers(reads: Reads, month: int, folder: Path) -> Iterable[ReadFile]:
    """Reads taken on the day someone moves, where it is not the cycle's read day."""
    for move in sources.happenings():
        if move.deed not in ("move_out", "move_in"):
            continue
        found = reads.registers.filter(pl.col("key") == move.facts.get("premise_of", move.who))
        if found.is_empty() or month_reading(move.on, found["read_day"][0]) != month:
            continue
        frame = reads.on_day(found["site"].unique().to_list(), move.on)
        for commodity in FORMATS:
            part = frame.filter(pl.col("commodity") == commodity)
            cycle = part["cycle"][0]
            path = folder / "reads" / label(month) / f"{cycle}-{move.deed.replace('_', '-')}-{move.on}-{commodity}.csv"
            yield write_file(list(rows_of(part)), path, cycle=cycle, commodity=commodity, on=move.on)


def rows_of(frame: pl.DataFrame) -> Iterable[ReadRow]:
    """The frame's reads in walking order."""
    rows = frame.sort("route", "place", "channel").select(
        "serial",
        pl.when(pl.col("form").is_in(["solar", "compound"]))
        .then(pl.col("channel").replace_strict(_WORDS))
        .otherwise(pl.lit("")),
        pl.col("on").dt.to_string("%Y-%m-%d"),
        "shown",
        "dials",
        "decimals",
        "unit",
        "site",
        pl.format("{} {}", "street_number", "street"),
        "size",
    )
    return (ReadRow(*row) for row in rows.iter_rows())


def _told(rows: Iterable[ReadRow], frame: pl.DataFrame, month: int) -> Iterable[ReadRow]:
    """What happens to the residents whose read goes wrong in the month that runs before the user's eyes."""
    if month != CURRENT:
        yield from rows
        return
    water = pl.col("commodity") == "water"
    missing = set(frame.filter(water & pl.col("features").str.contains("missing_now"))["serial"].to_list())
    bad = set(frame.filter(~water & pl.col("features").str.contains("bad_now"))["serial"].to_list())
    for row in rows:
        if row.serial not in missing:
            yield too_long(row) if row.serial in bad else row


def write_file(rows: list[ReadRow], path: Path, *, cycle: str, commodity: str, on: date) -> ReadFile:
    """Write a file in its commodity's layout; what `with_faults` marked unreadable is made so."""
    data = _beacon(rows) if commodity == "water" else _plain(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.replace(STAND_IN.encode(), UNREADABLE.encode()))
    return ReadFile(path, FORMATS[commodity], cycle, commodity, on)


def _beacon(rows: Iterable[ReadRow]) -> bytes:
    place = sources.document("city")["place"]
    return beacon.write(
        beacon.BeaconRow(
            meter_serial=row.serial, read_at=datetime.combine(date.fromisoformat(row.on), _WATER_AT),
            reading=Decimal(row.steps).scaleb(-row.decimals), unit=row.unit, register=row.word, dials=row.dials,
            location_id=str(row.site + 1), address=row.address, city=place["city"], state=place["state"],
            postcode=place["postal_code"], meter_size_text=f'{row.size}"',
        )
        for row in rows
    )  # fmt: skip


def _plain(rows: Iterable[ReadRow]) -> bytes:
    return reads_csv.write(
        reads_csv.ReadRow(
            meter=row.serial, read_at=datetime.combine(date.fromisoformat(row.on), _ELECTRIC_AT),
            reading=Decimal(row.steps).scaleb(-row.decimals), unit=row.unit, channel=row.word, reader="R. Vega",
        )
        for row in rows
    )  # fmt: skip
