"""`meterbook rates price`: bills from a tariff and a file of facts, without a database."""

from __future__ import annotations

import importlib
from decimal import Decimal
from pathlib import Path

import click

from meterbook.cli.rate_pricing.asked import Asked
from meterbook.cli.writing import writable

#: One module each in `meterbook.cli.rate_pricing`, with a function ``price(asked)``.
FORMATS = ("owrs", "urdb", "meterbook")
METERING = ("nem-kwh", "nem-dollar", "net-billing", "net-billing-carryover", "buy-all")
TIERED_TOU = ("shared-pro-rata", "per-period", "chronological", "openstudio")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Exact(click.ParamType[Decimal]):
    name = "decimal"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """An exact decimal number."""
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite():
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


@click.command(name="price")
@click.option("--format", "name", type=click.Choice(FORMATS), required=True, help="The tariff's format.")
@click.argument("file", required=False, type=_FILE)
@click.option("--rates", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="owrs: the directory that the scenarios' files are relative to.")  # fmt: skip
@click.option("--scenarios", type=_FILE, help="owrs, meterbook: CSV, one bill a row.")
@click.option("--intervals", type=_FILE, help="urdb: CSV of start, import_kwh, export_kwh.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The CSV to write.")
@click.option("--metering", type=click.Choice(METERING), help="urdb: what exports earn; without it, nothing.")
@click.option("--true-up-month", type=click.IntRange(1, 12), help="urdb: the month whose bill settles the year (12).")
@click.option("--sell-rate", type=_Exact(), help="urdb: dollars a kWh for exports, in place of the tariff's own.")
@click.option("--tiered-tou", type=click.Choice(TIERED_TOU), help="urdb: how tiers and energy periods meet.")
@click.option("--language", type=click.Choice(["en", "es"]), help="meterbook: the labels' language (en).")
def price(name: str, file: Path | None, rates: Path | None, scenarios: Path | None, intervals: Path | None, out: Path,
          metering: str | None, true_up_month: int | None, sell_rate: Decimal | None, tiered_tou: str | None,
          language: str | None) -> None:  # fmt: skip
    """Price bills from a tariff file: exact amounts to a CSV, no database.

    \b
    owrs       --rates DIR --scenarios S.csv   columns file, cust_class, usage, and inputs by their names
    urdb       FILE --intervals I.csv          one row a calendar month
    meterbook  FILE --scenarios S.csv          columns from, to (out), and determinants; one row a line
    """
    asked = Asked(file=file, out=out, rates=rates, scenarios=scenarios, intervals=intervals, metering=metering,
                  true_up_month=true_up_month, sell_rate=sell_rate, tiered_tou=tiered_tou,
                  language=language)  # fmt: skip
    writable(out)
    importlib.import_module(f"meterbook.cli.rate_pricing.{name}").price(asked)
