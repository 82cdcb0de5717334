"""`meterbook calendar`: the billing calendar of a year."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.writing import writable
from meterbook.engine.billing.calendar.rules import KINDS
from meterbook.engine.billing.calendar.words import TITLE, say
from meterbook.notices.billing_calendar import calendar_feed, render_calendar
from meterbook.records.billing.calendar import screens
from meterbook.records.billing.operations import edit_calendar
from meterbook.records.billing.operations.compute_calendar import compute_year
from meterbook.records.billing.operations.publish_calendar import publish_year, withdraw_year
from meterbook.records.places.queries import cycle_named

_year = click.option("--year", required=True, type=click.IntRange(1990, 9000), help="The year periods are read in.")
_proposal = click.option("--proposal", is_flag=True, help="The proposal instead of what is published.")


@click.group(name="calendar")
def command() -> None:
    """The billing calendar: read, bill, due, notice and shutoff dates of a year, by cycle and period."""


@command.command()
@_year
@click.option("--cycle", "cycles", multiple=True, help="Code of a cycle; several times, or none for every cycle.")
@click.option("--drop-edits", is_flag=True, help="Work out anew what was set by hand, too.")
@as_user
def compute(year: int, cycles: tuple[str, ...], drop_edits: bool, username: str) -> None:
    """Propose a year's dates by the billing-calendar policy. Nothing counts until they are published."""
    with refusals():
        act = act_of(username, f"billing calendar {year}")
        made = compute_year(act, year=year, cycles=cycles, keep_edits=not drop_edits)
        for edition in made:
            click.echo(f"proposed {edition.cycle.code} {year}, edition {edition.number}: {edition.dates.count()} dates")
    moved = len(screens.changed(year))
    click.echo(f"{moved} dates differ from what is published; `calendar publish --year {year}` makes them count")


@command.command()
@_year
@as_user
def publish(year: int, username: str) -> None:
    """Publish the proposals of a year: runs, screens and exports take them from now on."""
    with refusals():
        for edition in publish_year(act_of(username, f"billing calendar {year}"), year=year):
            click.echo(f"published {edition.cycle.code} {year}, edition {edition.number}")


@command.command()
@_year
@as_user
def withdraw(year: int, username: str) -> None:
    """Take the proposals of a year back."""
    with refusals():
        for edition in withdraw_year(act_of(username, f"billing calendar {year}"), year=year):
            click.echo(f"took back {edition.cycle.code} {year}, edition {edition.number}")


@command.command(name="set")
@click.option("--cycle", required=True, help="Code of the cycle, like C1.")
@click.option("--period", required=True, type=click.DateTime(["%Y-%m"]), help="The month it is read in, like 2026-07.")
@click.option("--date", "kind", required=True, type=click.Choice(KINDS), help="Which date of the period.")
@click.option("--to", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day it moves to.")
@click.option("--alone", is_flag=True, help="Dates counted from it stay where they are.")
@click.option("--reason", required=True, help="Why; it stays with the deed.")
@as_user
def set_(cycle: str, period: datetime, kind: str, day: datetime, alone: bool, reason: str, username: str) -> None:
    """Set one date by hand, in the proposal; refused by name of the rule it would break."""
    with refusals():
        row = edit_calendar(
            act_of(username, reason), cycle=cycle_named(cycle), year=period.year, month=period.date().replace(day=1),
            kind=kind, day=day.date(), follow=not alone,
        )  # fmt: skip
    click.echo(f"{cycle} {period:%Y-%m} {kind}: {row.day}, by the policy {row.rule_day}; not published yet")


@command.command()
@_year
@click.option("--cycle", help="Code of one cycle.")
@click.option("--why", is_flag=True, help="Say of every date where it comes from.")
@_proposal
@as_json
def show(year: int, cycle: str | None, why: bool, proposal: bool, as_json: bool) -> None:
    """Print a year's dates by cycle and period; a star stands beside what was set by hand."""
    found = [each for each in screens.editions(year, proposed=proposal) if cycle in (None, each.cycle.code)]
    if not found:
        raise click.ClickException(f"no {'proposal' if proposal else 'calendar'} for {year} {cycle or ''}".rstrip())
    told: list[dict[str, Any]] = []
    for edition in found:
        rows = sorted(screens.dates_of([edition.pk]).values(), key=lambda row: (row.month, row.place))
        click.echo(f"{edition.cycle.code} {year}, edition {edition.number}, {edition.status}")
        for month in sorted({row.month for row in rows}):
            own = [row for row in rows if row.month == month]
            if why:
                _explain(month, own)
            else:
                days = "  ".join(f"{row.kind} {row.day}{'*' if row.set_by_id else ''}" for row in own)
                click.echo(f"  {month:%Y-%m}  {days}")
            told += [{"cycle": edition.cycle.code, "period": f"{month:%Y-%m}", "date": row.kind, "day": row.day,
                      "by_hand": row.set_by_id is not None} for row in own]  # fmt: skip
    if as_json:
        print_json({"year": year, "dates": told})


def _explain(month: date, rows: list[Any]) -> None:
    for row in rows:
        click.echo(f"  {month:%Y-%m}  {TITLE[row.kind]}: {row.day:%a} {row.day}")
        for step in screens.steps_of(row):
            click.echo(f"      {say(step, str, lambda day: f'{day:%a} {day}')}")
        for kept in row.kept:
            click.echo(f"      {kept['found']} of at least {kept['days']} {kept['count']} days since {kept['after']}"
                       f" {kept['since']}. {kept['citation']}")  # fmt: skip


@command.command()
@_year
@click.option("--cycle", help="Code of one cycle.")
@click.option("--ical", type=click.Path(path_type=Path, dir_okay=False), help="iCalendar file of the published dates.")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="PDF, a landscape page a cycle.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)
@_proposal
def export(year: int, cycle: str | None, ical: Path | None, pdf: Path | None, language: str, proposal: bool) -> None:
    """Write a year as iCalendar (--ical FILE) or to print (--pdf FILE)."""
    if ical is None and pdf is None:
        raise click.UsageError("say --ical FILE or --pdf FILE")
    if ical is not None and proposal:
        raise click.UsageError("a proposal is printed, never subscribed to: --proposal goes with --pdf")
    for file in filter(None, (ical, pdf)):
        writable(file)
    with refusals():
        if ical is not None:
            ical.write_bytes(calendar_feed(year, language=language, cycle=cycle))
            click.echo(str(ical))
        if pdf is not None:
            pdf.write_bytes(render_calendar(year, language=language, cycle=cycle, proposed=proposal))
            click.echo(str(pdf))
