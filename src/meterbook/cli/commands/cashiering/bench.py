"""`meterbook bench cashiers`."""

from __future__ import annotations

import click

from meterbook.cli.acting import as_json, print_json


@click.command(name="cashiers")
@click.option("--users", default=40, show_default=True, type=click.IntRange(1, 200), help="Cashiers at once.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1), help="How long they take money.")
@click.option("--pause", default=0.0, show_default=True, type=click.FloatRange(0), help="Seconds between customers.")
@click.option("--seed", default=7, show_default=True, help="Seed of the customers.")
@as_json
def cashiers(users: int, seconds: float, pause: float, seed: int, as_json: bool) -> None:
    """Let cashiers take money at once on one database, through the counter's own operations.

    One slip in ten is sent again after its answer, one in twenty twice at the same moment. Then every drawer is
    counted from its cashier's own tally, closed, and all are deposited. `lost` and `doubled` compare what the
    cashiers were told with the books, by SQL of its own; `p95_ms` is the time of one receipt. Without --pause nobody
    ever waits: the figure is that of a saturated machine.
    """
    from meterbook.demo.bench.cashiers.measure import measure_cashiers

    figures = measure_cashiers(
        users=users, seconds=seconds, pause=pause, seed=seed, say=lambda words: click.echo(words, err=True)
    )
    click.echo(
        f"{figures['receipts']:,} receipts by {users} cashiers in {seconds:.0f} s, {figures['sent_again']:,} again"
    )
    click.echo(f"  {figures['lost']} lost, {figures['doubled']} doubled, {figures['numbering_gaps']} gaps")
    click.echo(f"  p50 {figures['p50_ms']} ms, p95 {figures['p95_ms']} ms, {figures['receipts_per_s']:,} receipts/s")
    click.echo(f"  {figures['drawers_off']} drawers off, {len(figures['broken_laws'])} laws broken")
    for line in (*figures["errors"], *figures["broken_laws"]):
        click.echo(f"  {line}")
    if as_json:
        print_json(figures)
