"""A study made ready: usage grouped into distinct bills and priced by today's rates once, component by component.

Two bills of one class with the same dates and the same determinants cost the same, so each distinct bill is priced
once and counted as often as it stands. A draft then prices only the components it changes, and those that look at
them; everything else is already known. What comes out is what pricing every bill in full gives, to the cent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from meterbook.engine.columns import shaped
from meterbook.engine.rates.study.always import as_always
from meterbook.engine.rates.study.charging import Bills, Charges, Known, charge_all
from meterbook.engine.rates.study.report import Impact, Unpriced
from meterbook.engine.rates.study.summing import summed
from meterbook.engine.rates.tariff import Tariff, Version
from meterbook.engine.rates.terms import Refusal

#: Columns of the usage a study is made from, beside the determinants ``det.<name>`` (Int64 millionths, or String).
USAGE = {"account": pl.String, "class": pl.String, "starts": pl.Date, "ends": pl.Date}

#: Refused bills are named by the accounts of the first few.
_NAMED = 5
#: Narrower and wider studies kept beside one study.
_KEPT = 4


@dataclass(frozen=True, eq=False)
class Study:
    """Bills grouped and priced by today's rates; made by `prepare`.

    ``bills`` are the distinct bills. ``bill_of`` and ``account_of`` say of every row of ``usage`` which distinct bill
    it is and whose (an index into ``accounts``); the rows stand in order of account. Rows that today's rates cannot
    price are in ``unpriced`` only.
    """

    today: Tariff
    usage: pl.DataFrame
    bills: Bills
    bill_of: pl.Series
    accounts: pl.DataFrame
    charged: tuple[Charges, ...]
    unpriced: tuple[Unpriced, ...]
    known: Known
    _beside: dict[object, Study] = field(default_factory=dict)

    @property
    def version(self) -> Version:
        """The version that stands for today's rates."""
        return self.today.versions[0]

    def impact(self, draft: Tariff, *, version: str | None = None) -> Impact:
        """What the draft (its last version, unless named) changes, as if it had been in force on every day.

        Bills that the draft cannot price are left out of both sides and counted in ``unpriced``.
        """
        always = as_always(draft, version)
        needed = {determinant.name for determinant in always.required_determinants()}
        if not needed <= set(self.bills.determinants):
            return self._with(needed).impact(draft, version=version)
        try:
            charged = charge_all(always, self.bills, self.known)
        except Refusal as refusal:
            return self._without(refusal).impact(draft, version=version)
        return summed(self, always.versions[0], charged)

    def _with(self, needed: set[str]) -> Study:
        """The same study with bills told apart by more determinants."""
        names = tuple(sorted(needed | set(self.bills.determinants)))
        return self._kept(names, lambda: _prepared(self.today, self.usage, names, self.unpriced))

    def _without(self, refusal: Refusal) -> Study:
        """The same study without the bills that a draft's refusal names."""
        gone = _refused(refusal, self.bill_of, self.bills)
        key = (str(refusal), gone.sum())

        def made() -> Study:
            unpriced = (*self.unpriced, _told(refusal, self.usage.filter(gone), by="draft"))
            return _prepared(self.today, self.usage.filter(~gone), self.bills.determinants, unpriced)

        return self._kept(key, made)

    def _kept(self, key: object, make: Callable[[], Study]) -> Study:
        """A study made from this one, the last few remembered."""
        if key not in self._beside:
            if len(self._beside) >= _KEPT:
                del self._beside[next(iter(self._beside))]
            self._beside[key] = make()
        return self._beside[key]


def _refused(refusal: Refusal, bill_of: pl.Series, bills: Bills) -> pl.Series:
    """Which rows of the usage a refusal means; all of them if it names none."""
    rows: Sequence[int] = getattr(refusal, "rows", ())
    if not rows:
        return pl.Series([True], dtype=pl.Boolean).new_from_index(0, bill_of.len())
    named = pl.Series(rows, dtype=bill_of.dtype)
    return bill_of.is_in(named.implode())


def _told(refusal: Refusal, usage: pl.DataFrame, *, by: str) -> Unpriced:
    """The refused rows as the report counts them."""
    accounts = usage["account"].unique(maintain_order=True).head(_NAMED).to_list()
    reason = re.sub(r" \(rows [^()]*\)$", "", str(refusal))
    return Unpriced("draft" if by == "draft" else "today", reason, usage.height, tuple(accounts))


def _grouped(usage: pl.DataFrame, names: tuple[str, ...]) -> tuple[Bills, pl.Series]:
    """The distinct bills of the usage in order of class, and which of them every row is."""
    keys = ["class", "starts", "ends", *(f"det.{name}" for name in names if f"det.{name}" in usage.columns)]
    rows = usage.select(keys).with_row_index("at")
    groups = rows.group_by(keys).agg(pl.len().cast(pl.Int64).alias("count"), pl.col("at"))
    groups = groups.sort("class", "starts", "ends").with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    bill_of = groups.select("row", "at").explode("at").sort("at")["row"]
    return Bills.of(groups.drop("at"), names), bill_of


def _prepared(today: Tariff, usage: pl.DataFrame, names: tuple[str, ...], unpriced: tuple[Unpriced, ...]) -> Study:
    """The study of ordered usage; rows that today's rates refuse are taken out, one refusal after another."""
    found = list(unpriced)
    while True:
        bills, bill_of = _grouped(usage, names)
        known = Known()
        try:
            charged = charge_all(today, bills, known, keep=True)
        except Refusal as refusal:
            gone = _refused(refusal, bill_of, bills)
            found.append(_told(refusal, usage.filter(gone), by="today"))
            usage = usage.filter(~gone)
            continue
        accounts = usage.group_by("account", maintain_order=True).agg(pl.len().alias("bills"), pl.col("class").last())
        return Study(today, usage, bills, bill_of, accounts, charged, tuple(found), known)


def prepare(today: Tariff, usage: pl.DataFrame, *, version: str | None = None) -> Study:
    """Group ``usage`` and price it by ``today`` (its last version, unless named). Takes seconds for a million rows.

    ``usage`` has the columns `USAGE`, a row for each bill of each account, and determinants as ``det.<name>``; its
    dates stay as they are. Raises `meterbook.engine.columns.WrongColumns` for other columns, and ``KeyError`` for a
    version that is not there. A bill that cannot be priced stops nothing: it is counted in ``unpriced``.
    """
    shaped(usage, USAGE)
    always = as_always(today, version)
    names = tuple(determinant.name for determinant in always.required_determinants())
    kept = [*USAGE, *(name for name in usage.columns if name.startswith("det."))]
    return _prepared(always, usage.select(kept).sort("account", maintain_order=True), names, ())
