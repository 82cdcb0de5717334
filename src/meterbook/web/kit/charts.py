"""A year of usage as bars: this year filled, last year as an outline, estimates hatched; plain numbers, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from meterbook.web.kit import figures

WIDTH, HEIGHT = 720, 210
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 30, 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: geometry of the filled bar and of last year's outline, and the words that say the same."""

    x: float
    width: float
    inner_x: float
    inner_width: float
    y: float
    height: float
    last_y: float
    last_height: float
    estimated: bool
    questioned: bool
    label: str
    words: str
    month: str
    shown: str
    last_shown: str
    middle: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Gridline:
    """A value on the axis."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and gridlines of one commodity."""

    key: str
    title: str
    unit: str
    bars: list[Bar]
    grid: list[Gridline]
    degrees: str = ""
    station: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM
    right: int = WIDTH - RIGHT

    @property
    def any_estimated(self) -> bool:
        """Whether the key explains hatching."""
        return any(bar.estimated for bar in self.bars)

    @property
    def any_questioned(self) -> bool:
        """Whether the key explains usage in question."""
        return any(bar.questioned for bar in self.bars)


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """Usage that ended in one month: millionths of the unit, whether any of it was estimated, and whether it is what
    a read in question would mean, which nobody has accepted.
    """

    quantity_e6: int
    estimated: bool
    questioned: bool = False


def ceiling(most: int) -> int:
    """The smallest round number of the form 1, 2, 2.5, 4 or 5 times a power of ten that holds ``most``.

    >>> ceiling(831), ceiling(12), ceiling(0)
    (1000, 20, 1)
    """
    if most <= 0:
        return 1
    power = 10 ** (len(str(most)) - 1)
    for factor in (1, 2, 2.5, 4, 5, 10):
        if most <= factor * power:
            return max(1, int(factor * power))
    return most


def months_back(newest: date, count: int) -> list[date]:
    """The first days of ``count`` months, the newest last."""
    index = newest.year * 12 + newest.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(index - count + 1, index + 1)]


@dataclass(frozen=True, slots=True)
class DegreeDays:
    """Degree-days of the chart's months, in tenths, and the weather station they were taken at."""

    station: str
    tenths: Mapping[date, int]


def usage_chart(
    *, key: str, title: str, unit: str, usage: Mapping[date, MonthUsage], newest: date,
    weather: DegreeDays | None = None,
) -> Chart:  # fmt: skip
    """Thirteen months ending with ``newest``, each beside the same month a year earlier; degree-days as a thin line."""
    months = months_back(newest, 13)
    before = [date(month.year - 1, month.month, 1) for month in months]
    known = [usage[month].quantity_e6 for month in (*months, *before) if month in usage]
    top = ceiling(-(-max(known, default=0) // 10**6)) * 10**6
    span = HEIGHT - BOTTOM - TOP
    step = (WIDTH - LEFT - RIGHT) / len(months)
    bars = [
        _bar(
            at,
            month,
            usage.get(month),
            usage.get(last),
            unit=unit,
            top=top,
            span=span,
            step=step,
            degrees=weather.tenths.get(month) if weather else None,
        )
        for at, (month, last) in enumerate(zip(months, before, strict=True))
    ]
    grid = [_gridline(top * part // 4, top, span) for part in (0, 2, 4)]
    line = _line(months, weather, span, step) if weather else ""
    station = weather.station if weather and line else ""
    return Chart(key=key, title=title, unit=unit, bars=bars, grid=grid, degrees=line, station=station)


def _line(months: Sequence[date], weather: DegreeDays, span: int, step: float) -> str:
    """The points of the line, on a scale of its own; a month without them breaks it off."""
    most = max((weather.tenths.get(month, 0) for month in months), default=0)
    points = [
        f"{LEFT + at * step + step * 0.5:.1f},{HEIGHT - BOTTOM - weather.tenths[month] * span * 0.9 / most:.1f}"
        for at, month in enumerate(months) if most and month in weather.tenths
    ]  # fmt: skip
    return " ".join(points) if len(points) > 1 else ""


def _gridline(value: int, top: int, span: int) -> Gridline:
    return Gridline(y=round(HEIGHT - BOTTOM - value * span / top, 1), label=figures.quantity(value))


def _bar(
    at: int,
    month: date,
    now: MonthUsage | None,
    last: MonthUsage | None,
    *,
    unit: str,
    top: int,
    span: int,
    step: float,
    degrees: int | None = None,
) -> Bar:
    x, base = LEFT + at * step + step * 0.14, HEIGHT - BOTTOM
    height = now.quantity_e6 * span / top if now else 0.0
    last_height = last.quantity_e6 * span / top if last else 0.0
    shown = figures.quantity(now.quantity_e6, unit) if now else gettext("no usage on record")
    said = f"{figures.month(month)}: {shown}"
    if now and now.estimated:
        said += f" ({gettext('estimated')})"
    if now and now.questioned:
        said += f" ({gettext('in question')})"
    if last:
        said += " · " + gettext("a year earlier %(usage)s") % {"usage": figures.quantity(last.quantity_e6, unit)}
    if degrees is not None:
        said += " · " + gettext("%(number)s degree-days") % {"number": f"{round(degrees / 10):,}"}
    return Bar(
        x=round(x, 1), width=round(step * 0.72, 1), inner_x=round(x + step * 0.12, 1),
        inner_width=round(step * 0.48, 1), y=round(base - height, 1), height=round(height, 1),
        last_y=round(base - last_height, 1), last_height=round(last_height, 1),
        estimated=bool(now and now.estimated), questioned=bool(now and now.questioned),
        label=figures.short_month(month), words=said, month=figures.month(month), shown=shown if now else "",
        last_shown=figures.quantity(last.quantity_e6, unit) if last else "",
        middle=round(x + step * 0.36, 1), anchor=_anchor(at),
    )  # fmt: skip


def _anchor(at: int) -> str:
    """Where the value above a bar is anchored, so that it never leaves the picture."""
    return "start" if at < 3 else "end" if at > 9 else "middle"


def newest_month(days: Sequence[date], otherwise: date) -> date:
    """The month the chart ends with: that of the last usage, or of the business date."""
    return max(days, default=otherwise).replace(day=1)
