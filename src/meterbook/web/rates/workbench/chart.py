"""How many bills change by how much, as bars from the largest fall to the largest rise; the same numbers in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from meterbook.engine.rates.study.report import Bucket
from meterbook.web.kit import figures
from meterbook.web.kit.charts import ceiling

WIDTH, HEIGHT = 720, 240
_WIDEST = 110
LEFT, RIGHT, TOP, BOTTOM = 68, 8, 30, 46


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: bills whose change lies between two amounts; geometry in pixels and the words that say it."""

    x: float
    width: float
    inner_x: float
    inner_width: float
    middle: float
    y: float
    height: float
    direction: str
    low: str
    label: str
    words: str
    count: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """The bars, the axis, and the size of the picture."""

    columns: list[Column]
    grid: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def distribution(buckets: Sequence[Bucket]) -> Distribution:
    """The bars of buckets in cents; empty ones at either end are left away, zero always stands."""
    kept = _trimmed(buckets)
    top = ceiling(max((bucket.count for bucket in kept), default=0))
    step = min((WIDTH - LEFT - RIGHT) / max(len(kept), 1), _WIDEST)
    columns = [_column(at, bucket, len(kept), step, top) for at, bucket in enumerate(kept)]
    span = HEIGHT - BOTTOM - TOP
    grid = [(round(HEIGHT - BOTTOM - part * span / 4, 1), figures.count(top * part // 4)) for part in (0, 2, 4)]
    return Distribution(columns, grid)


def _trimmed(buckets: Sequence[Bucket]) -> list[Bucket]:
    used = [at for at, bucket in enumerate(buckets) if bucket.count or _is_zero(bucket)]
    return list(buckets[used[0] : used[-1] + 1]) if used else []


def _is_zero(bucket: Bucket) -> bool:
    return bucket.low == 0 and bucket.high == 0


def bucket_words(bucket: Bucket, say: Callable[[int], str] = figures.money) -> str:
    """Between which changes a bucket lies."""
    if _is_zero(bucket):
        return gettext("no change")
    if bucket.low is None or bucket.high is None:
        edge, words = (
            (bucket.high, gettext("below %(to)s")) if bucket.low is None else (bucket.low, gettext("%(to)s or more"))
        )
        return words % {"to": say(edge or 0)}
    return gettext("%(low)s to %(high)s") % {"low": say(bucket.low), "high": say(bucket.high)}


def _column(at: int, bucket: Bucket, count: int, step: float, top: int) -> Column:
    height = bucket.count * (HEIGHT - BOTTOM - TOP) / top
    x, label = LEFT + at * step, bucket_words(bucket)
    bills = ngettext("%(n)s bill", "%(n)s bills", bucket.count) % {"n": figures.count(bucket.count)}
    falls = bucket.high is not None and bucket.high <= 0 and not _is_zero(bucket)
    return Column(
        x=round(x, 1), width=round(step, 1), inner_x=round(x + step * 0.1, 1), inner_width=round(step * 0.8, 1),
        middle=round(x + step / 2, 1), y=round(HEIGHT - BOTTOM - height, 1),
        height=round(height, 1), direction="same" if _is_zero(bucket) else "down" if falls else "up",
        low="±0" if _is_zero(bucket) else _edge(bucket), label=label, words=f"{label}: {bills}", count=bucket.count,
        anchor="start" if at < count / 4 else "end" if at >= count * 3 / 4 else "middle",
    )  # fmt: skip


def _edge(bucket: Bucket) -> str:
    """What stands under a bar: how far its changes reach, in dollars."""
    if bucket.low is None:
        return f"<{_dollars(bucket.high or 0)}"
    if bucket.high is None:
        return f">{_dollars(bucket.low)}"
    return f"≥{_dollars(bucket.low)}" if bucket.low < 0 else f"≤{_dollars(bucket.high)}"


def _dollars(cents: int) -> str:
    return figures.money(cents).removesuffix(".00")
