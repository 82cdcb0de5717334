"""`meterbook ledger trial-balance` and `aging`: what the books say on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.customers.screens import account
from meterbook.records.ledger.standing_on import By, aged_on
from meterbook.records.ledger.trial_balance import first_of_period, out_of_balance, trial_balance
from meterbook.records.platform.queries import business_date

DAY = click.DateTime(formats=["%Y-%m-%d"])
as_of = click.option("--as-of", "as_of", type=DAY, help="The day, like 2024-10-31; else the business date.")


def day_of(given: datetime | None) -> date:
    """The day asked for, or today's business date."""
    return given.date() if given else business_date()


@click.command(name="trial-balance")
@as_of
@click.option("--since", type=DAY, help="First day of the debits and credits; else the accounting period's first.")
@as_json
def trial_balance_(as_of: datetime | None, since: datetime | None, as_json: bool) -> None:
    """Print every account of the chart: opening, debits, credits, closing; exit status 1 if a fund does not balance."""
    with refusals():
        day = day_of(as_of)
        first = since.date() if since else first_of_period(day)
        lines = trial_balance(day, since=first)
    off = out_of_balance(lines)
    click.echo(f"{'':8}{'':44}{'fund':14}{'opening':>16}{'debits':>16}{'credits':>16}{'closing':>16}")
    for line in lines:
        figures = "".join(f"{dollars(cents):>16,}" for cents in (line.opening, line.debits, line.credits, line.closing))
        click.echo(f"{line.code:8}{line.title_en[:43]:44}{line.fund:14}{figures}")
    for fund, cents in off.items():
        click.echo(f"BROKEN  fund {fund}: {dollars(cents):,} apart")
    if as_json:
        print_json({
            "as_of": day, "since": first, "balanced": not off,
            "debits_cents": sum(line.closing for line in lines if line.closing > 0),
            "credits_cents": -sum(line.closing for line in lines if line.closing < 0),
            "accounts": [
                {
                    "code": line.code, "title": line.title_en, "kind": line.kind, "role": line.role, "fund": line.fund,
                    "service": line.service, "opening_cents": line.opening, "debits_cents": line.debits,
                    "credits_cents": line.credits, "closing_cents": line.closing,
                }
                for line in lines
            ],
        })  # fmt: skip
    if off:
        raise SystemExit(1)


@click.command()
@as_of
@click.option("--by", type=click.Choice(get_args(By)), default="service", show_default=True, help="One row for each.")
@click.option("--account", "number", default="", help="Only this account.")
@as_json
def aging(as_of: datetime | None, by: By, number: str, as_json: bool) -> None:
    """Print what is open on a day, by days past the original due date; it ties to the trial balance of that day."""
    with refusals():
        day = day_of(as_of)
        rows = aged_on(day, by=by, account=account_id(number) if number else None)
    names = ("not due", "1-30", "31-60", "61-90", "over 90", "credits", "total")
    click.echo(f"{by:20}" + "".join(f"{name:>14}" for name in names))
    table = [
        (row.current, row.days_1_30, row.days_31_60, row.days_61_90, row.days_over_90, row.credits, row.total)
        for row in rows
    ]
    for row, cells in zip(rows, table, strict=True):
        click.echo(f"{row.key or '-':20}" + "".join(f"{dollars(cents):>14,}" for cents in cells))
    totals = [sum(cells[at] for cells in table) for at in range(len(names))]
    click.echo(f"{'total':20}" + "".join(f"{dollars(cents):>14,}" for cents in totals))
    if as_json:
        keys = ("current", "b1", "b2", "b3", "b4", "credits", "total")
        print_json({
            "as_of": day, "by": by, "total_cents": totals[-1],
            "rows": [
                {"key": row.key, **dict(zip(keys, cells, strict=True))} for row, cells in zip(rows, table, strict=True)
            ],
        })  # fmt: skip


def account_id(number: str) -> int:
    """The id of an account by its number; raises `LookupError`."""
    found = account(number)
    if found is None:
        raise LookupError(f"no account {number}")
    return int(found.pk)
