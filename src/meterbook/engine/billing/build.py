"""A bill, read from top to bottom: price the agreements, check every one by explanation, gather them into bills.

`build_bills` is the table of contents; each step below it is one function. Everything arrives as values: frames of
agreements that are due, with their determinants, and one `Tariff` per released document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from meterbook.engine.billing.sealed import seal
from meterbook.engine.billing.verify import usage_disagrees
from meterbook.engine.billing.wholesale import disagrees as settles_apart
from meterbook.engine.quantity import unscaled
from meterbook.engine.rates.changing.told import changes_of
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.price import LINES, price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Change, MissingDeterminant, Refusal, UnknownKey

#: One due agreement a row, besides one ``det.<name>`` column for each determinant any schedule uses, ``pieces`` and,
#: where facts change inside a bill, ``changes`` (see `engine.rates.changing.stretches.CHANGE`).
AGREEMENTS: dict[str, Any] = {
    "row": pl.Int64, "account": pl.Int64, "document": pl.Int64, "starts": pl.Date, "ends": pl.Date,
}  # fmt: skip
_SEALED = {"row": pl.Int64, "inputs": pl.String}

Face = Callable[[Tariff, pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Built:
    """What `build_bills` made.

    ``lines`` as `engine.rates.price.price` returns them; ``sealed``: row, inputs (JSON text of what was priced);
    ``disagreeing``: row, reason, detail, for agreements that cannot be priced, or where price and explanation differ;
    their accounts must be held.
    """

    lines: pl.DataFrame
    sealed: pl.DataFrame
    disagreeing: pl.DataFrame


def build_bills(agreements: pl.DataFrame, tariffs: Mapping[int, Tariff], *, priced_by: Face = price) -> Built:
    """Price every due agreement and explain every one; ``priced_by`` exists so that tests can plant faults in it."""
    lines, sealed, disagreeing = [pl.DataFrame(schema=LINES)], [pl.DataFrame(schema=_SEALED)], [_disagreeing([])]
    for (document,), due in agreements.group_by("document", maintain_order=True):
        tariff = tariffs[document]
        names = determinants_of(tariff)
        columns = [f"det.{name}" for name in names if f"det.{name}" in due.columns]
        sealed.append(seal(due, columns))
        priced, due, refused = _priced(priced_by, tariff, due, columns)
        lines.append(priced.sort("row", "seq", "starts", "part"))
        disagreeing.append(refused)
        disagreeing.append(compare(tariff, due, columns, priced))
    return Built(lines=pl.concat(lines), sealed=pl.concat(sealed), disagreeing=pl.concat(disagreeing))


def _priced(
    face: Face, tariff: Tariff, due: pl.DataFrame, columns: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Price what can be priced: lines, the agreements they are for, and the refused ones with their reason.

    A frame is priced whole or not at all, so rows that a refusal names are taken out and the rest is tried again.
    """
    refused: list[tuple[int, str, str]] = []
    while True:
        try:
            asked = due.select("row", "starts", "ends", *columns, *_changes(due))
            return face(tariff, asked), due, _disagreeing(refused)
        except Refusal as refusal:
            rows = set(getattr(refusal, "rows", ())) & set(due["row"])
            if not rows:
                raise
            words = re.sub(r" \(rows [^)]*\)$", "", str(refusal))
            reason = "missing_fact" if isinstance(refusal, MissingDeterminant | UnknownKey) else "explanation_differs"
            refused += [(row, reason, words) for row in due["row"] if row in rows]
            due = due.filter(~pl.col("row").is_in(list(rows)))


def _changes(due: pl.DataFrame) -> list[str]:
    """The column of what changes inside bills, where any has such."""
    return ["changes"] if "changes" in due.columns and due["changes"].null_count() < due.height else []


def determinants_of(tariff: Tariff) -> dict[str, str]:
    """The determinants any version of a tariff asks for, name to kind, in order of first use."""
    return {determinant.name: determinant.kind for determinant in tariff.required_determinants()}


def compare(tariff: Tariff, due: pl.DataFrame, columns: Sequence[str], priced: pl.DataFrame) -> pl.DataFrame:
    """Explain every agreement and name those whose lines differ from the priced ones in any way.

    The explanation starts again from the sealed facts: the usage is re-added from the reads, the version is selected
    anew, every amount is computed in `Decimal`.
    """
    by_row: dict[int, list[tuple[str, int, str, date, int]]] = {row: [] for row in due["row"]}
    facts = ("component", "part", "version", "starts", "amount")
    columned = [priced[name].to_list() for name in facts]
    for row, line in zip(priced["row"].to_list(), zip(*columned, strict=True), strict=True):
        by_row.setdefault(row, []).append(line)
    found: list[tuple[int, str, str]] = []
    numbers = [
        (column.removeprefix("det."), due.schema[column] == pl.Int64, due[column].to_list()) for column in columns
    ]
    cells = zip(*(values for _, _, values in numbers), strict=True) if numbers else ((),) * due.height
    listed = due["changes"].to_list() if _changes(due) else [None] * due.height
    twice = due["paired"].to_list() if "paired" in due.columns else [None] * due.height
    known = (due[name].to_list() for name in ("row", "starts", "ends", "pieces"))
    explained = Explained(tariff, [(name, is_number) for name, is_number, _ in numbers])
    for row, starts, ends, pieces, values, entries, paired in zip(*known, cells, listed, twice, strict=True):
        changes = changes_of(entries) if entries else ()
        wrong = None
        if paired is not None:
            wrong = settles_apart(pieces, paired, explained.told(values))
        elif pieces is not None:
            wrong = usage_disagrees(pieces, explained.told(values), changes, (starts, ends))
        if wrong is None:
            try:
                wrong = difference(by_row[row], explained.lines(starts, ends, values, changes))
            except Refusal as refusal:
                wrong = f"explanation refuses: {refusal}"
        if wrong is not None:
            found.append((row, "explanation_differs", wrong))
    return _disagreeing(found)


class Explained:
    """What one tariff comes to in `Decimal`, worked out once for bills of the very same days and facts.

    ``names`` are the determinants in order, and whether each is a number (millionths) or a key.
    """

    def __init__(self, tariff: Tariff, names: Sequence[tuple[str, bool]]) -> None:
        self.tariff, self.names = tariff, names
        self._told: dict[tuple[Any, ...], dict[str, Decimal | str]] = {}
        self._lines: dict[tuple[Any, ...], list[tuple[str, int, str, date, int]]] = {}

    def told(self, values: tuple[Any, ...]) -> dict[str, Decimal | str]:
        """The facts as the explanation takes them."""
        if values not in self._told:
            self._told[values] = {
                name: unscaled(value) if is_number else value
                for (name, is_number), value in zip(self.names, values, strict=True)
                if value is not None
            }
        return self._told[values]

    def lines(
        self, starts: date, ends: date, values: tuple[Any, ...], changes: Sequence[Change]
    ) -> list[tuple[str, int, str, date, int]]:
        """The lines of a bill; one whose facts change inside it is worked out for itself. Raises `Refusal`."""
        key = (starts, ends, values)
        if not changes and key in self._lines:
            return self._lines[key]
        made = [line[:5] for line in amounts(self.tariff, starts, ends, self.told(values), changes)]
        if not changes:
            self._lines[key] = made
        return made


def _disagreeing(found: Sequence[tuple[int, str, str]]) -> pl.DataFrame:
    schema = {"row": pl.Int64, "reason": pl.String, "detail": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


def difference(
    priced: list[tuple[str, int, str, date, int]], explained: Sequence[tuple[str, int, str, date, int]]
) -> str | None:
    """Where two accounts of the same bill part, in words for the hold list; ``None`` when they agree line by line."""
    if priced == explained or sorted(priced) == sorted(explained):
        return None
    only_priced = sorted(set(priced) - set(explained))[:3]
    only_explained = sorted(set(explained) - set(priced))[:3]
    return f"priced {only_priced or 'nothing more'}, explained {only_explained or 'nothing more'}"
