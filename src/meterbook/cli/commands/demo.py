"""`meterbook demo`: a whole city, from meter reads in files to posted, explained, printed bills."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.core.management import call_command
from django.db import connection, transaction

from meterbook.cli.fresh import wipe_demo
from meterbook.cli.progress import Bar
from meterbook.demo.ami.sending import send_intervals
from meterbook.demo.calendar import CITY_ON, CURRENT
from meterbook.demo.city import City
from meterbook.demo.crews import send_crews
from meterbook.demo.desk.callers import take_calls
from meterbook.demo.desk.counter import counter_day, untold
from meterbook.demo.founding import found
from meterbook.demo.library import stock_library
from meterbook.demo.life import Life
from meterbook.demo.policies import enact_policies
from meterbook.demo.shop import furnish
from meterbook.demo.stories import Staff
from meterbook.engine.money import dollars
from meterbook.jobs.run_mail import mail_folder, mail_run
from meterbook.jobs.run_reports import keep_run_reports
from meterbook.records.billing.queries import holds_of, inactive_with_usage, owed, runs
from meterbook.records.billing.screens import closing_of
from meterbook.records.billing.stages.books import obstacles
from meterbook.records.billing.stages.handoff import handed
from meterbook.records.billing.stages.operations.close_run import close_run
from meterbook.records.ledger.check import check_laws, entry_count
from meterbook.records.platform.copying import refresh_statistics
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.mark_demo import FINISHED, FOUNDED, demo_mark, mark_demo
from meterbook.records.platform.queries import business_date, founded, user_named

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun

SIGN_INS = ("billing", "supervisor", "csr", "cashier", "auditor", "crew")
STAFF = ("system", "finance", *SIGN_INS)


@click.command(name="demo")
@click.option("--accounts", default=2_800, show_default=True, help="Active accounts of the city.")
@click.option("--seed", default=1, show_default=True, help="Everything invented follows from it.")
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve the staff app at the end.")
@click.option("--fresh", is_flag=True, help="Start over: remove the data directory's database first.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address the staff app listens on.")
@click.option("--port", default=8000, show_default=True, help="Port the staff app listens on.")
def command(accounts: int, seed: int, serve: bool, fresh: bool, host: str, port: int) -> None:
    """Found Alder Bend, live through two years of its billing, run the current month, print it, serve it.

    Without --fresh a city that stands already is only served. It takes no shortcut: every step is an operation of
    the product on the business date it would have happened.
    """
    data_dir = Path(os.environ["METERBOOK_DATA_DIR"])
    began = time.monotonic()
    _migrate(fresh=fresh)
    if demo_mark(FINISHED) is not None:
        click.echo("  Alder Bend stands already; --fresh founds it anew.")
    elif founded() and demo_mark(FOUNDED) is None:
        raise click.ClickException("this database holds a utility that is not the demo's; choose another --data-dir")
    else:
        _live(accounts, seed, data_dir)
    _books()
    click.echo(f"\nDone in {time.monotonic() - began:,.0f} s.")
    if serve:
        _serve(data_dir, host, port)


def _migrate(*, fresh: bool) -> None:
    """Tables up to date; on a server of the user's own, ``fresh`` empties a demo's schema first."""
    if fresh and not os.environ.get("METERBOOK_EMBEDDED"):
        wipe_demo()
    _step("Tables")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        click.echo(f"  PostgreSQL {cursor.fetchone()[0]}, tables up to date")


def _founded_city(accounts: int, seed: int, data_dir: Path) -> tuple[City, Staff]:
    """The city, founded now in one transaction, or the one an interrupted demo founded."""
    _step("The city")
    before = demo_mark(FOUNDED)
    if before is not None:
        city = City(accounts=before["accounts"], seed=before["seed"])
        click.echo(f"  stands since an interrupted demo ({city.accounts:,} accounts); its life goes on")
        return city, {name: user_named(name) for name in STAFF}
    city = City(accounts=accounts, seed=seed)
    with transaction.atomic():
        staff = found(city, password=demo_password(data_dir), tell=lambda words: click.echo(f"  {words}"))
        click.echo(f"  {enact_policies(staff)} policies, proposed by one person and released by another")
        click.echo("  {} articles of the library, {} registers".format(*stock_library(staff)))
        click.echo(f"  {furnish(staff, CITY_ON)} meters on the shelf, seals, connections, routes, opt-outs")
        act = Act(actor=staff["system"], business_date=CITY_ON, reason="demo")
        mark_demo(act, kind=FOUNDED, accounts=accounts, seed=seed)
    refresh_statistics()
    return city, staff


def _live(accounts: int, seed: int, data_dir: Path) -> None:
    city, staff = _founded_city(accounts, seed, data_dir)
    life = Life(city, staff, data_dir / "alder-bend", today=max(CITY_ON, business_date()))
    _step(f"{CURRENT - 1} months of reads, bills and payments")
    with Bar("history", "months") as bar:
        for month in life.months(1, CURRENT - 1):
            bar(month, CURRENT - 1)
    tally = life.tally
    click.echo(f"  {tally.reads:,} reads in, {tally.corrections} rows on correction lists")
    click.echo(f"  {tally.runs} runs, {tally.bills:,} bills, {tally.payments:,} payments")
    for happening in tally.happenings[-6:]:
        click.echo(f"  {happening}")
    _current_month(life, data_dir)
    click.echo(
        f"  {send_intervals(city, data_dir / 'alder-bend', life.act):,} runs of intervals received from head-ends"
    )
    mark_demo(life.act("system", "demo"), kind=FINISHED, accounts=city.accounts, seed=city.seed)


def _current_month(life: Life, data_dir: Path) -> None:
    """The last month, cycle by cycle, before the user's eyes; then its bills as PDF."""
    _step("The current month: gather → price → explain → hold or pass → post")
    before, began = life.tally.bills, time.monotonic()
    for _ in life.months(CURRENT, CURRENT, told=lambda line: click.echo(f"  {line}")):
        made, seconds = life.tally.bills - before, time.monotonic() - began
        click.echo(f"  {made:,} bills with reads, payments and postings in {seconds:.1f} s")
    current = [run for run in runs() if run.status == "posted"][:5]
    for run in reversed(current):
        _holds(run)
    _equation(current)
    numbers = untold([row for run in current for row in owed(run)])
    click.echo(f"  {counter_day(life.staff, today=business_date(), numbers=numbers)} receipts at the counter")
    click.echo(f"  {send_crews(life.staff, business_date())} orders for the crews")
    click.echo(f"  {take_calls(life.staff, business_date())} contacts with customers")
    _step("Bills on paper, pieces counted, runs closed")
    for run in reversed(current):
        _mail(life, run)
    click.echo(f"  under {data_dir / 'mail'}")


def _mail(life: Life, run: BillRun) -> None:
    """Keep a posted run's reports, hand it to the printer and close it, as far as that is not done."""
    keep_run_reports(life.act("billing", f"reports of run {run.number}"), run)
    if not handed(run).whole:
        with Bar(f"PDF {run.number}", "bills") as bar:
            printed = mail_run(life.act("billing", f"mail of run {run.number}"), run, mail_folder(run), told=bar)
        for isolated in printed.isolated:
            click.echo(f"    isolated: {isolated}")
    if not obstacles(run) and closing_of(run.pk) is None:
        close_run(life.act("supervisor", "pieces and books agree"), run=run)


def _holds(run: BillRun) -> None:
    for hold in holds_of(run):
        if hold["reason"] != "other_service_held":
            click.echo(
                f"  held: account {hold['account']}, {hold['commodity']}, {hold['reason'].replace('_', ' ')}"
                f" ({hold['detail']}); owner {hold['owner'].replace('_', ' ')}, {hold['age_days']} days"
            )
    for point in inactive_with_usage(run)[:2]:
        click.echo(
            f"  usage without a customer: {point['service_point']}, {point['usage_e6'] / 1_000_000:,.0f} units,"
            f" {point['reason']}, last on {point['last_usage_on']}"
        )


def _equation(current: list[BillRun]) -> None:
    terms = {
        name: sum(run.totals["completeness"][name] for run in current)
        for name in ("points", "billed", "held", "not_due", "inactive")
    }
    if terms["points"] != terms["billed"] + terms["held"] + terms["not_due"] + terms["inactive"]:
        raise click.ClickException(f"the completeness equation does not hold: {terms}")
    click.echo(
        f"\n  Completeness: {terms['points']:,} service points = {terms['billed']:,} billed + {terms['held']:,} held"
        f" + {terms['not_due']:,} not due + {terms['inactive']:,} inactive"
    )


def _books() -> None:
    _step("The books")
    laws = check_laws()
    for law in laws:
        click.echo(f"  {'holds ' if law.holds else 'BROKEN'}  {law.name}")
    if not all(law.holds for law in laws):
        raise click.ClickException("the books do not hold")
    billed = sum(run.totals.get("cents", 0) for run in runs())
    click.echo(f"  {entry_count():,} transfers, ${dollars(billed):,} billed")


def demo_password(data_dir: Path) -> str:
    """The demo's password: from METERBOOK_DEMO_PASSWORD, otherwise drawn once per data directory and kept there."""
    given = os.environ.get("METERBOOK_DEMO_PASSWORD")
    if given:
        return given
    file = data_dir / "demo-password"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as out:
            out.write("-".join(secrets.choice(_WORDS) for _ in range(4)))
    return file.read_text()


_WORDS = (
    "acorn", "alder", "basin", "brook", "cedar", "delta", "ember", "fern", "gully", "heron", "inlet", "juniper",
    "kettle", "larch", "meadow", "nettle", "orchard", "pebble", "quarry", "river", "sedge", "thistle", "umber",
    "valley", "willow", "yarrow",
)  # fmt: skip


def _serve(data_dir: Path, host: str, port: int) -> None:
    from meterbook.cli.commands.serve import serve_forever

    password = demo_password(data_dir)
    click.echo(f"\nThe staff app: http://{host}:{port}/   (Ctrl-C ends it; `./meterbook serve` opens it again)\n")
    for name in SIGN_INS:
        click.echo(f"  {name:12}{password}")
    serve_forever(host, port, with_worker=True)


def _step(title: str) -> None:
    click.secho(f"\n{title}", bold=True)
