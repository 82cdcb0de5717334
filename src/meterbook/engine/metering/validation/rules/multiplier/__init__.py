"""Usage that is off by the multiplier, or by ten."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.expectation import (
    BASES,
    JUDGING,
    WITHIN,
    fits,
    is_wrong,
    step,
    usage_of,
    with_expected,
)
from meterbook.engine.metering.validation.figures import exact, objections, ratio
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_

_TENS = (10, 100)
#: A part is well below half of what was expected: what is above it needs no looking at.
_LITTLE = 2
#: A register is new where it hangs for so many months or fewer.
_NEW_MONTHS = 3


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Another multiplier than on record, or usage and values off by the register's own, by ten or by a hundred."""
    differs = (pl.col("source_multiplier") != pl.col("multiplier")) | (pl.col("problem") == "register_changed")
    known = with_expected(frame).with_columns(differs=differs.fill_null(value=False), wrong=is_wrong(settings))
    known = known.with_columns(used=pl.coalesce(pl.col("quantity").cast(pl.Int128), _beyond()))
    little = pl.col("used") * _LITTLE < pl.col("expected")
    known = known.filter(pl.col("differs") | pl.col("wrong") | little)
    shown = [("shown", factor, _shown(factor, settings)) for factor in (_own(), *map(_whole, _TENS))]
    high = [("times", _own(), _times(_own(), settings["own"]))]
    high += [("times", _whole(ten), _times(_whole(ten), settings["near"])) for ten in _TENS]
    low = [("part", _own(), _part(_own(), settings))]
    low += [("part", _whole(ten), _part(_whole(ten), settings) & _new()) for ten in _TENS]
    what, factor = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.Int128)
    for name, number, holds in reversed([*shown, *high, *low]):
        what = pl.when(holds).then(pl.lit(name)).otherwise(what)
        factor = pl.when(holds).then(number).otherwise(factor)
    what = pl.when("differs").then(pl.lit("differs")).otherwise(what)
    told = known.with_columns(what=what, factor=factor)
    return objections(
        told,
        pl.col("what").is_not_null(),
        what=pl.col("what"),
        usage=exact(pl.col("used")),
        unit=pl.col("unit"),
        expected=exact(pl.col("expected") // 10_000 * 10_000),
        times=ratio(pl.col("used"), pl.col("expected")),
        factor=exact(pl.col("factor")),
        multiplier=exact(pl.col("multiplier")),
        source_multiplier=exact(pl.col("source_multiplier")),
        basis=pl.col("basis"),
    )


def _new() -> pl.Expr:
    """A register too new to have counted as usual here: one that did does not lose a digit by itself."""
    return pl.col("months_installed") <= _NEW_MONTHS


def _own() -> pl.Expr:
    """The register's multiplier, in millionths; null where it is 1."""
    return pl.when(pl.col("multiplier") > QUANTITY_SCALE).then(pl.col("multiplier").cast(pl.Int128))


def _whole(factor: int) -> pl.Expr:
    return pl.lit(factor * QUANTITY_SCALE, dtype=pl.Int128)


def _shown(factor: pl.Expr, settings: Settings) -> pl.Expr:
    """The value itself was multiplied: it is a whole multiple, and divided by the factor it is plausible."""
    value = pl.col("value").cast(pl.Int128) * QUANTITY_SCALE
    whole = value % (factor * step()) == 0
    return pl.col("wrong") & whole & fits(usage_of(value // factor), settings["within"])


def _beyond() -> pl.Expr:
    """What a value beyond the dials would mean, had they room for it."""
    more = pl.col("value").cast(pl.Int128) - pl.col("previous_value")
    beyond = (pl.col("problem") == "beyond_dials") & (more > 0)
    return pl.when(beyond).then(more * pl.col("multiplier") // QUANTITY_SCALE)


def _times(factor: pl.Expr, near: int) -> pl.Expr:
    """The usage is ``factor`` times what was expected, give or take the share ``near``."""
    used, expected = pl.col("used"), pl.col("expected") * factor // QUANTITY_SCALE
    low = used * (QUANTITY_SCALE + near) >= expected * QUANTITY_SCALE
    return pl.col("wrong") & ~pl.col("rollover") & low & (used * QUANTITY_SCALE <= expected * (QUANTITY_SCALE + near))


def _part(factor: pl.Expr, settings: Settings) -> pl.Expr:
    """The usage is one of ``factor`` parts of what was expected, and the register never counted so little."""
    used, expected = pl.col("quantity").cast(pl.Int128), pl.col("expected") * QUANTITY_SCALE // factor
    near = settings["near"]
    low = used * (QUANTITY_SCALE + near) >= expected * QUANTITY_SCALE
    high = used * QUANTITY_SCALE <= expected * (QUANTITY_SCALE + near)
    matters = (pl.col("at_least") - used >= settings["least"]) & (pl.col("basis") != "class")
    own_lowest = pl.col("low_daily").cast(pl.Int128) * pl.col("period")
    return low & high & matters & (used * 2 < own_lowest) & pl.col("occupied")


RULE = Rule(
    name="multiplier",
    title=N_("Multiplier"),
    applies_to="reads",
    says={
        "differs": N_("The source says multiplier %(source_multiplier)s, on record is %(multiplier)s."),
        "shown": N_("The read seems to be multiplied by %(factor)s already: divided by it, it is plausible."),
        "times": N_(
            "%(usage)s %(unit)s is %(times)s times what was expected (%(expected)s, going by %(basis)s), near a factor "
            "of %(factor)s."
        ),
        "part": N_(
            "%(usage)s %(unit)s is %(times)s of what was expected (%(expected)s, going by %(basis)s), near one part in "
            "%(factor)s."
        ),
    },
    terms=BASES,
    find=find,
    parameters=(
        *JUDGING,
        WITHIN,
        Parameter("near", "share", Decimal("0.15"), N_("How far from ten or a hundred a ratio may be"),
                  high=Decimal(1)),
        Parameter("own", "share", Decimal("0.6"), N_("How far from the register's own multiplier a ratio may be"),
                  high=Decimal(1)),
    ),
)  # fmt: skip
