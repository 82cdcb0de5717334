"""Segments that take earlier ones back: the same, with every quantity and amount negated."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from meterbook.engine.billing.sealed import canonical
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.replay.found import Difference
from meterbook.records.billing.replay.stored import Stored, originals_of

_SAME = ("document", "commodity", "starts", "ends", "inputs")
_LINE = ("component", "part", "version", "starts", "ends", "quantity", "price", "amount")


def not_taken_back(run: BillRun, stored: Stored, places: pl.DataFrame) -> Iterator[Difference]:
    """Reversals that are not what they take back, negated."""
    reversals = stored.segments.filter(pl.col("kind") == "reversal")
    if reversals.is_empty():
        return
    originals, their_lines = originals_of(run, reversals)
    of = {row["row"]: row for row in originals.iter_rows(named=True)}
    negated = their_lines.with_columns(-pl.col("quantity"), -pl.col("amount"))
    expected, lines = _by_row(negated), _by_row(stored.lines)
    where = {row["row"]: row for row in places.iter_rows(named=True)}
    for mine in reversals.iter_rows(named=True):
        row, original = mine["row"], of.get(mine["row"])
        wrong: tuple[str, str] | None = None
        if original is None:
            wrong = ("takes a segment back", f"no segment {mine['reverses']} in run {mine['reverses_run']}")
        else:
            wrong = _head(mine, original) or _first_line(lines.get(row, []), expected.get(row, []))
        if wrong is not None:
            place = where[row]
            yield Difference(
                what="reversal", stored=wrong[0], recomputed=wrong[1], account=place["account_number"],
                bill=place["bill_number"], segment=row, service=mine["commodity"],
            )  # fmt: skip


def _by_row(lines: pl.DataFrame) -> dict[int, list[tuple[object, ...]]]:
    """Lines of each segment by its id, in order of what they charge for."""
    found: dict[int, list[tuple[object, ...]]] = {}
    for line in lines.sort("row", *_LINE).select("row", *_LINE).iter_rows():
        found.setdefault(line[0], []).append(line[1:])
    return found


def _head(mine: dict[str, object], original: dict[str, object]) -> tuple[str, str] | None:
    if original["kind"] != "charge":
        return "takes a reversal back", "only charges are taken back"
    if mine["amount"] != -int(str(original["amount"])):
        return f"{mine['amount']} cents", f"minus {original['amount']} cents"
    for name in _SAME:
        values = (mine[name], original[name])
        if name == "inputs":
            values = (canonical(str(values[0])), canonical(str(values[1])))
        if values[0] != values[1]:
            return f"{name} {values[0]}", f"{name} {values[1]}"
    return None


def _first_line(mine: list[tuple[object, ...]], expected: list[tuple[object, ...]]) -> tuple[str, str] | None:
    if sorted(mine, key=str) == sorted(expected, key=str):
        return None
    only_mine = [line for line in mine if line not in expected][:1]
    only_expected = [line for line in expected if line not in mine][:1]
    return f"line {only_mine[0] if only_mine else 'missing'}", f"line {only_expected[0] if only_expected else 'none'}"
