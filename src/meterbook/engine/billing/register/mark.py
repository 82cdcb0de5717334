"""All tests over a part of a run: marks, ranked by what is at stake, and what each does to the bill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from meterbook.engine.billing.register.figures import MARKS, Cycle
from meterbook.engine.billing.register.marks import amount, cap, days, missing, nothing, peers, plain, usage
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import Register
from meterbook.engine.trace import Translate

#: Every test by its name, in the order of the policy's list.
TESTS: dict[str, Mark] = {
    one.name: one
    for one in (
        amount.MARK, usage.MARK, days.MARK, nothing.ZERO_USAGE, nothing.ZERO_BILL, nothing.NEGATIVE, plain.FIRST_BILL,
        plain.ESTIMATED, plain.CREDIT_BALANCE, plain.LEVEL_PAY_SETTLE, cap.MARK, missing.MARK, peers.MARK,
    )
}  # fmt: skip
#: A figure a person let through: account, service point (or none), test, and the figure that was seen.
CLEARED: dict[str, Any] = {
    "account": pl.Int64, "service_point": pl.Int64, "test": pl.String, "seen": pl.Int64,
}  # fmt: skip


def marked(cycle: Cycle, register: Register, cleared: pl.DataFrame) -> pl.DataFrame:
    """The marks of a part of a run (`MARKS`), dearest first.

    What would hold a bill is ``cleared`` instead where a person let the same test's figure, or a greater one, through.
    """
    found = [pl.DataFrame(schema=MARKS)]
    for setting in register.settings:
        marks = TESTS[setting.test].find(cycle, setting)
        if setting.effect == "hold":
            marks = _cleared(marks, cleared)
        else:
            marks = marks.with_columns(effect=pl.lit("show"))
        found.append(marks)
    return pl.concat(found).sort("cents", "account", "test", descending=[True, False, False], maintain_order=True)


def _cleared(marks: pl.DataFrame, cleared: pl.DataFrame) -> pl.DataFrame:
    seen = cleared.group_by("account", "service_point", "test").agg(pl.col("seen").abs().max())
    joined = marks.join(seen, on=["account", "service_point", "test"], how="left", nulls_equal=True)
    through = (pl.col("figure").fill_null(0).abs() <= pl.col("seen")).fill_null(value=False)
    effect = pl.when(through).then(pl.lit("cleared")).otherwise(pl.lit("hold"))
    return joined.with_columns(effect=effect).drop("seen")


def sentence(
    mark: Mapping[str, Any], details: Mapping[str, Any], translate: Translate, shown: Callable[[str, Any, str], str]
) -> str:
    """What a mark says, with both figures; ``shown(kind, value, unit)`` puts one value into the reader's figures."""
    test = TESTS[mark["test"]]
    message = test.says.get(mark["against"]) or next(iter(test.says.values()))
    kinds, unit = test.kinds, mark["unit"]
    values = {name: shown(kinds.get(name, "plain"), value, unit) for name, value in details.items()}
    values["service"] = shown("service", mark["commodity"], unit)
    for name in ("figure", "compared"):
        values[name] = shown(mark["measure"], mark[name], unit)
    return translate(message) % values
