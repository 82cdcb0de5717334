"""One part of a run: both faces again from the sealed inputs, beside what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from meterbook.engine.billing.build import build_bills
from meterbook.engine.billing.sealed import canonical, fingerprint, unsealed
from meterbook.engine.rates.price import LINES
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Refusal
from meterbook.records.billing.models import BillRun, RunChunk
from meterbook.records.billing.replay.found import Difference, Replayed
from meterbook.records.billing.replay.reversals import not_taken_back
from meterbook.records.billing.replay.stored import Stored, stored_of

_KEY = ["row", "component", "part", "version", "starts", "nth"]
_FIGURES = ["ends", "quantity", "price", "amount", "seq"]
_WRONG = {"row": pl.Int64, "detail": pl.String}


def replay_part(run: BillRun, part: RunChunk, tariffs: Mapping[int, Tariff]) -> Replayed:
    """Recompute the bills of a chunk's accounts from their own sealed inputs and compare them with what is stored."""
    stored = stored_of(run, part.first_account, part.last_account)
    charges = stored.segments.filter(pl.col("kind") == "charge")
    result = Replayed(
        bills=stored.bills.height,
        segments=stored.segments.height,
        reversals=stored.segments.height - charges.height,
        lines=stored.lines.height,
    )
    lines, refused = recomputed(charges, tariffs)
    places = stored.segments.select("row", "bill", "commodity").join(
        stored.bills.select("bill", "account_number", "bill_number"), on="bill"
    )
    kept = stored.lines.join(charges.select("row"), on="row", how="semi")
    result.tell(_refused(refused, places))
    result.tell(_lines(kept, lines, places))
    result.tell(not_taken_back(run, stored, places))
    result.tell(_sums(stored, places))
    result.tell(_heads(run, stored))
    result.tell(_sealed(part, stored, result))
    return result


def recomputed(charges: pl.DataFrame, tariffs: Mapping[int, Tariff]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of these segments made anew, numbered as a bill numbers them, and those that refuse: row, detail."""
    lines, refused = [pl.DataFrame(schema=LINES)], [pl.DataFrame(schema=_WRONG)]
    for (document,), due in charges.group_by("document", maintain_order=True):
        wrong = None
        if document not in tariffs:
            wrong = "its document is not on record"
        else:
            try:
                built = build_bills(unsealed(due, tariffs[document]), {document: tariffs[document]})
                lines.append(built.lines)
                refused.append(built.disagreeing.select("row", "detail"))
            except (Refusal, KeyError, TypeError, ValueError, ArithmeticError, pl.exceptions.PolarsError) as problem:
                wrong = f"{type(problem).__name__}: {problem}"
        if wrong is not None:
            refused.append(due.select("row", pl.lit(wrong).alias("detail")))
    made = pl.concat(lines).sort("row", "seq", "starts", "part")
    return made.with_columns(seq=(pl.int_range(pl.len()).over("row") + 1).cast(pl.Int32)), pl.concat(refused)


def numbered(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with a number among those that would have the same name, so that each can be found again."""
    return lines.sort("row", "seq").with_columns(nth=pl.int_range(pl.len()).over(_KEY[:-1]))


def _lines(stored: pl.DataFrame, made: pl.DataFrame, places: pl.DataFrame) -> Iterator[Difference]:
    """Lines that differ in any figure, are missing, or are too many."""
    both = numbered(stored).with_columns(is_stored=True).join(
        numbered(made).with_columns(is_made=True), on=_KEY, how="full", coalesce=True, suffix="_made"
    )  # fmt: skip
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_made")) for name in _FIGURES)
    wrong = both.filter(~(same & pl.col("is_stored").is_not_null() & pl.col("is_made").is_not_null()))
    for line in (
        wrong.sort("row", pl.coalesce("seq", "seq_made")).join(places, on="row", how="left").iter_rows(named=True)
    ):
        is_in = (line["is_stored"], line["is_made"])
        yield Difference(
            what="line",
            stored=_said(line, "") if is_in[0] else "no such line",
            recomputed=_said(line, "_made") if is_in[1] else "no such line",
            account=line["account_number"] or "",
            bill=line["bill_number"] or "",
            segment=line["row"],
            service=line["commodity"] or "",
            line=f"{line['seq'] or line['seq_made']} {line['component']}",
        )


def _said(line: Mapping[str, object], suffix: str) -> str:
    figures = {name: line[f"{name}{suffix}"] for name in _FIGURES}
    return "line {seq} to {ends}, {quantity} millionths at {price} e-8 dollars = {amount} cents".format(**figures)


def _refused(refused: pl.DataFrame, places: pl.DataFrame) -> Iterator[Difference]:
    for row in refused.join(places, on="row", how="left").iter_rows(named=True):
        yield Difference(
            what="explanation", stored="a bill", recomputed=row["detail"], account=row["account_number"] or "",
            bill=row["bill_number"] or "", segment=row["row"], service=row["commodity"] or "",
        )  # fmt: skip


def _sums(stored: Stored, places: pl.DataFrame) -> Iterator[Difference]:
    """Segments whose lines, and bills whose segments, do not add up."""
    lined = stored.lines.group_by("row").agg(lined=pl.col("amount").sum())
    segments = stored.segments.join(lined, on="row", how="left").with_columns(pl.col("lined").fill_null(0))
    for row in segments.filter(pl.col("amount") != pl.col("lined")).join(places, on="row").iter_rows(named=True):
        yield Difference(
            what="segment", stored=f"{row['amount']} cents", recomputed=f"{row['lined']} cents in its lines",
            account=row["account_number"], bill=row["bill_number"], segment=row["row"], service=row["commodity"],
        )  # fmt: skip
    billed = segments.group_by("bill").agg(summed=pl.col("lined").sum())
    bills = stored.bills.join(billed, on="bill", how="left").with_columns(pl.col("summed").fill_null(0))
    for row in bills.filter(pl.col("current") != pl.col("summed")).iter_rows(named=True):
        yield Difference(
            what="bill", stored=f"{row['current']} cents", recomputed=f"{row['summed']} cents in its lines",
            account=row["account_number"], bill=row["bill_number"],
        )  # fmt: skip


def _heads(run: BillRun, stored: Stored) -> Iterator[Difference]:
    """Bills whose days or dates are not those of their segments and their run."""
    days = stored.segments.group_by("bill").agg(first=pl.col("starts").min(), last=pl.col("ends").max())
    heads = stored.bills.join(days, on="bill", how="left")
    right = (
        pl.col("starts").eq(pl.coalesce("first", "starts")) & pl.col("ends").eq(pl.coalesce("last", "ends"))
        & (pl.col("bill_date") == run.bill_date)
    )  # fmt: skip
    for row in heads.filter(~right).iter_rows(named=True):
        yield Difference(
            what="bill",
            stored=f"{row['starts']} to {row['ends']}, of {row['bill_date']}",
            recomputed=f"{row['first']} to {row['last']}, of {run.bill_date}",
            account=row["account_number"],
            bill=row["bill_number"],
        )


def _sealed(part: RunChunk, stored: Stored, counted: Replayed) -> Iterator[Difference]:
    """Whether the part's rows and inputs are those that were sealed."""
    where = f"chunk {part.number}, account ids {part.first_account} to {part.last_account}"
    now = fingerprint(map(canonical, stored.segments.sort("row")["inputs"]))
    if now != part.inputs_sha256:
        yield Difference(what="inputs", stored=f"{part.inputs_sha256} sealed of {where}", recomputed=now)
    if (part.bills, part.lines) != (counted.bills, counted.lines):
        yield Difference(
            what="totals",
            stored=f"{part.bills} bills, {part.lines} lines counted of {where}",
            recomputed=f"{counted.bills} bills, {counted.lines} lines",
        )
