"""Alder Bend as one value: found it, write its reads and payments, let its stories happen.

city = City(accounts=2800, seed=1)
staff = found(city, password=secret)
for file in city.write_reads(1, folder): ...            # month 1 is September 2024
city.happens(after=date(2024, 8, 26), until=date(2024, 9, 3), staff=staff)
for file in city.payments_for(1, owed, folder): ...
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from meterbook.demo import calendar, payments, sources, stories
from meterbook.demo.drawn import meters, people, premises, services
from meterbook.demo.payments import PaymentFile
from meterbook.demo.reads import ReadFile, Reads, write_month
from meterbook.demo.stories import STORIES, Staff
from meterbook.records.customers.operations.load_customers import CustomersLoad

__all__ = ["STORIES", "City", "Staff"]


class City:
    """The city of ``accounts`` active accounts that ``seed`` draws; everything about it follows from the two."""

    def __init__(self, *, accounts: int = 2_800, seed: int = 1) -> None:
        self.accounts = accounts
        self.seed = seed

    @cached_property
    def sites(self) -> pl.DataFrame:
        """One row a premise (see `premises`). Raises `premises.TooFewAccounts`."""
        return premises.premises(self.accounts, self.seed)

    @cached_property
    def points(self) -> pl.DataFrame:
        """One row a service point (see `services`)."""
        return services.service_points(self.sites, self.seed)

    @cached_property
    def households(self) -> pl.DataFrame:
        """One row an account (see `people`)."""
        return people.households(self.sites, self.seed)

    @cached_property
    def meters(self) -> pl.DataFrame:
        """One row a meter hung in August 2024 (see `meters`)."""
        return meters.meters(self.points, accounts=self.accounts, seed=self.seed)

    @cached_property
    def registers(self) -> pl.DataFrame:
        """One row a register of those meters."""
        return meters.registers(self.meters, seed=self.seed)

    @cached_property
    def exchanges(self) -> pl.DataFrame:
        """One row a meter exchange of the history: serial, new_serial, on, site."""
        return meters.exchanges(self.meters, accounts=self.accounts, seed=self.seed)

    @cached_property
    def reads(self) -> Reads:
        """What every register shows, exchanged ones included."""
        return Reads(meters.with_exchanges(self.registers, self.exchanges), seed=self.seed)

    def customers(self) -> CustomersLoad:
        """The people and their accounts as `load_customers` takes them."""
        return people.customers(self.households, self.points, self.seed)

    def write_reads(self, month: int, folder: Path) -> list[ReadFile]:
        """Write the read files of ``month`` (1 to 26) below ``folder``, in order of their read day."""
        if not 1 <= month <= calendar.CURRENT:
            raise ValueError(f"month {month}: expected 1 to {calendar.CURRENT}")
        return write_month(self.reads, month, folder)

    def reads_frame(self, month: int) -> pl.DataFrame:
        """The same reads without files or faults: serial, channel, on, value_e6, dials, decimals, multiplier, unit."""
        return as_loaded(self.reads.frame(month))

    def payments_for(self, month: int, owed: pl.DataFrame, folder: Path, *, name: str = "") -> list[PaymentFile]:
        """Write the lockbox files in which bills of ``month`` are paid; ``owed`` as in `payments.OWED`."""
        paid = payments.payments(month, owed, seed=self.seed)
        return payments.write_payments(paid, month, folder, name=name)

    def happens(self, *, after: date, until: date, staff: Staff) -> list[str]:
        """Let everything happen that falls after ``after`` and up to ``until``, in order; returns what to tell."""
        told = [
            (one.on, stories.happen(one, staff))
            for one in sources.happenings()
            if one.deed != "exchange" and after < one.on <= until
        ]
        told += [
            (row["on"], stories.exchange(row, self.reads, staff))
            for row in self.exchanges.iter_rows(named=True)
            if after < row["on"] <= until
        ]
        return [text for _, text in sorted(told)]


def as_loaded(frame: pl.DataFrame) -> pl.DataFrame:
    """Registers read in a month (`Reads.frame`) with what they show in millionths."""
    value = pl.col("shown") * pl.lit(10, dtype=pl.Int64).pow(6 - pl.col("decimals"))
    return frame.select(
        "serial",
        "channel",
        "on",
        value.alias("value_e6"),
        "dials",
        "decimals",
        "multiplier",
        "unit",
        "code",
        "cycle",
    )
