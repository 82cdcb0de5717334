"""Pricing a URDB record from interval readings: one row of exact amounts for every calendar month."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import cast

import click

from meterbook.cli.rate_pricing.asked import Asked
from meterbook.cli.rate_pricing.intervals import Intervals, read_intervals
from meterbook.cli.writing import written
from meterbook.engine.programs.net_metering import Option, Rule
from meterbook.engine.programs.net_metering.year import MonthBill, months
from meterbook.engine.rates.intervals.readings import IntervalProblem
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.engine.rates.terms import Refusal
from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb import UrdbRate, parse_one
from meterbook.formats.urdb.conventions import Conventions, Metering
from meterbook.formats.urdb.native import COLUMNS, column_of, tariff_text

#: Decimals shown at most: more than any price or reading has; only shares of a month's total run on beyond them.
_SHOWN = Decimal(1).scaleb(-16)
#: Dollars a kWh that nobody is paid for exports.
_SELL = 1000


def price(asked: Asked) -> None:
    """Price one record over the months of an interval file, through the tariff engine.

    What the record lacks, and what had to be assumed, is said on the error stream.
    """
    asked.only("urdb", "file!", "intervals!", "metering", "true_up_month", "sell_rate", "tiered_tou")
    assert asked.file is not None and asked.intervals is not None
    rule = _rule(asked)
    rate = _record(asked.file)
    intervals = read_intervals(asked.intervals)
    conventions = Conventions(
        metering=cast("Metering", asked.metering or ""),
        true_up_month=asked.true_up_month or 12,
        sell_rate=asked.sell_rate,
        tiered_tou=asked.tiered_tou or "shared-pro-rata",
        effective=intervals.first.date(),
        even_days=True,
        unrounded=True,
    )
    reactive = ["the reactive power charge needs kVAR, which intervals do not tell, and is left out"]
    for said in (*rate.lacks, *rate.notes, *_unpaid(rate, conventions), *(reactive if rate.reactive else ())):
        click.echo(f"{asked.file}: {said}", err=True)
    rows = [_row(bill) for bill in _priced(asked.file, rate, conventions, intervals, rule)]
    with written(asked.out) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("month", *COLUMNS, "total"))
        writer.writerows(rows)
    click.echo(f"{asked.out}: {len(rows)} months priced", err=True)


def _rule(asked: Asked) -> Rule | None:
    if asked.sell_rate is not None and asked.sell_rate > _SELL:
        raise click.BadParameter(f"dollars a kWh, at most {_SELL}", param_hint="--sell-rate")
    if asked.sell_rate is not None and asked.sell_rate < 0:
        raise click.BadParameter("what is paid for exports is 0 or more", param_hint="--sell-rate")
    if asked.metering is None:
        for name, given in (("--true-up-month", asked.true_up_month), ("--sell-rate", asked.sell_rate)):
            if given is not None:
                click.echo(f"{name} is not used: without --metering exports earn nothing", err=True)
        return None
    if asked.metering in ("nem-kwh", "nem-dollar") and asked.tiered_tou in ("chronological", "openstudio"):
        words = f"{asked.metering} nets the whole month, so that no interval can be said to fill a tier"
        raise click.BadParameter(words, param_hint=f"--tiered-tou {asked.tiered_tou}")
    rate = (asked.sell_rate or Decimal(0)) if asked.metering == "nem-kwh" else Decimal(0)
    return Rule(cast("Option", asked.metering), true_up_month=asked.true_up_month or 12, surplus_rate=rate)


def _record(file: Path) -> UrdbRate:
    try:
        return parse_one(file.read_bytes())
    except WrongFormat as error:
        raise click.ClickException(f"{file}: {_sentence(error)}") from error


def _sentence(error: WrongFormat) -> str:
    """The refusal without a line where none is to blame: paths name the place."""
    where = error.field if not error.line else f"line {error.line}, {error.field}"
    return f"{where}: {error.reason}; found {error.found or 'nothing'}, expected {error.expected}"


def _unpaid(rate: UrdbRate, conventions: Conventions) -> Iterator[str]:
    """That exports earn nothing, where they could."""
    sells = any(tier.sell for period in rate.energy.tiers for tier in period)
    if conventions.metering and conventions.sell_rate is None and (conventions.metering == "nem-kwh" or not sells):
        yield "no price for exports is stated, so what is left earns nothing; --sell-rate states one"


def _priced(
    file: Path, rate: UrdbRate, conventions: Conventions, intervals: Intervals, rule: Rule | None
) -> list[MonthBill]:
    minutes = int(intervals.step.total_seconds()) // 60
    try:
        tariff = _tariff(file, rate, conventions)
        unmeasured = ["kvar", *(f"coincident_kw_{at}" for at in range(1, len(rate.coincident) + 1))]
        return list(
            months(
                tariff, intervals.frame, minutes=minutes, rule=rule, window=rate.demand_window, unmeasured=unmeasured
            )
        )
    except WrongFormat as error:
        raise click.ClickException(f"{file}: {_sentence(error)}") from error
    except (Refusal, IntervalProblem) as error:
        raise click.ClickException(" ".join(str(error).split())) from error


def _tariff(file: Path, rate: UrdbRate, conventions: Conventions) -> Tariff:
    try:
        return parse_tariff(tariff_text(rate, conventions), file=str(file))
    except TariffError as error:
        first = error.problems[0]
        words = f"{file}: cannot be priced: {first.path}: found {first.found}, expected {first.expected}"
        raise click.ClickException(words) from error


def _row(bill: MonthBill) -> list[str]:
    sums: Mapping[str, Decimal] = {
        column: sum((dollars for name, dollars in bill.dollars.items() if column_of(name) == column), Decimal(0))
        for column in COLUMNS
    }
    amounts = [*sums.values(), sum(sums.values(), Decimal(0))]
    return [f"{bill.starts:%Y-%m}", *(_shown(amount) for amount in amounts)]


def _shown(amount: Decimal) -> str:
    """Every decimal there is, to sixteen; at least two; nothing has no sign."""
    amount = amount or Decimal(0)
    exponent = amount.as_tuple().exponent
    fine = amount.quantize(_SHOWN, rounding=ROUND_HALF_EVEN) if isinstance(exponent, int) and exponent < -16 else amount
    whole, _, decimals = f"{fine:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
