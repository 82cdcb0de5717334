"""What bills under net metering bring from the ledger: the bank, the exports that count, whether the year is settled.

These become determinants like any other, so that they are sealed with the bill and explained from there. Several
periods of one customer priced together (a correction) follow one another: each begins with what the one before leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from meterbook.engine.billing.build import determinants_of
from meterbook.engine.programs.net_metering.movements import (
    Carried,
    CreditsDisagree,
    Lines,
    Metered,
    left_kwh,
    lines_of,
    movement,
)
from meterbook.engine.programs.net_metering.rule import Option
from meterbook.engine.programs.net_metering.sharing import shared
from meterbook.engine.programs.net_metering.terms import BANK_KWH, CREDITED, SETTLES, Terms, terms_of
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import NotInForce, Refusal
from meterbook.records.programs.models import NetMeteringAccount, NetMeteringEntry
from meterbook.records.programs.net_metering.standing import (
    Chain,
    enrolled,
    part_of,
    shares_on,
    standing,
    unsettled,
    waiting,
)

_HOLD = {"account": pl.Int64, "service_point": pl.Int64, "reason": pl.String, "detail": pl.String}
_CENT_E6 = 10**4


@dataclass
class Period:
    """A segment to be under net metering, with the facts it will be priced with."""

    row: int
    nem: NetMeteringAccount
    tariff: Tariff
    terms: Terms
    values: dict[str, Any]
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def starts(self) -> date:
        """Its first day."""
        return self.values["starts"]  # type: ignore[no-any-return]

    @property
    def ends(self) -> date:
        """The day after its last."""
        return self.values["ends"]  # type: ignore[no-any-return]

    @property
    def last_day(self) -> date:
        """Its last day, by which it belongs to a month."""
        return self.ends - timedelta(days=1)

    @property
    def settles(self) -> bool:
        """Whether its bill settles the year: by the tariff's month, by the customer's own, or as the last bill."""
        return settles_year(self.terms, self.nem, self.ends)

    @property
    def option(self) -> Option:
        """The arrangement it is under."""
        return self.nem.option  # type: ignore[return-value]

    def metered(self, key: str) -> int:
        """A measured figure in millionths; nothing where no register counts it."""
        return int(self.values.get(f"det.{key}") or 0)


def settles_year(terms: Terms, nem: NetMeteringAccount, ends: date) -> bool:
    """Whether a bill up to ``ends`` settles the year of a customer."""
    month = (ends - timedelta(days=1)).month
    if terms.month == month:
        return True
    upto = nem.agreement.validity.upper
    return terms.own_year and (nem.true_up_month == month or (upto is not None and upto <= ends))


@dataclass
class Banks:
    """What the ledger carries for the segments that are priced together, however many rounds that takes.

    A correction that bills several months of a customer anew hands one of these through all its rounds, so that each
    month begins with what the one before it now leaves.
    """

    parts: Mapping[int, list[NetMeteringAccount]]
    chain: Chain
    came: dict[int, int]
    last: Mapping[int, date]

    @classmethod
    def of(cls, days: pl.DataFrame) -> Banks:
        """Read what is carried for segments to be: agreement, starts, ends."""
        parts = enrolled(days["agreement"].unique().to_list()) if days.height else {}
        again: dict[int, list[tuple[date, date]]] = {}
        mine = days.filter(pl.col("agreement").is_in(list(parts))) if parts else days.head(0)
        for agreement, starts, ends in mine.select("agreement", "starts", "ends").iter_rows():
            if (nem := part_of(parts[agreement], starts, ends)) is not None:
                again.setdefault(nem.pk, []).append((starts, ends))
        nems = sorted(again)
        last = {nem: max(ends for _, ends in some) for nem, some in again.items()}
        return cls(parts, Chain(standing(nems), again), waiting(nems), last)


def with_banks(
    dated: pl.DataFrame, tariffs: Mapping[int, Tariff], banks: Banks | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add what the ledger of net metering brings to each segment, and hold those whose bank rests on an older price.

    ``dated`` as `records.billing.gather.with_facts` has it: row, agreement, account, service_point, document, starts,
    ends and ``det.…`` in millionths. Agreements that are not enrolled stay as they are.
    """
    banks = Banks.of(dated) if banks is None else banks
    if not banks.parts:
        return dated, pl.DataFrame(schema=_HOLD)
    found, held = _periods(dated, tariffs, banks.parts), []
    for period in found:
        if (stop := _on_sand(period, banks.chain, banks.came)) is not None:
            held.append((period.values["account"], period.values["service_point"], "bank_unsettled", stop))
            continue
        _bring(period, banks.chain, banks.came, goes_on=period.ends < banks.last[period.nem.pk])
    return _with_columns(dated, found), pl.DataFrame(held, schema=_HOLD, orient="row")


def _periods(
    dated: pl.DataFrame, tariffs: Mapping[int, Tariff], parts: Mapping[int, list[NetMeteringAccount]]
) -> list[Period]:
    """The segments under net metering, each customer's in the order of days."""
    found: list[Period] = []
    mine = dated.filter(pl.col("agreement").is_in(list(parts)))
    for row in mine.sort("starts", "row").iter_rows(named=True):
        nem = part_of(parts[row["agreement"]], row["starts"], row["ends"])
        tariff = tariffs.get(row["document"])
        if nem is None or tariff is None:
            continue
        try:
            terms = terms_of(tariff.version_at(row["ends"] - timedelta(days=1)))
        except NotInForce:
            continue
        found.append(Period(row["row"], nem, tariff, terms, row))
    return found


def _on_sand(period: Period, chain: Chain, came: Mapping[int, int]) -> str | None:
    """Why a period cannot be priced yet: an earlier one was corrected, and what came after it was not rated again."""
    nem = period.nem.pk
    days = chain.again[nem]
    for entry in unsettled(chain.entries[nem]):
        if entry.ends <= period.starts and not any(
            entry.starts < ends and starts < entry.ends for starts, ends in days
        ):
            return f"net metering: {entry.starts} to {entry.ends} must be rated again first"
    if came.get(nem, 0) < 0 and chain.replaced(nem, period.starts, period.ends) is None:
        return "net metering: shares that this customer used were taken back; rate the last period again first"
    return None


def _bring(period: Period, chain: Chain, came: dict[int, int], *, goes_on: bool) -> None:
    """Work out what a period brings, and what it leaves to the next one of the same pricing."""
    before = chain.before(period.nem.pk, period.starts)
    replaced = chain.replaced(period.nem.pk, period.starts, period.ends)
    counts = metered_of(period, replaced, came)
    if replaced is None and CREDITED in period.terms.asked:
        came[period.nem.pk] = min(came.get(period.nem.pk, 0), 0)
    period.facts |= brought(period.terms, before, counts, settles=period.settles)
    lines = Lines()
    if period.option in ("nem-dollar", "net-billing-carryover") and (period.settles or goes_on):
        lines = priced_lines(period)
        if period.settles and period.terms.left:
            period.facts[period.terms.left] = lines.carried * _CENT_E6
            paid = lines.carried if period.terms.at_true_up == "pay" else 0
            lines = replace(lines, paid=paid)
    try:
        made = movement(period.option, period.terms, before, counts, lines, settles=period.settles)
    except CreditsDisagree:
        return  # posting says so, where the books would be wrong
    chain.went(period.nem.pk, period.ends, made.after)


def metered_of(period: Period, replaced: NetMeteringEntry | None, came: Mapping[int, int]) -> Metered:
    """What the registers counted, and how much of the exports counts here: a group's generator keeps its own share."""
    nem, exports = period.nem.pk, period.metered("export")
    percents = shares_on([nem], period.last_day).get(nem)
    own = exports if percents is None else shared(exports, percents).get(nem, 0)
    return Metered(period.metered("usage"), exports, own + taken(replaced, came.get(nem, 0)))


def taken(replaced: NetMeteringEntry | None, came: int) -> int:
    """Shares of other meters that count on a period: all that wait; priced anew, those it had less what was taken back.

    >>> taken(None, 40)
    40
    """
    return max(came, 0) if replaced is None else -replaced.waiting_e6 + min(came, 0)


def brought(terms: Terms, before: Carried, counts: Metered, *, settles: bool) -> dict[str, int]:
    """The facts of a period by the names its tariff asks for, in millionths."""
    facts = {BANK_KWH: before.kwh_e6, CREDITED: counts.credited_e6, SETTLES: 10**6 if settles else 0}
    if terms.brought:
        facts[terms.brought] = before.cents * _CENT_E6
    if terms.left:
        facts[terms.left] = int(left_kwh(before, counts).scaleb(6)) if terms.banks_kwh else 0
    return {name: value for name, value in facts.items() if name in terms.asked}


def priced_lines(period: Period) -> Lines:
    """What the tariff makes of a period: needed before its bill, where its credits are the next one's."""
    names = determinants_of(period.tariff)
    values = {name: period.facts.get(name, period.values.get(f"det.{name}")) for name in names}
    known: dict[str, Any] = {"row": [period.row], "starts": [period.starts], "ends": [period.ends]}
    known |= {f"det.{name}": [value] for name, value in values.items() if value is not None}
    try:
        priced = price(period.tariff, pl.DataFrame(known))
    except Refusal:
        return Lines()
    return lines_of(
        period.terms, [(row[0], row[1], row[2]) for row in priced.select("component", "part", "amount").rows()]
    )


def _with_columns(dated: pl.DataFrame, found: list[Period]) -> pl.DataFrame:
    """The facts as ``det.…`` columns, in place of what else may be on record under their names."""
    names = sorted({name for period in found for name in period.facts})
    rows = [[period.row, *(period.facts.get(name) for name in names)] for period in found if period.facts]
    if not rows or not names:
        return dated
    schema = {"row": pl.Int64, **{f"ledger.{name}": pl.Int64 for name in names}}
    dated = dated.join(pl.DataFrame(rows, schema=schema, orient="row"), on="row", how="left", maintain_order="left")
    for name in names:
        column = f"det.{name}"
        known = [pl.col(f"ledger.{name}")] + ([pl.col(column)] if column in dated.columns else [])
        dated = dated.with_columns(pl.coalesce(known).alias(column)).drop(f"ledger.{name}")
    return dated
