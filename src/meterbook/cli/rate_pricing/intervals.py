"""Interval readings from a CSV file: regular steps of local standard time, kWh taken and kWh fed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import click
import polars as pl

COLUMNS = ("start", "import_kwh", "export_kwh")
#: Interval kWh are kept as whole billionths.
SCALE = 10**9
_DECIMALS = 9
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.0+)?)?$"
_NUMBER = r"^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_ZERO = r"^-(0+\.?0*|\.0+)([eE][+-]?[0-9]{1,3})?$"
_PLAIN = r"^[0-9]{1,9}(\.[0-9]+)?$"
_LARGEST = Decimal(10**9)


@dataclass(frozen=True)
class Intervals:
    """``frame`` has ``start`` (Datetime), ``import`` and ``export`` (Int64 billionths of a kWh), one row per step."""

    frame: pl.DataFrame
    step: timedelta

    @property
    def first(self) -> datetime:
        """The first step's start."""
        return self.frame["start"][0]  # type: ignore[no-any-return]

    @property
    def end(self) -> datetime:
        """The end of the last step."""
        return self.frame["start"][-1] + self.step  # type: ignore[no-any-return]


def _refuse(file: Path, words: str) -> click.ClickException:
    return click.ClickException(f"{file}: {words}")


def _line(rows: pl.Series) -> int:
    """The line of the file that holds the first marked row; the heading is line 1."""
    return int(rows.arg_true()[0]) + 2


def read_intervals(file: Path) -> Intervals:
    """Read and check an interval file; refuse it with one sentence naming the line.

    Columns are ``start`` (ISO, no zone), ``import_kwh`` and ``export_kwh``; a blank amount is not taken for zero.
    """
    frame = _read(file)
    start = _starts(file, frame)
    amounts = {name.removesuffix("_kwh"): _amounts(file, frame, name) for name in COLUMNS[1:]}
    return Intervals(pl.DataFrame({"start": start, **amounts}), _step(file, start))


def _read(file: Path) -> pl.DataFrame:
    # Blank lines at the end are no intervals; between rows they are, and are refused there.
    data = file.read_bytes().removeprefix(b"\xef\xbb\xbf").rstrip() + b"\n"
    try:
        frame = pl.read_csv(BytesIO(data), infer_schema=False).with_columns(pl.all().fill_null(""))
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0] if str(error) else "it is not a CSV file"
        raise _refuse(file, f"cannot be read as CSV: {reason}") from error
    frame = frame.rename({name: name.strip() for name in frame.columns})
    missing = [name for name in COLUMNS if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in COLUMNS]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has the unknown column {', '.join(unknown)}"
        raise _refuse(file, f"{wrong}; expected the columns {', '.join(COLUMNS)}")
    if frame.is_empty():
        raise _refuse(file, "holds no interval; expected at least two rows")
    return frame


def _starts(file: Path, frame: pl.DataFrame) -> pl.Series:
    text = frame["start"].str.strip_chars()
    shaped = text.str.contains(_MOMENT)
    normal = text.str.replace("T", " ").str.slice(0, 19)
    normal = normal.str.len_chars().eq(16).cast(pl.Int8).replace_strict({0: "", 1: ":00"}, return_dtype=pl.String)
    moments = (text.str.replace("T", " ").str.slice(0, 19) + normal).str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    wrong = ~shaped | moments.is_null()
    if wrong.any():
        at = _line(wrong)
        raise _refuse(file, f"line {at}, start: found {text[at - 2] or 'nothing'}, expected local standard time such "
                            "as 2018-01-01T00:00")  # fmt: skip
    return moments


def _amounts(file: Path, frame: pl.DataFrame, name: str) -> pl.Series:
    text = frame[name].str.strip_chars().str.replace(_ZERO, "0")
    wrong = ~text.str.contains(_NUMBER)
    if wrong.any():
        at = _line(wrong)
        found = text[at - 2] or "nothing"
        why = "kWh are never negative" if found.startswith("-") else "a number of kWh such as 0.75"
        expected = f"{why}: what is fed in stands in export_kwh" if found.startswith("-") else why
        raise _refuse(file, f"line {at}, {name}: found {found}, expected {expected}")
    if not text.str.contains(_PLAIN).all():
        text = pl.Series(name, [_plain(file, name, at, one) for at, one in enumerate(text, start=2)], dtype=pl.String)
    parts = text.str.split_exact(".", 1).struct.unnest()
    whole = parts["field_0"].cast(pl.Int64)
    fine = parts["field_1"].fill_null("").str.slice(0, _DECIMALS + 1).str.pad_end(_DECIMALS + 1, "0").cast(pl.Int64)
    return whole * SCALE + (fine + 5) // 10


def _plain(file: Path, name: str, line: int, text: str) -> str:
    """A number in any spelling as digits, with a point between them or none."""
    number = Decimal(text)
    if number >= _LARGEST:
        raise _refuse(file, f"line {line}, {name}: found {text}, expected less than {_LARGEST} kWh")
    return f"{number:f}"


def _step(file: Path, start: pl.Series) -> timedelta:
    """The one distance between neighbours, which divides a day and begins at midnight's multiple."""
    if start.len() < 2:
        raise _refuse(file, "holds one interval; expected at least two, so that the step is known")
    step: timedelta = start[1] - start[0]
    gaps = start.diff().slice(1)
    wrong = gaps != step
    if step <= timedelta(0) or wrong.any():
        at = 3 if step <= timedelta(0) else _line(wrong) + 1
        before, here = start[at - 3], start[at - 2]
        kind = "goes back" if here <= before else f"follows {before:%Y-%m-%d %H:%M} after {_words(here - before)}"
        raise _refuse(file, f"line {at}, start: {here:%Y-%m-%d %H:%M} {kind}; expected a row every {_words(step)}")
    if timedelta(days=1) % step or (start[0] - datetime.combine(start[0].date(), datetime.min.time())) % step:
        words = f"has a row every {_words(step)} from {start[0]:%H:%M}"
        expected = "steps that divide the day, such as 15, 30 or 60 minutes, counted from midnight"
        raise _refuse(file, f"{words}; expected {expected}")
    return step


def _words(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"
