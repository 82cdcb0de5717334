"""Rows into values: what a chunk of accounts owes a bill for, with every fact its tariffs ask about.

The only place billing reads the database to price. Everything comes set-wise; what is missing becomes a hold. First
who is due for which days (``due``), then, whoever asks, what those days hold (`with_facts`): usage, intervals,
determinants. Each row is a segment to be; an agreement may have several on one bill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from meterbook.engine.billing.build import determinants_of
from meterbook.engine.rates.tariff import Tariff
from meterbook.records.billing.gather.by_hand import held_by_hand
from meterbook.records.billing.gather.changes import with_changes
from meterbook.records.billing.gather.determinants import facts_of, held, unpriceable, with_determinants
from meterbook.records.billing.gather.due import Window, agreements, named_elsewhere, with_period
from meterbook.records.billing.gather.intervals import with_intervals
from meterbook.records.billing.gather.left_open import left_open, with_left_open
from meterbook.records.billing.gather.paired import with_paired
from meterbook.records.billing.gather.periods import by_period
from meterbook.records.billing.gather.service import with_service
from meterbook.records.billing.gather.usage import pieces_of, read_usage, with_usage
from meterbook.records.programs.net_metering.gather import Banks, with_banks

__all__ = ["Gathered", "Window", "gather", "with_facts"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Segments ready to price (see `engine.billing.build`), and holds: account, service_point, reason, detail."""

    agreements: pl.DataFrame
    holds: pl.DataFrame


def gather(window: Window, first_account: int, last_account: int, tariffs: Mapping[int, Tariff]) -> Gathered:
    """Everything due for the accounts of a chunk in a run's window."""
    found = with_metered(agreements(window, first_account, last_account), tariffs)
    open_days = left_open(found)
    asked = ("usage_point", "metered", "starts")
    usage = read_usage(pl.concat([found.select(asked), open_days.select(asked)]), window.read_to)
    dated, missing = with_period(found, usage, window)
    dated = with_left_open(by_period(dated, usage, window), open_days, usage, window)
    places = ("account", "service_point")
    by_hand = held_by_hand(pl.concat([dated.select(places), missing.select(places)]), window)
    problems = pl.concat([by_hand, missing, named_elsewhere(dated, window)])
    return with_facts(dated, tariffs, usage=usage, problems=problems)


def with_metered(found: pl.DataFrame, tariffs: Mapping[int, Tariff]) -> pl.DataFrame:
    """Say of each agreement whether its tariff asks for usage."""
    metered = [document for document, tariff in tariffs.items() if "usage" in determinants_of(tariff)]
    return found.with_columns(metered=pl.col("document").is_in(metered))


def with_facts(
    dated: pl.DataFrame,
    tariffs: Mapping[int, Tariff],
    *,
    usage: pl.DataFrame | None = None,
    problems: pl.DataFrame | None = None,
    banks: Banks | None = None,
) -> Gathered:
    """Segments to be (agreement, account, service_point, …, starts, ends, metered) with all that their days hold.

    ``usage`` as `read_usage` gives it, where it is known already; ``problems`` are holds found before;
    ``banks`` those of everything that is priced in further rounds.
    """
    kinds = {document: determinants_of(tariff) for document, tariff in tariffs.items()}
    units = {document: tariff.measured_unit for document, tariff in tariffs.items()}
    dated = _numbered(with_service(dated))
    if usage is None:
        usage = read_usage(dated, _last_day(dated))
    pieces = pieces_of(dated, usage)
    dated, gaps = with_usage(dated, pieces)
    dated, apart = with_paired(dated)
    dated, unfilled = with_intervals(dated)
    known = facts_of(dated)
    dated = with_changes(dated, facts=known, pieces=pieces, tariffs=tariffs)
    facts, unsettled = with_banks(with_determinants(dated, known), tariffs, banks)
    missing = [problems] if problems is not None else []
    found = pl.concat([*missing, unsettled, gaps, apart, unfilled, *unpriceable(facts, kinds, tariffs, units)])
    return _hold_whole_accounts(facts, found)


def _numbered(dated: pl.DataFrame) -> pl.DataFrame:
    """A number for each segment to be: by account, agreement and first day, so that it is the same every time."""
    return (
        dated.sort("account", "agreement", "starts")
        .with_row_index("row", offset=1)
        .with_columns(pl.col("row").cast(pl.Int64))
    )


def _last_day(dated: pl.DataFrame) -> date:
    last = dated["ends"].max()
    return last if isinstance(last, date) else date.min


def _hold_whole_accounts(facts: pl.DataFrame, problems: pl.DataFrame) -> Gathered:
    """One service that cannot be billed holds the account's whole bill; the others are named as waiting for it."""
    problems = problems.unique(["account", "service_point"], keep="first", maintain_order=True)
    accounts = problems["account"].unique()
    waiting = facts.filter(pl.col("account").is_in(accounts.to_list())).join(
        problems, on=["account", "service_point"], how="anti"
    )
    waiting = waiting.unique(["account", "service_point"], keep="first", maintain_order=True)
    holds = pl.concat([problems, held(waiting, "other_service_held", "waits for another service of this account")])
    return Gathered(facts.filter(~pl.col("account").is_in(accounts.to_list())), holds)
