"""Where facts change inside a bill, on columns: which days share the same facts, and which are not served at all.

Only bills that have changes are looked at; a frame without any passes through as it is. A *served day* is one that is
charged: stretches are placed in their bill by counting served days alone, so that suspended days take no part in
splitting usage, tiers or charges, while a whole charge still rests on all the bill's days.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import SERVICE, STRETCHES_LIMIT, SUSPENDED, OutOfRange

#: One entry of the column ``changes`` of a frame of bills, a list for each bill: see `terms.Change`.
#: Numbers in millionths, ``before`` as ISO text or date.
CHANGE = {"before": pl.Date, "key": pl.String, "name": pl.String, "number": pl.Int64}
#: Where a stretch lies in its bill: the bill's first day; the day from which served days are counted;
#: all served days; all days.
PLACE = {"bill.began": pl.Date, "bill.opens": pl.Date, "bill.days": pl.Int64, "bill.length": pl.Int64}
_READS = {"row": pl.Int64, "name": pl.String, "at": pl.Int64, "used": pl.Int64}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The ``number``-th stretch of every bill that has so many: ``starts`` to ``ends`` (out) with the facts of then.

    ``frame`` has the columns `PLACE`, unless no bill of the frame is cut. ``reads`` (row, name, at, used): what a
    bill had used, in millionths, ``at`` so many served days.
    """

    number: int
    frame: pl.DataFrame
    reads: pl.DataFrame | None = None

    @property
    def placed(self) -> bool:
        """Whether the stretches of any bill are less than the bill."""
        return "bill.opens" in self.frame.columns


def stretches(tariff: Tariff, frame: pl.DataFrame) -> list[Stretch]:
    """The frame cut where the facts that the tariff asks for change; raise `OutOfRange` for bills without service."""
    if "changes" not in frame.columns:
        return [Stretch(0, frame)]
    some = frame["changes"].list.len().fill_null(0) > 0
    if not some.any():
        return [Stretch(0, frame.drop("changes"))]
    told = _told(tariff, frame.filter(some))
    frame = _with_columns(tariff, frame, told)
    changed = frame.filter(some)
    split = frozenset(each.name for each in tariff.required_determinants() if each.kind == "usage")
    facts, used = told.filter(~pl.col("name").is_in(split)), told.filter(pl.col("name").is_in(split))
    bills = changed.drop("changes")
    found = _placed(bills, _alike(_with_facts(_cut(bills, facts), facts), tariff))
    _check(tariff, bills, found)
    reads = _served(used, found)
    whole = frame.filter(~some).drop("changes")
    days = (pl.col("ends") - pl.col("starts")).dt.total_days()
    whole = whole.with_columns(
        pl.col("starts").alias("bill.began"), pl.col("starts").alias("bill.opens"),
        days.alias("bill.days"), days.alias("bill.length"),
    )  # fmt: skip
    listed: list[Stretch] = []
    for number in range(int(found["number"].max()) + 1):  # type: ignore[arg-type]
        mine = found.filter(pl.col("number") == number).select(whole.columns)
        together = pl.concat([whole, mine]).sort("row") if number == 0 else mine
        listed.append(Stretch(number, together, reads if reads.height else None))
    return listed


def _with_columns(tariff: Tariff, frame: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column for every fact told, also those that no bill states on its last day."""
    kinds = {each.name: pl.String if each.kind == "key" else pl.Int64 for each in tariff.required_determinants()}
    names = [name for name in told["name"].unique().sort() if name != SERVICE and f"det.{name}" not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=kinds[name]).alias(f"det.{name}") for name in names)


def _told(tariff: Tariff, changed: pl.DataFrame) -> pl.DataFrame:
    """The changes that matter: row, before, key, name, number; facts of the tariff inside the bill's days."""
    known = {SERVICE, *(each.name for each in tariff.required_determinants())}
    listed = changed.select("row", "starts", "ends", "changes").explode("changes")
    fields = {name: pl.col("changes").struct.field(name) for name in CHANGE}
    before = fields["before"]
    if isinstance(listed.schema["changes"], pl.Struct) and dict(listed.schema["changes"])["before"] == pl.String:
        fields["before"] = before.str.to_date()
    told = listed.select(
        "row", "starts", "ends", *(field.cast(CHANGE[name]).alias(name) for name, field in fields.items())
    )
    inside = (pl.col("before") > pl.col("starts")) & (pl.col("before") <= pl.col("ends"))
    return told.filter(inside & pl.col("name").is_in(known)).select("row", *CHANGE)


def _cut(bills: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The bills cut on every day a fact is told to change, whether it does or not."""
    first = bills.select("row", since="starts")
    later = facts.select("row", since="before").join(bills.select("row", "ends"), on="row")
    days = pl.concat([first, later.filter(pl.col("since") < pl.col("ends")).select("row", "since")])
    cut = (
        days.unique().sort("row", "since").join(bills.rename({"starts": "bill.began"}), on="row", maintain_order="left")
    )
    following = pl.col("since").shift(-1).over("row")
    cut = cut.with_columns(starts=pl.col("since"), whole=pl.col("ends"), ends=pl.coalesce(following, pl.col("ends")))
    return cut.drop("since")


def _with_facts(cut: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Every stretch with the facts of its days: the next change tells what was before it."""
    cut = cut.with_columns(pl.lit(None, dtype=pl.String).alias(SERVICE))
    for name in facts["name"].unique().sort():
        column = name if name == SERVICE else f"det.{name}"
        mine = facts.filter(pl.col("name") == name).sort("before")
        value = "key" if cut.schema[column] == pl.String else "number"
        next_one = cut.select("row", "starts").join(mine, on="row").filter(pl.col("before") > pl.col("starts"))
        held = next_one.group_by("row", "starts").agg(pl.col(value).sort_by("before").first().alias("held"), told=True)
        cut = cut.join(held, on=["row", "starts"], how="left", maintain_order="left")
        here = pl.when(pl.col("told")).then("held").otherwise(column)
        cut = cut.with_columns(here.alias(column)).drop("held", "told")
    return cut


def _alike(cut: pl.DataFrame, tariff: Tariff) -> pl.DataFrame:
    """Served stretches only; neighbours with the same facts are one."""
    served = cut.filter((pl.col(SERVICE) != SUSPENDED).fill_null(value=True)).drop(SERVICE)
    names = [f"det.{each.name}" for each in tariff.required_determinants() if f"det.{each.name}" in served.columns]
    same = pl.col("starts") == pl.col("ends").shift(1)
    for name in names:
        same = same & pl.col(name).eq_missing(pl.col(name).shift(1))
    same = same & (pl.col("row") == pl.col("row").shift(1))
    numbered = served.with_columns(number=(~same.fill_null(value=False)).cum_sum())
    joined = numbered.group_by("number", maintain_order=True).agg(
        pl.all().exclude("number", "ends").first(), pl.col("ends").last()
    )
    return joined.with_columns(number=pl.int_range(pl.len()).over("row"))


def _placed(bills: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The stretches with their place in the bill, and columns in the order of the bills."""
    days = (pl.col("ends") - pl.col("starts")).dt.total_days()
    found = found.with_columns(days.alias("own"))
    before = pl.col("own").cum_sum().over("row") - pl.col("own")
    found = found.with_columns(
        pl.col("own").sum().over("row").alias("bill.days"),
        (pl.col("whole") - pl.col("bill.began")).dt.total_days().alias("bill.length"),
        first=before,
        **{"bill.opens": pl.col("starts") - pl.duration(days=before)},
    )
    return found.select(*bills.columns, *PLACE, "number", "first", "own")


def _check(tariff: Tariff, bills: pl.DataFrame, found: pl.DataFrame) -> None:
    none = bills["row"].filter(~bills["row"].is_in(found["row"].implode()))
    if none.len():
        raise OutOfRange(schedule=tariff.schedule, what="service is suspended on every day", rows=none.to_list())
    many = found.filter(pl.col("number") >= STRETCHES_LIMIT)["row"].unique()
    if many.len():
        what = f"facts change more than {STRETCHES_LIMIT} times"
        raise OutOfRange(schedule=tariff.schedule, what=what, rows=many.to_list())


def _served(used: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """What was used by when, in served days: the least where suspended days lie between two reads."""
    days = (pl.col("before") - pl.col("starts")).dt.total_days().clip(0, pl.col("own"))
    placed = used.join(found.select("row", "starts", "own", "bill.days"), on="row")
    counted = placed.group_by("row", "name", "before").agg(
        at=days.sum(), used=pl.col("number").first(), all=pl.col("bill.days").first()
    )
    inside = counted.filter(pl.col("at").is_between(0, pl.col("all"), closed="none") & pl.col("used").is_not_null())
    least = inside.group_by("row", "name", "at").agg(pl.col("used").min())
    return least.sort("row", "name", "at").select(pl.col(name).cast(dtype) for name, dtype in _READS.items())
