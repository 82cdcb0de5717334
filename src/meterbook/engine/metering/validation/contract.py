"""What a validation rule gets to see and what it says: two frames, a rule, its parameters, its findings.

A frame holds one row for each thing to judge: a read that is not accepted yet (`READS`), or a channel's local day
(`INTERVALS`). Quantities are integer millionths. A null means "nobody knows", and a rule that needs it stays silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

import polars as pl

from meterbook.engine.columns import Shape, WrongColumns

Kind: TypeAlias = "Literal['reads', 'intervals']"
Then: TypeAlias = "Literal['queue', 'note', 'off']"
#: Parameter name to a whole number: shares and quantities in millionths (quantities in the unit of the rows), counts.
Settings: TypeAlias = "Mapping[str, int]"
Find: TypeAlias = "Callable[[pl.DataFrame, Settings], pl.DataFrame]"

INSTANT = pl.Datetime("us", "UTC")

#: Candidate reads: what must be there, in every row.
READS_NEEDED: Shape = {
    "row": pl.Int64, "register": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "size": pl.String,
    "premise_class": pl.String, "channel": pl.String, "unit": pl.String, "dials": pl.Int32, "decimals": pl.Int32,
    "multiplier": pl.Int64, "read_on": pl.Date, "estimated": pl.Boolean, "rollover": pl.Boolean, "served": pl.Boolean,
    "occupied": pl.Boolean, "locked": pl.Boolean, "solar": pl.Boolean, "zero_streak": pl.Int32,
    "estimates_in_row": pl.Int32, "months_installed": pl.Int32,
}  # fmt: skip
#: Candidate reads: what may be null, and may be left out when nobody knows any of it.
READS_OPTIONAL: Shape = {
    "read": pl.Int64,  # null: an expected read that did not come; read_on is then the scheduled day
    "route": pl.Int64, "sequence": pl.Int64, "read_at": INSTANT, "text": pl.String,
    "value": pl.Int64,  # what the register shows
    "source_unit": pl.String, "source_dials": pl.Int32, "source_multiplier": pl.Int64,  # as the file states them
    "on_record": pl.Int64,  # the value already accepted for that day
    "earlier_at": INSTANT,  # instant of the last accepted read
    "previous_on": pl.Date, "previous_value": pl.Int64, "previous_estimated": pl.Boolean,
    "days": pl.Int32, "quantity": pl.Int64, "problem": pl.String,  # previous to this read, as `derive_usage` says
    "season_quantity": pl.Int64, "season_days": pl.Int32, "year_quantity": pl.Int64, "year_days": pl.Int32,
    "prior_quantity": pl.Int64, "prior_days": pl.Int32,
    "class_daily": pl.Int64,  # median a day of the same commodity, class, size and channel in this season
    "class_prior_daily": pl.Int64, "class_year_daily": pl.Int64,  # the same of the prior period's season, of the year
    "high_daily": pl.Int64, "low_daily": pl.Int64,  # the register's own most and least a day, of actual periods
    "household_since": pl.Date,  # the first day of whoever lives there now; history before it is another's
    "register_sum": pl.Int64, "interval_gaps": pl.Int32, "limit_daily": pl.Int64, "paired_register": pl.Int64,
}  # fmt: skip
#: Candidate reads, all columns.
READS: Shape = {**READS_NEEDED, **READS_OPTIONAL}

#: Channels by local day: what must be there, in every row.
INTERVALS_NEEDED: Shape = {
    "channel": pl.Int64, "service_point": pl.Int64, "commodity": pl.String, "size": pl.String,
    "premise_class": pl.String, "day": pl.Date, "minutes": pl.Int32, "expected": pl.Int32, "found": pl.Int32,
    "duplicated": pl.Int32, "out_of_step": pl.Int32, "negative": pl.Int32, "zero": pl.Int32, "solar": pl.Boolean,
}  # fmt: skip
#: Channels by local day: what may be null (a day of which nothing came has no highest interval), or left out.
INTERVALS_OPTIONAL: Shape = {
    "sum": pl.Int64, "highest": pl.Int64, "third_highest": pl.Int64, "lowest": pl.Int64,
    "received_sum": pl.Int64,  # reverse flow on a delivering channel
    "drift_seconds": pl.Int32,  # device clock minus head-end clock
    "usual_daily": pl.Int64,  # mean of the last four days of the same weekday
    "days_never_zero": pl.Int32,
    "unit": pl.String,  # null: the unit the rules document gives for the commodity
}  # fmt: skip
#: Channels by local day, all columns.
INTERVALS: Shape = {**INTERVALS_NEEDED, **INTERVALS_OPTIONAL}

KEYS: Mapping[Kind, tuple[str, ...]] = {"reads": ("row",), "intervals": ("channel", "day")}
#: What `run` answers: the key of the row, the rule, what follows, and the figures of its words as JSON text.
FINDINGS: Mapping[Kind, Shape] = {
    "reads": {"row": pl.Int64, "rule": pl.String, "then": pl.String, "figures": pl.String},
    "intervals": {"channel": pl.Int64, "day": pl.Date, "rule": pl.String, "then": pl.String, "figures": pl.String},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number a city may set. ``measure`` is share (a factor), quantity (of the commodity's unit) or count.

    A quantity's ``default`` holds for a volume in ccf and for energy in kWh (``default_energy``).
    """

    name: str
    measure: Literal["share", "quantity", "count"]
    default: Decimal
    words: str
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(1_000_000)
    default_energy: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name is its folder's. ``find(frame, settings)`` gives the frame's keys and ``figures``.

    ``says`` holds a sentence for each kind of objection, by the figure ``what``; figures that are a key of ``terms``
    are words and translated. A rule that ``compares_rows`` is shown all rows of the unit, not only those its
    settings are for, and answers for any of them.
    """

    name: str
    title: str
    applies_to: Kind
    says: Mapping[str, str]
    find: Find
    parameters: tuple[Parameter, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    compares_rows: bool = False


def framed(frame: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The columns of `READS` or `INTERVALS`, in their order; optional ones that are left out are null.

    Raises `WrongColumns` for a needed column that is missing or has a null, a column of another type, or a key twice.

    >>> framed(pl.DataFrame(schema=dict(READS_NEEDED)), "reads").columns == list(READS)
    True
    """
    needed, optional = (READS_NEEDED, READS_OPTIONAL) if kind == "reads" else (INTERVALS_NEEDED, INTERVALS_OPTIONAL)
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise WrongColumns(f"{', '.join(missing)} is missing")
    whole = frame.with_columns(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in optional.items() if name not in frame.columns
    ).select(*needed, *optional)
    for name, wanted in {**needed, **optional}.items():
        if whole.schema[name] != wanted:
            raise WrongColumns(f"{name} is {whole.schema[name]}, not {wanted}")
        if name in needed and whole[name].has_nulls():
            raise WrongColumns(f"{name} has no value in {whole[name].null_count()} rows")
    if whole.select(KEYS[kind]).is_duplicated().any():
        raise WrongColumns(f"{' and '.join(KEYS[kind])} stand twice")
    return whole
