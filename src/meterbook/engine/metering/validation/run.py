"""All rules over a frame, each with the settings of the entry that is for the row."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.configure import Configured, Entry
from meterbook.engine.metering.validation.contract import FINDINGS, KEYS, Kind, Rule, framed
from meterbook.engine.metering.validation.expectation import with_expected

_COLUMNS = ("commodity", "premise_class", "size", "channel")


def run(frame: pl.DataFrame, configured: Configured, *, kind: Kind) -> pl.DataFrame:
    """What the rules of ``kind`` object to: `FINDINGS`, by key and rule; empty where none does.

    ``frame`` is in the columns of `READS` or `INTERVALS` in any order of rows. A read without ``limit_daily`` takes
    the limit of the document. A rule that is off, or that no entry is for, says nothing.

    Raises `WrongColumns` for a frame of another shape.
    """
    whole = _with_defaults(framed(frame, kind), configured, kind)
    parts = [part for rule in rules.of_kind(kind) for part in _findings(whole, rule, configured, kind)]
    if not parts:
        return pl.DataFrame(schema=dict(FINDINGS[kind]))
    return pl.concat([part.select(list(FINDINGS[kind])) for part in parts]).sort(*KEYS[kind], "rule")


def _with_defaults(frame: pl.DataFrame, configured: Configured, kind: Kind) -> pl.DataFrame:
    """Fill in what the document knows: the unit a channel counts in, the most a size can pass, what was expected."""
    if kind == "intervals":
        units = {commodity: worth.unit for commodity, worth in configured.value_per_unit.items()}
        stated = pl.col("commodity").replace_strict(units, default="", return_dtype=pl.String)
        return frame.with_columns(pl.coalesce("unit", stated))
    by = ("commodity", "size", "unit")
    sizes = frame.select(by).unique().sort(by)
    limits = pl.Series("stated", [configured.limit_daily(*row) for row in sizes.iter_rows()], dtype=pl.Int64)
    joined = frame.join(sizes.with_columns(limits), on=by, how="left", maintain_order="left")
    return with_expected(joined.with_columns(limit_daily=pl.coalesce("limit_daily", "stated")).drop("stated"))


def _findings(frame: pl.DataFrame, rule: Rule, configured: Configured, kind: Kind) -> Iterator[pl.DataFrame]:
    entries = configured.entries.get(rule.name, ())
    if all(entry.then == "off" for entry in entries) or frame.is_empty():
        return
    marked = frame.with_columns(entry=_entry_of(entries, kind))
    for number, unit in marked.select("entry", "unit").drop_nulls().unique().sort("entry", "unit").iter_rows():
        entry = entries[number]
        if entry.then == "off":
            continue
        mine = (pl.col("entry") == number) & (pl.col("unit") == unit)
        part = marked.filter(mine)
        seen = marked.filter(pl.col("unit") == unit) if rule.compares_rows else part
        found = rule.find(seen.drop("entry"), entry.settings(unit))
        if rule.compares_rows:
            found = found.join(part.select(KEYS[kind]), on=KEYS[kind], how="semi")
        yield found.with_columns(rule=pl.lit(rule.name), then=pl.lit(entry.then))


def _entry_of(entries: tuple[Entry, ...], kind: Kind) -> pl.Expr:
    """The number of the last entry that is for the row; null where none is."""
    chosen = pl.lit(None, dtype=pl.Int32)
    for number, entry in enumerate(entries):
        asked = (entry.commodity, entry.premise_class, entry.size, None if kind == "intervals" else entry.channel)
        matches = [pl.col(name) == want for name, want in zip(_COLUMNS, asked, strict=True) if want is not None]
        chosen = pl.when(pl.all_horizontal(matches or [pl.lit(value=True)])).then(number).otherwise(chosen)
    return chosen.cast(pl.Int32)
