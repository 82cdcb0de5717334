"""What a month says: its checklist, roll-forward, trial balance, estimate, and whether its evidence still holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.engine.ledger.closing.month_end import LINES
from meterbook.engine.money import dollars
from meterbook.records.closing import checklist as checklists
from meterbook.records.closing import screens
from meterbook.records.closing.figures.roll_forward import roll_forward, total
from meterbook.records.closing.figures.trial_balance import by_fund
from meterbook.records.closing.figures.trial_balance import trial_balance as balances_of
from meterbook.records.closing.figures.unbilled import unbilled as estimate_of
from meterbook.records.closing.months import period_of, span_of
from meterbook.records.closing.pack import archive, changed, reports
from meterbook.records.closing.settings import month_end_on

MONTHS = "A month (2026-07), months (2026-07..2026-09) or a fiscal year (FY2027)."


@click.command()
@click.argument("month")
@as_json
def checklist(month: str, as_json: bool) -> None:
    """Print a month's checklist: each item met, accepted, signed or open; exit status 1 while one is open."""
    with refusals():
        items = checklists.checklist(period_of(month))
    for one in items:
        by = f"  {one.signature.deed.actor.username}: {one.signature.note}" if one.signature else ""
        click.echo(f"{one.state:<10} {one.item.title['en']}{by}")
        for found in one.found:
            click.echo(f"           {dollars(found.cents):>14,}  {found.step.words(str)}")
    ready = checklists.ready(items)
    if as_json:
        print_json({"month": month, "ready": ready, "items": [one.figures() for one in items]})
    if not ready:
        raise SystemExit(1)


@click.command()
@click.argument("month", metavar="MONTHS")
@as_json
def rollforward(month: str, as_json: bool) -> None:
    """Print what customers owe rolled forward, by service and fund. MONTHS: 2026-07, 2026-07..2026-09 or FY2027."""
    with refusals():
        span = span_of(month)
        rows = roll_forward(span, month_end_on(span.ends))
    sums = total(rows)
    columns = [*rows, sums]
    heads = [row.service or ("not yet used" if row.chart else "total") for row in columns]
    click.echo(f"{'':<12}" + "".join(f"{head:>16}" for head in heads))
    for name in ("opening", *LINES, "closing"):
        cents = [row.lines[name] if name in LINES else getattr(row, name) for row in columns]
        click.echo(f"{name.replace('_', '-'):<12}" + "".join(f"{dollars(each):>16,}" for each in cents))
    if as_json:
        print_json({"months": month, "rows": [row.figures() for row in rows], "total": sums.figures()})


@click.command(name="trial-balance")
@click.argument("month", metavar="MONTHS")
@as_json
def trial_balance(month: str, as_json: bool) -> None:
    """Print the trial balance of MONTHS by accounting period: opening, debits, credits, closing of every account."""
    with refusals():
        rows = balances_of(span_of(month))
    for row in rows:
        cells = "".join(f"{dollars(each):>18,}" for each in (row.opening, row.debits, row.credits, row.closing))
        click.echo(f"{row.code:<6} {row.title_en[:34]:<34} {row.fund:<11}{cells}")
    funds = by_fund(rows)
    if as_json:
        print_json({
            "months": month, "rows": [row.figures() for row in rows],
            "funds": [asdict(fund) for fund in funds], "balanced": all(not fund.closing for fund in funds),
        })  # fmt: skip


@click.command()
@click.argument("month")
@as_json
def unbilled(month: str, as_json: bool) -> None:
    """Print what was used and not billed at a month's end, by service and class."""
    with refusals():
        rows = estimate_of(span_of(month))
    for row in rows:
        click.echo(f"{row.service:<14} {row.klass:<12} {row.points:>6,} points {row.unbilled_days:>8,} days "
                   f"{dollars(row.cents):>14,}")  # fmt: skip
    if as_json:
        print_json({"month": month, "classes": [asdict(row) for row in rows], "cents": sum(row.cents for row in rows)})


@click.command()
@click.argument("month")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the archive there.")
@as_json
def pack(month: str, out: Path | None, as_json: bool) -> None:
    """Prove a locked month's evidence: make its reports again and compare. An open month's archive is a preview.

    Exit status 1 when a report of a locked month comes out differently.
    """
    with refusals():
        span, kept = span_of(month), screens.kept_pack(period_of(month))
        content = bytes(kept.content) if kept else archive(reports(span), {"month": month, "preview": True})
        different = changed(content, span) if kept else []
    if out is not None:
        out.write_bytes(content)
    click.echo(f"{month}: {'locked' if kept else 'open, a preview'}; {len(content):,} bytes")
    for name in different:
        click.echo(f"CHANGED  {name}")
    if as_json:
        print_json({"month": month, "locked": bool(kept), "sha256": kept.sha256 if kept else "", "changed": different})
    if different:
        raise SystemExit(1)
