"""What changes inside each segment to be: facts of its point, the meter's size, reads on the way, suspended service.

`with_determinants` gives every segment the facts of its last day; here stands what differed before, in the column
``changes`` (see `engine.rates.changing.stretches.CHANGE`). Segments without changes have null there, and a frame
without any has no such column.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.billing.verify import COUNTS_AS
from meterbook.engine.rates.changing.stretches import CHANGE
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import SERVED, SERVICE, SUSPENDED

_ENTRY = {"row": pl.Int64, **CHANGE}


def with_changes(
    dated: pl.DataFrame, *, facts: pl.DataFrame, pieces: pl.DataFrame, tariffs: Mapping[int, Tariff]
) -> pl.DataFrame:
    """Add what differed inside each segment; ``facts`` and ``pieces`` as their modules give them.

    ``dated`` may have ``suspended``, a list of days without service as {starts, ends (out)}.
    """
    asked = _asked(dated, tariffs)
    found = pl.concat([_of_facts(dated, facts, asked), _of_sizes(dated, pieces, asked), _of_reads(dated, pieces, asked),
                       _of_service(dated)])  # fmt: skip
    if found.is_empty():
        return dated
    listed = (
        found.sort("row", "before", "name").group_by("row", maintain_order=True).agg(changes=pl.struct(list(CHANGE)))
    )
    return dated.join(listed, on="row", how="left", maintain_order="left")


def _asked(dated: pl.DataFrame, tariffs: Mapping[int, Tariff]) -> pl.DataFrame:
    """Which facts each segment's tariff asks for: row, name, kind, optional."""
    rows = [
        (document, each.name, each.kind, each.optional)
        for document in dated["document"].unique().to_list()
        for each in tariffs[document].required_determinants()
    ]
    schema = {"document": pl.Int64, "name": pl.String, "kind": pl.String, "optional": pl.Boolean}
    listed = pl.DataFrame(rows, schema=schema, orient="row")
    return dated.select("row", "document").join(listed, on="document").drop("document")


def _of_facts(dated: pl.DataFrame, facts: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Where a value on record ends inside a segment: until then it was this one.

    Before the first value on record an optional fact is missing; one that must be there is taken to have been so.
    """
    measured = [column.removeprefix("det.") for column in dated.columns if column.startswith("det.")]
    within = (pl.col("since") < pl.col("ends")) & (pl.col("upto").is_null() | (pl.col("upto") > pl.col("starts")))
    here = (
        dated.select("row", "service_point", "starts", "ends")
        .join(facts, on="service_point")
        .filter(within & ~pl.col("name").is_in(measured))
    )
    several = here.filter((pl.col("since") > pl.col("starts")) | (pl.col("upto") < pl.col("ends")))
    here = here.join(several.select("row", "name").unique(), on=["row", "name"], how="semi")
    here = here.join(asked.filter(pl.col("kind") != "usage"), on=["row", "name"]).sort("row", "name", "since")
    mine = ["row", "name"]
    follows = pl.col("upto") == pl.col("since").shift(-1).over(mine)
    same = follows & pl.struct("number", "key").eq_missing(pl.struct("number", "key").shift(-1).over(mine))
    ended = here.filter((pl.col("upto") < pl.col("ends")) & ~same.fill_null(value=False))
    since = pl.col("upto").shift(1).over(mine).fill_null(pl.col("starts"))
    began = here.filter(pl.col("optional") & (pl.col("since") > since))
    nothing = began.select(
        "row", before="since", key=pl.lit(None, dtype=pl.String), name="name", number=pl.lit(None, dtype=pl.Int64)
    )
    return pl.concat([ended.select("row", before="upto", key="key", name="name", number="number"), nothing])


def _of_sizes(dated: pl.DataFrame, pieces: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Where a meter of another size took over."""
    sized = asked.filter(pl.col("name") == "meter_size").select("row")
    meters = pieces.join(sized, on="row", how="semi").sort("row", "from_on", "meter", "channel")
    meters = meters.group_by("row", "from_on", maintain_order=True).agg(pl.col("size").last())
    earlier = pl.col("size").shift(1).over("row")
    changed = meters.with_columns(earlier=earlier).filter(pl.col("earlier") != pl.col("size"))
    return changed.select(
        "row", before="from_on", key="earlier", name=pl.lit("meter_size"), number=pl.lit(None, dtype=pl.Int64)
    )


def _of_reads(dated: pl.DataFrame, pieces: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """What was used by the days on which the meter was read inside a segment."""
    name = pl.col("channel").replace_strict(COUNTS_AS, return_dtype=pl.String)
    split = asked.filter(pl.col("kind") == "usage").select("row", "name")
    if "paired" in dated.columns:  # what both meters make together is none of them read
        split = split.join(dated.filter(pl.col("paired").is_not_null()), on="row", how="anti")
    used = pieces.select("row", "first", "after", "quantity_e6", name=name).join(split, on=["row", "name"])
    days = used.join(dated.select("row", "ends"), on="row").filter(pl.col("after") < pl.col("ends"))
    days = days.select("row", "name", before="after").unique()
    each = days.join(used, on=["row", "name"])
    over = (pl.col("first") < pl.col("before")) & (pl.col("after") > pl.col("before"))
    read = each.group_by("row", "name", "before").agg(
        number=pl.col("quantity_e6").filter(pl.col("after") <= pl.col("before")).sum(), over=over.any()
    )
    read = read.filter(~pl.col("over"))
    return read.select("row", "before", key=pl.lit(None, dtype=pl.String), name="name", number="number")


def _of_service(dated: pl.DataFrame) -> pl.DataFrame:
    """Where service was suspended and resumed."""
    if "suspended" not in dated.columns:
        return pl.DataFrame(schema=_ENTRY)
    off = dated.select("row", "starts", "suspended").explode("suspended").drop_nulls("suspended")
    off = off.with_columns(
        first=pl.col("suspended").struct.field("starts"), after=pl.col("suspended").struct.field("ends")
    )
    number = pl.lit(None, dtype=pl.Int64)
    begins = off.filter(pl.col("first") > pl.col("starts")).select(
        "row", before="first", key=pl.lit(SERVED), name=pl.lit(SERVICE), number=number
    )
    ends = off.select("row", before="after", key=pl.lit(SUSPENDED), name=pl.lit(SERVICE), number=number)
    return pl.concat([begins, ends])
