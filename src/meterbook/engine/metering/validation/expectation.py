"""What a register was expected to count, and whether what it shows is plausible: what several rules measure by.

The same season of last year comes first. Without it the year, the period before or the class stand in, and because
they say less, the factors grow wider. Where class medians are known they carry the season: last month's usage times
this month's median over last month's.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Settings
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_

#: What an expectation rests on, as words.
BASES = {
    "season": N_("the same season last year"),
    "year": N_("the year before"),
    "prior": N_("the period before"),
    "class": N_("others of its class"),
}
#: A season, or a class's change from one month to the next, is carried in thousandths, and not believed beyond tenfold.
_INDEX, _LEAST_INDEX, _MOST_INDEX = 1000, 100, 10_000
#: Fewer days than this are no season; fewer than this are no year.
_SEASON_DAYS, _YEAR_DAYS = 15, 300
#: An expectation may grow wider at most this often.
_WIDEST = 4


def with_expected(frame: pl.DataFrame) -> pl.DataFrame:
    """Add, in millionths (Int128) over the period's days: ``expected`` and its ``basis``, a key of `BASES`;
    ``at_least`` and ``at_most``, the lower and higher of it and the period before, for a level accepted last month is
    no news; ``wide``, how often the factors are to be widened; ``period``, the days. Null where nobody knows.

    A frame that has them already is left as it is: they are worked out once for all rules.
    """
    if "expected" in frame.columns:
        return frame
    wide = pl.Int128
    period = pl.coalesce(
        pl.col("days").cast(pl.Int64), (pl.col("read_on") - pl.col("previous_on")).dt.total_days()
    ).cast(wide)
    indexed = frame.with_columns(
        period=pl.when(period > 0).then(period),
        prior_index=_index("class_prior_daily"),
        year_index=_index("class_year_daily"),
    )
    estimates = indexed.with_columns(
        by_season=pl.when((pl.col("season_days") >= _SEASON_DAYS) & (pl.col("season_quantity") > 0)).then(
            pl.col("season_quantity").cast(wide) * pl.col("period") // pl.col("season_days")
        ),
        by_year=pl.when(pl.col("year_days") >= _YEAR_DAYS).then(_by("year")),
        by_prior=pl.when(pl.col("prior_days") > 0).then(_by("prior")),
        by_class=pl.col("class_daily").cast(wide) * pl.col("period"),
    )
    expected = basis = width = pl.lit(None)
    for name, column, widths in _LADDER:
        known = pl.col(column).is_not_null()
        expected = pl.when(known).then(column).otherwise(expected)
        basis = pl.when(known).then(pl.lit(name)).otherwise(basis)
        width = pl.when(known).then(widths).otherwise(width)
    true_up = pl.col("previous_estimated").fill_null(value=False).cast(pl.Int32)
    expected = expected.cast(wide)
    return estimates.with_columns(
        expected=expected,
        basis=basis.cast(pl.String),
        wide=width.cast(pl.Int32) + true_up,
        at_most=pl.max_horizontal(expected, "by_prior"),
        at_least=pl.min_horizontal(expected, "by_prior"),
    ).drop("prior_index", "year_index", *(column for _, column, _ in _LADDER))


#: From the weakest to the strongest: name, column, how often the factors grow wider.
_LADDER = (
    ("class", "by_class", pl.lit(3)),
    ("prior", "by_prior", 1 + pl.col("prior_index").is_null().cast(pl.Int32)),
    ("year", "by_year", 1 + pl.col("year_index").is_null().cast(pl.Int32)),
    ("season", "by_season", pl.lit(0)),
)


def _index(other: str) -> pl.Expr:
    """How the class stands now against another time, in thousandths; null where a median is missing or 0."""
    change = pl.col("class_daily").cast(pl.Int128) * _INDEX // pl.col(other)
    return pl.when((pl.col("class_daily") > 0) & (pl.col(other) > 0)).then(change.clip(_LEAST_INDEX, _MOST_INDEX))


def _by(name: str) -> pl.Expr:
    """Usage of another time brought to this period's days, and to the season as far as the class tells."""
    index = pl.coalesce(f"{name}_index", pl.lit(_INDEX, dtype=pl.Int128))
    share = pl.col(f"{name}_quantity").cast(pl.Int128) * pl.col("period") * index
    return share // (pl.col(f"{name}_days").cast(pl.Int128) * _INDEX)


def widened(share: int, wider: int, *, down: bool = False) -> pl.Expr:
    """A factor in millionths, widened as often as the row's ``wide`` asks: upwards, or ``down`` towards 0."""
    steps, factor = {}, share
    for times in range(_WIDEST + 1):
        steps[times] = factor
        factor = factor * QUANTITY_SCALE // max(wider, QUANTITY_SCALE) if down else factor * wider // QUANTITY_SCALE
    return pl.col("wide").replace_strict(steps, default=None, return_dtype=pl.Int64).cast(pl.Int128)


def is_high(settings: Settings, *, quantity: pl.Expr | None = None) -> pl.Expr:
    """Above ``high`` times everything it is compared with, by ``least`` or more."""
    used = pl.col("quantity") if quantity is None else quantity
    wide = used.cast(pl.Int128)
    factor = widened(settings["high"], settings["wider"])
    return (wide * QUANTITY_SCALE > pl.col("at_most") * factor) & (wide - pl.col("at_most") >= settings["least"])


def is_wrong(settings: Settings) -> pl.Expr:
    """A read that cannot be right, or is hardly: it fell and did not roll over, has too many digits, or `is_high`."""
    impossible = pl.col("problem").is_in(["rollover_implausible", "beyond_dials"]).fill_null(value=False)
    return impossible | is_high(settings).fill_null(value=False)


def whole_range() -> pl.Expr:
    """What the dials count before they start again, in millionths."""
    ranges = {dials: 10**dials * QUANTITY_SCALE for dials in range(1, 13)}
    return pl.col("dials").replace_strict(ranges, default=None, return_dtype=pl.Int64).cast(pl.Int128)


def usage_of(value: pl.Expr) -> pl.Expr:
    """The usage it would mean if the register showed ``value``, past 0 if need be; null where its dials cannot."""
    shown = value.cast(pl.Int128)
    rolled = pl.when(shown < pl.col("previous_value")).then(whole_range()).otherwise(pl.lit(0, dtype=pl.Int128))
    counted = shown - pl.col("previous_value") + rolled
    usage = counted * pl.col("multiplier") // QUANTITY_SCALE
    return pl.when((shown >= 0) & (shown < whole_range())).then(usage)


def fits(usage: pl.Expr, within: int) -> pl.Expr:
    """Whether a usage is what was expected, give or take the share ``within``; a third more for each step of trust
    lost (``wide``), because one other month varies more than a season.
    """
    scaled = usage * QUANTITY_SCALE
    shares = {times: within * (3 + times) // 3 for times in range(_WIDEST + 1)}
    off = pl.col("wide").replace_strict(shares, default=None, return_dtype=pl.Int64).cast(pl.Int128)
    above = scaled >= pl.col("at_least") * (QUANTITY_SCALE - off).clip(lower_bound=0)
    return above & (scaled <= pl.col("at_most") * (QUANTITY_SCALE + off)) & (usage > 0)


def steps_of(value: pl.Expr) -> pl.Expr:
    """A displayed value in steps of the register's last digit."""
    return value // step()


def from_steps(steps: pl.Expr) -> pl.Expr:
    """Steps of the register's last digit as the displayed value."""
    return steps * step()


def step() -> pl.Expr:
    """What the register's last digit counts, in millionths."""
    sizes = {decimals: 10 ** (6 - decimals) for decimals in range(7)}
    return pl.col("decimals").replace_strict(sizes, default=None, return_dtype=pl.Int64)


#: The parameters of every rule that asks `is_wrong` or `is_high`.
JUDGING = (
    Parameter("high", "share", Decimal(2), N_("Usage above this many times what was expected is too high"),
              low=Decimal(1)),
    Parameter("wider", "share", Decimal("1.5"), N_("The factor grows by this where there is no same season"),
              low=Decimal(1), high=Decimal(10)),
    Parameter("least", "quantity", Decimal(3), N_("A smaller difference in a period is no objection"),
              default_energy=Decimal(150)),
)  # fmt: skip
#: The parameter of rules that propose another value.
WITHIN = Parameter("within", "share", Decimal("0.35"), N_("A proposed value may mean usage this share off"),
                   high=Decimal(1))  # fmt: skip
