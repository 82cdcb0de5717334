"""After posting: reports kept, bills to the printer, the run closed."""

from __future__ import annotations

from pathlib import Path

import click

from meterbook import reports as known
from meterbook.cli.acting import act_of, as_json, as_user, print_json, refusals
from meterbook.cli.progress import Bar
from meterbook.jobs.run_mail import mail_folder, mail_run, print_again
from meterbook.jobs.run_reports import keep_run_reports
from meterbook.records.billing import queries
from meterbook.records.billing.stages.books import obstacles
from meterbook.records.billing.stages.handoff import handed
from meterbook.records.billing.stages.kept import KEPT
from meterbook.records.billing.stages.operations.close_run import close_run
from meterbook.records.platform.queries import business_date
from meterbook.reports.asking import asked
from meterbook.reports.contract import CannotReport
from meterbook.web.reports.plain import table_of


@click.command(name="print")
@click.argument("run_reference", metavar="RUN")
@click.option("--from-piece", type=click.IntRange(min=1), help="Print again from this piece on: the printer jammed.")
@click.option("--out", type=click.Path(path_type=Path), help="Directory [default: mail/RUN in the data directory].")
@click.option("--reason", default="", help="Why; it stays in the run's log.")
@as_user
@as_json
def print_(
    run_reference: str, from_piece: int | None, out: Path | None, reason: str, username: str, as_json: bool
) -> None:
    """Hand RUN to the printer: every bill as a numbered piece, in the order of the mail, counted against its bills."""
    with refusals():
        run = queries.find_run(run_reference)
        folder = out or mail_folder(run)
        with Bar("PDF", "bills") as bar:
            if from_piece is None:
                printed = mail_run(act_of(username, reason or "print"), run, folder, told=bar)
            else:
                printed = print_again(act_of(username, reason or "printed again"), run, from_piece, folder, told=bar)
        mail = handed(run)
    for span in printed.spans:
        last = span.first_piece + span.pieces - 1
        click.echo(f"  {span.name}  pieces {span.first_piece:,} to {last:,}, {span.pages:,} pages, {span.sha256[:12]}")
    for isolated in printed.isolated:
        click.echo(f"  not printed: {isolated}")
    click.echo(f"run {run.number}: {mail.pieces:,} pieces handed off of {mail.bills:,} bills, {mail.pages:,} pages")
    if as_json:
        print_json(
            {
                "run": run.number,
                "bills": mail.bills,
                "pieces": mail.pieces,
                "pages": mail.pages,
                "printed": printed.bills,
            }
        )


@click.command()
@click.argument("run_reference", metavar="RUN")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write each report as CSV there.")
@as_user
def reports(run_reference: str, out: Path | None, username: str) -> None:
    """Keep RUN's reports if it is posted and they are not kept yet; write them as CSV files if asked."""
    with refusals():
        run = queries.find_run(run_reference)
        if run.status == "posted":
            made = keep_run_reports(act_of(username, f"reports of run {run.number}"), run)
            click.echo(f"{len(made)} reports kept with run {run.number}, {len(KEPT) - len(made)} were before")
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            for name in KEPT:
                _write(name, run.number, out / f"{run.number.replace('/', '-')}-{name}.csv")


def _write(name: str, number: str, file: Path) -> None:
    """A report as CSV; the billing register part after part, so that its size does not matter."""
    report, rows, part = known.report(name), 0, 0
    paged = any(each.name == "part" for each in report.parameters)
    with file.open("w", encoding="utf-8", newline="") as target:
        while True:
            part += 1
            settled = asked(report, {"run": number, **({"part": str(part)} if paged else {})}, business_date())
            try:
                found = report.rows(settled)
            except CannotReport as refusal:
                if part == 1:
                    click.echo(f"  {name}: {refusal}")
                break
            if part > 1 and not found:
                break
            lines = table_of(report, settled, found).csv_lines()
            target.writelines(line for at, line in enumerate(lines) if part == 1 or at > 1)
            rows += len(found)
            if not paged:
                break
    if rows:
        click.echo(f"  {file}  {rows:,} rows")


@click.command()
@click.argument("run_reference", metavar="RUN")
@click.option("--reason", default="", help="Why; it stays in the run's log.")
@click.option("--check", is_flag=True, help="Only say what keeps it open.")
@as_user
def close(run_reference: str, reason: str, check: bool, username: str) -> None:
    """Close a posted RUN for good, after it was counted again from the books; says everything that keeps it open."""
    with refusals():
        run = queries.find_run(run_reference)
        if check:
            found = obstacles(run)
            for each in found:
                click.echo(f"  {each.name}: {each.step.words(str)}")
            click.echo(f"run {run.number} {'cannot close' if found else 'can close'}")
            return
        closing = close_run(act_of(username, reason or "closed"), run=run)
    totals = closing.totals
    click.echo(
        f"run {run.number} is closed: {totals['bills']:,} bills, {totals['pieces']:,} pieces, {totals['pages']:,} pages"
    )
