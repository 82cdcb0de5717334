"""The figures of a finding: exact decimals as text, gathered as JSON, and the sentence they fill."""

from __future__ import annotations

import json
from collections.abc import Callable

import polars as pl

from meterbook.engine.metering.validation.contract import KEYS, Rule
from meterbook.engine.quantity import QUANTITY_SCALE


def exact(micro: pl.Expr) -> pl.Expr:
    """Integer millionths as plain text without trailing zeros; null stays null.

    >>> pl.DataFrame({"n": [227_600_000, -5, 40_000_000]}).select(exact(pl.col("n"))).to_series().to_list()
    ['227.6', '-0.000005', '40']
    """
    wide = micro.cast(pl.Int128)
    whole, rest = wide.abs() // QUANTITY_SCALE, wide.abs() % QUANTITY_SCALE
    sign = pl.when(wide < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    decimals = rest.cast(pl.Int64).cast(pl.String).str.zfill(6).str.strip_chars_end("0")
    point = pl.when(rest == 0).then(pl.lit("")).otherwise(pl.lit("."))
    return pl.concat_str(sign, whole.cast(pl.Int64).cast(pl.String), point, decimals)


def ratio(over: pl.Expr, under: pl.Expr, *, decimals: int = 2) -> pl.Expr:
    """A quotient as text, rounded half away from zero to ``decimals`` (0 to 6); null where nothing is divided by.

    >>> pl.DataFrame({"a": [1, -5, 7], "b": [3, 2, 0]}).select(ratio(pl.col("a"), pl.col("b"))).to_series().to_list()
    ['0.33', '-2.5', None]
    """
    step = 10**decimals
    top, bottom = over.cast(pl.Int128).abs() * step * 2, under.cast(pl.Int128).abs()
    rounded = pl.when(bottom > 0).then((top + bottom) // (bottom * 2) * (QUANTITY_SCALE // step))
    minus = (over < 0) != (under < 0)
    return exact(pl.when(minus).then(0 - rounded).otherwise(rounded))


def objections(frame: pl.DataFrame, condition: pl.Expr, *, what: pl.Expr | str, **figures: pl.Expr) -> pl.DataFrame:
    """The rows where ``condition`` is true (null is not): their keys, and ``figures`` with ``what`` and the rest."""
    keys = KEYS["reads" if "row" in frame.columns else "intervals"]
    kind = pl.lit(what) if isinstance(what, str) else what
    texts = [kind.cast(pl.String).alias("what")]
    texts += [text.cast(pl.String).alias(name) for name, text in figures.items()]
    chosen = frame.filter(condition)
    return chosen.select(*keys, figures=pl.struct(texts).struct.json_encode())


def words(rule: Rule, figures: str, translate: Callable[[str], str]) -> str:
    """The sentence of one finding in the translator's language; ``figures`` is the finding's JSON text."""
    known = json.loads(figures)
    values = {
        name: translate(rule.terms[text]) if text in rule.terms else ("" if text is None else text)
        for name, text in known.items()
    }
    return translate(rule.says[known["what"]]) % values
