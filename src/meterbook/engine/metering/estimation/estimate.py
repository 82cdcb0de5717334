"""Estimated reads for every row at once: the column face of ``explain.explain_estimate``.

The formula is that of the CPUC working group's draft (DASMMD): average daily usage to two decimals × days ÷
multiplier, truncated, added to the last read. Quantities are integer millionths.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from meterbook.engine.columns import INT64_MAX, OutOfRange, Shape, WrongColumns, shaped
from meterbook.engine.metering.estimation import methods
from meterbook.engine.metering.estimation.configure import Configured, Settings
from meterbook.engine.metering.estimation.evidence import OnColumns
from meterbook.engine.metering.estimation.refusals import PROBLEMS
from meterbook.engine.metering.register import MOST_DIALS
from meterbook.engine.metering.validation.figures import exact
from meterbook.engine.quantity import QUANTITY_SCALE

__all__ = ["ESTIMABLE", "ESTIMATES", "EVIDENCE", "PROBLEMS", "estimate"]

#: What every row must say; columns of the validation contract.
ESTIMABLE: Shape = {
    "row": pl.Int64, "commodity": pl.String, "premise_class": pl.String, "unit": pl.String, "dials": pl.Int32,
    "decimals": pl.Int32, "multiplier": pl.Int64, "estimates_in_row": pl.Int32,
}  # fmt: skip
#: What may be null, or left out: the last read, the days to estimate, and the evidence.
EVIDENCE: Shape = {
    "previous_value": pl.Int64, "days": pl.Int32, "season_quantity": pl.Int64, "season_days": pl.Int32,
    "prior_quantity": pl.Int64, "prior_days": pl.Int32, "year_quantity": pl.Int64, "year_days": pl.Int32,
    "class_daily": pl.Int64,
    "class_this_year": pl.Int64, "class_last_year": pl.Int64,  # like customers a day, see ``like_customers``
}  # fmt: skip
#: What is known of each estimate; without one, ``problem`` says why and the rest is null.
ESTIMATES: Shape = {
    "row": pl.Int64, "quantity": pl.Int64, "value": pl.Int64, "method": pl.String, "confidence": pl.Int32,
    "in_row": pl.Int32, "limit_reached": pl.Boolean, "inputs": pl.String, "problem": pl.String,
}  # fmt: skip
#: A thousand million units is no evidence but a fault; within it 128 bits carry every product.
_MOST_QUANTITY, _MOST_DAYS = 10**15, 10**5
_MILLIONTHS = {
    "multiplier", "previous_value", "season_quantity", "prior_quantity", "year_quantity", "class_daily",
    "class_this_year", "class_last_year",
}  # fmt: skip


def estimate(
    frame: pl.DataFrame, configured: Configured, *, plausible_share: Fraction = Fraction(1, 4)
) -> pl.DataFrame:
    """An estimated read for each row of ``frame`` (`ESTIMABLE`, `EVIDENCE`), as `ESTIMATES`, by row.

    The first method of the configured order that has enough evidence gives an exact usage a day. It is rounded half up
    to the configured decimals (two), times the ``days`` to estimate, ÷ multiplier, truncated to the register's
    resolution (its ``decimals``) and added to ``previous_value``, past 0 where the dials end. ``quantity`` is what the
    register then counted × multiplier, so that deriving usage from the estimated read gives the same.

    ``confidence`` is percent. ``in_row`` counts this estimate among those without an actual read between them;
    ``limit_reached`` is true from the configured limit on: somebody must go and read. ``inputs`` is JSON of every fact
    used, numbers as exact decimals in text. ``problem`` is a key of `PROBLEMS` where no estimate can be made.

    Raises `WrongColumns`, and `OutOfRange` for a register or evidence outside what the columns carry.
    """
    rows = _framed(frame)
    _guard(rows)
    parts = []
    for (number,), part in rows.with_columns(entry=_entry_of(configured)).group_by(["entry"], maintain_order=True):
        settings = configured.settings if number == -1 else configured.overrides[int(str(number))].settings
        parts.append(_estimated(part.drop("entry"), settings, configured, plausible_share))
    if not parts:
        return pl.DataFrame(schema=dict(ESTIMATES))
    return pl.concat(parts).sort("row")


def _framed(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of both shapes, the optional ones null where they are left out."""
    shaped(frame, ESTIMABLE)
    for name, wanted in EVIDENCE.items():
        if name in frame.columns and frame.schema[name] not in (wanted, pl.Null):
            raise WrongColumns(f"{name} is {frame.schema[name]}, not {wanted}")
    optional = (
        pl.col(name).cast(wanted) if name in frame.columns else pl.lit(None, dtype=wanted).alias(name)
        for name, wanted in EVIDENCE.items()
    )
    rows = frame.select(*ESTIMABLE, *optional)
    if rows["row"].n_unique() != rows.height:
        raise WrongColumns("row names two rows")
    return rows


def _guard(rows: pl.DataFrame) -> None:
    """Refuse what no register can be, and evidence no register can give."""
    shape = pl.col("dials").is_between(1, MOST_DIALS) & pl.col("decimals").is_between(0, 6)
    register = shape & (pl.col("multiplier") > 0) & (pl.col("estimates_in_row") >= 0)
    sizes = [
        pl.col(name).fill_null(0).is_between(-_MOST_QUANTITY, _MOST_QUANTITY)
        for name in EVIDENCE
        if name in _MILLIONTHS and name != "previous_value"
    ]
    days = [pl.col(name).fill_null(0) <= _MOST_DAYS for name in EVIDENCE if name.endswith("days")]
    unfit = rows.filter(~pl.all_horizontal(register, *sizes, *days, pl.col("multiplier") <= _MOST_QUANTITY))
    if unfit.height:
        raise OutOfRange(f"row {unfit['row'][0]}: its register or its evidence is outside what a meter can say")


def _entry_of(configured: Configured) -> pl.Expr:
    """The number of the last override that is for the row, −1 where none is."""
    chosen = pl.lit(-1, dtype=pl.Int32)
    for number, override in enumerate(configured.overrides):
        asked = {"commodity": override.commodity, "premise_class": override.premise_class}
        matches = [pl.col(name) == want for name, want in asked.items() if want is not None]
        chosen = pl.when(pl.all_horizontal(matches)).then(number).otherwise(chosen)
    return chosen.cast(pl.Int32)


def _estimated(rows: pl.DataFrame, settings: Settings, configured: Configured, share: Fraction) -> pl.DataFrame:
    """Rows that share their settings."""
    found = {name: _method(name, settings) for name in settings.order}
    chosen = pl.coalesce(
        *(pl.when(one.enough).then(pl.lit(name)) for name, one in found.items()), pl.lit(None, dtype=pl.String)
    )
    rows = rows.with_columns(method=chosen).with_columns(
        over=_of_chosen({name: one.over for name, one in found.items()}, pl.Int128),
        under=_of_chosen({name: one.under for name, one in found.items()}, pl.Int128),
        evidence_days=_of_chosen({name: one.days for name, one in found.items()}, pl.Int32),
        whole_range=pl.lit(10, dtype=pl.Int64).pow(pl.col("dials")).cast(pl.Int64) * QUANTITY_SCALE,
    )
    step = 10 ** (6 - settings.adu_decimals)
    adu = (pl.col("over") * 2 + pl.col("under") * step) // (pl.col("under") * 2 * step) * step
    resolution = pl.lit(10, dtype=pl.Int64).pow(6 - pl.col("decimals")).cast(pl.Int128)
    counted = adu * pl.col("days") * QUANTITY_SCALE // (pl.col("multiplier") * resolution) * resolution
    rows = rows.with_columns(counted=counted).with_columns(
        product=pl.col("counted") * pl.col("multiplier"), reached=pl.col("counted") + pl.col("previous_value")
    )
    rows = rows.with_columns(problem=_problem(share))
    fine = pl.col("problem").is_null()
    in_row = pl.col("estimates_in_row") + 1
    return rows.with_columns(
        quantity=pl.when(fine).then(pl.col("product") // QUANTITY_SCALE).cast(pl.Int64),
        value=pl.when(fine).then(pl.col("reached") % pl.col("whole_range")).cast(pl.Int64),
        method=pl.when(fine).then("method"),
        confidence=pl.when(fine).then(_confidence(settings)).cast(pl.Int32),
        in_row=pl.when(fine).then(in_row),
        limit_reached=pl.when(fine).then(in_row >= settings.consecutive_limit),
        inputs=pl.when(fine).then(_inputs(configured)),
    ).select(list(ESTIMATES))


def _method(name: str, settings: Settings) -> OnColumns:
    found: OnColumns = methods.module(name, "columns").daily(settings)
    return OnColumns(found.enough.fill_null(value=False), found.over, found.under, found.days)


def _of_chosen(by_method: dict[str, pl.Expr], dtype: type[pl.DataType]) -> pl.Expr:
    one = pl.lit(None, dtype=dtype)
    for name, value in by_method.items():
        one = pl.when(pl.col("method") == name).then(value.cast(dtype)).otherwise(one)
    return one


def _problem(share: Fraction) -> pl.Expr:
    """Why no estimate can be made, the first that applies; the keys of `PROBLEMS`."""
    last = pl.col("previous_value")
    rolls = pl.col("reached") >= pl.col("whole_range")
    implausible = rolls & (
        pl.col("counted") * share.denominator > pl.col("whole_range").cast(pl.Int128) * share.numerator
    )
    wide = (pl.col("product") // QUANTITY_SCALE) > INT64_MAX
    return (
        pl.when(last.is_null() | (last < 0) | (last >= pl.col("whole_range")))
        .then(pl.lit("no_last_read"))
        .when(pl.col("days").is_null() | (pl.col("days") <= 0))
        .then(pl.lit("no_days"))
        .when(pl.col("method").is_null())
        .then(pl.lit("no_evidence"))
        .when((pl.col("counted") >= pl.col("whole_range")) | implausible | wide)
        .then(pl.lit("too_much"))
        .when(pl.col("product") % QUANTITY_SCALE != 0)
        .then(pl.lit("too_fine"))
    )


def _confidence(settings: Settings) -> pl.Expr:
    worth = pl.col("method").replace_strict(dict(settings.confidence.methods), default=0, return_dtype=pl.Int32)
    short = (pl.col("evidence_days") < pl.col("days")).fill_null(value=False)
    less = settings.confidence.each_estimate_before * pl.col("estimates_in_row") + pl.when(short).then(
        settings.confidence.short_evidence
    ).otherwise(0)
    return pl.max_horizontal(worth - less, pl.lit(settings.confidence.least))


def _inputs(configured: Configured) -> pl.Expr:
    """Every fact of the row as text, and the policy's date."""
    facts = [
        (exact(pl.col(name)) if name in _MILLIONTHS else pl.col(name).cast(pl.String)).alias(name)
        for name in (*ESTIMABLE, *EVIDENCE)
        if name != "row"
    ]
    policy = pl.lit(configured.effective.isoformat()).alias("policy_effective")
    return pl.struct(*facts, policy).struct.json_encode()
