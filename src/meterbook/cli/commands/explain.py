"""`meterbook explain`: where does this amount come from?"""

from __future__ import annotations

from typing import Any

import click

from meterbook.cli.acting import as_json, print_json, refusals
from meterbook.engine.money import dollars
from meterbook.records.adjustments.on_bills import since_last_bill
from meterbook.records.billing import change as changes
from meterbook.records.billing import explanations as why
from meterbook.records.billing.change import Against, compare
from meterbook.records.billing.queries import bill_facts, find_bill

language = click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True)


@click.group(name="explain")
def command() -> None:
    """Explain a bill, or one line of it, back to its reads and its ordinance."""


@command.command()
@click.argument("bill_id", metavar="BILL")
@language
@as_json
def bill(bill_id: str, language: str, as_json: bool) -> None:
    """Explain every line of a bill, by its id or its printed number."""
    with refusals():
        facts = bill_facts(bill_id)
        lines = why.explain_bill(facts["id"], language)
    click.echo(f"Bill {facts['number']}  {facts['starts']} to {facts['ends']}  {_usd(facts['current_cents'])}")
    for line in lines:
        _say(line)
    agrees = all(line.agrees for line in lines) and sum(x.amount_cents for x in lines) == facts["current_cents"]
    click.echo(f"\n{len(lines)} lines, {'all agree' if agrees else 'NOT ALL AGREE'} with the bill")
    if as_json:
        print_json({**facts, "agrees": agrees, "lines": [why.as_json(line) for line in lines]})
    if not agrees:
        raise SystemExit(1)


@command.command()
@click.argument("line_id", type=int, metavar="LINE")
@language
@as_json
def line(line_id: int, language: str, as_json: bool) -> None:
    """Explain one line by its id."""
    with refusals():
        found = why.explain_line(*why.find_line(line_id), language)
    _say(found)
    if as_json:
        print_json(why.as_json(found))


def _usd(cents: int) -> str:
    return f"${dollars(cents):,}"


def _say(line: why.WhyLine) -> None:
    click.echo(f"\n{line.service}  {line.schedule}  {line.label}  {_usd(line.amount_cents)}")
    for sentence in line.sentences:
        click.echo(f"    {sentence}")
    for read in line.reads:
        click.echo(f"    meter {read['meter']}: {_origin(read)}")
    cited = line.source
    click.echo(f"    {cited.get('resolution', '')}, {cited.get('section', '')}  {cited.get('url', '')}")
    click.echo(f"    tariff {line.document}, version {line.version}; code {line.code}; revenue account {line.revenue}")
    if not line.agrees:
        click.echo("    DOES NOT AGREE with the stored line")


def _origin(read: dict[str, Any]) -> str:
    source = f" ({read['file']} line {read['line']})" if read["file"] else ""
    return f"{read['from_on']} {read['from_value']} → {read['to_on']} {read['to_value']}{source}"


@command.command()
@click.argument("bill_reference", metavar="BILL")
@click.option("--against", type=click.Choice(["last", "year"]), default="last", show_default=True, help="Which bill.")
@language
@as_json
def change(bill_reference: str, against: Against, language: str, as_json: bool) -> None:
    """Say why a bill is not the last one, or last year's: parts that add up to the difference to the cent."""
    with refusals():
        found = compare(find_bill(bill_reference), against, since_last_bill)
        told = changes.as_json(found, language)
    click.echo(f"Bill {told['bill']} beside {told['other']}: {_usd(told['difference_cents'])}")
    for part in told["parts"]:
        click.echo(f"  {_usd(part['cents']):>14}  {part['says']}")
    click.echo(f"{len(told['parts'])} parts, {'which add up' if told['sums'] else 'WHICH DO NOT ADD UP'}")
    if as_json:
        print_json(told)
    if not told["sums"]:
        raise SystemExit(1)
